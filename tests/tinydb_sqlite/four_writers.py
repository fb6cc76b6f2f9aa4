"""Four processes write as fast as they can: `python -m tests.tinydb_sqlite.four_writers FILE SECONDS`."""

import json
import sys
import time
from functools import partial
from pathlib import Path

from commtui.store.tinydb_sqlite import SqliteDB
from tests.tinydb_sqlite.processes import together

WRITERS = 4


def write(path: Path, until: float, me: int) -> tuple[int, float]:
    db, number, worst = SqliteDB(path, counted={"t": ["w"]}), 0, 0.0
    while time.time() < until:
        begin = time.perf_counter()
        with db.transaction(durable=bool(number % 2)):
            db.table("t").insert({"w": me, "pad": "x" * 300})
        worst = max(worst, time.perf_counter() - begin)
        number += 1
    db.close()
    return number, worst


def main(path: Path, seconds: float) -> dict[str, object]:
    until = time.time() + seconds
    SqliteDB(path, counted={"t": ["w"]}).close()
    results, errors = together(path, [partial(write, path, until, me) for me in range(WRITERS)])
    with SqliteDB(path, counted={"t": ["w"]}) as db:
        counts = db.counts("t", "w")
    numbers = [number for number, _ in results]
    present = [counts.get(me, 0) for me in range(WRITERS)]
    return {"errors": errors, "transactions": numbers, "present": present, "worst": max(worst for _, worst in results)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), float(sys.argv[2]))))
