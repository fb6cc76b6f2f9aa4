"""Transactions, observers, threads, asyncio."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tinydb import where
from tinydb.operations import increment
from tinydb.table import Document

from commtui.store.tinydb_sqlite import AwaitInTransaction
from tests.tinydb_sqlite.calls import open_db

ROOT = Path(__file__).parents[2]


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
        thread.join(60)
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
        assert other.checkpoint()
        assert db.refresh() and not db.refresh()
        assert heard[1:] == [{"a": [2]}, {"b": None}]
    db.subscribe(lambda changes: 1 / 0)  # its fault is not the writer's
    end()
    db.table("a").insert({})
    assert len(heard) == 3


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
        with pytest.raises(AwaitInTransaction):
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
        "from tests.tinydb_sqlite.calls import open_db\n"
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
        db.checkpoint()
    assert [other.wait() for other in others] == [0, 0]
    assert table.get(doc_id=1)["n"] == 250
    assert [doc.doc_id for doc in db.table("b")] == list(range(1, 251))
    assert not db.damage


@pytest.mark.parametrize("asked", [lambda db: db.counts("a", "s"), lambda db: None], ids=["counted before", "not"])
def test_indexes_answer_as_before_after_a_change_was_taken_back(db, asked):
    table = db.table("a")
    table.insert_multiple([{"s": "x", "n": 1}, {"s": "y", "n": 2}])
    db.checkpoint()
    asked(db)

    def fail():
        with db.transaction():
            table.remove(where("s") == "x")
            table.update({"s": "x"}, where("s") == "y")
            table.insert({"s": "x"})
            assert table.count(where("s") == "x") == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert db.counts("a", "s") == {"x": 1, "y": 1}
    assert list(db.ordered("a", "s", "x", "n")) == [1]
    assert [doc.doc_id for doc in table.search(where("s") == "y")] == [2]


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
            db.checkpoint()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_store_is_opened_while_another_thread_imports_asyncio(folder, db, monkeypatch):
    """The module is there by then, and nothing is in it yet."""
    monkeypatch.setitem(sys.modules, "asyncio", type(sys)("asyncio"))
    again = open_db(folder)
    with again.transaction():
        again.table("t").insert({"x": 1})
    again.close()
