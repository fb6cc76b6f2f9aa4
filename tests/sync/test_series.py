"""The engine makes the posts of series: at its start, where a series changes, and as time goes on."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from commtui.marketing import campaigns, series
from commtui.marketing.series import Plan
from commtui.marketing.series_posts import make_all
from commtui.model.records import Outgoing, Series
from commtui.model.states import OutgoingState
from commtui.model.wall_clock import moment_of
from tests.sync.bench import Bench, run

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")


def repeated(bench: Bench, repeat: str, campaign: str | None = None) -> Series:
    return series.add(bench.desk, "tip", Plan(["brand"], repeat, campaign=campaign))[0]


def items(bench: Bench, made: Series, *states: OutgoingState) -> list[Outgoing]:
    return [item for item in bench.store.outgoing.of_series(made.id) if item.state in (states or OutgoingState)]


def test_posts_go_out_at_their_times_and_further_ones_are_made_while_it_runs(bench: Bench) -> None:
    made = repeated(bench, "daily 9:00 UTC for 70 times")

    async def job() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        assert len(items(bench, made)) == 60
        for _ in range(2):
            await bench.clock.run(1)
            bench.clock.advance(86400 - 4)
            await bench.clock.run(4)
        bench.clock.advance(600)
        await bench.clock.run(1)
        stop.set()
        await bench.ended(task)

    run(job())
    sent = items(bench, made, OutgoingState.SENT)
    assert [f"{item.sent_at:%d %H:%M}" for item in sent if item.sent_at] == ["24 09:00", "25 09:00"]
    assert len(items(bench, made)) == 62
    (step, *_) = [step for step in bench.store.log.steps() if step.verb == "series make"]
    assert (step.who, step.ids) == ("commtui", (made.id,))


def test_a_campaign_that_goes_on_gets_its_posts_at_once(bench: Bench) -> None:
    campaigns.add(bench.desk, campaigns.Plan(name="Launch"))
    made = repeated(bench, "daily 9:00 UTC", campaign="launch")
    campaigns.end(bench.desk, "launch")
    bench.clock.advance(3 * 86400)

    async def job() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(5)
        assert len(items(bench, made)) == 60
        campaigns.resume(bench.desk, "launch")
        await bench.clock.run(5)
        assert len(items(bench, made)) == 63
        stop.set()
        await bench.ended(task)

    run(job())


def test_sync_makes_them_too(bench: Bench) -> None:
    made = repeated(bench, "daily 9:00 UTC")
    bench.clock.advance(86400 + 60)
    run(bench.engine.once(wait=False))
    assert len(items(bench, made)) == 61


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "days", "left_out", "first_after"),
    [
        ("Europe/Berlin", 119, "2027-03-28T02:15", "2027-03-28T03:00"),
        ("America/New_York", 105, "2027-03-14T02:15", "2027-03-14T03:00"),
        ("Australia/Lord_Howe", 308, "2027-10-03T02:15", "2027-10-03T02:30"),
        ("Africa/Casablanca", 105, "2027-03-14T02:15", "2027-03-14T03:00"),
    ],
)
def test_over_a_change_of_clocks_each_goes_out_at_its_minute_by_the_clock(
    tmp_path: Path, zone: str, days: int, left_out: str, first_after: str
) -> None:
    bench = Bench(tmp_path)
    bench.clock.advance(days * 86400)
    made = repeated(bench, f"every sun 2:15,9:00 {zone} for 8 times")

    async def job() -> None:
        while waiting := [item.scheduled_at for item in items(bench, made, OutgoingState.SCHEDULED)]:
            bench.clock.advance(max(0, (min(filter(None, waiting)) - bench.clock.now()).total_seconds()))
            await bench.engine.once(wait=False)
            bench.store.poll()

    run(job())
    found = items(bench, made, OutgoingState.SENT)
    assert len(found) == 8
    by_the_clock = {}
    for item in found:
        assert item.scheduled_at and item.sent_at
        assert timedelta(0) <= item.sent_at - item.scheduled_at < timedelta(minutes=1)
        by_the_clock[item.local_at] = item.scheduled_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    assert by_the_clock.pop(left_out) == first_after
    assert all(meant == shown for meant, shown in by_the_clock.items()) and len(by_the_clock) == 7


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_posts_is_made_for_their_times_by_the_clock(bench: Bench, zone: str) -> None:
    made = repeated(bench, f"every sun 2:15,9:00 {zone} until 2027-11-30")
    for _ in range(8):
        bench.clock.advance(50 * 86400)
        with bench.store.write() as write:  # what is over would be late
            for item in items(bench, made, OutgoingState.SCHEDULED):
                write.put(replace(item, state=OutgoingState.SENT))
        make_all(bench.desk)
    found = items(bench, made)
    assert len(found) == 106
    rules = ZoneInfo(zone)
    for item in found:
        assert item.scheduled_at == moment_of(datetime.fromisoformat(item.local_at), rules)
