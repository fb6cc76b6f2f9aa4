"""Killed at each system call of a compaction and of a write; killed at random, many at a time."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.store.journal.check import verify
from tests.journal.calls import open_db
from tests.journal.test_cuts_and_flips import state

ROOT = Path(__file__).parents[2]
CALLS = ("write", "fsync", "fdatasync", "rename", "unlink", "open", "ftruncate", "close", "pread")
PROGRAM = f"""
import os, sys
from tests.journal.calls import open_db
db = open_db(sys.argv[2])
table = db.table("a")
made, last = 0, int(sys.argv[1])
def counting(call):
    def counted(*arguments, **options):
        global made
        made += 1
        if made == last:
            os.kill(os.getpid(), 9)
        return call(*arguments, **options)
    return counted
for name in {CALLS!r}:
    setattr(os, name, counting(getattr(os, name)))
if sys.argv[3] == "compact":
    assert db.compact()
else:
    with db.transaction():
        table.insert({{"w": 1}})
        table.insert({{"w": 2}})
os.write(1, b"all %d\\n" % made)
"""


def run_killed(folder, number, what):
    """True if the program came to its end before call `number`."""
    command = [sys.executable, "-c", PROGRAM, str(number), str(folder), what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == 0


@pytest.fixture
def sample(tmp_path):
    """A store with a snapshot and a journal after it."""
    folder = tmp_path / "sample"
    with open_db(folder) as db:
        db.table("a").insert_multiple([{"s": s, "n": n} for n, s in enumerate("xyzxy")])
        db.compact()
        db.table("a").update({"s": "z"}, doc_ids=[1, 3])
        db.table("a").remove(doc_ids=[2])
        db.table("b").insert({"s": "x"})
        whole = state(db)
    return folder, whole


@pytest.mark.slow
def test_a_compaction_killed_at_any_system_call_loses_nothing(sample, tmp_path):
    sample, whole = sample
    folder = tmp_path / "s"
    number, ended = 0, False
    while not ended:
        number += 1
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sample, folder)
        with open_db(folder) as watcher:
            assert state(watcher) == whole
            ended = run_killed(folder, number, "compact")
            assert state(watcher) == whole, number
            with open_db(folder) as db:
                assert state(db) == whole, number
                assert verify(folder).sound
                db.table("a").insert({"n": number})
                after = state(db)
                assert state(watcher) == after, number
                assert db.compact()
                assert state(db) == state(watcher) == after, number
        with open_db(folder) as db:
            assert state(db) == after
        assert verify(folder).findings == ()
        names = {path.name for path in folder.iterdir()}
        assert len(names) == 5, names  # lock, compact, one journal, one snapshot, its index: nothing piles up
    assert number > 20


@pytest.mark.slow
def test_a_write_killed_at_any_system_call_is_there_whole_or_not_at_all(sample, tmp_path):
    sample, whole = sample
    folder = tmp_path / "s"
    number, ended = 0, False
    while not ended:
        number += 1
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sample, folder)
        ended = run_killed(folder, number, "write")
        with open_db(folder) as db:
            found = state(db)
            more = {6: {"w": 1}, 7: {"w": 2}}
            assert found == whole or found == {**whole, "a": whole["a"] | more}, number
            assert found != whole or not ended
    assert number > 3


@pytest.mark.slow
def test_writers_and_readers_killed_at_random_lose_and_tear_nothing(tmp_path):
    rounds = 320
    folder = tmp_path / "s"
    command = [sys.executable, "-m", "tests.journal.fork_kills", str(folder), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["wrong"] == []
    assert report["lost"] == 0
    assert report["acknowledged"] > rounds
    assert report["compactions"] > 3
    assert len([name for name in report["left"] if name.endswith("tmp")]) <= 2, report["left"]
    assert verify(folder).sound
    with open_db(folder) as db:
        assert db.compact()
    assert len(list(folder.iterdir())) == 5
