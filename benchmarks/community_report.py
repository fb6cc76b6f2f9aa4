"""What a report costs: `python -m benchmarks.community_report [--mentions N] [--check]`.

`report / reading`: `commtui report` on a month of N mentions, half of them in the period, beside reading the documents that
it needs (every mention, conversation, reply and step of the log) by the store's own statements, without decoding them; by
turns, so that a busy machine slows both: read the ratio. `--check` ends with 1 where the goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from commtui.activity.desk import Desk
from commtui.config.service_levels import ServiceLevel, WorkingHours
from commtui.config.settings import Account, Settings
from commtui.store.store import Store
from commtui.triage.report import report
from tests.clock import FakeClock
from tests.triage.month import NOW, Month

GOAL = 3.0
TABLES = ("mentions", "conversations", "outgoing", "log")
TIMES = 5
ACCOUNT = Account(name="harbour", network="demo", user="harbour@demo.example")
HOURS = WorkingHours(("mon-fri 8:30-18:00",), "Europe/Berlin", holidays="DE")
LEVELS = (ServiceLevel("all", first=timedelta(hours=8), next=timedelta(hours=4)),)


def measure(mentions: int) -> float:
    """How many times as long the report takes as reading; prints what it came to."""
    with tempfile.TemporaryDirectory() as place:
        store = Store(Path(place))
        Month(1, (ACCOUNT.id,)).fill(store, mentions)
        desk = Desk(store, FakeClock(NOW), Settings(accounts=(ACCOUNT,), hours=HOURS, service_levels=LEVELS), "me")
        reading, reporting = [], []
        for _ in range(TIMES):
            begun = time.perf_counter()
            documents = sum(1 for table in TABLES for _ in store._reader.each_document(table))
            reading.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            found = report(desk, NOW - timedelta(days=22), NOW)
            reporting.append(time.perf_counter() - begun)
        store.close()
    ratio = median(reporting) / median(reading)
    print(f"reading {documents:,} documents {median(reading):6.2f} s")
    print(f"report  {len(found.whole.waits):,} waits {median(reporting):6.2f} s")
    fared = "ok" if ratio <= GOAL else "MISSED"
    print(f"report / reading: {ratio:.2f} (goal {GOAL}; {mentions:,} mentions) {fared}")
    return ratio


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What a report costs.")
    parser.add_argument("--mentions", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="end with 1 where the goal is missed")
    options = parser.parse_args()
    ratio = measure(options.mentions)
    sys.exit(1 if options.check and ratio > GOAL else 0)


if __name__ == "__main__":
    main()
