"""What ten years cost at the start: a home with an archive against the same home without one.

    python -m benchmarks.archive [--open N] [--archive M] [--rounds R]

Both homes have N open conversations; one has M more, done in the last ten years, in its archive. Each thing is done in
both by turns, so that a busy machine burdens both; medians, and their ratios. The goal is at most 1.2 for every start.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.fill import fill
from benchmarks.probe import Probe
from benchmarks.status import ENVIRON, once

PROGRAM = str(Path(sys.executable).with_name("commtui"))
FIRST_ROW = r"^ *>.*@user"
GOAL = 1.2
WORDS = ("roast", "zyzzyva")
"""One that a quarter of all say, and one that nobody says."""
OPEN = """
import sys, time
from pathlib import Path
from commtui.model.states import Queue
from commtui.store.store import Store
begun = time.perf_counter()
store = Store(Path(sys.argv[1]))
rows = store.conversations.by_wait(Queue.OPEN)[:50]
found = [store.conversations.since(number) for number in rows]
print((time.perf_counter() - begun) * 1000, len(found))
"""


def status(home: Path) -> float:
    """Milliseconds of processor and disk until `commtui status` has ended."""
    return once((PROGRAM, "--home", str(home), "status"))[0]


def opened(home: Path) -> float:
    """Milliseconds in which a process that has imported the store opens it and reads 50 rows."""
    command = [sys.executable, "-c", OPEN, str(home / "data")]
    done = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0])


def first_rows(home: Path) -> float:
    """Milliseconds from the start of the inbox in a terminal until its first row stands there."""
    with Probe([PROGRAM, "--home", str(home)], (80, 24), **_bytecode()) as probe:
        return probe.until(FIRST_ROW) * 1000


def search(home: Path, query: str, word: str) -> tuple[float, int]:
    """Milliseconds of a search by `commtui list`, and how many it found."""
    begun = time.perf_counter()
    command = [PROGRAM, "--home", str(home), "list", "mentions", query, word, "--json"]
    done = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=True)
    return (time.perf_counter() - begun) * 1000, done.stdout.count('"remote_id"')


def _bytecode() -> dict[str, str]:
    return {name: ENVIRON[name] for name in ("PYTHONPYCACHEPREFIX",) if name in ENVIRON}


def by_turns(homes: tuple[Path, Path], rounds: int, act: Callable[[Path], float]) -> tuple[float, float]:
    """Medians in each home; the first one of each fills the caches of the disk and of Python."""
    medians: tuple[list[float], list[float]] = ([], [])
    for home in homes:
        act(home)
    for _ in range(rounds):
        for home, times in zip(homes, medians, strict=True):
            times.append(act(home))
    return median(medians[0]), median(medians[1])


def bytes_of(folder: Path) -> int:
    """What the files of a folder weigh."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What an archive of ten years costs at the start.")
    parser.add_argument("--open", type=int, default=10_000, metavar="N", help="open conversations in both homes")
    parser.add_argument("--archive", type=int, default=200_000, metavar="M", help="archived ones in the second")
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        bare, old = homes = (Path(place) / "bare", Path(place) / "old")
        fill(bare, options.open)
        fill(old, options.open, options.archive)
        weight = bytes_of(old / "data") - bytes_of(bare / "data")
        print(f"{options.open:,} open; archive: {options.archive:,} conversations of ten years, {weight / 1e6:.0f} MB")
        print(f"{'ms, medians':34} {'without':>10} {'with':>10} {'ratio':>7}   goal <= {GOAL}")
        for name, act, rounds in (
            ("commtui status", status, options.rounds),
            ("opening the store, and 50 rows", opened, options.rounds),
            ("first rows on the screen", first_rows, max(3, options.rounds // 3)),
        ):
            without, with_it = by_turns(homes, rounds, act)
            ratio = with_it / without
            print(f"{name:34} {without:10.1f} {with_it:10.1f} {ratio:7.2f}   {'ok' if ratio <= GOAL else 'MISSED'}")
        for word in WORDS:
            for count, where in ((options.open, "open"), (options.archive, "archived")):
                took, rows = search(old, f"is:{where}", word)
                print(f"search for {word!r} in {count:,} {where} ones, {rows:,} found: {took:,.0f} ms")


if __name__ == "__main__":
    main()
