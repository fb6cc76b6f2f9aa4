"""How long the screen's loop stands still, at most, for what costs most: `python -m benchmarks.stalls [--open N ...]`.

The real program runs on a pseudo-terminal and measures how late a timer of its loop is (`watched.py`). A line for each
home and action: the longest pause, what the loop's own thread worked meanwhile (the rest is the machine's other
programs and the program's other threads), milliseconds until the screen shows the result, and resident memory then.
Each action is done `--rounds` times, and the least counts: a busy machine only ever adds. The goal is 50 ms; the exit
status is 1 when a line has missed it.
What is awaited and does not come ends the run, with the screen as it is then.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from benchmarks.fill import conversation, fill, texts
from benchmarks.probe import Probe
from commtui.community.deadlines import Deadlines
from commtui.config.loading import load
from commtui.model.clock import SystemClock
from commtui.store.store import Store

HERE = Path(__file__).parent
GOAL = 50.0
HUGE = 300_000
SIZE = (120, 40)
PATIENCE = 120.0
"""Seconds until an action must be done; for more than SMALL conversations in proportion."""
SMALL = 100_000
PARTS = ("special", "looking", "bulk", "outgoing", "elsewhere")
THREAD, LINKS, PAGE, SAVED = 5_000, 100_000, 8_000_000, 10_000
"""Mentions of one thread, bytes of one text of links, bytes of one answer of a server, and saved replies."""
POSTS, ANSWERED = 3_000, 100
"""Scheduled posts, and conversations that one text answers."""


class Took(NamedTuple):
    """Milliseconds: the longest pause, the loop's own work in it, the whole action; and bytes of memory after it."""

    pause: float
    own: float
    whole: float
    memory: int


class Watched:
    """The program, and what it says of its loop."""

    def __init__(self, home: Path, probe: Probe, patience: float) -> None:
        self.home, self.probe, self.patience = home, probe, patience
        self.report = home / "watched.json"

    def reset(self) -> None:
        (self.home / "reset").touch()
        while (self.home / "reset").exists():
            self.probe.quiet(0.1)

    def keys(self, keys: str) -> None:
        """Presses keys, each a moment after the one before; a word in <> is one key."""
        for key in re.findall(r"<\w+>|.", keys, re.DOTALL):
            self.probe.press({"<enter>": b"\r", "<esc>": b"\x1b"}.get(key, key.encode()), 0.05, 0.3)

    def screen(self, regex: str) -> None:
        """Waits until the regex is on the screen. Raises TimeoutError, with the screen."""
        self.probe.until(regex, time.perf_counter() - self.probe.begun + self.patience)
        self.probe.watching = True

    def measure(self, action: Callable[[], None], done: str) -> Took:
        """Does it until the screen shows a regex."""
        self.reset()
        begun = time.perf_counter()
        action()
        self.screen(done)
        whole = time.perf_counter() - begun
        self.probe.quiet(1.3, 4)
        found = json.loads(self.report.read_text())
        return Took(found["longest_ms"], found["of_it_own_ms"], whole * 1000, self.probe.memory())


@contextmanager
def opened(home: Path, ready: str, *options: str, patience: float = PATIENCE, **env: str) -> Iterator[Watched]:
    """The program on a home, when it has shown its rows: without the filters and searches of the session before."""
    report = home / "watched.json"
    for left in (report, home / "state" / "ui.json"):
        left.unlink(missing_ok=True)
    command = [sys.executable, str(HERE / "watched.py"), *options, str(home), str(report)]
    with Probe(command, SIZE, PYTHONPATH=str(HERE.parent), **env) as probe:
        watched = Watched(home, probe, patience)
        watched.screen(ready)
        while not report.exists():
            probe.quiet(0.2)
        yield watched


Step = tuple[str, str, str]
"""What it is called, the keys, and what the screen shows when it is done."""


def bulk(count: int) -> list[Step]:
    """Marks over all, and the verbs on them, each undone before the next.

    What is awaited is the sentence of the verb, with a large number: counts and rows are right a moment earlier, and
    keys that come in that moment mean the few rows that are there.
    """
    many = r"[\d,]{5,} conv"  # those that changed: some are assigned so already
    undone = rf"undo: [\w ]+ of {many}"
    verbs = (
        ("assign", "aanna<enter>", "assigned to anna"),
        ("tag", "tvip<enter>", "tagged vip"),
        ("snooze", "s<enter>", r"snoozed until [^:]+:\d\d[^:]*"),
        ("mute", "!m", "muted"),
        ("read", " r", "read"),
    )
    return [
        ("mark all", "*", rf"^ {count} marked"),
        ("unmark all", "*", r"^ 0 marked"),
        ("mark all and done", "*e", rf"^ done: {count:,} conv"),
        ("undo of it", "u", undone),
        ("redo of it", "U", rf"^ redo: done of {count:,} conv"),
        ("undo again", "u", undone),
        ("mark all, done, and keys meanwhile", "*ejjkGgjk", rf"^ done: {count:,} conv"),
        ("undo, and keys meanwhile", "ujjkGgjk", undone),
        *(
            step
            for name, keys, done in verbs
            for step in (
                (f"mark all and {name}", f"*{keys}", rf"^ {done}: {many}"),
                (f"undo of {name}", "u", undone),
            )
        ),
    ]


def outgoing() -> list[Step]:
    """Verbs on all posts, and one text for many, each undone before the next."""
    return [
        ("3,000 posts: hold all", " hy", rf"^ held: {POSTS:,} posts"),
        ("the question before their release", " L", rf"release all {POSTS} held"),
        ("3,000 posts: release all", "y", rf"^ released: {POSTS:,} posts"),
        ("3,000 posts: mark all, discard", "3* xy", rf"^ discarded: {POSTS:,} posts"),
        ("the question before their undo", "u", rf"undo: schedule {POSTS:,} posts again"),
        ("undo of it", "y", rf"undo: discard of {POSTS:,} posts"),
        ("3,000 posts: mark all, a day later", "*s+1d<enter>", rf"^ go out .*: {POSTS:,}"),
        ("undo of that", "u", rf"undo: reschedule of {POSTS:,} posts"),
        ("100 rows: mark all, reply", "1*r", rf"reply to {ANSWERED} conversations"),
        ("a text for 100, typed and reviewed", "hello {name}<esc>", r"y send"),
        ("a text for 100, sent", "y", rf"^ {ANSWERED} replies to"),
        ("undo of it, recalled", "u", rf"undo: reply of {ANSWERED} conv"),
    ]


def looking(count: int) -> list[Step]:
    """Moving, filtering and searching, which change nothing. The search comes last: it stays with the pane."""
    return [
        ("to the end, and back", "Gg", rf"\b{count} open"),
        ("a range over all", "vGv", rf"\b{count} marked"),
        ("its end", "<esc>g", rf"\b{count} open"),
        ("a thread opened, and left", "<enter>q", rf"\b{count} open"),
        ("the report, and keys meanwhile", " Gjjjj", r"answer time +n"),
        ("another period, and out of it", "s<esc>", rf"\b{count} open"),
        ("a filter", "\\grinder<enter>", r"filter: grinder \(\d+\)"),
        ("a filter, and keys meanwhile", "\\\x15from:user1<enter>jkjkG", r"filter: from:user1 \(\d+\)"),
        ("a filter of half, by an index", "\\\x15is:unread<enter>", r"filter: is:unread \(\d+\)"),
        ("no filter", "<esc>", r"^ no filter"),
        ("a search of what is not there", "/no such words<enter>", r"no row here"),
        ("a search, and marks on what it finds", "/grinder<enter>*", r"^ \d+ marked \('grinder'\)"),
        ("no marks", "<esc>", rf"\b{count} open"),
    ]


def measure_steps(home: Path, count: int, steps: list[Step], rounds: int) -> Iterator[tuple[str, Took]]:
    """These steps, in this order, in one session."""
    with opened(home, rf"\b{count} open", patience=PATIENCE * max(1, count / SMALL)) as watched:
        found: dict[str, Took] = {}
        for _ in range(rounds):
            for name, keys, done in steps:
                try:
                    took = watched.measure(partial(watched.keys, keys), done)
                except TimeoutError as error:
                    error.add_note(f"while waiting for: {name}")
                    raise
                found[name] = least(found.get(name), took)
                print(f"    {name}: {took}", file=sys.stderr, flush=True)
        yield from found.items()


def least(one: Took | None, other: Took) -> Took:
    if one is None:
        return other
    return Took(
        min(one.pause, other.pause), min(one.own, other.own), min(one.whole, other.whole), max(one.memory, other.memory)
    )


def measure_outgoing(folder: Path, rounds: int) -> Iterator[tuple[str, Took]]:
    """The verbs on many posts and replies, in a home of their own."""
    home = fill(folder, ANSWERED, posts=POSTS)
    yield from measure_steps(home.config.parent, ANSWERED, outgoing(), rounds)


def special(folder: Path) -> Path:
    """A home with a long thread, a text full of links, many saved replies and a large answer of a server."""
    home = fill(folder, 30)
    home.replies.mkdir(exist_ok=True)
    for n in range(SAVED):
        head = f'+++\ntitle = "No. {n}"\ntags = ["answer"]\nlanguage = "en"\n\n[variables]\norder = ""\n+++\n'
        (home.replies / f"answer{n}.md").write_text(f"{head}Hello {{first_name}}, order {{order}}, no. {n}\n")
    now, bodies = SystemClock().now(), texts(9)
    import random

    chance = random.Random(9)
    settings, store = load(home, {}), Store(home.data)
    store.deadlines = Deadlines(lambda: settings)
    with store.write() as write:
        row, first = conversation(10**7, now - timedelta(days=3), next(bodies), chance, False)
        for n in range(THREAD):
            _, mention = conversation(10**7 + 1 + n, row.since + timedelta(seconds=n), next(bodies), chance, False)
            write.put(replace(mention, conversation=row.id))
        write.put(first)
        write.put(replace(row, mentions=THREAD + 1))
        links, mention = conversation(2 * 10**7, now - timedelta(days=2), next(bodies), chance, False)
        text = " ".join(f"https://example.org/threads/{n}?page={n % 7}" for n in range(LINKS // 40))
        write.put(replace(mention, text=text))
        write.put(links)
    store.close()
    entry = {
        "type": "mention",
        "created_at": "2026-11-23T10:00:00.000Z",
        "account": {"id": "2", "acct": "eve@example.net", "username": "eve", "display_name": "Eve", "url": "https://e"},
    }
    page = []
    for n in range(40):
        content = "<p>" + "word &amp; more <b>of it</b> " * (PAGE // 40 // 29) + "</p>"
        status = {"id": str(n), "content": content, "created_at": entry["created_at"], "account": entry["account"]}
        page.append({**entry, "id": str(n), "status": {**status, "visibility": "public", "uri": "https://e/1"}})
    (folder / "body").write_text(json.dumps(page))
    return folder


def measure_special(home: Path, rounds: int) -> Iterator[tuple[str, Took]]:
    """The other scenes."""
    browser = home / "browser.sh"
    browser.write_text("#!/bin/sh\nsleep 3\n")
    browser.chmod(0o755)
    with opened(home, r"32 open", BROWSER=f"{browser} %s") as watched:
        found: dict[str, Took] = {}

        def page() -> None:
            (home / "decode").touch()
            while (home / "decode").exists():
                watched.keys("jk")

        scenes: list[tuple[str, Callable[[], None], str, str]] = [
            ("a thread of 5,001, previewed", lambda: watched.keys("gjg"), r"\(5001\)", ""),
            ("a thread of 5,001, opened", lambda: watched.keys("g<enter>"), r".", "q"),
            ("100 KB of links, opened", lambda: watched.keys("gj<enter>"), r".", "q"),
            ("an answer of 8 MB is read", page, r".", ""),
            ("10,000 saved replies, listed", lambda: watched.keys("gm"), r"answer0", ""),
            ("the list narrowed", lambda: watched.keys("99"), r"> answer\d*99", "<esc>"),
            ("a browser in the foreground for 3 s", lambda: watched.keys("goj"), r"32 open", ""),
        ]
        for _ in range(rounds):
            for name, action, done, after in scenes:
                took = watched.measure(action, done)
                found[name] = least(found.get(name), took)
                watched.keys(after)
        yield from found.items()


def measure_elsewhere(home: Path, count: int) -> Iterator[tuple[str, Took]]:
    """Another process writes while this one only looks on, and moves."""
    with opened(home, rf"\b{count} open") as watched:

        def arrivals() -> None:
            command = [sys.executable, str(HERE / "arrive.py"), str(home), "new", "1000"]
            with subprocess.Popen(
                command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(HERE.parent)}
            ) as other:
                while other.poll() is None:
                    watched.keys("jk")

        yield "1,000 mentions arrive, one by one", watched.measure(arrivals, rf"\b{count + 1000} open")


def floor(folder: Path) -> Took:
    """A bare Textual app whose list moves."""
    folder.mkdir()
    with opened(folder, "row number", "--bare") as watched:
        return watched.measure(lambda: watched.keys("jjjjkkkk"), "row number")


def show(place: str, name: str, took: Took) -> bool:
    """Prints a line. Returns whether the goal was met."""
    met = took.pause < GOAL
    verdict = "ok" if met else "MISSED"
    print(
        f"{place:>10} {name:40} {took.pause:9.1f} {took.own:9.1f} {took.whole:10.0f} {took.memory / 1e6:9.0f}  {verdict}",
        flush=True,
    )
    return met


def main() -> int:
    """The command line. Returns the exit status: 1 when an action has missed the goal."""
    parser = argparse.ArgumentParser(description="How long the screen's loop stands still.")
    parser.add_argument("--open", type=int, nargs="*", default=[20_000, 100_000], metavar="N")
    parser.add_argument("--huge", action="store_true", help=f"with {HUGE:,} open conversations, too: it takes an hour")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=PARTS, help="which parts of it")
    parser.add_argument("--homes", type=Path, help="a folder with homes of fill.py, each called hN; copies are opened")
    options = parser.parse_args()
    print(f"{'home':>10} {'action':40} {'pause ms':>9} {'own ms':>9} {'whole ms':>10} {'memory MB':>9}")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        place = Path(name)
        met = [show("", "a bare list of Textual's, moved", floor(place / "bare"))]
        if "special" in options.only:
            for scene, took in measure_special(special(place / "special"), options.rounds):
                met.append(show("32", scene, took))
        if "outgoing" in options.only:
            for scene, took in measure_outgoing(place / "outgoing", options.rounds):
                met.append(show(f"{POSTS:,}", scene, took))
        for count in [*options.open, *([HUGE] if options.huge else [])]:
            home = place / str(count)
            if options.homes and (options.homes / f"h{count}").exists():
                shutil.copytree(options.homes / f"h{count}", home)
            else:
                fill(home, count)
            parts = {
                "looking": measure_steps(home, count, looking(count), options.rounds),
                "bulk": measure_steps(home, count, bulk(count), options.rounds),
                "elsewhere": measure_elsewhere(home, count),
            }
            for part, measured in parts.items():
                for scene, took in measured if part in options.only else ():
                    met.append(show(f"{count:,}", scene, took))
            shutil.rmtree(home)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
