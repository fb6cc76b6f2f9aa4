"""What a session over SSH costs, in one run, as one table: `python benchmarks/terminal.py [--rows N ...] [--size CxR ...]`.

commtui with so many open conversations, neomutt (Debian: `apt install neomutt`) with as many messages of the same texts,
and the least that Textual can do, all on real pseudo-terminals, all open at once and pressed in turn, so that a busy
machine slows them alike: read the ratios. Keys that painted nothing are counted apart.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from probe import Paint, Probe
from terminal_goals import judged, shown
from terminal_programs import HERE, MAKERS, Subject, compile_all

HELD = 0.03
"""Seconds between two steps of a key that is held: the preview waits for a longer rest."""
TEXTS = 3
"""Texts that are begun."""
Results = dict[str, float]
Table = dict[tuple[str, int, str], Results]


class Measured:
    """A program on the screen, and what was found out about it."""

    def __init__(self, subject: Subject, size: tuple[int, int], results: Results) -> None:
        self.subject, self.results = subject, results
        self.probe = Probe(subject.command, size, **subject.env)
        self.silent = self.pressed = 0

    def press(self, key: str, times: int = 1, settle: float = 0.25) -> list[Paint]:
        """Presses a key some times; those that painted something."""
        paints = [self.probe.press(self.subject.keys[key], settle) for _ in range(times)]
        self.pressed += times
        self.silent += sum(paint.size == 0 for paint in paints)
        return [paint for paint in paints if paint.size]

    def can(self, key: str) -> bool:
        return key in self.subject.keys

    def note(self, what: str, paints: list[Paint]) -> None:
        """Bytes and milliseconds to the last byte, the median of what painted, and milliseconds to the first byte."""
        if paints:
            self.results[f"{what}: bytes"] = statistics.median(paint.size for paint in paints)
            self.results[f"{what}: ms"] = statistics.median(paint.last_ms for paint in paints if paint.last_ms)
            self.results[f"{what}, first byte: ms"] = statistics.median(
                paint.first_ms for paint in paints if paint.first_ms
            )


def start_times(subjects: list[Subject], size: tuple[int, int], rounds: int) -> dict[str, float]:
    """Seconds to the first rows: the least of some starts, in turn, since a busy machine only ever adds."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for subject in subjects:
            with Probe(subject.command, size, **subject.env) as probe:
                found.setdefault(subject.title, []).append(probe.until(subject.ready))
                probe.quiet(0.4)
    return {title: min(times) for title, times in found.items()}


def moves(programs: list[Measured]) -> None:
    """60 j held from the top; then 60 at rest, in turn."""
    for program in programs:
        paints = program.press("j", 60, HELD)
        program.results["60 j held, sum: bytes"] = sum(paint.size for paint in paints)
        program.probe.quiet()
        if program.can("top"):
            program.press("top")
    at_rest: dict[int, list[Paint]] = {}
    for _ in range(60):
        for index, program in enumerate(programs):
            at_rest.setdefault(index, []).extend(program.press("j"))
    for index, program in enumerate(programs):
        program.note("j", at_rest[index])
        # held, nothing but the step is painted; at rest the preview follows
        program.results["60 j at rest, sum: bytes"] = sum(paint.size for paint in at_rest[index])
    for program in programs:
        if program.can("top"):
            program.press("top")
        program.note("half a page", program.press("half page", 4))
        if program.can("page"):
            program.note("a page", program.press("page", 4))


def verbs(program: Measured) -> None:
    """A triage key, panes, the composer, a letter."""
    if program.can("triage"):
        program.press("top")
        program.note("triage key", program.press("triage", 6))
    if program.can("pane"):
        program.note("pane switch", program.press("pane", 9))
    for opened in ("compose", "search"):
        if program.can(opened):
            openings, letters = [], []
            for _ in range(TEXTS):
                openings += program.press(opened)
                letters += program.press("letter", 10)
                program.press("leave")
                if program.can("discard"):
                    program.press("discard")
            program.note(f"open the {'composer' if opened == 'compose' else 'prompt'}", openings)
            program.note("a letter", letters)


def arrivals(program: Measured) -> None:
    """A mention that arrives, and one that changes a row in sight."""
    if program.subject.home is None:
        return
    program.press("top")
    for what, kind, number in (("out of sight", "new", 1), ("in sight", "answer", 4)):
        sizes = []
        for _ in range(3):
            program.probe.quiet(0.5)
            before = program.probe.written
            arrive(program.subject.home, kind, number)
            program.probe.quiet(0.8)
            sizes.append(program.probe.written - before)
        program.results[f"arrival {what}: bytes"] = statistics.median(sizes)


def arrive(home: Path, kind: str, number: int) -> None:
    """From a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    subprocess.run(
        [sys.executable, HERE / "arrive.py", home, kind, str(number)], check=True, env=env, stdout=subprocess.DEVNULL
    )


def stillness(subject: Subject, size: tuple[int, int], results: Results) -> None:
    """How long the screen's loop stands still while 1,000 mentions arrive from another process, and while none do."""
    assert subject.home is not None
    report = subject.home / "watched.json"
    with Probe(
        [sys.executable, str(HERE / "watched.py"), str(subject.home), str(report)], size, **subject.env
    ) as probe:
        probe.until(subject.ready)
        probe.quiet()
        for what in ("loop still, idle", "loop still, 1,000 arrive"):
            (subject.home / "reset").touch()
            while (subject.home / "reset").exists():
                probe.quiet(0.1)
            begun = time.perf_counter()
            if "arrive" in what:
                env = {**os.environ, "PYTHONPATH": str(HERE.parent)}
                command = [sys.executable, str(HERE / "arrive.py"), str(subject.home), "new", "1000"]
                with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as other:
                    while other.poll() is None:
                        probe.read(0.05)
            while time.perf_counter() - begun < 3:
                probe.read(0.05)
            probe.quiet(1.2)
            data = json.loads(report.read_text())
            results[f"{what}: ms"] = data["longest_ms"]
            results[f"{what}, own work in it: ms"] = data["of_it_own_ms"]
            results[f"{what}, over 50 ms: times"] = data["over_50_ms"]


def measure(subjects: list[Subject], size: tuple[int, int], starts: int) -> Table:
    """All of one size of the screen."""
    word = f"{size[0]}x{size[1]}"
    table: Table = {(subject.name, subject.rows, word): {} for subject in subjects}
    first = start_times(subjects, size, starts)
    with contextlib.ExitStack() as stack:
        programs = []
        for subject in subjects:
            results = table[subject.name, subject.rows, word]
            results["first rows: s"] = first[subject.title]
            program = Measured(subject, size, results)
            stack.enter_context(program.probe)
            program.probe.until(subject.ready)
            program.probe.quiet()
            results["start: bytes"] = program.probe.written
            programs.append(program)
        moves(programs)
        for program in programs:
            verbs(program)
            arrivals(program)
            program.results["idle, 5 s: bytes"], program.results["idle: % of a processor"] = program.probe.idle(5)
            program.results["memory: MiB"] = program.probe.memory() / 2**20
            program.results["keys that painted nothing"] = program.silent
    for subject in subjects:
        if subject.name == "commtui":
            stillness(subject, size, table[subject.name, subject.rows, word])
    return table


def machine() -> str:
    """What it ran on, and what ran beside it."""
    versions = [f"Python {platform.python_version()}"]
    if shutil.which("neomutt"):
        told = subprocess.run(["neomutt", "-v"], capture_output=True, text=True).stdout
        versions.append(told.partition("\n")[0])
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} processors, load {load}; " + "; ".join(versions)


def main() -> int:
    """The command line; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description="What a session over SSH costs.")
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--size", nargs="+", default=["80x24", "120x40"])
    parser.add_argument("--programs", nargs="+", choices=MAKERS, default=list(MAKERS))
    parser.add_argument("--starts", type=int, default=5, help="starts of program program; the quickest counts")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "commtui-benchmark")
    parser.add_argument("--json", type=Path, help="where to keep the figures")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    print(machine())
    compile_all()
    table: Table = {}
    for size in options.size:
        with tempfile.TemporaryDirectory(dir=options.cache) as work:
            subjects = [
                MAKERS[name](options.cache, Path(work), rows) for name in options.programs for rows in options.rows
            ]
            columns, lines = map(int, size.split("x"))
            table |= measure(subjects, (columns, lines), options.starts)
    print(f"at the end: load {os.getloadavg()[0]:.1f}\n")
    if options.json:
        options.json.write_text(json.dumps([[*key, value] for key, value in table.items()], indent=1))
    print(shown(table))
    text, missed = judged(table)
    print(text)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
