"""The clock is set back while something is about to leave, or before the engine starts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from commtui.marketing import posts
from commtui.model.states import OutgoingState
from commtui.sync.set_clock import ClockWatch
from tests.clock import FakeClock
from tests.sync.bench import Bench, run

DAY = timedelta(days=1)


def set_back(clock: FakeClock, by: timedelta) -> None:
    clock._start -= by


@pytest.mark.parametrize("when", ["while the engine runs", "before it starts"])
def test_a_hold_window_is_no_longer_than_it_was(tmp_path: Path, when: str) -> None:
    bench = Bench(tmp_path)

    async def job() -> None:
        stop = asyncio.Event()
        held = posts.write_post(bench.desk, "held", ["brand"], hold=timedelta(seconds=20))[0][0]
        chosen = posts.write_post(bench.desk, "chosen", ["brand"], at="2h")[0][0]
        if when == "before it starts":
            set_back(bench.clock, DAY)
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(5)
        if when != "before it starts":
            set_back(bench.clock, DAY)
        await bench.clock.run(10)
        assert bench.item(held).state is OutgoingState.SCHEDULED
        await bench.clock.run(45)
        assert bench.item(held).state is OutgoingState.SENT
        assert bench.item(chosen) == chosen
        stop.set()
        await bench.ended(task)

    run(job())


def test_a_try_that_was_to_come_after_days_comes_soon(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    post = posts.write_post(bench.desk, "later", ["brand"], hold=timedelta(0))[0][0]
    ledger = bench.engine.ledger
    ledger.delay(post, "offline", bench.clock.now() + timedelta(minutes=5))
    set_back(bench.clock, 3 * DAY)

    async def job() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(1000)
        assert bench.item(post).state is OutgoingState.SENT
        stop.set()
        await bench.ended(task)

    run(job())


@pytest.mark.parametrize(("by", "noticed"), [(31, True), (29, False), (-3600, False), (86_400, True)])
def test_a_clock_that_goes_back_is_noticed_once(by: int, noticed: bool) -> None:
    clock = FakeClock()
    watch = ClockWatch(clock)
    clock.advance(1000)
    assert not watch.was_set_back()
    set_back(clock, timedelta(seconds=by))
    clock.advance(0.25)
    assert watch.was_set_back() is noticed
    clock.advance(0.25)
    assert not watch.was_set_back()
