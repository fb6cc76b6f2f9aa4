"""What the community lane's own work costs: `python -m benchmarks.community [--mentions N] [--rules N] [--check]`.

`intake with rules / without`: N mentions come in by batches of 40, as a network gives them, into two stores by turns, so
that a busy machine slows both: read the ratio. One mention in five has a rule that runs, and each rule looks at each
mention. `--check` ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.fill import ACCOUNT, texts
from commtui.config.rules import Rule, read_rules
from commtui.config.settings import Account, Settings
from commtui.model.clock import SystemClock
from commtui.model.incoming import Status
from commtui.model.records import RuleRun, Via
from commtui.networks.base import Batch, EventKind, Incoming, Network
from commtui.store.store import Store
from commtui.sync.inbound import keep_batch
from commtui.sync.session import Session

BATCH = 40
"""What Mastodon gives in a page."""
MATCHING = 5
"""Of so many mentions one has a rule that runs."""
GOAL = 1.5
THEN = (
    ["tag billing"], ["priority high"], ["assign round-robin anna ben"], ["note {name} asked before"], ["notify"],
    ["tag bug", "assign ben"],
)  # fmt: skip
WHEN = (
    "#case{n}",
    "#case{n} -tag:done",
    "#case{n} is:open",
    "#case{n} -from:@nobody@example.org",
    'is:mention "#case{n}"',
)


def rules(count: int) -> tuple[Rule, ...]:
    """As many rules as a team has, each with one or two conditions."""
    return read_rules(
        [
            {"name": f"rule{n}", "when": WHEN[n % len(WHEN)].format(n=n), "then": THEN[n % len(THEN)]}
            for n in range(count)
        ]
    )


def batches(count: int, of_rules: int) -> list[Batch]:
    """The mentions of a crowd; one in MATCHING says the word that a rule looks for."""
    chance, bodies, now = random.Random(7), texts(7), SystemClock().now()
    items = []
    for n in range(count):
        author, name, body = next(bodies)
        if n % MATCHING == 0:
            body += f" #case{chance.randrange(of_rules)} "
        at = now - timedelta(seconds=count - n)
        status = Status(
            remote_id=str(10**17 + n), author=author, author_name=name, author_id=author, text=body, created_at=at,
            url=f"https://example.social/{n}",
        )  # fmt: skip
        items.append(Incoming(EventKind.MENTION, Via.MENTION, status, at=at))
    return [Batch(tuple(items[begin : begin + BATCH]), str(begin)) for begin in range(0, count, BATCH)]


async def _unconnected(account: Account) -> Network:
    raise AssertionError("no network is asked here")


def session(folder: Path, of_rules: Sequence[Rule]) -> Session:
    """An account on a store of its own."""
    settings = Settings(me="you", teammates=("anna", "ben"), zone="UTC", accounts=(ACCOUNT,), rules=tuple(of_rules))
    return Session(ACCOUNT, Store(folder), SystemClock(), lambda: settings, _unconnected)


def measure(mentions: int, of_rules: int) -> float:
    """How many times as long intake takes with rules; prints what it came to."""
    given = batches(mentions, of_rules)
    with tempfile.TemporaryDirectory() as place:
        both = {
            "without rules": session(Path(place) / "without", ()),
            f"with {of_rules} rules": session(Path(place) / "with", rules(of_rules)),
        }
        took: dict[str, list[float]] = {name: [] for name in both}
        for number, batch in enumerate(given):
            for name in list(both)[:: 1 if number % 2 else -1]:
                begun = time.perf_counter()
                keep_batch(both[name], batch, first=False)
                took[name].append(time.perf_counter() - begun)
        for name, seconds in took.items():
            each = sum(seconds) / mentions * 1e6
            print(f"{name:16} {sum(seconds):7.2f} s, {each:5.0f} us a mention, {median(seconds) * 1e3:6.2f} ms a batch")
        ran = len(both[f"with {of_rules} rules"].store.all(RuleRun))
        without, with_rules = (sum(seconds) for seconds in took.values())
        ratio = with_rules / without
        fared = "ok" if ratio <= GOAL else "MISSED"
        print(f"intake with rules / without: {ratio:.2f} (goal {GOAL}; {mentions:,} mentions, {ran:,} runs) {fared}")
    return ratio


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What the community lane's own work costs.")
    parser.add_argument("--mentions", type=int, default=20_000)
    parser.add_argument("--rules", type=int, default=30)
    parser.add_argument("--check", action="store_true", help="end with 1 where a goal is missed")
    options = parser.parse_args()
    ratio = measure(options.mentions, options.rules)
    sys.exit(1 if options.check and ratio > GOAL else 0)


if __name__ == "__main__":
    main()
