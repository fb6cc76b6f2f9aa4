"""How long `commtui status` takes, against what it cannot do without: `python -c "import tinydb, msgspec"`.

    python benchmarks/status.py [--rounds N] [SIZE...]

Both run in turn, in the same minutes, so that a busy machine burdens both; medians of wall time and of processor time
(user and system), and their ratios. Sizes are open conversations; the goal is at most 2.0.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.fill import fill

# an installed commtui has its bytecode, as tinydb has
ENVIRON = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
BARE = (sys.executable, "-c", "import tinydb, msgspec")
SIZES = (1_000, 100_000)


def once(command: tuple[str, ...]) -> tuple[float, float]:
    """Milliseconds of wall and of processor that a command takes. Raises SystemExit where it fails."""
    begun = time.perf_counter()
    process = os.posix_spawn(
        command[0], command, ENVIRON, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return wall * 1000, (used.ru_utime + used.ru_stime) * 1000


def measure(home: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """Medians of (wall, processor) milliseconds of `bare` and `status`, measured in turn."""
    status = (str(Path(sys.executable).with_name("commtui")), "--home", str(home), "status")
    times: dict[str, list[tuple[float, float]]] = {"bare": [], "status": []}
    for command in (BARE, status):
        once(command)  # the first one fills the caches of the disk and of Python
    for _ in range(rounds):
        times["bare"].append(once(BARE))
        times["status"].append(once(status))
    return {name: (median(w for w, _ in pairs), median(p for _, p in pairs)) for name, pairs in times.items()}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measures `commtui status` against a bare import.")
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, metavar="SIZE")
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    print(f"{'open':>8} {'bare':>16} {'status':>16} {'ratio':>12}   ms: wall (processor), medians of {options.rounds}")
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            home = Path(folder) / str(size)
            fill(home, size)
            medians = measure(home, options.rounds)
            (bw, bp), (sw, sp) = medians["bare"], medians["status"]
            print(f"{size:>8,} {bw:>7.1f} ({bp:>6.1f}) {sw:>7.1f} ({sp:>6.1f}) {sw / bw:>5.2f} ({sp / bp:.2f})")


if __name__ == "__main__":
    main()
