"""What a person's screen costs: `python -m benchmarks.community_people [--open N ...] [--mentions M] [--check]`.

A line for each size of the home: milliseconds until all is read that the screen of a person with M messages (2,000) in as
many conversations shows; the same of a person with one; and the floor, the store's own query for the columns and records
that are shown. The goal is that the first one doesn't grow with the home, and is at most GOAL times its floor.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.fill import BATCH, conversation, fill, texts
from commtui.activity.desk import Desk
from commtui.main.home import ScreenHome
from commtui.model.authors import person_of
from commtui.model.records import Conversation
from commtui.triage.people import CONVERSATIONS_READ, profile_of
from commtui.triage.people_list import suggestions

RUNS = 9
GOAL = 3.0
GROWTH = 2.0
"""How many times as long it may take in a home that is a hundred times as large: the index has more levels."""


def write_much(desk: Desk, count: int) -> tuple[str, str]:
    """Lets one person write `count` mentions, each a conversation, and another one a single one; their ids."""
    chance, bodies = random.Random(7), texts(7)
    now, people = desk.now, []
    for handle, number in (("@often@example.social", count), ("@once@example.social", 1)):
        first = 6 * 10**8 + 10**7 * len(people)
        for begin in range(0, number, BATCH):
            with desk.store.write(durable=False) as write:
                for n in range(begin, min(begin + BATCH, number)):
                    body = (handle, "Somebody", next(bodies)[2])
                    row, mention = conversation(first + n, now - timedelta(minutes=n), body, chance, n % 2 == 1)
                    write.put(mention)
                    write.put(row)
        people.append(person_of(mention))
    return people[0], people[1]


def timed(work: Callable[[Desk, str], None], desk: Desk, person: str) -> float:
    """Milliseconds: the median of RUNS."""
    found = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work(desk, person)
        found.append((time.perf_counter() - begin) * 1e3)
    return median(found)


def shown(desk: Desk, person: str) -> None:
    """Reads what the screen of a person shows."""
    suggestions(desk.store, profile_of(desk, person))


def floor(desk: Desk, person: str) -> None:
    """Reads the same columns and records by the store alone."""
    said = desk.store.people.said([person])
    newest = sorted(said, key=lambda mention: mention.at, reverse=True)
    desk.store.people.answers(mention.number for mention in said)
    desk.store.people.queues({mention.conversation for mention in said})
    desk.store.get_each(Conversation, [mention.conversation for mention in newest[:CONVERSATIONS_READ]])
    desk.store.people.of_name("often", 200)


def measured(count: int, mentions: int) -> tuple[float, float, float]:
    """Milliseconds for a person with many messages, for one with a single one, and for the floor of the first."""
    with tempfile.TemporaryDirectory() as folder:
        services = ScreenHome(fill(Path(folder) / "home", count), os.environ)
        desk = services.desk()
        much, once = write_much(desk, mentions)
        found = timed(shown, desk, much), timed(shown, desk, once), timed(floor, desk, much)
        services.close()
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="What a person's screen costs.")
    parser.add_argument("--open", type=int, nargs="+", default=[1_000, 100_000], help="conversations of the home")
    parser.add_argument("--mentions", type=int, default=2_000, help="mentions of the person")
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    options = parser.parse_args()
    print(f"{'conversations':>13}  {'often, ms':>9}  {'once, ms':>8}  {'floor, ms':>9}")
    results = []
    for count in options.open:
        often, once, least = measured(count, options.mentions)
        results.append((often, least))
        print(f"{count:>13,}  {often:>9.1f}  {once:>8.1f}  {least:>9.1f}")
    missed = any(often > GOAL * least for often, least in results) or results[-1][0] > GROWTH * results[0][0]
    return int(options.check and missed)


if __name__ == "__main__":
    sys.exit(main())
