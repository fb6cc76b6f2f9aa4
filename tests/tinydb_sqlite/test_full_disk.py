"""No room: a clear error, memory as before, all that was acknowledged still there; work goes on when there is room."""

import contextlib
import os
import resource
import subprocess

import pytest

from commtui.store.tinydb_sqlite import StoreFull, StoreReadOnly
from commtui.store.tinydb_sqlite.check import check
from tests.programs import no_mount
from tests.tinydb_sqlite.calls import open_db


def mounted(place, size):
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        no_mount()


def unmount(place):
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(params=["tmpfs", "limit"])
def small(request, tmp_path):
    """(folder with little room, what makes room): a mounted tmpfs, or a limit on the size of files."""
    place = tmp_path / "small"
    if request.param == "tmpfs":
        mounted(place, "3m")
        ballast = place / "ballast"
        ballast.write_bytes(bytes(1_500_000))
        yield place / "s", ballast.unlink
        unmount(place)
    else:
        place.mkdir()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))
        with contextlib.ExitStack() as stack:
            stack.callback(resource.setrlimit, resource.RLIMIT_FSIZE, before)
            yield place / "s", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(table, at_most=3000):
    """Inserts until there is no room. Returns the acknowledged ids."""
    acknowledged = []
    for number in range(at_most):
        try:
            acknowledged += table.insert_multiple([{"s": "x", "n": number, "pad": "p" * 300}] * 3)
        except StoreFull:
            return acknowledged
    raise AssertionError("there was room for everything")


def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(small):
    folder, make_room = small
    with open_db(folder) as db, open_db(folder) as other:
        table = db.table("a")
        heard = []
        db.subscribe(heard.append)
        acknowledged = fill(table)
        assert len(acknowledged) > 100
        told = len(heard)
        for _ in range(3):
            with pytest.raises(StoreFull) as caught:
                table.update({"pad": "q" * 400_000, "s": "y"}, doc_ids=acknowledged[:6])
            assert caught.value.path == folder / "store.db"
            for handle in (db, other):
                assert [doc.doc_id for doc in handle.table("a")] == acknowledged
                assert all(doc["pad"] == "p" * 300 for doc in handle.table("a"))
                assert list(handle.ordered("a", "s", "x", "n")) == acknowledged
                assert handle.counts("a", "s") == {"x": len(acknowledged)}
        assert len(heard) == told
        with open_db(folder) as fresh:
            assert [doc.doc_id for doc in fresh.table("a")] == acknowledged
        make_room()
        more = table.insert({"s": "x", "n": 9999})
        assert more == acknowledged[-1] + 1
        assert len(other.table("a")) == len(acknowledged) + 1
        assert db.checkpoint()
    with open_db(folder) as db:
        assert [doc.doc_id for doc in db.table("a")] == [*acknowledged, more]
    assert check(folder / "store.db").is_sound


def test_with_no_byte_left_it_is_read_and_written_again_when_there_is_room(tmp_path):
    place = tmp_path / "small"
    mounted(place, "2m")
    try:
        with open_db(place / "s") as db:
            db.table("a").insert_multiple([{"s": "x", "n": n} for n in range(100)])
        with (place / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while ballast.write(bytes(4096)):
                pass
        with open_db(place / "s") as db:
            assert db.read_only == "full"
            assert len(db.table("a")) == 100 and len(db.ordered("a", "s", "x", "n", limit=5)) == 5
            assert not db.refresh()
            with pytest.raises(StoreFull):
                db.table("a").insert({})
            assert len(db.table("a")) == 100
            (place / "ballast").unlink()
            with open_db(place / "s") as other:
                other.table("a").insert({"s": "other"})
                assert db.refresh() and db.read_only == ""
                assert len(db.table("a")) == 101
            db.table("a").insert({"s": "own"})
        with open_db(place / "s") as db:
            assert len(db.table("a")) == 102
    finally:
        unmount(place)


def test_a_home_that_cannot_be_written_is_read(tmp_path):
    with open_db(tmp_path / "s") as db:
        db.table("a").insert_multiple([{"s": "x", "n": n} for n in range(10)])
    place = tmp_path / "view"
    place.mkdir()
    bind = ["mount", "--bind", "-o", "ro", str(tmp_path / "s"), str(place)]
    if os.geteuid() or subprocess.run(bind, capture_output=True).returncode:
        no_mount()
    subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], capture_output=True, check=True)
    try:
        with open_db(place) as db:
            assert db.read_only == "unwritable"
            assert len(db.table("a")) == 10
            with pytest.raises(StoreReadOnly):
                db.table("a").insert({})
            with pytest.raises(StoreReadOnly):
                db.checkpoint()
            with open_db(tmp_path / "s") as writer:  # the same file by another way
                writer.table("a").insert({"s": "y"})
                assert db.refresh()
                assert len(db.table("a")) == 11
            with open_db(place) as late:
                assert not late.refresh()
                with open_db(tmp_path / "s") as writer:
                    writer.table("a").insert({"s": "y"})
                assert late.refresh() and len(late.table("a")) == 12
    finally:
        unmount(place)
