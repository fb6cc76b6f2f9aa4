"""The store against TinyDB's own storages and against the floors, in one run: `python benchmarks/store.py [SIZE ...]`.

Every part is measured in a process of its own; a durable update and its floor (appending the same bytes and fdatasync)
take turns in one loop, so that a busy machine slows both. Times move with the machine: read the ratios.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
KINDS = ("JSONStorage", "CachingMiddleware", "journal")
ROWS = """open; get; search; search by author; search after a write; find after a write; ordered after a write
update; update floor; batch; batch floor; update bytes; document bytes; amplification; gc; eager gc
memory; eager memory; foreign; compaction; worst update during compaction; worst bare append meanwhile
status; status floor; json.loads; orjson.loads"""


def measured(*arguments: object) -> dict:
    """What one part, in its own process, found out."""
    command = [sys.executable, str(ROOT / "benchmarks" / "store_parts.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{arguments}: {done.stderr}")
    return json.loads(done.stdout)


def shown(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if "memory" in name:
        return f"{value / 1e6:.1f} MB"
    if "bytes" in name:
        return f"{value / 1e6:.1f} MB" if value > 1e6 else f"{value:.0f} B"
    if name == "amplification":
        return f"{value:.2f}"
    return f"{value * 1e3:.3f} ms" if value < 0.1 else f"{value * 1e3:.0f} ms"


def goals(results: dict, sizes: list[int]):
    """(what, ratio, at most)."""
    ours = results[sizes[-1], "journal"]
    yield "durable update / floor", ours["update"] / ours["update floor"], 1.5
    yield f"durable update / the same at {sizes[0]:,}, in turns", ours["flat"], 1.2
    yield "batch of 50 / floor", ours["batch"] / ours["batch floor"], 3
    yield "bytes / changed document", ours["update bytes"] / ours["document bytes"], 1.1
    yield "bytes with compaction / changed documents", ours["amplification"], 3
    yield "open and the first 50 rows / json.loads", ours["open"] / ours["json.loads"], 0.06
    yield "search by index after a write / update", ours["search after a write"] / ours["update"], 2
    yield "count of what is open after a write / update", ours["find after a write"] / ours["update"], 2
    yield "sorted rows after a write / update", ours["ordered after a write"] / ours["update"], 2
    yield "GC pause / eager dictionaries", ours["gc"] / ours["eager gc"], 0.15
    yield "private memory / eager dictionaries", ours["memory"] / ours["eager memory"], 0.15
    yield "another process's change seen after, ms, polling every 1 ms", ours["foreign"] * 1e3, 2
    worst = ours["worst update during compaction"] / ours["update floor"]
    yield "worst update of another process in a compaction / floor", worst, 60
    yield "a process that counts / import tinydb, msgspec", ours["status"] / ours["status floor"], 2


def run(sizes: list[int], kinds: tuple[str, ...]) -> int:
    results = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        # As an installed program: compiled modules are kept.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(place) / "compiled")
        for size in sizes:
            folder = Path(place) / str(size)
            folder.mkdir()
            for kind in kinds:
                measured("fill", kind, folder, size)
                counted = measured("status", folder, size) if kind == "journal" else {}
                results[size, kind] = measured("measure", kind, folder, size) | counted
            for part in ("floors", "during_compaction", "amplification"):
                results[size, "journal"] |= measured(part, folder, size)
        results[sizes[-1], "journal"] |= measured("flat", Path(place) / str(sizes[0]), Path(place) / str(sizes[-1]))
    print(" " * 32 + "".join(f"{kind} {size:,}".rjust(28) for size in sizes for kind in kinds))
    for row in ROWS.replace("\n", "; ").split("; "):
        cells = (shown(row, results[size, kind].get(row)).rjust(28) for size in sizes for kind in kinds)
        print(f"{row:32}" + "".join(cells))
    print()
    missed = 0
    for what, ratio, most in goals(results, sizes):
        missed += ratio > most
        print(f"{what:60} {ratio:8.3f}   goal <= {most:<6} {'ok' if ratio <= most else 'MISSED'}")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--only-journal", action="store_true", help="leave out TinyDB's own, which take minutes")
    parser.add_argument("--check", action="store_true", help="exit 1 if a goal is missed")
    options = parser.parse_args()
    missed = run(sorted(options.sizes), KINDS[2:] if options.only_journal else KINDS)
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
