"""The rules of a zone change after something was scheduled: it keeps its time by the clock."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from commtui.marketing import post_drafts, posts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, rescheduling
from commtui.sync import zone_rules
from tests.sync.bench import Bench, run
from tests.zones import other_rules

BERLIN = "Europe/Berlin"
SCHEDULED = OutgoingState.SCHEDULED


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "home")
    text = bench.home.config.read_text()
    bench.home.config.write_text(f'zone = "{BERLIN}"\n{text}')
    bench.restart()
    return bench


def post(bench: Bench, text: str, at: str | None, draft: bool = False) -> Outgoing:
    return posts.write_post(bench.desk, text, ["brand"], at=at, draft=draft)[0][0]


def wall(item: Outgoing) -> str:
    assert item.scheduled_at is not None
    return item.scheduled_at.astimezone(ZoneInfo(item.zone or "UTC")).strftime("%d %b %H:%M")


async def turned(bench: Bench, seconds: float = 1) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(bench.engine.run(stop))
    await bench.clock.run(seconds)
    stop.set()
    await bench.ended(task)


def test_what_waits_for_its_time_keeps_it_by_the_clock_and_the_log_says_so(
    bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    items = [post(bench, "scheduled", "fri 9:00"), post(bench, "draft", "fri 9:30", draft=True)]
    items.append(post(bench, "held", "fri 10:00"))
    changes.hold(bench.desk, [items[2].id])
    tokyo = post(bench, "tokyo", "fri 9:00 Asia/Tokyo")
    window = post(bench, "in its hold window", None)
    typed = post_drafts.store_post(bench.desk, None, "typed", ["brand"], at=items[0].scheduled_at)
    items.append(post_drafts.drafts_of(bench.desk, typed)[0])
    with other_rules(tmp_path / "zones", Europe__Berlin="Europe/London"), caplog.at_level(logging.WARNING):
        bench.restart()
        run(turned(bench))
        moved = [bench.item(item) for item in items]
        assert [wall(item) for item in moved] == ["27 Nov 09:00", "27 Nov 09:30", "27 Nov 10:00", "27 Nov 09:00"]
        for before, after in zip(items, moved, strict=True):
            assert before.scheduled_at and after.scheduled_at == before.scheduled_at + timedelta(hours=1)
            assert after.shifted_from == before.scheduled_at
        assert bench.item(tokyo) == tokyo and bench.item(window).scheduled_at == window.scheduled_at
        assert f"the rules of {BERLIN} have changed" in caplog.text
        (step,) = [step for step in bench.store.log.steps() if step.verb == "zone-rules"]
        assert set(step.ids) == {item.id for item in items} and step.who == "commtui"
        bench.restart()
        run(turned(bench))
        assert [bench.item(item) for item in items] == moved, "once"
    bench.restart()
    run(turned(bench))
    assert [bench.item(item).scheduled_at for item in items] == [item.scheduled_at for item in items]


def test_another_time_forgets_that_the_rules_had_changed(bench: Bench, tmp_path: Path) -> None:
    item = post(bench, "news", "fri 9:00")
    with other_rules(tmp_path / "zones", Europe__Berlin="Europe/London"):
        bench.restart()
        run(turned(bench))
        assert bench.item(item).shifted_from
        rescheduling.reschedule(bench.desk, [item.id], "sat 9:00")
        assert bench.item(item).shifted_from is None and wall(bench.item(item)) == "28 Nov 09:00"


def test_a_zone_that_this_machine_does_not_know_moves_nothing(bench: Bench) -> None:
    item = post(bench, "news", "fri 9:00")
    with bench.store.write() as write:
        write.put(replace(item, zone="Mars/Base"))
        write.put(replace(post(bench, "other", "fri 10:00"), local_at="tomorrow"))
    before = bench.store.all(Outgoing)
    run(turned(bench))
    assert bench.store.all(Outgoing) == before


def test_of_a_time_that_comes_twice_the_one_that_was_chosen_stays(bench: Bench) -> None:
    items = [post(bench, "first", "2027-10-31 02:30"), post(bench, "second", "2027-10-31 02:30 +01:00")]
    gap = post(bench, "left out", "2027-03-28 02:30")
    assert [item.local_at for item in (*items, gap)] == ["2027-10-31T02:30:00"] * 2 + ["2027-03-28T02:30:00"]
    run(turned(bench))
    assert [bench.item(item) for item in (*items, gap)] == [*items, gap]


def test_many_are_looked_at_some_in_a_turn_the_soonest_first(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone_rules, "LOOKED_AT", 2)
    items = [post(bench, str(number), f"fri {9 + number}:00") for number in range(5)]
    with other_rules(tmp_path / "zones", Europe__Berlin="Europe/London"):
        bench.restart()
        rules = bench.engine.zone_rules
        left = []
        while True:
            more = rules.turn()
            left.append([bench.item(item).shifted_from is None for item in items].count(True))
            if not more:
                break
    assert left == [3, 1, 0]


def test_a_time_between_two_milliseconds_stays_where_no_rules_have_changed(bench: Bench) -> None:
    at = bench.desk.now + timedelta(minutes=4, microseconds=1234)
    item = posts.write_post(bench.desk, "in four minutes", ["brand"], at=at)[0][0]
    bench.restart()
    run(turned(bench))
    assert bench.item(item).shifted_from is None
    assert "zone-rules" not in {step.verb for step in bench.store.log.steps()}
