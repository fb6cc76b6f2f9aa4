"""What things cost: bytes, flushes, documents read, counted exactly."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from tinydb import where
from tinydb.table import Document

from commtui.store.journal import (
    compaction,
    files,
    follow,
)
from commtui.store.journal import storage as storage_module
from commtui.store.journal.base import Base
from tests.journal.calls import open_db

ROOT = Path(__file__).parents[2]


def test_a_change_writes_its_own_bytes_once_and_flushes_once(db):
    table = db.table("a")
    table.insert_multiple([{"n": n, "pad": "x" * 500} for n in range(1000)])
    before = db.journal.counters
    writes, flushes, size = before.writes, before.flushes, before.bytes_written
    table.update({"n": -1}, doc_ids=[500])
    after = db.journal.counters
    assert (after.writes - writes, after.flushes - flushes) == (1, 1)
    assert after.bytes_written - size == len(db.raw("a", 500)) + len(b"12345678 2 P\ta\t500\t\n")
    table.update({"n": -1}, doc_ids=[500])  # changes nothing
    assert after.writes - writes == 1


@pytest.mark.parametrize("most", [20_000, 10])
def test_what_was_written_during_a_compaction_is_not_read_a_second_time(folder, monkeypatch, most):
    monkeypatch.setattr("commtui.store.journal.recent.MOST", most)
    with open_db(folder) as db, open_db(folder) as other:
        table = other.table("a")
        idents = table.insert_multiple([{"n": n} for n in range(20)])

        def writing(*arguments):
            for number, ident in enumerate(idents):
                table.update({"n": 100 + number}, doc_ids=[ident])
            table.remove(doc_ids=idents[:2])
            table.insert({"n": "last"})
            return real(*arguments)

        real = compaction.write_snapshot
        monkeypatch.setattr(compaction, "write_snapshot", writing)
        assert db.compact()
        sizes = []
        scan = follow.scan
        monkeypatch.setattr(follow, "scan", lambda data: sizes.append(len(data)) or scan(data))
        rebases = other.journal.counters.rebases
        table.insert({"n": "after"})
        assert other.journal.counters.rebases == rebases + 1
        assert (sum(sizes) == 0) is (most > 10)
        expected = [*range(102, 120), "last", "after"]
        assert [each["n"] for each in table] == [each["n"] for each in db.table("a")] == expected
        assert other.journal.transaction_number == db.journal.transaction_number
    with open_db(folder) as fresh:
        assert [each["n"] for each in fresh.table("a")] == expected


def test_calls_of_tinydb_inside_a_grouped_transaction_leave_it_grouped(db):
    counters = db.journal.counters
    before = counters.flushes
    db.journal.flusher.soon = lambda: None  # what would flush it later
    with db.transaction(durable=False):
        ident = db.table("a").insert({"n": 1})
        db.table("a").update({"n": 2}, doc_ids=[ident])
        db.table("b").upsert({"n": 3}, where("n") == 3)
        db.drop_table("c")
    assert counters.flushes == before
    with db.transaction(durable=False):
        db.table("a").insert({})
        with db.transaction():
            db.table("a").insert({})
    assert counters.flushes == before + 1
    db.table("a").insert({})
    assert counters.flushes == before + 2


def test_every_durable_transaction_is_on_disk_before_the_call_returns_and_holds_no_lock_meanwhile(db, monkeypatch):
    seen = []

    def flush(fd):
        free = []
        thread = threading.Thread(target=lambda: free.append(len(db.table("a"))))
        thread.start()
        thread.join(10)
        seen.append((os.fstat(fd).st_size == db.journal.log.offset, free))

    monkeypatch.setattr(storage_module.files, "flush", flush)
    db.table("a").insert({})
    assert seen == [(True, [1])]
    with db.transaction():
        db.table("a").insert({})
        db.table("b").insert({})
        assert len(seen) == 1
    assert len(seen) == 2
    with db.transaction(durable=False):
        db.table("a").insert({})
    with db.transaction(durable=False), db.transaction(durable=True):
        db.table("a").insert({})
    assert len(seen) >= 3
    db.close()
    assert seen[-1][0]


def test_opening_a_snapshot_reads_no_document(folder):
    with open_db(folder) as db:
        db.table("a").insert_multiple([{"s": "xy"[n % 2], "n": n} for n in range(500)])
        db.compact()
    program = (
        "import sys, commtui.store.journal.base as base\n"
        "from tests.journal.calls import open_db\n"
        "read = []\n"
        "real = base.Base.text\n"
        "base.Base.text = lambda self, at: read.append(at) or real(self, at)\n"
        "db = open_db(sys.argv[1], read_only=True)\n"
        "assert db.counts('a', 's') == {'x': 250, 'y': 250}\n"
        "assert len(db.ids_between('a', 1, 100)) == 100 and len(db.table('a')) == 500\n"
        "assert read == [], read\n"
        "assert list(db.ordered('a', 's', 'x', 'n'))[:2] == [1, 3]\n"
        "assert len(read) <= 1, read\n"
        "db.table('a').get(doc_id=7)\n"
        "assert len(read) <= 2, read\n"
        "assert 'asyncio' not in sys.modules and 'dataclasses' not in vars(sys.modules[JournalDB.__module__])\n"
    ).replace("JournalDB.__module__", "'commtui.store.journal.database'")
    subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, check=True)


def test_an_indexed_query_reads_what_it_finds_and_a_patched_one_what_changed(db, monkeypatch):
    table = db.table("a")
    table.insert_multiple([{"s": "rare" if n == 77 else "often", "n": n} for n in range(300)])
    db.compact()
    read = []
    real = type(db.journal.state("a").base).text
    monkeypatch.setattr(type(db.journal.state("a").base), "text", lambda self, at: read.append(at) or real(self, at))
    assert table.search(where("s") == "rare")[0]["n"] == 77
    assert set(read) == {77}
    read.clear()
    assert table.count(where("s") == "often") == 299
    read.clear()
    table.update({"s": "rare"}, doc_ids=[10])
    assert table.count(where("s") == "often") == 298
    assert table.count(where("s") == "rare") == 2
    assert set(read) <= {9, 77}


def test_sorted_rows_after_a_change_cost_its_logarithm_and_are_never_changed_once_handed_out(db, monkeypatch):
    table = db.table("a")
    table.insert_multiple([Document({"s": "x", "n": n}, doc_id=n * 7919 % 10_007) for n in range(1, 5001)])
    db.compact()
    before = db.ordered("a", "s", "x", "n")
    assert [db.table("a").get(doc_id=ident)["n"] for ident in before[:3]] == [1, 2, 3]
    moved = before[4000]
    asked = []
    real = Base.key
    monkeypatch.setattr(Base, "key", lambda self, by, at: asked.append(at) or real(self, by, at))
    table.update({"n": 1.5}, doc_ids=[moved])
    after = db.ordered("a", "s", "x", "n")
    assert list(after[:4]) == [before[0], moved, before[1], before[2]]
    assert len(after) == len(before) == 5000 and before[4000] == moved
    assert len(asked) <= 2 * 13 + 4
    table.remove(doc_ids=[moved])
    assert list(db.ordered("a", "s", "x", "n"))[:2] == list(before[:2])
    assert len(asked) <= 4 * 13 + 8
    assert after[1:3][0] == moved


@pytest.mark.parametrize("lacks", [False, True], ids=["as a rule", "a file system without it"])
def test_macos_waits_for_the_medium_and_not_for_the_drives_cache(db, monkeypatch, lacks):
    asked = []

    def fcntl(fd, what):
        asked.append(what)
        if lacks:
            raise OSError(45, "Operation not supported")

    monkeypatch.setattr(os, "fsync", lambda fd: asked.append("fsync"))
    monkeypatch.setattr(os, "fdatasync", lambda fd: asked.append("fdatasync"))
    with monkeypatch.context() as there:
        there.setattr(files, "sys", SimpleNamespace(platform="darwin"))
        there.setattr(files, "fcntl", SimpleNamespace(**{**vars(files.fcntl), "F_FULLFSYNC": 51, "fcntl": fcntl}))
        db.table("a").insert({"n": 1})
    assert asked == ([51, "fsync"] if lacks else [51])
