"""Two processes write, two make checkpoints: `python -m tests.tinydb_sqlite.checkpoint_race FILE SECONDS`."""

import json
import random
import sys
import time
from functools import partial
from pathlib import Path

from commtui.store.tinydb_sqlite import SqliteDB
from commtui.store.tinydb_sqlite.connection import Connection, close_in_turn
from commtui.store.tinydb_sqlite.files import TurnLock
from tests.tinydb_sqlite.processes import together

KEPT = 2000


def write(path: Path, until: float, me: int) -> int:
    db = SqliteDB(path, indexes={"t": ["w"]})
    table, rng, n, ids = db.table("t"), random.Random(me), 0, []
    while time.time() < until:
        n += 1
        with db.transaction(durable=False):
            ids.append(table.insert({"w": me, "n": n, "pad": "x" * rng.randrange(2000)}))
            if len(ids) > KEPT:
                table.remove(doc_ids=[ids.pop(0)])
    db.close()
    return n


def make_checkpoints(path: Path, until: float) -> int:
    """Passive ones, which take no lock of SQLite's against writers: only turns keep them apart."""
    connection, lock, number = Connection(path), TurnLock(path), 0
    while time.time() < until:
        with lock.taken():
            connection.run("PRAGMA wal_checkpoint(PASSIVE)")
        number += 1
    lock.close()
    close_in_turn(connection)
    return number


def main(path: Path, seconds: float) -> dict[str, object]:
    until = time.time() + seconds
    SqliteDB(path, indexes={"t": ["w"]}).close()
    writers = [partial(write, path, until, me) for me in (1, 2)]
    results, errors = together(path, [*writers, *[partial(make_checkpoints, path, until)] * 2])
    lost = 0
    with SqliteDB(path, indexes={"t": ["w"]}) as db:
        for me, n in zip((1, 2), results, strict=False):
            present = [json.loads(raw)["n"] for raw in db.raws("t", db.having("t", "w", me)).values()]
            lost += present != list(range(max(1, n - KEPT + 1), n + 1))
    return {"errors": errors, "transactions": sum(results[:2]), "checkpoints": sum(results[2:]), "lost": lost}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), float(sys.argv[2]))))
