"""What TinyDB gets wrong as it comes, each as a test that ours does not; promises about transactions and threads."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import Query, where
from tinydb.operations import increment
from tinydb.table import Document

from commtui.store.journal import (
    AwaitInTransaction,
    Closed,
    JournalDB,
    NetworkFolder,
    NewerFormat,
    ReadOnly,
    StoreError,
    compaction,
    files,
    follow,
)
from commtui.store.journal import storage as storage_module
from commtui.store.journal.base import Base
from commtui.store.journal.files import file_system_of, log_name, snapshot_name
from commtui.store.journal.format import VERSION, dumps, header, loads
from tests.journal.calls import open_db

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "s"


@pytest.fixture
def db(folder):
    with open_db(folder) as made:
        yield made


# -- TinyDB's traps


def test_persist_empty_does_not_empty_a_table_that_exists(folder, db):
    db.table("a").insert({"n": 1})
    with open_db(folder) as other:
        assert len(other.table("a", persist_empty=True)) == 1
        other.table("new", persist_empty=True)
    assert db.tables() == {"a", "new"}


def test_a_cached_result_sees_what_another_handle_wrote(folder, db):
    table = db.table("a")
    assert table.search(where("s") == "x") == []
    with open_db(folder) as other:
        other.table("a").insert({"s": "x"})
        assert table.search(where("s") == "x") == [{"s": "x"}]
        other.table("a").update({"s": "y"})
    assert table.search(where("s") == "x") == []


def test_what_is_returned_or_given_aliases_nothing(db):
    table = db.table("a")
    given = {"s": "x", "o": {"deep": [1]}}
    table.insert(given)
    given["o"]["deep"].append(2)
    for read in (
        lambda: table.search(where("s") == "x")[0],
        lambda: table.find(where("s") == "x")[0],
        lambda: table.get(doc_id=1),
        lambda: table.get(where("s") == "x"),
        lambda: table.get(doc_ids=[1])[0],
        lambda: table.all()[0],
    ):
        read()["o"]["deep"].append(3)
        assert read() == {"s": "x", "o": {"deep": [1]}}


def test_an_exception_inside_update_leaves_nothing_half_changed(db):
    table = db.table("a")
    table.insert_multiple([{"n": 1}, {"n": 2}, {"n": 3}])
    size = db.journal.log.size()

    def fail(document):
        document["n"] += 10
        if document["n"] == 12:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        table.update(fail)
    assert [doc["n"] for doc in table] == [1, 2, 3]
    assert db.journal.log.size() == size


def test_two_handles_never_give_the_same_id(folder, db):
    with open_db(folder) as other:
        ids = [handle.table("a").insert({}) for handle in (db, other, other, db)]
    assert ids == [1, 2, 3, 4]


def test_an_id_is_not_given_again_after_a_removal(folder, db):
    table = db.table("a")
    table.insert_multiple([{}, {}])
    table.remove(doc_ids=[2])
    assert db.compact()
    with open_db(folder) as other:
        assert other.table("a").insert({}) == 3


def test_queries_with_the_same_hash_that_ask_different_things_do_not_share_a_result(db):
    table = db.table("a")
    table.insert({"s": "Ab", "o": {"x": 1}, "p": {"x": 2}, "l": [1]})
    assert table.count(where("s").matches("ab")) == 0
    assert table.count(where("s").matches("ab", 2)) == 1
    assert table.count(where("s").search("B")) == 0
    assert table.count(where("s").search("B", 2)) == 1
    assert table.count(Query().o.fragment({"x": 1})) == 1
    assert table.count(Query().p.fragment({"x": 1})) == 0
    assert table.count(where("l") == [1]) == 1
    assert table.count(where("l") == (1,)) == 0


def test_getting_by_ids_reads_only_those(db, monkeypatch):
    table = db.table("a")
    table.insert_multiple([{"n": n} for n in range(100)])
    read = []
    real = db.table("a").documents
    monkeypatch.setattr(table, "documents", lambda base, rows: read.extend(rows) or real(base, rows))
    assert [doc["n"] for doc in table.get(doc_ids=[7, 3, 1000])] == [2, 6]
    assert len(read) == 2


ODD = st.one_of(st.none(), st.floats(), st.integers(), st.sampled_from(["null", "nullnull", ""]))


@given(
    odd=st.dictionaries(
        st.sampled_from(["a", "b", "null"]), st.one_of(ODD, st.lists(ODD), st.fixed_dictionaries({"null": ODD}))
    )
)
def test_numbers_that_json_lacks_are_never_taken_for_null(odd):
    assert repr(loads(dumps(odd))) == repr(odd)


def test_what_json_would_change_silently_comes_back_as_it_was(db):
    table = db.table("a")
    odd = {"big": 1 << 70, "surrogate": "\ud800", "nan": float("inf"), "null": None, "deep": [{"x": -float("inf")}]}
    table.insert(odd)
    assert table.get(doc_id=1) == odd
    assert db.compact()
    assert table.get(doc_id=1) == odd
    table.insert({1: "a number as a key", "t": (1, 2)})
    assert table.get(doc_id=2) == {"1": "a number as a key", "t": [1, 2]}
    with pytest.raises(TypeError):
        table.insert({"when": object()})
    assert len(table) == 2


# -- the price of things


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


# -- transactions, observers, threads, asyncio


def test_an_exception_rolls_back_every_table_and_an_inner_one_only_its_own_part(db):
    def fail():
        with db.transaction():
            db.table("a").insert({"n": 1})
            db.table("b").insert({"n": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert db.tables() == set()
    with db.transaction():
        db.table("a").insert({"n": 1})
        with pytest.raises(ValueError, match="already exists"):
            db.table("a").insert_multiple([{"n": 2}, Document({}, doc_id=1)])
        db.table("b").insert({"n": 3})
    assert [doc["n"] for doc in db.table("a")] == [1]
    assert db.table("a").insert({}) == 2


def test_observers_hear_what_changed_outside_of_the_locks(folder, db):
    heard = []

    def observe(changes):
        def other_thread():
            len(db.table("a"))

        thread = threading.Thread(target=other_thread)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
        heard.append({table: ids and sorted(ids) for table, ids in changes.items()})

    end = db.subscribe(observe)
    with db.transaction():
        db.table("a").insert_multiple([{}, {}])
        db.table("b").insert({})

    def fail():
        with db.transaction():
            db.table("a").insert({})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert heard == [{"a": [1, 2], "b": [1]}]
    with open_db(folder) as other:
        assert not db.refresh()
        other.table("a").update({"n": 1}, doc_ids=[2])
        assert db.refresh() and not db.refresh()
        other.table("b").truncate()
        other.compact()
        assert db.refresh()
        assert heard[1:] == [{"a": [2]}, {"b": None}]
        other.table("a").update({"n": 2}, doc_ids=[1])
        assert db.compact()  # takes it in too
        assert heard[3:] == [{"a": [1]}]
    db.subscribe(lambda changes: 1 / 0)  # its fault is not the writer's
    end()
    db.table("a").insert({})
    assert len(heard) == 4


def test_an_await_inside_a_transaction_is_an_error_and_keeps_nothing(db):
    async def waits():
        with db.transaction():
            db.table("a").insert({})
            await asyncio.sleep(0)

    async def joins():
        async def other():
            with db.transaction():
                db.table("a").insert({})

        with db.transaction():
            db.table("a").insert({})
            await asyncio.create_task(other())

    async def does_not_wait():
        async def nothing():
            return 1

        with db.transaction():
            db.table("a").insert({})
            await nothing()

    for wrong in (waits, joins):
        with pytest.raises(AwaitInTransaction, match="must not await"):
            asyncio.run(wrong())
        assert len(db.table("a")) == 0
    asyncio.run(does_not_wait())
    assert len(db.table("a")) == 1


def test_threads_and_processes_lose_no_update(folder, db):
    table = db.table("a")
    table.insert({"n": 0})
    program = (
        "import sys\n"
        "from tinydb.operations import increment\n"
        "from tests.journal.calls import open_db\n"
        "db = open_db(sys.argv[1])\n"
        "for _ in range(50):\n"
        "    db.table('a').update(increment('n'), doc_ids=[1]); db.table('b').insert({'n': 1})\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", program, str(folder)], cwd=ROOT) for _ in range(2)]

    def work():
        for _ in range(50):
            table.update(increment("n"), doc_ids=[1])
            db.table("b").insert({"n": 1})

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or any(other.poll() is None for other in others):
        db.compact()
    assert [other.wait() for other in others] == [0, 0]
    assert table.get(doc_id=1)["n"] == 250
    assert [doc.doc_id for doc in db.table("b")] == list(range(1, 251))
    assert not db.damage


def test_reading_threads_never_see_half_a_transaction_or_a_stale_result(db):
    table = db.table("a")
    table.insert_multiple([{"s": "x", "n": 0}, {"s": "x", "n": 0}])
    wrong, stop = [], threading.Event()

    def read():
        seen = 0
        while not stop.is_set():
            with db.view():
                found = [doc["n"] for doc in table.search(where("s") == "x")]
            if len(set(found)) != 1 or found[0] < seen:
                wrong.append((seen, found))
            seen = found[0]

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, 200):
        with db.transaction(durable=False):
            table.update({"n": number}, doc_ids=[1])
            table.update({"n": number}, doc_ids=[2])
        if not number % 50:
            db.compact()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


# -- refusals


def test_after_a_fork_the_child_is_told_to_open_it_anew_and_the_parent_goes_on(db, folder):
    read, write = os.pipe()
    with db.transaction():
        db.table("a").insert({})
        pid = os.fork()
        if not pid:
            said = []
            for call in (db.refresh, lambda: db.table("a").insert({}), lambda: len(db.table("a"))):
                try:
                    call()
                    said.append("nothing")
                except Closed as error:
                    said.append(str(error))
            os.write(write, json.dumps(said).encode())
            os._exit(0)
        os.waitpid(pid, 0)
    assert all("opened before a fork" in text for text in json.loads(os.read(read, 10_000)))
    assert db.table("a").insert({}) == 2
    with open_db(folder) as other:
        assert other.table("a").insert({}) == 3


@pytest.mark.parametrize("which", ["log", "snap"])
def test_a_newer_format_is_refused_in_words(folder, which):
    with open_db(folder) as db:
        db.table("a").insert({})
        db.compact()
    path = folder / (log_name(1) if which == "log" else snapshot_name(1))
    newer = header(which, 1).replace(b"journal %d" % VERSION, b"journal %d" % (VERSION + 1))
    newer = newer[:-10] + b" %08x\n" % zlib.crc32(newer[:-10])
    path.write_bytes(newer + path.read_bytes().partition(b"\n")[2])
    for read_only in (True, False):
        with pytest.raises(NewerFormat, match=rf"format {VERSION + 1}; this one reads {VERSION}"):
            open_db(folder, read_only=read_only)


MOUNTS = """22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:28 / /home rw - ext4 /dev/sda2 rw
45 31 0:40 / /home/ana/on\\040server rw - nfs4 server:/export rw
46 31 0:41 / /home/ana/share rw - cifs //server/share rw
47 46 8:9 / /home/ana/share/local rw - xfs /dev/sdb1 rw
"""


def test_a_network_file_system_is_refused_with_a_sentence(tmp_path, monkeypatch):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    kinds = {
        "/home/ana/x": "ext4",
        "/home/ana/on server/commtui": "nfs4",
        "/home/ana/share": "cifs",
        "/home/ana/shared": "ext4",
        "/home/ana/share/local/x": "xfs",
    }
    assert {path: file_system_of(Path(path), str(mounts)) for path in kinds} == kinds
    monkeypatch.setattr(files, "file_system_of", lambda path: "nfs4")
    with pytest.raises(NetworkFolder, match=r"network file system \(nfs4\).*local disk"):
        JournalDB(tmp_path / "new" / "s")
    assert not (tmp_path / "new").exists()


def test_a_reader_changes_nothing_and_says_so(folder):
    with pytest.raises(StoreError, match="there is no store"):
        open_db(folder, read_only=True)
    assert not folder.exists()
    with open_db(folder) as db:
        db.table("a").insert({"n": 1})
        with open_db(folder, read_only=True) as reader:
            for call in (lambda: reader.table("a").insert({}), reader.compact, lambda: reader.drop_tables()):
                with pytest.raises(ReadOnly, match="for reading only"):
                    call()
            db.table("a").insert({"n": 2})
            db.compact()
            db.table("a").insert({"n": 3})
            assert [doc["n"] for doc in reader.table("a")] == [1, 2, 3]
    with pytest.raises(Closed, match="closed"):
        db.table("a").insert({})


def test_a_failed_flush_is_said_and_the_handle_writes_no_more(db, monkeypatch):
    def fail(fd):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(storage_module.files, "flush", fail)
    with pytest.raises(Closed, match="restart the program"):
        db.table("a").insert({})
    monkeypatch.undo()
    with pytest.raises(Closed, match="restart the program"):
        db.table("a").insert({})


def test_the_folder_and_its_files_are_the_owners_alone(folder):
    old = os.umask(0)
    try:
        with open_db(folder) as db:
            db.table("a").insert({})
            db.compact()
    finally:
        os.umask(old)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_handle_left_behind_by_two_compactions_starts_anew_and_memory_does_not_grow(folder, db):
    table = db.table("a")
    table.insert_multiple([{"s": "x", "n": n} for n in range(50)])
    with open_db(folder) as other:
        heard = []
        other.subscribe(heard.append)
        other.table("a").search(where("s") == "x")
        for number in range(5):
            table.update({"n": -number})
            db.compact()
            db.compact()
        assert other.refresh()
        assert other.table("a").all() == table.all()
        assert heard
        assert not other.journal.state("a").changed
        assert not db.journal.state("a").changed
    gc.collect()
