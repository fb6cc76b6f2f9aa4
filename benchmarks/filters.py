"""What a filter costs: the first run, one change, and the longest pause that its slices make.

    python -m benchmarks.filters [--open N ...] [--done M] [--archive M] [--loop]

A line for each home and query: rows found, milliseconds until the first run is through, the longest of its slices,
and milliseconds after one change (a mention arrives). `--loop` also opens the inbox on the largest home with a filter
and lets 1,000 mentions arrive: the goal is that its loop never stands still for 50 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.fill import conversation, fill, texts
from benchmarks.probe import Probe
from commtui.activity.desk import Desk
from commtui.config.paths import Home
from commtui.main.home import ScreenHome
from commtui.model import ids
from commtui.store.changes import Changes
from commtui.triage import status, views
from commtui.triage.live_filter import LiveFilter
from commtui.triage.query import parse
from commtui.ui.live.filter_search import SLICE

HERE = Path(__file__).parent
QUERIES = (
    "zyzzyva",
    "roast",
    "вернуть",
    "from:user42@",
    "tag:bug",
    "tag:nothing",
    "is:waiting",
    "is:unassigned",
    "is:unread",
    "via:direct",
    "via:mention",
    "-via:direct",
    "has:link",
    "has:note",
    "net:demo",
    "priority:normal",
    "zyzzyva or вернуть",
    "tag:bug or via:direct",
    "since:2h",
    "since:12h until:2h",
)
ARCHIVED = (
    *("is:archived zyzzyva", "is:archived roast", "is:archived вернуть", "is:archived tag:bug", "is:archived"),
    *("is:archived via:direct", "is:archived has:link", "is:archived until:2024-01"),
)
GOAL = 50.0
CHANGES = 9


def done(home: Home, count: int) -> None:
    """Conversations that were done today, so that they stand beside the open ones."""
    services = ScreenHome(home, os.environ)
    now, chance, bodies = services.clock.now(), random.Random(3), texts(3)
    for begin in range(0, count, 500):
        with services.store.write(durable=False) as write:
            for n in range(begin, min(begin + 500, count)):
                row, mention = conversation(5 * 10**8 + n, now - timedelta(hours=30), next(bodies), chance, True)
                write.put(mention)
                write.put(row)
    services.store.tidy()
    services.store.close()


def arrival(desk: Desk) -> Changes:
    """One mention comes in; what changed."""
    now = desk.now
    chance = random.Random(str(now))
    held, mention = conversation(10**9 + chance.randrange(10**9), now, next(texts(now.microsecond)), chance, False)
    with desk.store.write(durable=False) as write:
        write.put(mention)
        write.put(held)
    return Changes(mentions={ids.number(mention.id)}, conversations={ids.number(held.id)})


def measure(desk: Desk, text: str) -> tuple[int, float, float, float]:
    """Rows; milliseconds of the first run, of its longest slice, of one change (median)."""
    views.queue(desk), status.standing(desk, needs=False)  # the screen has asked for them before anybody can filter
    rows = LiveFilter(parse(text))
    rows.update(desk, Changes())
    begun = time.perf_counter()
    longest, last = 0.0, begun
    while not rows.search_for(desk, SLICE):
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    first, longest = time.perf_counter() - begun, max(longest, time.perf_counter() - last)
    count, changes = len(rows.update(desk, Changes())), []
    for _ in range(CHANGES):
        news = arrival(desk)
        with desk.store.view():
            begun = time.perf_counter()
            rows.update(desk, news)
            changes.append(time.perf_counter() - begun)
    return count, first * 1000, longest * 1000, median(changes) * 1000


def loop(home: Path, text: str) -> dict[str, float]:
    """The watch's report of the inbox with a filter, while 1,000 mentions arrive."""
    report = home / "watched.json"

    def anew(probe: Probe) -> None:
        (home / "reset").touch()
        while (home / "reset").exists():
            probe.quiet(0.1)

    with Probe([sys.executable, str(HERE / "watched.py"), str(home), str(report)], (80, 24)) as probe:
        probe.until(r"\d open")
        probe.watching = True
        probe.quiet()
        anew(probe)
        probe.press(b"\\")
        for letter in f"{text}\r":
            probe.press(letter.encode(), 0.05)
        probe.until(r"filter: .*\(\d+\)")
        probe.quiet(1.2)
        searched = json.loads(report.read_text())["longest_ms"]
        anew(probe)
        command = [sys.executable, str(HERE / "arrive.py"), str(home), "new", "1000"]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(HERE.parent)}
        ) as other:
            while other.poll() is None:
                probe.read(0.05)
        probe.quiet(1.2)
        return {"searching_ms": searched, **json.loads(report.read_text())}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What a filter costs.")
    parser.add_argument("--open", type=int, nargs="+", default=[1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--done", type=int, default=20_000, metavar="M", help="done conversations beside them")
    parser.add_argument("--archive", type=int, default=0, metavar="M", help="archived ones in one more home")
    parser.add_argument("--loop", action="store_true", help="watch the screen's loop, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        homes: list[tuple[int, int, tuple[str, ...]]] = [(count, 0, QUERIES) for count in options.open]
        if options.archive:
            homes.append((options.open[0], options.archive, ARCHIVED))
        print(f"{'home':28} {'query':24} {'rows':>8} {'first ms':>9} {'slice ms':>9} {'change ms':>10}")
        for count, archive, queries in homes:
            home = fill(Path(place) / f"{count}-{archive}", count, archive)
            if not archive:
                done(home, options.done)
            services = ScreenHome(home, os.environ)
            name = f"{count:,} open, " + (f"{archive:,} archived" if archive else f"{options.done:,} done")
            for text in queries:
                found, first, longest, change = measure(services.desk(), text)
                print(f"{name:28} {text:24} {found:8,} {first:9.0f} {longest:9.1f} {change:10.2f}", flush=True)
            services.store.close()
        if options.loop:
            largest = Path(place) / f"{max(options.open)}-0"
            for text in ("zyzzyva", "roast", "is:unread"):
                pauses = loop(largest, text)
                longest = pauses["longest_ms"]
                print(
                    f"loop, filter {text!r}: longest pause {pauses['searching_ms']:.0f} ms while searching, {longest:.0f} ms"
                    f" ({pauses['of_it_own_ms']:.0f} its own) while 1,000 arrive   {'ok' if longest < GOAL else 'MISSED'}"
                )


if __name__ == "__main__":
    main()
