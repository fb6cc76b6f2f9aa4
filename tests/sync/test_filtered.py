"""Messages of strangers that the server keeps aside: counted, and fetched when they are accepted, here or elsewhere."""

import asyncio

import pytest

from commtui.activity.errors import UnknownName
from commtui.activity.undo import undo
from commtui.model.records import AccountState, Act
from commtui.model.states import OutgoingState
from commtui.outgoing import acts
from commtui.triage.status import standing
from tests.sync.bench import run
from tests.sync.on_server import OnServer

ACCEPT = "/api/v1/notifications/requests/.*/accept"
POLICY = "/api/v2/notifications/policy"


@pytest.fixture
def bench(tmp_path, quirks):
    return OnServer(tmp_path, quirks(filters=True, streaming="none"))


async def with_three(bench):
    """A runner; two messages of ada and one of zoe are kept aside, and a mention of grace has come after them."""
    for who in ("ada", "ada", "zoe@far.example"):
        bench.server.mention(who, f"psst from {who}", visibility="direct")
    bench.server.mention("grace", "hello")
    return await bench.fetched()


def counts(bench):
    (state,) = bench.store.all(AccountState)
    return state.filtered, state.filtered_people


async def accepted(bench, runner):
    acts.accept_filtered(bench.desk)
    bench.clock.advance(11)
    await runner.deliver()


def test_the_first_fetch_counts_them_and_takes_none(bench):
    async def job():
        await with_three(bench)
        assert counts(bench) == (3, 2) and len(bench.mentions()) == 1
        assert [account.filtered for account in standing(bench.desk).accounts] == [3]

    run(job())


def test_accepted_ones_come_with_the_next_fetch_though_they_stand_below_the_cursor(bench):
    async def job():
        runner = await with_three(bench)
        await accepted(bench, runner)
        assert bench.store.all(Act)[0].state is OutgoingState.SENT
        assert bench.server.count("POST", ACCEPT) == 2
        await bench.fetched(runner)
        assert len(bench.mentions()) == 4 and counts(bench) == (0, 0)
        assert acts.accept_filtered(bench.desk).ids == ()

    run(job())


def test_one_round_accepts_them_and_fetches_them_and_counts_none_any_more(bench):
    async def job():
        runner = await with_three(bench)
        acts.accept_filtered(bench.desk)
        bench.clock.advance(11)
        asked = bench.server.count("GET", POLICY)
        await runner.round()
        assert len(bench.mentions()) == 4 and counts(bench) == (0, 0)
        assert bench.server.count("GET", POLICY) == asked + 1
        await runner.round()
        assert bench.server.count("GET", POLICY) == asked + 1

    run(job())


def test_the_engine_fetches_as_soon_as_they_are_accepted(bench):
    async def job():
        runner = await with_three(bench)
        runner.may_have_news.clear()
        await accepted(bench, runner)
        assert runner.may_have_news.is_set()

    run(job())


def test_a_round_beside_the_engine_s_own_fetch_ends_when_what_it_accepted_is_in(bench):
    async def job():
        runner = await with_three(bench)
        acts.accept_filtered(bench.desk)
        bench.clock.advance(11)
        deliver, fetch = runner.deliver, runner._fetch
        begun, go_on = asyncio.Event(), asyncio.Event()
        own = []

        async def slow():
            if not own:
                return await fetch()
            begun.set()
            await go_on.wait()
            return await fetch()

        async def deliver_and_wake():
            await deliver()
            own.append(asyncio.create_task(runner.fetch()))  # as the engine's task does at once
            await begun.wait()

        runner._fetch, runner.deliver = slow, deliver_and_wake
        ended = asyncio.create_task(runner.round())
        await begun.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not ended.done()
        go_on.set()
        await ended
        assert len(bench.mentions()) == 4
        await asyncio.gather(*own)
        await runner.session.close()

    run(job())


def test_a_kill_between_accepting_and_fetching_loses_none(bench):
    async def job():
        runner = await with_three(bench)
        await accepted(bench, runner)
        bench.restart()
        await bench.fetched(minutes=11)
        assert len(bench.mentions()) == 4

    run(job())


def test_what_is_accepted_elsewhere_comes_too_and_what_takes_the_server_time(bench):
    async def job():
        runner = await with_three(bench)
        me = bench.server.account("brand")
        real = bench.server.is_filtered
        bench.server.is_filtered = lambda row: row.by.acct != "ada" and real(row)
        listed, bench.server.listed = (
            bench.server.listed,
            lambda user, everything=False: [
                row for row in listed(user, everything) if everything or row.by.acct != "ada"
            ],
        )  # the request is gone, and its notifications are not there yet
        await bench.fetched(runner, 11)
        assert len(bench.mentions()) == 1
        del bench.server.listed, bench.server.is_filtered
        me.accepts.add("ada")
        await bench.fetched(runner, 11)
        assert len(bench.mentions()) == 3 and counts(bench) == (1, 1)

    run(job())


def test_undo_within_the_hold_window_accepts_nothing(bench):
    async def job():
        runner = await with_three(bench)
        acts.accept_filtered(bench.desk)
        undo(bench.desk)
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.server.count("POST", ACCEPT) == 0

    run(job())


def test_the_server_is_asked_six_times_an_hour_and_one_without_filters_harms_nothing(bench):
    async def job():
        bench.server.quirks.filters = False
        bench.server.mentions(1)
        runner = await bench.fetched()
        before = bench.server.count("GET", POLICY)
        for _ in range(60):
            await bench.fetched(runner, 1)
        assert bench.server.count("GET", POLICY) - before == 6
        assert counts(bench) == (0, 0)
        with pytest.raises(UnknownName):
            acts.accept_filtered(bench.desk, "nobody")

    run(job())


@pytest.mark.parametrize("page", [80, 40])
def test_a_wave_of_strangers_is_accepted_in_whole_and_costs_few_requests_at_a_time(bench, page):
    bench.server.quirks.max_limit = page

    def asked():
        """How often the notifications of one person were asked for."""
        rows = bench.server.of("GET", "/api/v1/notifications")
        return sum("account_id" in row.query for row in rows)

    async def job():
        for number in range(100):
            bench.server.mention(f"stranger{number}@far.example", "psst", visibility="direct")
        runner = await bench.fetched()
        for number in range(100, 130):
            bench.server.mention(f"stranger{number}@far.example", "psst", visibility="direct")
        for _ in range(3):
            await bench.fetched(runner, 11)
        assert counts(bench) == (130, 130) and asked() == 0  # the list has no room for all: the others are not gone
        await accepted(bench, runner)
        assert bench.server.count("POST", ACCEPT) == 130
        for _ in range(6):
            before = asked()
            await bench.fetched(runner, 11)
            assert asked() - before <= 40
        assert len(bench.mentions()) == 130 and counts(bench) == (0, 0)

    run(job())
