"""Turns: whatever writes or makes a checkpoint waits for who holds the lock, another process here."""

import fcntl
import subprocess
import sys
import threading
from contextlib import closing, contextmanager

import pytest

from commtui.store.tinydb_sqlite import journal
from commtui.store.tinydb_sqlite.check import check
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.files import TurnLock
from tests.tinydb_sqlite.calls import open_db

HOLD = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""
WAITS = 0.3
"""Seconds in which a call that does not wait for its turn would have ended."""


@contextmanager
def lock_held_by_another_process(db):
    command = [sys.executable, "-c", HOLD, f"{db.path}-turn"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()


def trim(db, monkeypatch):
    monkeypatch.setattr(journal, "KEPT_CHANGES", 1)
    monkeypatch.setattr(journal, "STEP", 1)
    with closing(Connection(db.path)) as own:  # its closing takes no turn
        lock = TurnLock(db.path)
        journal._trim(own, lock)
        lock.close()


def shrink(db, monkeypatch):
    monkeypatch.setattr(journal, "FREE_PAGES", 0)
    with closing(Connection(db.path)) as own:  # its closing takes no turn
        lock = TurnLock(db.path)
        journal._shrink(own, lock)
        lock.close()


CALLS = {
    "insert": lambda db, _: db.table("a").insert({"n": 1}),
    "set_user_version": lambda db, _: db.set_user_version(3),
    "checkpoint": lambda db, _: db.checkpoint(),
    "trim": trim,
    "shrink": shrink,
    "backup": lambda db, _: db.backup(f"{db.path}.copy"),
    "check": lambda db, _: check(db.path),
    "close": lambda db, _: db.close(),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_waits_for_its_turn_and_ends_then(db, monkeypatch, name):
    db.table("a").insert_multiple([{"pad": "x" * 3000} for _ in range(20)])
    db.table("a").remove(doc_ids=range(1, 20))
    ended = threading.Event()

    def work():
        CALLS[name](db, monkeypatch)
        ended.set()

    thread = threading.Thread(target=work)
    with lock_held_by_another_process(db):
        thread.start()
        assert not ended.wait(WAITS)
    thread.join(60)
    assert ended.is_set()
    with open_db(db.path.parent) as fresh:
        assert fresh.table("a").get(doc_id=20) == {"pad": "x" * 3000}


def test_who_waits_gets_the_next_turn_before_the_holder_gets_another(tmp_path):
    order: list[str] = []

    def other() -> None:
        with closing(TurnLock(tmp_path / "t.db")) as lock, lock.taken():
            order.append("other")

    with closing(TurnLock(tmp_path / "t.db")) as lock, open(tmp_path / "t.db-next", "r+b") as in_front:
        for _ in range(20):
            waiting = threading.Thread(target=other)
            with lock.taken():
                waiting.start()
                while not is_locked(in_front):
                    assert waiting.is_alive()
            with lock.taken():
                order.append("holder")
            waiting.join()
    assert order == ["other", "holder"] * 20


def is_locked(file) -> bool:
    """Whether somebody else has a lock on an open file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(file, fcntl.LOCK_UN)
    return False
