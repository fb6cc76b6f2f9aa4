"""What things cost: bytes, flushes, rows read and checkpoints, counted exactly."""

import fcntl as system_fcntl
import os
import random
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from tinydb import where
from tinydb.table import Document

from commtui.store.tinydb_sqlite import SqliteDB, connection, documents, files, journal, orders, sorted_ids
from commtui.store.tinydb_sqlite.values import checksum
from tests.tinydb_sqlite.calls import open_db

PAGE = connection.PAGE_SIZE + 24
"""Bytes of a page in SQLite's journal."""


def journal_size(db):
    return os.stat(f"{db.path}-wal").st_size


@pytest.fixture
def flushes(monkeypatch):
    """What was flushed while it was flushed: sizes of files."""
    sizes = []
    real = files.flush_file
    monkeypatch.setattr(
        journal, "flush_file", lambda descriptor: (sizes.append(os.fstat(descriptor).st_size), real(descriptor))
    )
    return sizes


@pytest.mark.parametrize("size", [100, 3000])
def test_a_change_costs_the_same_however_large_the_table_is(folder, flushes, size):
    with open_db(folder, searched={}) as db:
        table = db.table("b")
        table.insert_multiple([{"s": "x", "n": n, "pad": "p" * 500} for n in range(size)])
        db.checkpoint()
        table.update({"m": 1}, doc_ids=[50])
        before, flushed = journal_size(db), len(flushes)
        table.update({"m": 2}, doc_ids=[50])
        assert journal_size(db) - before == 2 * PAGE  # the document's page, and the list of changes
        assert len(flushes) == flushed + 1
        table.update({"m": 2}, doc_ids=[50])  # changes nothing
        assert journal_size(db) - before == 2 * PAGE and len(flushes) == flushed + 1


def test_calls_of_tinydb_inside_a_grouped_transaction_leave_it_grouped(db, flushes, monkeypatch):
    db.table("a").insert({})
    monkeypatch.setattr(db._sqlite._flusher, "soon", lambda: None)  # what would flush it later
    before = len(flushes)
    with db.transaction(durable=False):
        doc_id = db.table("a").insert({"n": 1})
        db.table("a").update({"n": 2}, doc_ids=[doc_id])
        db.table("b").upsert({"n": 3}, where("n") == 3)
        db.drop_table("c")
    assert len(flushes) == before
    with db.transaction(durable=False):
        db.table("a").insert({})
        with db.transaction():
            db.table("a").insert({})
    assert len(flushes) == before + 1
    db.table("a").insert({})
    assert len(flushes) == before + 2
    with db.transaction():
        db.table("a").search(where("n") == 1)
    assert len(flushes) == before + 2  # nothing to flush
    db.set_user_version(3)
    assert len(flushes) == before + 3 and db.user_version == 3


def test_a_grouped_transaction_is_flushed_soon(db, flushes, monkeypatch):
    flushed = threading.Event()
    real = files.flush_file
    monkeypatch.setattr(journal, "flush_file", lambda descriptor: (real(descriptor), flushed.set()))
    for _ in range(2):
        with db.transaction(durable=False):
            db.table("a").insert({})
        assert flushed.wait(30)
        flushed.clear()


def test_a_durable_transaction_is_on_disk_before_the_call_returns_and_holds_no_lock_meanwhile(folder, db, monkeypatch):
    seen = []

    def flush(descriptor):
        with open_db(folder) as other:
            free = []
            thread = threading.Thread(target=lambda: free.append(len(db.table("a"))))
            thread.start()
            thread.join(60)
            with other.transaction(durable=False):
                other.table("b").insert({})
            seen.append((os.path.samestat(os.fstat(descriptor), os.stat(f"{db.path}-wal")), free))

    db.table("b").insert({})
    monkeypatch.setattr(journal, "flush_file", flush)
    monkeypatch.setattr(journal.Flusher, "soon", lambda self: None)
    db.table("a").insert({})
    assert seen == [(True, [1])]
    with db.transaction():
        db.table("a").insert({})
        db.table("b").insert({})
        assert len(seen) == 1
    assert len(seen) == 2


def test_opening_and_the_first_rows_read_no_other_document(folder, monkeypatch):
    with open_db(folder) as db:
        db.table("a").insert_multiple([{"s": "xy"[n % 2], "n": n} for n in range(2000)])
    read = []
    monkeypatch.setattr(documents, "checksum", lambda *row: read.append(row) or checksum(*row))
    with open_db(folder) as db:
        ids = db.ordered("a", "s", "x", "n", limit=50)
        assert db.counts("a", "s") == {"x": 1000, "y": 1000} and len(db.having("a", "s", "y")) == 1000
        assert db.count_ordered("a", "s", "x", "n", at_least=10, below=20) == 5
        assert read == []
        assert len(db.raws("a", ids)) == len(read) == 50
        assert db.table("a").get(where("s") == "y") == {"s": "y", "n": 1}
        assert len(read) <= 50 + 1000


def test_an_order_moves_only_what_changed(db, monkeypatch):
    table = db.table("a")
    table.insert_multiple([{"s": "x", "n": n} for n in range(1, 2001)])
    before = db.ordered("a", "s", "x", "n")
    moved = before[1500]
    table.update({"n": 1.5}, doc_ids=[moved])
    read_anew, looked_up = [], []
    numbers, sort_rows = documents.Documents.numbers, orders.Orders._sort_rows

    def look_up(self, schema, order, doc_ids, *more):
        looked_up.append(list(doc_ids))
        return sort_rows(self, schema, order, doc_ids, *more)

    monkeypatch.setattr(documents.Documents, "numbers", lambda self, *a: read_anew.append(a) or numbers(self, *a))
    monkeypatch.setattr(orders.Orders, "_sort_rows", look_up)
    after = db.ordered("a", "s", "x", "n")
    assert list(after[:4]) == [before[0], moved, before[1], before[2]]
    assert len(after) == len(before) == 2000 and before[1500] == moved
    assert looked_up[0] == [moved] and sum(map(len, looked_up)) <= 2 * sorted_ids.BLOCK and read_anew == []
    looked_up.clear()
    table.remove(doc_ids=[moved])
    assert list(db.ordered("a", "s", "x", "n"))[:2] == list(before[:2])
    assert looked_up[0] == [moved] and sum(map(len, looked_up)) <= 2 * sorted_ids.BLOCK and read_anew == []


def test_orders_that_are_kept_are_those_that_sqlite_gives_after_any_changes(db, folder):
    table, chance = db.table("a"), random.Random(4)
    table.insert_multiple([{"s": "xyz"[n % 3], "n": n} for n in range(100)])
    with open_db(folder) as other:
        for _ in range(300):
            handle = chance.choice([db, other])
            doc_id = chance.randrange(1, 120)
            try:
                with handle.transaction(durable=False):
                    values: list[dict[str, object]] = [{"n": chance.randrange(50)}, {"n": None}, {"n": "t"}, {"s": "x"}]
                    changed = chance.choice(values)
                    handle.table("a").upsert(Document(changed, doc_id=doc_id))
                    if chance.random() < 0.2:
                        handle.table("a").remove(doc_ids=[doc_id])
                    if chance.random() < 0.3:
                        db.ordered("a", "s", "x", "n") if handle is db else None
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
            if chance.random() < 0.5:
                for reader in (db, other):
                    for s in "xyz":
                        kept = list(reader.ordered("a", "s", s, "n"))
                        assert kept == reader.ordered("a", "s", s, "n", limit=10_000)


def test_the_journal_is_emptied_the_feed_trimmed_and_free_pages_given_back(folder, monkeypatch):
    monkeypatch.setattr("commtui.store.tinydb_sqlite.journal.KEPT_CHANGES", 100)
    monkeypatch.setattr("commtui.store.tinydb_sqlite.journal.STEP", 50)
    monkeypatch.setattr("commtui.store.tinydb_sqlite.journal.FREE_PAGES", 10)
    with open_db(folder) as db:
        table = db.table("a")
        for _ in range(3):
            table.insert_multiple([{"s": "x", "pad": "p" * 3000} for _ in range(500)])
        assert db.needs_checkpoint()
        assert db.checkpoint() and journal_size(db) == 0 and not db.needs_checkpoint()
        size = db.path.stat().st_size
        table.truncate()
        assert db.checkpoint()
        assert db.path.stat().st_size < size / 4
        changes = db._sqlite.connection.number('SELECT count(*) FROM "%changes"')
        assert changes <= 151
        assert db.table("a").insert({"s": "x"})


def test_a_long_reader_keeps_the_journal_but_stops_nobody(folder):
    with open_db(folder) as db, open_db(folder) as reader:
        db.table("a").insert_multiple([{"n": n, "pad": "p" * 500} for n in range(100)])
        with reader.view():
            assert len(reader.table("a")) == 100
            db.table("a").insert({})
            assert not db.checkpoint()
            db.table("a").insert({})
            assert len(reader.table("a")) == 100
        assert db.checkpoint() and journal_size(db) == 0
        assert len(reader.table("a")) == 102


@pytest.mark.parametrize("lacks", [False, True], ids=["as a rule", "a file system without it"])
def test_macos_waits_for_the_medium_and_not_for_the_drives_cache(db, monkeypatch, lacks):
    requests = []

    def fcntl(descriptor, what):
        requests.append(what)
        if lacks:
            raise OSError(45, "Operation not supported")

    db.table("a").insert({"n": 0})
    monkeypatch.setattr(os, "fsync", lambda descriptor: requests.append("fsync"))
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: requests.append("fdatasync"))
    with monkeypatch.context() as there:
        there.setattr(files, "sys", SimpleNamespace(platform="darwin"))
        there.setattr(files, "fcntl", SimpleNamespace(**{**vars(system_fcntl), "F_FULLFSYNC": 51, "fcntl": fcntl}))
        db.table("a").insert({"n": 1})
    assert requests == ([51, "fsync"] if lacks else [51])


def test_opening_takes_little_memory(tmp_path):
    with SqliteDB(tmp_path / "x.db", ordered={"t": [("s", "n")]}) as db:
        for _ in range(10):
            db.table("t").insert_multiple([{"s": "x", "n": n, "pad": "p" * 500} for n in range(2000)])
    program = (
        "import sys\n"
        "from commtui.store.tinydb_sqlite import SqliteDB\n"
        "def private():\n"
        "    with open('/proc/self/smaps_rollup') as file:\n"
        "        return sum(int(line.split()[1]) for line in file if line.startswith('Private'))\n"
        "before = private()\n"
        "db = SqliteDB(sys.argv[1], ordered={'t': [('s', 'n')]})\n"
        "assert len(db.raws('t', db.ordered('t', 's', 'x', 'n', limit=50))) == 50\n"
        "print(private() - before)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "x.db")]
    assert int(subprocess.run(command, capture_output=True, check=True).stdout) < 3000  # of 12,000 KB
