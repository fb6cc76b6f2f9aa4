"""The parts that store.py measures, each a process of its own: `store_parts.py PART ARGUMENT...` prints JSON."""

import contextlib
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

INDEXES = {"conversations": ["status", "account", "assignee", "author"]}
ORDERED = {"conversations": [("status", "since"), ("status", "done_at")]}
STATUS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from commtui.store.journal import JournalDB
db = JournalDB(sys.argv[1], indexes={INDEXES!r}, ordered={ORDERED!r}, read_only=True)
assert sum(db.counts("conversations", "status").values()) >= int(sys.argv[2])
"""


def timed(function, rounds=1, before=None):
    """Median of the seconds that `function` takes."""
    taken = []
    for _ in range(rounds):
        if before is not None:
            before()
        begin = time.perf_counter()
        function()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def written():
    """Bytes that this process has given to write(2)."""
    return int(Path("/proc/self/io").read_text().split()[3])


def private():
    """Bytes of memory that are this process's alone."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def opened(kind, folder):
    if kind == "journal":
        from commtui.store.journal import JournalDB

        return JournalDB(Path(folder) / "journal", indexes=INDEXES, ordered=ORDERED)
    from tinydb import JSONStorage, TinyDB
    from tinydb.middlewares import CachingMiddleware

    storage = JSONStorage if kind == "JSONStorage" else CachingMiddleware(JSONStorage)
    return TinyDB(Path(folder) / f"{kind}.json", storage=storage)


def fill(kind, folder, number):
    """Makes the store, before anything is measured."""
    from tinydb.table import Document

    from benchmarks.documents import conversations, doc_id

    documents = [Document(record, doc_id=doc_id(record["id"])) for record in conversations(int(number))]
    with contextlib.closing(opened(kind, folder)) as db:
        db.table("conversations").insert_multiple(documents)
        if kind == "journal":
            db.compact()


def measure(kind, folder, number):
    """What both TinyDB's storages and ours can do; and ours against its floors."""
    number = int(number)
    from tinydb import where

    from benchmarks.documents import conversations, doc_id

    picked = conversations(number)[:: max(1, number // 200)]
    some = [doc_id(record["id"]) for record in picked]
    author = picked[len(picked) // 2]["author"]
    del picked
    opened("journal", Path(folder) / "warm").close()  # imports are not part of opening
    gc.collect()
    memory = private()
    result = {}
    begin = time.perf_counter()
    db = opened(kind, folder)
    table = db.table("conversations")
    if kind == "journal":
        rows = db.ordered("conversations", "status", "open", "since")
        assert all(table.get(doc_id=ident)["status"] == "open" for ident in rows[:50])
    else:
        assert len(table) == number
    result["open"] = time.perf_counter() - begin
    gc.collect()
    result["memory"] = private() - memory
    result["gc"] = timed(gc.collect, 5)
    slow = kind == "JSONStorage" and number > 5000
    rng = random.Random(1)
    result["get"] = timed(lambda: table.get(doc_id=rng.choice(some)), 2 if slow else 50)
    is_open, by_author = where("status") == "open", where("author") == author
    result["search"] = timed(lambda: table.search(is_open))
    result["search by author"] = timed(lambda: table.search(by_author))

    def update():
        assert table.update({"op_id": f"o{rng.randrange(1 << 48):012x}"}, doc_ids=[rng.choice(some)])

    rounds = 2 if slow else 50
    result["search after a write"] = timed(lambda: table.search(by_author), rounds, before=update)
    if kind == "journal":
        table.find(is_open)
        result["find after a write"] = timed(lambda: len(table.find(is_open)), rounds, before=update)
        sort = lambda: db.ordered("conversations", "status", "open", "since")[:50]  # noqa: E731
        result["ordered after a write"] = timed(sort, rounds, before=update)
        against_floors(db, table, update, folder, number, result)
        foreign(db, table, folder, some[3], result)
    else:
        before = written()
        result["update"] = timed(update, rounds)
        result["update bytes"] = (written() - before) / rounds
        fifty = Fifty(number)
        result["batch"] = timed(lambda: table.insert_multiple(fifty.documents), 2 if slow else 10, before=fifty.next)
    db.close()
    return result


def flat(small, large, rounds=400):
    """The same durable update on a small and on a large store, in turns."""
    from benchmarks.documents import conversations, doc_id

    ident = doc_id(conversations(1)[0]["id"])
    tables = [opened("journal", folder).table("conversations") for folder in (small, large)]
    taken = ([], [])
    for number in range(int(rounds)):
        for table, times in list(zip(tables, taken, strict=True))[:: 1 if number % 2 else -1]:
            times.append(timed(lambda table=table: table.update({"mentions": number}, doc_ids=[ident])))  # noqa: B023
    return {"flat": statistics.median(taken[1]) / statistics.median(taken[0])}


class Fifty:
    """Fifty new documents at a time."""

    def __init__(self, number):
        self._number = number
        self._rng = random.Random(3)
        self.documents = []

    def next(self):
        from tinydb.table import Document

        from benchmarks.documents import conversation, doc_id

        made = [conversation(self._number + i, self._rng) for i in range(50)]
        self._number += 50
        self.documents = [Document(record, doc_id=doc_id(record["id"])) for record in made]


def against_floors(db, table, update, folder, number, result):
    """Ours and the floor in turns: appending as many bytes, and fdatasync."""
    import orjson

    fd = os.open(Path(folder) / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def pair(function):
        before = db.journal.counters.bytes_written
        ours = timed(function)
        data = bytes(db.journal.counters.bytes_written - before)
        floor = timed(lambda: (os.write(fd, data), os.fdatasync(fd)))
        return ours, floor, len(data)

    ours, floor, sizes = zip(*(pair(update) for _ in range(400)), strict=True)
    result |= {"update": statistics.median(ours), "update floor": statistics.median(floor)}
    result["update bytes"] = statistics.mean(sizes)
    changed = [
        orjson.loads(db.raw("conversations", ident)) for ident in db.ids_between("conversations", 0, 1 << 50)[:2000]
    ]
    result["document bytes"] = statistics.mean(len(orjson.dumps(document)) for document in changed)
    fifty = Fifty(number)
    pairs = []
    for _ in range(80):
        fifty.next()
        pairs.append(pair(lambda: table.insert_multiple(fifty.documents)))
    ours, floor, _ = zip(*pairs, strict=True)
    result |= {"batch": statistics.median(ours), "batch floor": statistics.median(floor)}
    os.close(fd)


def child(*arguments):
    command = [sys.executable, __file__, *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def foreign(db, table, folder, ident, result):
    """How long after another process's update returned is it seen here, polling every millisecond."""
    other = child("update_when_asked", folder, ident)
    late = []
    for number in range(1000, 1100):
        other.stdin.write(f"{number}\n")
        other.stdin.flush()
        while not (db.refresh() and table.get(doc_id=ident)["mentions"] == number):
            time.sleep(0.001)
        late.append(time.perf_counter() - float(other.stdout.readline()))
    other.stdin.close()
    other.wait()
    result["foreign"] = statistics.median(late)


def update_when_asked(folder, ident):
    table = opened("journal", folder).table("conversations")
    print("ready", flush=True)
    for line in sys.stdin:
        table.update({"mentions": int(line)}, doc_ids=[int(ident)])
        print(time.perf_counter(), flush=True)


def update_for_ever(folder, ident):
    """Until standard input ends; prints the worst."""
    table = opened("journal", folder).table("conversations")
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    print("ready", flush=True)
    number, worst = 0, 0.0
    while not ended.is_set():
        number += 1
        begin = time.perf_counter()
        table.update({"mentions": number}, doc_ids=[int(ident)])
        worst = max(worst, time.perf_counter() - begin)
    print(worst, flush=True)


def during_compaction(folder, number):
    """The worst update of another process while this one compacts, and how long that takes."""
    from benchmarks.documents import conversations, doc_id

    ident = doc_id(conversations(1)[0]["id"])
    db = opened("journal", folder)
    taken = []

    def beside(*arguments):
        other = child(*arguments)
        time.sleep(0.1)
        taken.append(timed(db.compact))
        other.stdin.close()
        worst = float(other.stdout.read())
        other.wait()
        return worst

    worst, floor = zip(
        *((beside("update_for_ever", folder, ident), beside("append_for_ever", folder)) for _ in range(3)), strict=True
    )
    return {
        "worst update during compaction": statistics.median(worst),
        "worst bare append meanwhile": statistics.median(floor),
        "compaction": statistics.median(taken),
    }


def append_for_ever(folder):
    """What the disk alone makes others wait: appends to a file of its own and fdatasync, until standard input ends."""
    fd = os.open(Path(folder) / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    print("ready", flush=True)
    worst = 0.0
    while not ended.is_set():
        worst = max(worst, timed(lambda: (os.write(fd, bytes(700)), os.fdatasync(fd))))
    print(worst, flush=True)


def amplification(folder, number):
    """Bytes written for each byte of a changed document, compactions included."""
    from benchmarks.documents import conversations, doc_id

    idents = [doc_id(record["id"]) for record in conversations(int(number))]
    rng = random.Random(2)
    db = opened("journal", folder)
    table = db.table("conversations")
    db.compact()
    changed = 0
    begin = written()
    for step in range(max(400, 3 * int(number) // 50)):
        with db.transaction(durable=False):
            for ident in rng.choices(idents, k=50):
                table.update({"op_id": f"o{rng.randrange(1 << 48):012x}"}, doc_ids=[ident])
                changed += len(db.raw("conversations", ident))
        if step % 20 == 0 and db.needs_compaction():
            db.compact()
    return {"amplification": (written() - begin) / changed}


def floors(folder, number):
    """json.loads and orjson.loads of everything, and what eager dictionaries cost in memory and GC."""
    import orjson

    from benchmarks.documents import conversations

    lines = [orjson.dumps(record) for record in conversations(int(number))]
    texts = list(map(bytes.decode, lines))
    result = {"json.loads": timed(lambda: [*map(json.loads, texts)], 3)}
    gc.collect()
    result["orjson.loads"] = timed(lambda: [orjson.loads(line) for line in lines], 3)
    gc.collect()
    without = timed(gc.collect, 5)
    before = private()
    eager = [orjson.loads(line) for line in lines]
    result["eager memory"] = private() - before
    result["eager gc"] = timed(gc.collect, 5)
    assert len(eager) == int(number) and without < result["eager gc"]
    return result


def status(folder, number):
    """A process that counts, and one that imports TinyDB and msgspec, in turns."""
    ours, floor = [], []
    counting = [sys.executable, "-c", STATUS, str(Path(folder) / "journal"), str(number)]
    for _ in range(15):
        ours.append(timed(lambda: subprocess.run(counting, check=True)))
        floor.append(timed(lambda: subprocess.run([sys.executable, "-c", "import tinydb, msgspec"], check=True)))
    return {"status": statistics.median(ours), "status floor": statistics.median(floor)}


if __name__ == "__main__":
    found = globals()[sys.argv[1]](*sys.argv[2:])
    if found is not None:
        print(json.dumps(found))
    elif sys.argv[1] == "fill":
        print("{}")
