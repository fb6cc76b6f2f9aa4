"""A server that dates texts hours off: a person decides about the first one, and about no other."""

import pytest

from commtui.marketing import posts
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import changes
from tests.sync.bench import deliver_for, run
from tests.sync.on_server import OnServer

HOUR = 3600.0


@pytest.fixture
def server(quirks):
    return quirks(streaming="none", idempotency="ignored")


@pytest.fixture
def bench(tmp_path, server):
    return OnServer(tmp_path, server)


def off(bench):
    (state,) = bench.store.all(AccountState)
    return state.dates_off


async def posted(bench, runner, text="good morning"):
    """A post, half an hour later."""
    (item,), *_ = posts.write_post(bench.desk, text, ["brand"], at=None)
    await deliver_for(bench, runner, 1800)
    return bench.item(item)


async def confirmed(bench, runner):
    """A first post, which a person found to be out."""
    item = await posted(bench, runner, "the first one")
    assert item.state is OutgoingState.UNKNOWN and item.reason == Reason.LOOK_ALIKE
    changes.confirm(bench.desk, [item.id])


@pytest.mark.parametrize("hours", [-2, -9, -25])
@pytest.mark.parametrize("date", ["right", "none"])
def test_once_a_person_confirmed_one_the_next_is_sent_without_a_question(bench, server, hours, date):
    server.quirks.created_at_off, server.quirks.date = hours * HOUR, date

    async def job():
        runner = await bench.fetched()
        if date == "right":
            await confirmed(bench, runner)
        else:  # where no header contradicts it, the answer is believed
            assert (await posted(bench, runner)).state is OutgoingState.SENT
        assert off(bench) == pytest.approx(hours * HOUR, abs=60)
        for text in ("good morning", "good morning", "good night"):
            assert (await posted(bench, runner, text)).state is OutgoingState.SENT
        assert server.count("POST", "/api/v1/statuses") == 4

    run(job())


def test_what_was_learnt_outlives_the_process_and_finds_a_text_whose_answer_was_lost(bench, server):
    server.quirks.created_at_off = -3 * HOUR

    async def job():
        await confirmed(bench, await bench.fetched())
        bench.restart()
        server.quirks.post_answers = ["drop"]
        item = await posted(bench, await bench.fetched(), "the second one")
        assert item.state is OutgoingState.SENT and item.remote_id == server.statuses_of("brand")[-1].id

    run(job())


def test_an_equal_text_of_before_is_no_answer_to_the_next_sending(bench, server):
    """With what was learnt, too: the same text, as it was dated half an hour ago, is not the new one."""
    server.quirks.created_at_off = -3 * HOUR

    async def job():
        runner = await bench.fetched()
        await confirmed(bench, runner)
        server.post("brand", "gm")  # from elsewhere
        bench.clock.advance(2 * HOUR)
        server.quirks.post_answers = ["older, not done"]
        item = await posted(bench, runner, "gm")
        assert item.state is OutgoingState.UNKNOWN and len(item.look_alikes) == 1
        assert [row.text for row in server.statuses_of("brand")].count("gm") == 1

    run(job())


@pytest.mark.parametrize("lost", [False, True])
def test_a_server_that_is_put_right_again_is_believed_again(bench, server, lost):
    server.quirks.created_at_off = -3 * HOUR

    async def job():
        runner = await bench.fetched()
        await confirmed(bench, runner)
        server.quirks.created_at_off = 0.0
        server.quirks.post_answers = ["drop"] if lost else []
        assert (await posted(bench, runner)).state is OutgoingState.SENT
        assert off(bench) == 0.0
        assert (await posted(bench, runner)).state is OutgoingState.SENT

    run(job())


@pytest.mark.parametrize("hours", [-30, -2, 2, 30])
def test_a_date_header_that_is_off_while_the_texts_are_dated_right_asks_nobody(bench, server, hours):
    server.quirks.date_off = hours * HOUR

    async def job():
        runner = await bench.fetched()
        assert (await posted(bench, runner)).state is OutgoingState.SENT
        assert off(bench) == 0.0 and bench.store.all(Outgoing)[0].error is None

    run(job())


def test_a_clock_that_runs_away_is_followed(bench, server):
    async def job():
        runner = await bench.fetched()
        for minutes in range(0, 300, 30):
            server.quirks.created_at_off = -60.0 * minutes
            assert (await posted(bench, runner, f"at {minutes}")).state is OutgoingState.SENT
        assert off(bench) == pytest.approx(-270 * 60, abs=60)

    run(job())


def test_what_is_days_off_teaches_nothing(bench, server):
    async def job():
        runner = await bench.fetched()
        server.quirks.created_at_off = 40 * HOUR
        await posted(bench, runner)
        assert off(bench) == 0.0

    run(job())
