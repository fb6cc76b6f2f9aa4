"""A round ends in time with what it did: servers that never end, hold windows that are long, faults beside it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commtui.activity import requests
from commtui.marketing import posts
from commtui.model.records import Media
from commtui.model.states import Health, OutgoingState
from commtui.networks.base import Batch
from commtui.outgoing.form import Form
from commtui.store.errors import StoreError
from commtui.sync import inbound
from commtui.sync.due import left
from commtui.sync.engine import WAIT_MOST, Engine
from commtui.sync.runner import DELIVERY_MOST, FETCH_MOST, Runner
from commtui.sync.time_limits import TimeIsUp, within
from tests.clock import FakeClock
from tests.sync.bench import Bench, account, run


def patched(bench: Bench, **methods: Any) -> None:
    """Gives the networks of the account `odd` other methods; each is called with the clock."""
    honest = bench.engine.connect

    async def connect(wanted: Any) -> Any:
        network = await honest(wanted)
        if wanted.name == "odd":
            for name, method in methods.items():
                setattr(network, name, method)
        return network

    bench.engine.connect = connect


async def once(bench: Bench, wait: bool = False) -> tuple[dict[str, Any], float]:
    """The rows of one `sync` by account, and the seconds that it took."""
    begun = bench.clock.monotonic()
    rows = await bench.ended(asyncio.create_task(bench.engine.once(wait)))
    return {row["account"]: row for row in rows}, bench.clock.monotonic() - begun


def endless(bench: Bench, moves: bool) -> Any:
    async def fetch(cursor: str | None, since: Any) -> Any:
        number = int(cursor or 0)
        while True:
            number += moves
            yield Batch((), str(number))

    return fetch


@pytest.mark.parametrize("moves", [True, False])
def test_batches_without_end_are_taken_up_to_a_bound(tmp_path: Path, moves: bool, monkeypatch: Any) -> None:
    monkeypatch.setattr(inbound, "BATCHES_MOST", 20)
    bench = Bench(tmp_path, account("brand"), account("odd"))
    patched(bench, fetch=endless(bench, moves))

    async def job() -> None:
        for number in (1, 2):
            rows, _ = await once(bench)
            assert (rows["brand"]["more"], rows["brand"]["health"]) == (False, "ok")
            assert (rows["odd"]["more"], rows["odd"]["health"]) == (moves or number == 1, "ok")
            cursor = bench.runner("odd").session.state().cursor
            assert cursor == (str(20 * number) if moves else "0")

    run(job())


@pytest.mark.parametrize("moves", [True, False])
def test_a_slow_server_ends_the_round_of_its_account_alone(tmp_path: Path, moves: bool) -> None:
    bench = Bench(tmp_path, account("brand"), account("odd"))

    async def slow(cursor: str | None, since: Any) -> Any:
        for number in range(1000):
            if moves:
                yield Batch((), f"page {number}")
            await bench.clock.sleep(50)
            yield Batch((), cursor)

    patched(bench, fetch=slow)

    async def job() -> None:
        rows, seconds = await once(bench)
        assert seconds <= FETCH_MOST + DELIVERY_MOST
        assert rows["brand"]["error"] is None
        if moves:
            assert (rows["odd"]["health"], rows["odd"]["more"]) == ("ok", True)
        else:
            assert (rows["odd"]["health"], rows["odd"]["more"]) == ("offline", False)
            assert "took more than" in rows["odd"]["error"]

    run(job())


def test_an_upload_without_end_is_left_and_nothing_is_unknown(tmp_path: Path) -> None:
    bench = Bench(tmp_path, account("odd"))
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG" + b"x" * 100)

    async def upload(media: Media) -> Any:
        await bench.clock.sleep(10_000)

    patched(bench, upload=upload)
    form = Form(media=(Media(url=str(picture), alt="a cup"),))
    post = posts.write_post(bench.desk, "with a picture", ["odd"], form=form, hold=timedelta(0))[0][0]

    async def job() -> None:
        _, seconds = await once(bench)
        assert seconds <= FETCH_MOST + DELIVERY_MOST + 10
        assert bench.item(post).state is OutgoingState.SCHEDULED
        assert [item.id for item in left(bench.store, [post.account], bench.clock.now())] == [post.id]

    run(job())


def test_a_sync_waits_for_no_hold_window_that_is_over_after_its_deadline(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    short = posts.write_post(bench.desk, "short", ["brand"], hold=WAIT_MOST - timedelta(seconds=20))[0][0]
    long = posts.write_post(bench.desk, "long", ["brand"], hold=WAIT_MOST * 2)[0][0]
    tomorrow = posts.write_post(bench.desk, "tomorrow", ["brand"], at="tomorrow 9:00")[0][0]

    async def job() -> None:
        _, seconds = await once(bench, wait=True)
        assert seconds <= WAIT_MOST.total_seconds()
        assert bench.item(short).state is OutgoingState.SENT
        assert [item.id for item in left(bench.store, [long.account], bench.clock.now())] == [long.id]
        _, seconds = await once(bench, wait=True)
        assert seconds <= WAIT_MOST.total_seconds() + 1
        assert bench.item(tomorrow).state is OutgoingState.SCHEDULED

    run(job())


def test_who_asks_the_holder_is_answered_in_time_while_a_fetch_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path, account("odd"))

    async def slow(cursor: str | None, since: Any) -> Any:
        await bench.clock.sleep(500)
        yield Batch((), "1")

    patched(bench, fetch=slow)

    async def job() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(1)
        asked = requests.ask(bench.desk, requests.SYNC)
        await bench.clock.run(FETCH_MOST + 10)
        answered = requests.answer_of(bench.store, asked)
        assert answered is not None and answered.answer is not None
        assert answered.answer["accounts"][0]["more"] is True
        await bench.clock.run(500)
        assert bench.runner("odd").session.state().health is Health.OK
        stop.set()
        await bench.ended(task)

    run(job())


def test_a_fault_in_a_turn_of_the_engine_ends_nothing(tmp_path: Path, monkeypatch: Any, caplog: Any) -> None:
    bench = Bench(tmp_path)
    real, turns = Engine._keep_house, []

    def keep_house(engine: Engine) -> None:
        turns.append(1)
        if len(turns) < 5:
            raise OverflowError("far")
        real(engine)

    monkeypatch.setattr(Engine, "_keep_house", keep_house)

    async def job() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(20)
        assert bench.mentions()
        stop.set()
        await bench.ended(task)

    run(job())
    assert len(turns) > 5
    assert caplog.text.count("in a turn of the engine") == 1


def test_an_error_of_the_store_in_one_account_ends_no_other_s_round(tmp_path: Path, monkeypatch: Any) -> None:
    bench = Bench(tmp_path, account("brand"), account("odd"))
    real = Runner.deliver

    async def deliver(runner: Runner) -> None:
        if runner.session.account.name == "odd":
            raise StoreError(bench.store.file, "odd")
        await bench.clock.sleep(1)
        await real(runner)

    monkeypatch.setattr(Runner, "deliver", deliver)
    post = posts.write_post(bench.desk, "hello", ["brand"], hold=timedelta(0))[0][0]

    async def job() -> None:
        with pytest.raises(StoreError):
            await once(bench)
        assert bench.item(post).state is OutgoingState.SENT

    run(job())


# -- within


def test_work_that_ends_in_time_is_what_it_gives_or_raises() -> None:
    clock = FakeClock()

    async def good() -> int:
        await clock.sleep(5)
        return 7

    async def bad() -> int:
        raise ZeroDivisionError

    async def job() -> None:
        task = asyncio.create_task(within(clock, 10, good()))
        await clock.run(6)
        assert await task == 7
        with pytest.raises(ZeroDivisionError):
            await within(clock, 10, bad())
        assert clock.sleeping == 0

    run(job())


@pytest.mark.parametrize("who", ["the time", "the caller"])
def test_work_that_is_ended_has_ended_when_that_is_said(who: str) -> None:
    clock = FakeClock()
    steps: list[str] = []

    async def work() -> None:
        try:
            await clock.sleep(100)
        finally:
            await clock.sleep(1)
            steps.append("cleaned up")

    async def job() -> None:
        task = asyncio.create_task(within(clock, 10, work()))
        await clock.run(9)
        if who == "the caller":
            task.cancel()
        await clock.run(3)
        with pytest.raises(TimeIsUp if who == "the time" else asyncio.CancelledError):
            await task
        assert steps == ["cleaned up"]

    run(job())
