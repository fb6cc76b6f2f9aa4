"""A fault of commtui's own or of a plug-in costs one item or one account, and is shown; nobody else notices."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from commtui.activity import requests
from commtui.community import intake
from commtui.config.edit import set_value
from commtui.marketing import posts
from commtui.model.records import AccountState, Mention
from commtui.model.states import Health, OutgoingState
from commtui.networks.base import Unreachable
from tests.sync.bench import Bench, account, run

KINDS = (RecursionError("deep"), OverflowError("far"), TypeError("odd"), SystemExit(3), KeyboardInterrupt(),
         UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates"), ValueError("red \x1b[31m"))  # fmt: skip


def broken(bench: Bench, name: str, method: str, fault: BaseException) -> None:
    """From now on a method of the account's network raises."""
    honest = bench.engine.connect

    async def connect(wanted: Any) -> Any:
        network = await honest(wanted)
        if wanted.name == name:

            async def fails(*given: Any, **more: Any) -> Any:
                raise fault

            async def stops(*given: Any, **more: Any) -> Any:
                raise fault
                yield

            setattr(network, method, stops if method in ("fetch", "stream") else fails)
        return network

    bench.engine.connect = connect


def healths(bench: Bench) -> dict[str, tuple[Health, str]]:
    return {state.name: (state.health, state.error or "") for state in bench.store.all(AccountState)}


@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("way", ["sync", "the inbox's request", "run"])
def test_a_fault_in_one_account_stops_no_other(tmp_path: Any, fault: BaseException, way: str, caplog: Any) -> None:
    bench = Bench(tmp_path, account("brand"), account("odd"))
    broken(bench, "odd", "fetch", fault)

    async def job() -> None:
        if way == "sync":
            once = asyncio.create_task(bench.engine.once(wait=False))
            rows = {row["account"]: row for row in await bench.ended(once)}
            assert rows["brand"]["error"] is None
            assert type(fault).__name__ in rows["odd"]["error"]
            return
        stop = asyncio.Event()
        running = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(1)
        if way != "run":
            asked = requests.ask(bench.desk, requests.SYNC)
            await bench.clock.run(2)
            answered = requests.answer_of(bench.store, asked)
            assert answered is not None and answered.answer is not None
            assert {row["account"] for row in answered.answer["accounts"]} == {"brand", "odd"}
        stop.set()
        await bench.ended(running)

    run(job())
    found = healths(bench)
    assert found["brand"] == (Health.OK, "")
    assert found["odd"][0] is not Health.OK
    assert type(fault).__name__ in found["odd"][1]
    assert "Traceback" in caplog.text
    assert bench.mentions()


@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize(("method", "state"), [("send", OutgoingState.UNKNOWN), ("check", OutgoingState.SCHEDULED)])
def test_a_fault_at_one_item_stops_no_other_item(
    tmp_path: Any, fault: BaseException, method: str, state: OutgoingState
) -> None:
    """While it was being sent it may have left, so it is read back; before that it is tried again later."""
    bench = Bench(tmp_path)

    async def job() -> None:
        runner = bench.runner()
        assert await runner.fetch()
        odd = posts.write_post(bench.desk, "odd", ["brand"])[0][0]
        bench.clock.advance(1)
        plain = posts.write_post(bench.desk, "plain", ["brand"])[0][0]
        bench.clock.advance(11)
        real = getattr(bench.network, method)

        async def fails(*given: Any) -> Any:
            setattr(bench.network, method, real)
            raise fault

        setattr(bench.network, method, fails)
        if method == "check":
            runner.session.profile_at = None
        await runner.deliver()
        assert bench.item(plain).state is OutgoingState.SENT
        now = bench.item(odd)
        assert (now.state, type(fault).__name__ in (now.error or "")) == (state, True)
        assert now.next_try_at is not None
        for _ in range(20):
            bench.clock.advance(60)
            await runner.deliver()
        assert bench.item(odd).state is OutgoingState.SENT
        assert runner.session.state().health is Health.OK

    run(job())


def test_an_item_of_a_batch_at_which_our_code_fails_is_left_out_and_the_others_come(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    whole = Bench(tmp_path / "whole")
    run(whole.runner().fetch())
    everything = {mention.remote_id for mention in whole.mentions()}
    poison = sorted(everything)[len(everything) // 2]
    bench = Bench(tmp_path / "odd")
    real = intake.add_mention

    def add_mention(*given: Any, **more: Any) -> Mention | None:
        mention = real(*given, **more)
        if mention is not None and mention.remote_id == poison:
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        return mention

    monkeypatch.setattr(intake, "add_mention", add_mention)

    async def job() -> None:
        runner = bench.runner()
        assert await runner.fetch()
        cursor = runner.session.state().cursor
        assert cursor
        assert await runner.fetch()
        assert runner.session.state().cursor == cursor

    run(job())
    assert {mention.remote_id for mention in bench.mentions()} == everything - {poison}
    assert "left out" in caplog.text


def test_a_network_that_fails_at_closing_keeps_no_account_from_stopping(tmp_path: Any) -> None:
    bench = Bench(tmp_path, account("brand"), account("odd"))
    broken(bench, "odd", "aclose", TypeError("odd"))

    async def job() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(1)
        set_value(bench.home, "paused", True, account="odd")
        await bench.clock.run(2)
        assert [runner.session.account.name for runner in bench.engine.runners.values()] == ["brand"]
        assert not running.done()
        stop.set()
        await bench.ended(running)

    run(job())


def test_an_error_whose_words_the_store_cannot_take_is_recorded_all_the_same(tmp_path: Any) -> None:
    bench = Bench(tmp_path)
    odd = Unreachable("half an emoji \ud83d and \x1b[31mred")
    session = bench.runner().session
    session.record_error(odd, 5)
    assert session.state().error == "half an emoji \ufffd and red"
    post = posts.write_post(bench.desk, "news", ["brand"])[0][0]
    later = bench.engine.ledger.try_later(post, odd)
    assert later is not None
    assert later.error == "half an emoji \ufffd and red"
