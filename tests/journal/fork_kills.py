"""Processes that write or read and are killed: `python -m tests.journal.fork_kills FOLDER ROUNDS` prints what held.

Forked from a process that has everything imported and no store open, so that a round takes milliseconds.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tinydb import where
from tinydb.table import Document

from commtui.store.journal import JournalDB, compaction

WRITERS, READERS = 4, 2
INDEXES = {"events": ["w"]}
ORDERED = {"events": [("w", "n")]}


def write(folder: Path, me: int) -> None:
    """Transactions over three tables for ever; each is noted in a file of its own once it is acknowledged."""
    compaction.LEAST, compaction.RATIO = 60_000, 0.5
    db = JournalDB(folder, indexes=INDEXES, ordered=ORDERED)
    a, b, events = db.table("a"), db.table("b"), db.table("events")
    rng = random.Random(time.time_ns())
    acks = os.open(folder.parent / f"acks{me}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    while True:
        with db.transaction(durable=rng.random() < 0.5):
            n = (a.get(doc_id=me) or {"n": 0})["n"] + 1
            a.upsert(Document({"n": n}, doc_id=me))
            b.upsert(Document({"n": n, "pad": "x" * rng.randrange(400)}, doc_id=me))
            events.insert({"w": me, "n": n})
        os.write(acks, b"%d\n" % n)
        if rng.random() < 0.02 and db.needs_compaction():
            db.compact()


def look(db: JournalDB, last: dict[int, int], who: int) -> list[object]:
    """What does not hold in one consistent view."""
    wrong: list[object] = []
    with db.view():
        n = (db.table("a").get(doc_id=who) or {"n": 0})["n"]
        if n != (db.table("b").get(doc_id=who) or {"n": 0})["n"]:
            wrong.append(["torn", who, n])
        if n < last.get(who, 0):
            wrong.append(["went back", who, last[who], n])
        last[who] = n
        found = db.table("events").find(where("w") == who)
        if len(found) != n or (n and found[n - 1]["n"] != n):
            wrong.append(["events", who, len(found), n])
        rows = db.ordered("events", "w", who, "n")
        if len(rows) != n or db.counts("events", "w").get(who, 0) != n:
            wrong.append(["ordered", who, len(rows), n])
    if db.damage:
        wrong.append(["damage", db.damage])
    return wrong


def read(folder: Path, me: int) -> None:
    db = JournalDB(folder, indexes=INDEXES, ordered=ORDERED, read_only=bool(me % 2))
    last: dict[int, int] = {}
    rng = random.Random(me)
    while True:
        wrong = look(db, last, rng.randrange(1, WRITERS + 1))
        if wrong:
            with (folder.parent / "wrong").open("a") as file:
                file.write(json.dumps(wrong, default=str) + "\n")
        time.sleep(0.002)


def start(function, folder: Path, me: int) -> int:
    pid = os.fork()
    if not pid:
        try:
            function(folder, me)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it must be seen
            with (folder.parent / "wrong").open("a") as file:
                file.write(f"{function.__name__} {me}: {error!r}\n")
        os._exit(1)
    return pid


def main(folder: Path, rounds: int) -> dict[str, object]:
    processes = {(write, me): start(write, folder, me) for me in range(1, WRITERS + 1)}
    processes |= {(read, me): start(read, folder, me) for me in range(READERS)}
    rng = random.Random(5)
    for _ in range(rounds):
        time.sleep(rng.uniform(0.005, 0.08))
        key = rng.choice([key for key in processes if key[0] is write or rng.random() < 0.3] or list(processes))
        os.kill(processes[key], signal.SIGKILL)
        os.waitpid(processes[key], 0)
        processes[key] = start(key[0], folder, key[1])
    for pid in processes.values():
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    wrong = (folder.parent / "wrong").read_text().splitlines() if (folder.parent / "wrong").exists() else []
    acknowledged, lost = 0, 0
    with JournalDB(folder, indexes=INDEXES, ordered=ORDERED) as db:
        for me in range(1, WRITERS + 1):
            acks = [int(line) for line in (folder.parent / f"acks{me}").read_text().split()]
            acknowledged += len(acks)
            lost += max(0, max(acks, default=0) - (db.table("a").get(doc_id=me) or {"n": 0})["n"])
            wrong += map(str, look(db, {}, me))
        generation = db.journal.log.generation
    left = sorted(path.name for path in folder.iterdir())
    return {"acknowledged": acknowledged, "lost": lost, "wrong": wrong, "compactions": generation, "left": left}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
