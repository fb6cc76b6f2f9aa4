"""The store against floors, in one run: `python -m benchmarks.store [SIZE ...] [--check]`.

Each size is measured twice: as it was filled, and grown by 60,000 updates. Every part runs in a process of its own. A
durable change and its floor (appending the changed documents to a file, and fdatasync) take turns in one loop, so that a
busy machine slows both: read the ratios. FAST=1 in the environment leaves out sizes above 100,000.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 100_000, 1_000_000)
FAST_MOST = 100_000
GROWTH = 60_000
Result = dict[str, float]
ROWS = (
    ("open and 50 rows", "ms"),
    ("private memory", "MB"),
    ("get by id", "ms"),
    ("durable update", "ms"),
    ("its floor", "ms"),
    ("the same of indexed fields and words", "ms"),
    ("durable batch of 50", "ms"),
    ("floor of the batch", "ms"),
    ("count by place, after a write", "ms"),
    ("50 rows, after a write", "ms"),
    ("a word that nobody says", "ms"),
    ("50 that say a common word", "ms"),
    ("50 that say two letters", "ms"),
    ("another process's change", "ms"),
    ("checkpoint", "ms"),
    ("worst update meanwhile", "ms"),
    ("worst append meanwhile", "ms"),
    ("bytes of the file", "MB"),
)


def measured(part: str, *arguments: object) -> Any:
    """What one part, in its own process, found out."""
    command = [sys.executable, "-m", "benchmarks.store_parts", part, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{part} {arguments}: {done.stderr}")
    return json.loads(done.stdout)


def goals(result: Result) -> Iterator[tuple[str, float, float]]:
    """(what, measured, at most) of one store."""
    yield "durable update / floor", result["durable update"] / result["its floor"], 3
    yield "durable batch of 50 / floor", result["durable batch of 50"] / result["floor of the batch"], 15
    yield "open and the first 50 rows, ms", result["open and 50 rows"] * 1e3, 10
    for word in ("a word that nobody says", "50 that say a common word", "50 that say two letters"):
        yield f"{word}, ms", result[word] * 1e3, 20
    yield "another process's change seen after, ms, polling every 1 ms", result["another process's change"] * 1e3, 5
    yield "worst update of another process during a checkpoint, ms", result["worst update meanwhile"] * 1e3, 50
    yield "private memory after opening, MB", result["private memory"] / 1e6, 15


def run(sizes: list[int]) -> dict[str, Result]:
    """What was measured, by the name of the store."""
    results: dict[str, Result] = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        # as an installed program: compiled modules are kept
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(place) / "compiled")
        for size in sizes:
            folder = Path(place) / str(size)
            measured("fill", folder, size)
            results[f"{size:,}"] = measured("measure", folder, size) | measured("beside", folder, size)
            measured("grow", folder, size, GROWTH)
            results[f"{size:,} grown"] = measured("measure", folder, size) | measured("beside", folder, size)
        if len(sizes) > 1:
            small, large = Path(place) / str(sizes[0]), Path(place) / str(sizes[-1])
            results[f"{sizes[-1]:,} grown"]["flat"] = measured("flat", small, large)
    return results


def show(results: dict[str, Result], sizes: list[int]) -> int:
    """Prints tables; how many goals were missed."""
    print(" " * 42 + "".join(name.rjust(18) for name in results))
    for name, unit in ROWS:
        factor = 1e-6 if unit == "MB" else 1e3
        cells = (f"{result[name] * factor:.3f}".rjust(18) for result in results.values())
        print(f"{name + ', ' + unit:42}" + "".join(cells))
    missed = 0
    for store, result in results.items():
        print(f"\n{store}")
        found = list(goals(result))
        if "flat" in result:
            found.append((f"durable update / the same at {sizes[0]:,}, in turns", result["flat"], 1.2))
        for what, value, most in found:
            missed += value > most
            print(f"  {what:64} {value:8.2f}   goal <= {most:<5} {'ok' if value <= most else 'MISSED'}")
    return missed


def main() -> int:
    """The command line; 1 if a goal was missed and --check is given."""
    parser = argparse.ArgumentParser(description="The store against floors, in one run.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--check", action="store_true", help="exit 1 if a goal is missed")
    options = parser.parse_args()
    sizes = sorted(size for size in options.sizes if size <= FAST_MOST or not os.environ.get("FAST"))
    missed = show(run(sizes), sizes)
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
