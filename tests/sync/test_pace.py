"""How often an account asks its network: once a second at most, and more and more rarely where it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from commtui.networks.base import Unreachable
from commtui.sync.runner import STEADY
from tests.sync.bench import Bench, run


class Counted:
    """Counts fetches and openings of the stream of the bench's account, whose stream is `stream`."""

    def __init__(self, bench: Bench, stream: Any) -> None:
        self.fetches = self.streams = 0
        honest = bench.engine.connect

        async def connect(account: Any) -> Any:
            network = await honest(account)
            fetch = network.fetch

            async def counted_fetch(cursor: Any, since: Any) -> Any:
                self.fetches += 1
                async for batch in fetch(cursor, since):
                    yield batch

            async def counted_stream() -> Any:
                self.streams += 1
                async for event in stream(bench):
                    yield event

            network.fetch, network.stream = counted_fetch, counted_stream
            return network

        bench.engine.connect = connect


async def flood(bench: Bench) -> AsyncIterator[None]:
    while True:
        yield None
        await bench.clock.sleep(0.02)


async def ends_at_once(bench: Bench) -> AsyncIterator[None]:
    yield None


async def cut_at_once(bench: Bench) -> AsyncIterator[None]:
    yield None
    raise Unreachable("cut")


async def cut_after_a_while(bench: Bench) -> AsyncIterator[None]:
    yield None
    await bench.clock.sleep(STEADY)
    raise Unreachable("cut")


def while_running(bench: Bench, seconds: float) -> None:
    async def job() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(seconds)
        stop.set()
        await bench.ended(task)

    run(job())


def test_a_flood_of_events_asks_once_a_second(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    counted = Counted(bench, flood)
    while_running(bench, 10.5)
    assert counted.fetches == 11


def test_an_event_asks_at_once_where_nothing_was_asked_within_a_second(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def one_event(bench: Bench) -> AsyncIterator[None]:
        await bench.clock.sleep(10)
        yield None
        await bench.clock.sleep(1000)

    counted = Counted(bench, one_event)
    while_running(bench, 10.01)
    assert counted.fetches == 2


@pytest.mark.parametrize("stream", [ends_at_once, cut_at_once], ids=lambda stream: stream.__name__)
def test_a_stream_that_ends_at_once_is_opened_more_and_more_rarely(tmp_path: Path, stream: Any) -> None:
    bench = Bench(tmp_path)
    counted = Counted(bench, stream)
    while_running(bench, 3600)
    assert 5 <= counted.streams <= 13  # 5 s, doubled, up to 15 minutes


def test_a_stream_that_worked_for_a_while_is_opened_again_soon(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    counted = Counted(bench, cut_after_a_while)
    while_running(bench, 3600)
    assert counted.streams >= 3600 / (STEADY + 6.1)
