"""What the calendar of a busy month costs: `python -m benchmarks.marketing [--posts N] [--check]`.

N posts (2,000), each on two accounts, are in one month, and as many before and after it. `query`: the store gives the
variants of the month and of the days that conflicts reach into. `calendar`: the same with the posts made of them, by
day, with all conflicts. `rows`: with the lines of `commtui calendar --month`. They run by turns, so that a busy machine
slows all: read the ratios. `screen`: the keys `4` `tab` until the month stands there, the longest time for which the
loop of the screen had no turn meanwhile, and the most that it computed between two turns; `bare`: the same in a home
without posts. `--check` ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.cli import calendar_text
from commtui.config.settings import Account
from commtui.marketing import calendar
from commtui.model import ids
from commtui.model.calendar import month_of
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.ui.app import InboxApp
from tests.ui.fill import ACCOUNT, SetClock, services_in

MONTH = date(2026, 11, 1)
NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
OTHER = Account(name="shop", network="mastodon", server="https://example.social", user="shop@example.social")
WORDS = ("roast", "brew", "grind", "pour", "taste")
ROUNDS = 9
CALENDAR_GOAL = 2.0
"""Times the query."""
STILL_GOAL = 50.0
"""Milliseconds of the loop's own work between two turns."""


def fill(desk: Desk, count: int) -> None:
    """Writes the posts: those of the month up to now are out, the others scheduled."""
    chance = random.Random(11)
    days = month_of(MONTH)
    first = datetime(days.first.year, days.first.month, 1, tzinfo=UTC)
    minutes = (days.end - days.first).days * 24 * 60
    for start in (-minutes, 0, minutes):
        with desk.store.write(durable=False) as write:
            for number in range(count):
                at = first + timedelta(minutes=start + chance.randrange(minutes))
                post = ids.fresh(ids.POST)
                for account in (ACCOUNT, OTHER):
                    is_out = at < NOW
                    write.put(
                        Outgoing(
                            id=ids.fresh(ids.VARIANT), account=account.id, network=account.network, key=ids.fresh_key(),
                            text=f"Post {number}: {' '.join(chance.choices(WORDS, k=18))}",
                            state=OutgoingState.SENT if is_out else OutgoingState.SCHEDULED, created_at=at, post=post,
                            scheduled_at=at, sent_at=at if is_out else None, zone="Europe/Berlin",
                        )
                    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that it takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def costs(desk: Desk) -> dict[str, float]:
    """Milliseconds, the median of some rounds by turns."""
    days, zone, rules = month_of(MONTH), desk.zone, calendar.rules_of(desk)
    store = desk.store.outgoing
    works: dict[str, Callable[[], object]] = {
        "query": lambda: store.each(calendar.numbers(desk, days, zone, rules)),
        "calendar": lambda: calendar.by_day(calendar.entries(desk, days), zone),
        "rows": lambda: list(calendar_text.month(desk, calendar.entries(desk, days), days)),
    }
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            found[name].append(timed(work))
    return {name: median(times) for name, times in found.items()}


class Shown(NamedTuple):
    """Milliseconds."""

    took: float
    pause: float
    """The longest time without a turn of the loop, by the clock: on a busy machine others have a part in it."""
    own: float
    """The most that the loop's thread computed between two turns."""


def screen(folder: Path, posts: int) -> Shown:
    """From the key until the month says so many posts."""
    services = services_in(folder, 20, accounts=(ACCOUNT, OTHER))
    services.clock = SetClock(NOW)
    app = InboxApp(services)

    async def run() -> Shown:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause(1)
            pauses, computed = [0.0], [0.0]

            async def look() -> None:
                last, own = time.perf_counter(), time.thread_time()
                while True:
                    await asyncio.sleep(0)
                    now, used = time.perf_counter(), time.thread_time()
                    pauses[0], computed[0] = max(pauses[0], now - last), max(computed[0], used - own)
                    last, own = now, used

            looking = asyncio.create_task(look())
            begun = time.perf_counter()
            await pilot.press("4")
            await pilot.press("tab")
            while f"Nov 2026  {posts:,} post" not in app.screen._compositor.render_strips(app.size)[0].text:
                await asyncio.sleep(0)
            took = time.perf_counter() - begun
            looking.cancel()
            return Shown(took * 1000, pauses[0] * 1000, computed[0] * 1000)

    found = asyncio.run(run())
    services.store.close()
    return found


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        services = services_in(Path(folder) / "full", accounts=(ACCOUNT, OTHER))
        desk = replace(services.desk(), clock=SetClock(NOW))
        fill(desk, args.posts)
        found = costs(desk)
        inside = len(calendar.entries(desk, month_of(MONTH)))  # a few are in the next one by the clocks of the zone
        services.store.close()
        print(f"the calendar of a month with {args.posts:,} posts, each on two accounts")
        for name, took in found.items():
            print(f"{name:<10} {took:8.1f} ms  {took / found['query']:5.2f} x query")
        screen(Path(folder) / "bare", 0)  # modules are imported
        bare, full = screen(Path(folder) / "bare", 0), screen(Path(folder) / "full", inside)
        for name, month in (("screen", full), ("bare", bare)):
            ratio = month.took / bare.took
            pause = f"longest pause {month.pause:.1f} ms, own work {month.own:.1f} ms"
            print(f"{name:<10} {month.took:8.1f} ms  {ratio:5.2f} x bare; {pause}")
    ratio = found["calendar"] / found["query"]
    met = {"calendar": ratio <= CALENDAR_GOAL, "screen": full.own < STILL_GOAL}
    for name, is_met in met.items():
        print(f"{name}: {'met' if is_met else 'MISSED'}")
    return 1 if args.check and not all(met.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
