"""What the search over everything costs: its first page of rows, beside the store's own query for the same words.

    python -m benchmarks.search [--open N] [--archive M] [--replies R] [--check]

A line for each query: rows of the first page; milliseconds until its first row is there, until it is whole, and those of
the store's own query (the first slice of what the index of words finds, and its first 50 mentions as records), each as the
median of 9; and the ratio of the last two. The goal is a first row within 50 ms with 100,000 mentions; `--check` ends with
1 where it is missed.
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
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.fill import fill, texts
from commtui.activity.desk import Desk
from commtui.main.home import ScreenHome
from commtui.model import ids
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.changes import Changes
from commtui.triage.everywhere import PAGE, Everywhere, alternatives
from commtui.triage.query import parse

QUERIES = (
    "zyzzyva", "roast", "вернуть", '"delivery address"', "invoice or refund", "from:user42@", "roast is:done",
    "roast -is:open", "roast via:direct", "roast has:link since:30d", "e", "ro", "出", "roast tag:bug is:unassigned",
    'from:user42@ "roast"', "roast tag:bug until:2d", "roast until:2020-01", "roast -tag:bug", "roast tag:nothing",
    "roast has:video", "roast has:note", "roast assigned:nobody-here", "roast is:muted", "roast priority:urgent",
    "roast is:overdue", "roast lang:xx", "roast -is:unread is:open",
)  # fmt: skip
GOAL = 50.0
TIMES = 9


def replies(desk: Desk, count: int) -> None:
    """Sent replies in the first conversations that there are."""
    rows, chance, bodies = desk.store.all(Conversation)[:count], random.Random(5), texts(5)
    for begin in range(0, len(rows), 500):
        with desk.store.write(durable=False) as write:
            for row in rows[begin : begin + 500]:
                at = row.newest_at + timedelta(hours=chance.randrange(1, 50))
                reply = Outgoing(
                    id=ids.derived(ids.REPLY, row.id), account=row.account, network=row.network, text=next(bodies)[2],
                    state=OutgoingState.SENT, created_at=at, key=row.id, conversation=row.id, in_reply_to=row.newest,
                    sent_at=at, remote_id=f"r{row.id}",
                )  # fmt: skip
                write.put(reply)
    desk.store.tidy()


def first_page(desk: Desk, text: str) -> int:
    """Searches until the first page is there."""
    search = Everywhere(parse(text))
    while not search.search_for(desk, 0.008):
        pass
    return len(search.update(desk, Changes()))


def first_row(desk: Desk, text: str) -> int:
    """Searches until a row is there, or all is searched."""
    search = Everywhere(parse(text))
    while not search.search_for(desk, 0) and not search.update(desk, Changes()):
        pass
    return len(search.update(desk, Changes()))


def stores_own(desk: Desk, text: str) -> int:
    """The first slice of the index for each of the query's words, and the first mentions of it as records."""
    found = 0
    for words in alternatives(parse(text)):
        for numbers in islice(desk.store.mentions.saying(words), 1):
            found += sum(desk.store.at(Mention, number) is not None for number in numbers[:PAGE])
    return found


def milliseconds(call: Callable[[Desk, str], int], desk: Desk, text: str) -> float:
    """The median of some calls."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        call(desk, text)
        taken.append(time.perf_counter() - begun)
    return median(taken) * 1000


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description="What the search over everything costs.")
    parser.add_argument("--open", type=int, default=50_000, metavar="N")
    parser.add_argument("--archive", type=int, default=50_000, metavar="M", help="archived conversations beside them")
    parser.add_argument("--replies", type=int, default=20_000, metavar="R", help="sent replies")
    parser.add_argument("--check", action="store_true", help="end with 1 where the goal is missed")
    options = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        services = ScreenHome(fill(Path(place) / "home", options.open, options.archive), os.environ)
        desk = services.desk()
        replies(desk, options.replies)
        print(
            f"{options.open:,} open, {options.archive:,} archived, {options.replies:,} replies; load {os.getloadavg()[0]:.2f}"
        )
        print(f"{'query':32} {'rows':>5} {'row ms':>8} {'page ms':>8} {'store ms':>9} {'ratio':>6}")
        for text in QUERIES:
            rows = first_page(desk, text)
            row, page, its = (milliseconds(call, desk, text) for call in (first_row, first_page, stores_own))
            verdict = "ok" if row < GOAL else "MISSED"
            missed += row >= GOAL
            print(f"{text:32} {rows:5} {row:8.1f} {page:8.1f} {its:9.1f} {page / its:6.1f}  {verdict}", flush=True)
        services.store.close()
    return int(options.check and missed > 0)


if __name__ == "__main__":
    sys.exit(main())
