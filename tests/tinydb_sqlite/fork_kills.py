"""Processes that write or read and are killed: `python -m tests.tinydb_sqlite.fork_kills FILE ROUNDS` prints what held.

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

from commtui.store.tinydb_sqlite import SqliteDB, connection

WRITERS, READERS = 4, 2
DECLARED = {
    "indexes": {"events": ["w"]},
    "ordered": {"events": [("w", "n")]},
    "counted": {"events": ["w"]},
    "searched": {"b": ["word"]},
}


def write(path: Path, me: int) -> None:
    """Transactions over three tables for ever; each is noted in a file of its own once it is acknowledged."""
    connection.AUTOMATIC_CHECKPOINT = 50
    db = SqliteDB(path, **DECLARED)
    a, b, events = db.table("a"), db.table("b"), db.table("events")
    rng = random.Random(time.time_ns())
    acknowledged = os.open(f"{path}.acks{me}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    checkpoints = os.open(f"{path}.checkpoints", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    while True:
        with db.transaction(durable=rng.random() < 0.5):
            n = (a.get(doc_id=me) or {"n": 0})["n"] + 1
            a.upsert(Document({"n": n}, doc_id=me))
            b.upsert(Document({"n": n, "word": f"word{n}of{me}", "pad": "x" * rng.randrange(400)}, doc_id=me))
            events.insert({"w": me, "n": n})
        os.write(acknowledged, b"%d\n" % n)
        if rng.random() < 0.02 and db.checkpoint():
            os.write(checkpoints, b".")


def look(db: SqliteDB, last: dict[int, int], who: int) -> list[object]:
    """What does not hold in one consistent view."""
    wrong: list[object] = []
    with db.view():
        n = (db.table("a").get(doc_id=who) or {"n": 0})["n"]
        if n != (db.table("b").get(doc_id=who) or {"n": 0})["n"]:
            wrong.append(["torn", who, n])
        if n < last.get(who, 0):
            wrong.append(["went back", who, last[who], n])
        last[who] = n
        rows = db.ordered("events", "w", who, "n")
        if len(rows) != n or db.counts("events", "w").get(who, 0) != n:
            wrong.append(["ordered", who, len(rows), n])
        if n and db.raws("events", rows[-1:]) and json.loads(db.raw("events", rows[-1]))["n"] != n:
            wrong.append(["events", who, n])
        if n and who not in [doc_id for part in db.find_text("b", f"word{n}of{who}") for doc_id in part]:
            wrong.append(["words", who, n])
    if len(db.table("events").search(where("w") == who)) < n:
        wrong.append(["search", who, n])
    if db.damage:
        wrong.append(["damage", db.damage])
    return wrong


def read(path: Path, me: int) -> None:
    db = SqliteDB(path, **DECLARED)
    last: dict[int, int] = {}
    rng = random.Random(me)
    while True:
        wrong = look(db, last, rng.randrange(1, WRITERS + 1))
        if wrong:
            note(path, json.dumps(wrong, default=str))
        time.sleep(0.002)


def note(path: Path, text: str) -> None:
    with open(f"{path}.wrong", "a") as file:
        file.write(text + "\n")


def start(function, path: Path, me: int) -> int:
    pid = os.fork()
    if not pid:
        try:
            function(path, me)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it must be seen
            note(path, f"{function.__name__} {me}: {error!r}")
        os._exit(1)
    return pid


def main(path: Path, rounds: int) -> dict[str, object]:
    SqliteDB(path, **DECLARED).close()
    processes = {(write, me): start(write, path, me) for me in range(1, WRITERS + 1)}
    processes |= {(read, me): start(read, path, me) for me in range(READERS)}
    rng = random.Random(5)
    for _ in range(rounds):
        time.sleep(rng.uniform(0.005, 0.08))
        key = rng.choice([key for key in processes if key[0] is write or rng.random() < 0.3] or list(processes))
        os.kill(processes[key], signal.SIGKILL)
        os.waitpid(processes[key], 0)
        processes[key] = start(key[0], path, key[1])
    for pid in processes.values():
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    wrong = Path(f"{path}.wrong").read_text().splitlines() if Path(f"{path}.wrong").exists() else []
    acknowledged, lost = 0, 0
    with SqliteDB(path, **DECLARED) as db:
        for me in range(1, WRITERS + 1):
            acks = [int(line) for line in Path(f"{path}.acks{me}").read_text().split()]
            acknowledged += len(acks)
            lost += max(0, max(acks, default=0) - (db.table("a").get(doc_id=me) or {"n": 0})["n"])
            wrong += map(str, look(db, {}, me))
    checkpoints = Path(f"{path}.checkpoints").stat().st_size
    return {"acknowledged": acknowledged, "lost": lost, "wrong": wrong, "checkpoints": checkpoints}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
