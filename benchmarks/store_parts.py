"""The parts that benchmarks/store.py measures, each a process of its own: `store_parts PART ARGUMENT...` prints JSON.

All use the engine with the tables and indexes of the program, and conversations as the program writes them.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from tinydb.table import Document

from benchmarks.fill import conversation, texts
from commtui.model import ids
from commtui.store import codec
from commtui.store.schema import BY_NAME, COUNTED, INDEXED, ORDERED, WORDS
from commtui.store.tinydb_sqlite import SqliteDB

TABLE = "conversations"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
BATCH = 1000
WORD_OF_NOBODY, COMMON_WORD, TWO_LETTERS = "zyzzyva", "roast", "导出"
ROUNDS = 200


def opened(folder: str | Path) -> SqliteDB:
    """A handle, as the program opens one."""
    return SqliteDB(Path(folder) / "store.db", indexes=INDEXED, ordered=ORDERED, counted=COUNTED, searched=WORDS)


def documents(first: int, count: int, seed: int = 7) -> Iterator[Document]:
    """Conversations, nine of ten open; the same for the same seed."""
    chance, bodies = random.Random(seed), texts(seed)
    for number in range(first, first + count):
        record, _ = conversation(
            number, NOW - timedelta(seconds=number % 10**6), next(bodies), chance, number % 10 == 0
        )
        fields = {**codec.to_document(record), **BY_NAME[TABLE].derive(record)}
        yield Document(fields, doc_id=ids.number(record.id))


def fill(folder: str, count: str) -> None:
    """Makes the store, before anything is measured."""
    with opened(folder) as db:
        source = documents(0, int(count))
        while batch := list(islice(source, BATCH)):
            db.table(TABLE).insert_multiple(batch)
            if db.needs_checkpoint():
                db.checkpoint()
        db.checkpoint()


def grow(folder: str, count: str, changes: str) -> None:
    """Updates of documents at random, tidied as the program does."""
    chance = random.Random(5)
    with opened(folder) as db:
        numbers = db.ids_between(TABLE, 0, 1 << 60)
        for _ in range(int(changes) // 20):
            with db.transaction(durable=False):
                for number in chance.sample(numbers, 20):
                    db.table(TABLE).update(change(chance), doc_ids=[number])
            if db.needs_checkpoint():
                db.checkpoint()


def change(chance: random.Random) -> dict[str, Any]:
    """Fields that a verb changes, indexed ones among them."""
    who = chance.choice(("anna", "ben", "you"))
    return {
        "unread": chance.random() < 0.5,
        "assignee": who,
        "_desk": f"open:{who}",
        "text": f"{chance.random()} roast",
    }


def timed(function: Callable[[], object], rounds: int = 1, before: Callable[[], object] | None = None) -> float:
    """Median of the seconds that `function` takes."""
    times = []
    for _ in range(rounds):
        if before is not None:
            before()
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return median(times)


def private() -> int:
    """Bytes of memory that are this process's alone."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def measure(folder: str, count: str) -> dict[str, float]:
    """What one process can measure alone."""
    opened(Path(folder) / "warm").close()  # imports are not part of opening
    gc.collect()
    memory, result, chance = private(), dict[str, float](), random.Random(1)
    begin = time.perf_counter()
    db = opened(folder)
    rows = first_rows(db)
    result["open and 50 rows"] = time.perf_counter() - begin
    assert len(rows) == 50
    gc.collect()
    result["private memory"] = private() - memory
    table, some = db.table(TABLE), db.ids_between(TABLE, 0, 1 << 60, limit=1000)
    result["get by id"] = timed(lambda: table.get(doc_id=chance.choice(some)), ROUNDS)
    for name, word in (
        ("a word that nobody says", WORD_OF_NOBODY),
        ("50 that say a common word", COMMON_WORD),
        ("50 that say two letters", TWO_LETTERS),
    ):
        result[name] = timed(lambda word=word: found(db, word), 9)  # type: ignore[misc]  # mypy infers no lambda with a default

    def update(indexed: bool = False) -> None:
        fields = change(chance) if indexed else {"mentions": chance.randrange(10**6)}
        assert table.update(fields, doc_ids=[chance.choice(some)])

    def update_indexed() -> None:
        update(indexed=True)

    result["count by place, after a write"] = timed(lambda: db.counts(TABLE, "_queue"), 50, before=update_indexed)
    result["50 rows, after a write"] = timed(lambda: first_rows(db), 50, before=update_indexed)
    result["the same of indexed fields and words"] = timed(update_indexed, ROUNDS)
    result |= against_floors(db, Path(folder), update)
    result["bytes of the file"] = (Path(folder) / "store.db").stat().st_size
    db.close()
    return result


def first_rows(db: SqliteDB) -> list[Any]:
    """The first 50 of those who wait, read."""
    numbers = db.ordered(TABLE, "_queue", "open", "since", limit=50)
    return list(db.raws(TABLE, numbers).values())


def found(db: SqliteDB, word: str) -> list[int]:
    """The first 50 that say a word."""
    numbers: list[int] = []
    for part in db.find_text(TABLE, word):
        numbers += part
        if len(numbers) >= 50:
            break
    return numbers[:50]


def against_floors(db: SqliteDB, folder: Path, update: Callable[[], None]) -> dict[str, float]:
    """Ours and the floor in turns: appending the documents that changed, and fdatasync."""
    table, fresh = db.table(TABLE), documents(10**8 + time.time_ns() % 10**15, 10**6)
    one = b"x" * 650
    descriptor = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def append(data: bytes) -> Callable[[], None]:
        return lambda: (os.write(descriptor, data), os.fdatasync(descriptor))[1]

    updates, floors, batches, batch_floors = [], [], [], []
    for _ in range(ROUNDS):
        updates.append(timed(update))
        floors.append(timed(append(one)))
    for _ in range(ROUNDS // 4):
        fifty = list(islice(fresh, 50))
        batches.append(timed(lambda fifty=fifty: table.insert_multiple(fifty)))  # type: ignore[misc]  # as above
        batch_floors.append(timed(append(one * 50)))
    os.close(descriptor)
    return {
        "durable update": median(updates),
        "its floor": median(floors),
        "durable batch of 50": median(batches),
        "floor of the batch": median(batch_floors),
    }


def flat(small: str, large: str) -> float:
    """The same durable update on a small and on a large store, in turns: their ratio."""
    stores = [opened(folder) for folder in (small, large)]
    numbers = [db.ids_between(TABLE, 0, 1 << 60, limit=1)[0] for db in stores]
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * ROUNDS):
        for which in (0, 1) if turn % 2 else (1, 0):
            table, number = stores[which].table(TABLE), numbers[which]
            taken[which].append(timed(lambda: table.update({"mentions": turn}, doc_ids=[number])))  # noqa: B023
    return median(taken[1]) / median(taken[0])


# two processes


def child(*arguments: object) -> subprocess.Popen[str]:
    """Another process with its own handle, ready."""
    command = [sys.executable, "-m", "benchmarks.store_parts", *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def beside(folder: str, count: str) -> dict[str, float]:
    """What another process meets while this one works."""
    db = opened(folder)
    number = db.ids_between(TABLE, 0, 1 << 60, limit=1)[0]
    result = {"another process's change": foreign(db, folder, number)}
    worst: dict[str, list[float]] = {"update_for_ever": [], "append_for_ever": []}
    checkpoints: list[float] = []
    for _ in range(3):
        for part, waits in worst.items():
            other = child(part, folder, number)
            for _ in range(5):
                dirty(db)
                checkpoints.append(timed(db.checkpoint))
            waits.append(float(other.communicate()[0]))
    result["checkpoint"] = median(checkpoints)
    result["worst update meanwhile"] = median(worst["update_for_ever"])
    result["worst append meanwhile"] = median(worst["append_for_ever"])
    db.close()
    return result


def dirty(db: SqliteDB) -> None:
    """Fills SQLite's journal to the size at which the program makes a checkpoint."""
    chance, numbers = random.Random(9), db.ids_between(TABLE, 0, 1 << 60, limit=1000)
    while not db.needs_checkpoint():
        with db.transaction(durable=False):
            for number in chance.sample(numbers, 10):
                db.table(TABLE).update(change(chance), doc_ids=[number])


def foreign(db: SqliteDB, folder: str, number: int) -> float:
    """Seconds after another process's update returned until it is seen here, polling every millisecond."""
    other = child("update_when_asked", folder, number)
    assert other.stdin is not None and other.stdout is not None
    late = []
    for value in range(1000, 1100):
        other.stdin.write(f"{value}\n")
        other.stdin.flush()
        while not (db.refresh() and db.table(TABLE).get(doc_id=number)["mentions"] == value):
            time.sleep(0.001)
        late.append(time.perf_counter() - float(other.stdout.readline()))
    other.communicate()
    return max(0.0, median(late))


def update_when_asked(folder: str, number: str) -> None:
    """Updates for each line of standard input, and prints when that had returned."""
    table = opened(folder).table(TABLE)
    print("ready", flush=True)
    for line in sys.stdin:
        table.update({"mentions": int(line)}, doc_ids=[int(number)])
        print(time.perf_counter(), flush=True)


def worst_until_end(function: Callable[[int], object]) -> None:
    """Calls until standard input ends; prints the longest call's seconds."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    print("ready", flush=True)
    worst, count = 0.0, 0
    while not ended.is_set():
        count += 1
        begin = time.perf_counter()
        function(count)
        worst = max(worst, time.perf_counter() - begin)
        time.sleep(0.001)
    print(worst, flush=True)


def update_for_ever(folder: str, number: str) -> None:
    """Durable updates; prints the worst."""
    table = opened(folder).table(TABLE)
    worst_until_end(lambda count: table.update({"mentions": count}, doc_ids=[int(number)]))


def append_for_ever(folder: str, number: str) -> None:
    """Appends with fdatasync; prints the worst."""
    descriptor = os.open(Path(folder) / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    worst_until_end(lambda count: (os.write(descriptor, b"x" * 650), os.fdatasync(descriptor)))


PARTS: dict[str, Callable[..., Any]] = {part.__name__: part for part in (fill, grow, measure, flat, beside)}
CHILDREN: dict[str, Callable[..., None]] = {
    part.__name__: part for part in (update_when_asked, update_for_ever, append_for_ever)
}

if __name__ == "__main__":
    if sys.argv[1] in CHILDREN:
        CHILDREN[sys.argv[1]](*sys.argv[2:])
    else:
        print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
