"""The engine: accounts side by side, requests, a config that changes, and restarts in the middle."""

import asyncio

import pytest

from commtui.activity import requests
from commtui.community import replies
from commtui.config.edit import remove_account, set_value
from commtui.model.records import Above, AccountState, Conversation, Mention, Request
from commtui.model.states import Health
from commtui.networks.base import Unreachable
from commtui.sync import inbound
from tests.sync.bench import Bench, account, run


def while_running(bench, body):
    """Runs `body` while the engine runs."""

    async def whole():
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        try:
            await bench.clock.run(1)
            await body()
        finally:
            stop.set()
            await bench.ended(task)

    run(whole())


def test_a_running_engine_brings_mentions_and_sends_what_is_written_meanwhile(tmp_path):
    bench = Bench(tmp_path, pace=30)

    async def body():
        known = len(bench.mentions())
        assert known >= 38
        assert bench.store.all(AccountState)[0].health is Health.OK
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "thanks")
        await bench.clock.run(12)
        assert bench.item(reply).state == "sent"
        await bench.clock.run(300)
        assert len(bench.mentions()) > known

    while_running(bench, body)


def test_a_dead_account_never_stops_another(tmp_path):
    bench = Bench(tmp_path, account("brand"), account("dead", options={"failures": {"check": "login"}}))

    async def body():
        states = {state.name: state for state in bench.store.all(AccountState)}
        assert states["brand"].health is Health.OK
        assert states["dead"].health is Health.REFUSED
        assert states["dead"].error

    while_running(bench, body)


def test_a_fault_of_our_own_in_one_account_is_logged_and_tried_again(tmp_path, caplog):
    bench = Bench(tmp_path, account("brand"), account("other"))
    honest = bench.engine.connect

    async def broken(wanted):
        if wanted.name == "other" and len(bench.made) < 4:
            bench.made.append(None)
            raise ZeroDivisionError
        return await honest(wanted)

    bench.engine.connect = broken

    async def body():
        states = {state.name: state for state in bench.store.all(AccountState)}
        assert states["brand"].health is Health.OK
        assert states["other"].health is not Health.OK
        assert "ZeroDivisionError" in states["other"].error
        await bench.clock.run(60)
        assert {state.health for state in bench.store.all(AccountState)} == {Health.OK}

    while_running(bench, body)
    assert "a fault of commtui's own" in caplog.text


def test_a_sync_request_is_answered_with_a_row_for_each_account(tmp_path):
    bench = Bench(tmp_path, account("brand"), account("other"))

    async def body():
        asked = requests.ask(bench.desk, requests.SYNC)
        await bench.clock.run(2)
        answer = requests.answer_of(bench.store, asked)
        assert answer.answered_at is not None
        rows = answer.answer["accounts"]
        assert [(row["account"], row["health"], row["error"]) for row in rows] == [
            ("brand", "ok", None),
            ("other", "ok", None),
        ]
        requests.ask(bench.desk, requests.SYNC)
        assert len(bench.store.all(Request)) == 1

    while_running(bench, body)


def test_a_changed_config_starts_stops_and_pauses_accounts(tmp_path):
    bench = Bench(tmp_path, account("brand"), account("other"))

    async def body():
        assert len(bench.engine.runners) == 2
        remove_account(bench.home, "other")
        await bench.clock.run(1)
        assert [runner.session.account.name for runner in bench.engine.runners.values()] == ["brand"]
        set_value(bench.home, "paused", True)
        await bench.clock.run(1)
        assert bench.engine.runners == {}
        bench.home.config.write_text("paused = maybe\n")
        await bench.clock.run(1)
        assert bench.engine.settings.error
        assert bench.engine.settings.current.paused

    while_running(bench, body)


def test_the_parents_of_a_conversation_are_fetched_once(tmp_path):
    bench = Bench(tmp_path)

    async def job():
        runner = bench.runner()
        asked = []
        for _ in range(8):
            await runner.fetch()
            if len(bench.made) == 1 and not asked:

                async def counted(remote_id, most=20, thread=bench.network.thread):
                    asked.append(remote_id)
                    return await thread(remote_id, most)

                bench.network.thread = counted
        assert len(asked) == len(set(asked))
        assert all(held.parents_known for held in bench.store.all(Conversation) if not held.folded_into)

    run(job())


def test_of_a_great_first_sync_the_older_parents_are_asked_for_when_a_person_opens_them(tmp_path, monkeypatch):
    monkeypatch.setattr(inbound, "PARENTS_OF_FIRST_SYNC", 1)
    bench = Bench(tmp_path)

    async def body():
        left = [held for held in bench.store.all(Conversation) if held.above is Above.UNASKED and not held.folded_into]
        assert left
        for _ in range(2):
            requests.ask_for_thread(bench.desk, left[0])
        assert len(bench.store.requests.for_what(requests.CONTEXT)) == 1
        await bench.clock.run(1)
        asked = bench.store.get(Conversation, left[0].id)
        assert asked.above is not Above.UNASKED
        requests.ask_for_thread(bench.desk, asked)
        assert [request.answered_at is None for request in bench.store.requests.for_what(requests.CONTEXT)] == [False]

    while_running(bench, body)


def test_an_offline_network_backs_off_says_so_and_comes_back(tmp_path):
    bench = Bench(tmp_path, options={"failures": {"fetch": ["offline"] * 3}})

    async def body():
        state = bench.store.all(AccountState)[0]
        assert state.health is Health.OFFLINE
        assert state.error
        await bench.clock.run(60)
        state = bench.store.all(AccountState)[0]
        assert (state.health, state.error) == (Health.OK, None)

    bench.settings.refresh()
    set_value(bench.home, "options", {"pace": 0, "failures": {"fetch": ["offline"] * 3}}, account="brand")
    while_running(bench, body)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_cut_between_two_batches_nothing_is_lost_and_nothing_twice(tmp_path, page):
    whole = Bench(tmp_path / "whole")
    run(whole.runner().fetch())
    cut = Bench(tmp_path / "cut")

    async def job():
        runner = cut.runner()
        network = await runner.session.open()
        fetch, seen = network.fetch, []

        async def stops(cursor, since):
            async for batch in fetch(cursor, since):
                seen.append(batch)
                if len(seen) == page:
                    raise Unreachable("cut")
                yield batch

        network.fetch = stops
        await runner.fetch()
        cut.restart()
        for _ in range(3):
            assert await cut.runner().fetch()

    run(job())
    assert {mention.remote_id for mention in cut.mentions()} == {mention.remote_id for mention in whole.mentions()}
    assert len(cut.store.all(Mention)) == len(whole.store.all(Mention))


def test_tasks_that_begin_at_the_same_moment_connect_once(tmp_path):
    bench = Bench(tmp_path)

    async def job():
        connect = bench.engine.connect

        async def slow(wanted):
            await asyncio.sleep(0.01)
            return await connect(wanted)

        bench.engine.connect = slow
        session = bench.runner().session
        networks = await asyncio.gather(*(session.open() for _ in range(3)))
        assert len({id(network) for network in networks}) == len(bench.made) == 1

    run(job())
