"""Removed files are whole as long as somebody reads them, and are then given back in pieces."""

import mmap
import os
import subprocess
import sys

import pytest

from commtui.store.journal import leftover
from commtui.store.journal.files import STEP
from commtui.store.journal.leftover import Leftovers, open_shared, remove_before
from tests.journal.calls import open_db

SIZE = 3 * STEP + 5


@pytest.fixture
def large(tmp_path):
    (tmp_path / "snap-00000001.jl").write_bytes(b"x" * SIZE)
    (tmp_path / "log-00000001.jl").write_bytes(b"small")
    return tmp_path / "snap-00000001.jl"


@pytest.fixture
def sizes(monkeypatch):
    """Each size that a file was cut to."""
    monkeypatch.setattr(leftover, "REST", 0)
    monkeypatch.setattr(leftover, "POLL", 0.01)
    found = []
    cut = os.ftruncate
    monkeypatch.setattr(os, "ftruncate", lambda fd, size: found.append(size) or cut(fd, size))
    return found


def drained(leftovers):
    leftovers._thread.join()


def test_a_large_file_is_cut_piece_by_piece_before_it_goes(large, sizes):
    held = remove_before(large.parent, 2)
    assert len(held) == 1, "the small one went at once"
    assert list(large.parent.iterdir()) == []
    leftovers = Leftovers()
    leftovers.add(held)
    drained(leftovers)
    assert sizes == [2 * STEP + 5, STEP + 5, 5]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(held[0])


def test_a_file_that_another_process_has_mapped_stays_whole_until_it_lets_go(large, sizes):
    program = f"""
import mmap, sys
from pathlib import Path
from commtui.store.journal.leftover import open_shared
with open(open_shared(Path({str(large)!r})), "rb") as file:
    data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
print("mapped", flush=True)
sys.stdin.readline()
print(data.find(b"y"), len(data), flush=True)
"""
    reader = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert reader.stdout.readline() == "mapped\n"
    leftovers = Leftovers()
    leftovers.add(remove_before(large.parent, 2))
    assert leftovers._thread.is_alive()
    assert sizes == []
    reader.stdin.write("\n")
    reader.stdin.flush()
    assert reader.stdout.readline() == f"-1 {SIZE}\n"
    reader.stdin.close()
    reader.wait()
    drained(leftovers)
    assert sizes[-1] == 5


def test_a_file_that_is_being_given_back_counts_as_gone(large):
    fd = os.open(large, os.O_RDWR)
    try:
        leftover.fcntl.flock(fd, leftover.fcntl.LOCK_EX)
        with pytest.raises(FileNotFoundError, match="snap-00000001"):
            open_shared(large)
    finally:
        os.close(fd)
    os.close(open_shared(large))


def test_a_handle_on_the_old_snapshot_reads_on_after_a_compaction(tmp_path, sizes):
    with open_db(tmp_path / "s") as db, open_db(tmp_path / "s") as other:
        db.table("a").insert_multiple([{"n": n, "pad": "x" * 1000} for n in range(2 * STEP // 1000)])
        db.compact()
        found = other.table("a").find(lambda document: document["n"] % 2)
        drained(db.journal.leftovers)  # the first journal
        sizes.clear()
        db.table("a").update({"pad": "y"}, doc_ids=[2])
        db.compact()
        assert db.journal.leftovers._thread is not None
        assert sizes == [], "the other handle stands on it"
        assert [each["pad"][:1] for each in found] == ["x"] * len(found)
        del found
        assert other.table("a").get(doc_id=2)["pad"] == "y"
        drained(db.journal.leftovers)
        assert sizes
        assert len(db.table("a")) == len(other.table("a"))


def test_closing_a_handle_waits_for_no_reader(large, sizes):
    with open(open_shared(large), "rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    leftovers = Leftovers()
    leftovers.add(remove_before(large.parent, 2))
    leftovers.stop()
    assert sizes == []
    assert data[:1] == b"x"
    data.close()


def test_what_is_left_over_while_the_thread_ends_is_given_back_by_the_next_one(large, sizes, monkeypatch):
    leftovers, real, second = Leftovers(), os.close, []

    def close(fd):
        if not second:  # the thread has looked for the last time
            monkeypatch.setattr(leftover, "LONGEST", 60)
            second.extend(remove_before(large.parent, 2))
            leftovers.add(second)
        real(fd)

    first = os.open(large.parent / "log-00000001.jl", os.O_RDWR)
    monkeypatch.setattr(leftover, "LONGEST", -1)
    monkeypatch.setattr(os, "close", close)
    leftovers.add([first])
    leftovers._thread.join()
    drained(leftovers)
    assert sizes == [2 * STEP + 5, STEP + 5, 5]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(second[0])
