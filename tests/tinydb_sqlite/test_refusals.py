"""What is refused, as errors with fields; who may read; forks; files removed, locked and of a newer format."""

import json
import os
import resource
import sqlite3
import threading
from pathlib import Path

import pytest
from tinydb import where

from commtui.store.tinydb_sqlite import (
    NetworkFileSystem,
    NewerFormat,
    SqliteDB,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreMisuse,
    files,
    journal,
)
from commtui.store.tinydb_sqlite.files import file_system_of
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT
from tests.tinydb_sqlite.calls import open_db
from tests.tinydb_sqlite.processes import together


def test_after_a_fork_the_child_is_told_to_open_it_again_and_the_parent_goes_on(db, folder):
    read, write = os.pipe()
    with db.transaction():
        db.table("a").insert({})
        pid = os.fork()
        if not pid:
            reasons = []
            for call in (db.refresh, lambda: db.table("a").insert({}), lambda: len(db.table("a"))):
                try:
                    call()
                    reasons.append("nothing")
                except StoreClosed as error:
                    reasons.append(error.reason)
            os.write(write, json.dumps(reasons).encode())
            os._exit(0)
        os.waitpid(pid, 0)
    assert json.loads(os.read(read, 10_000)) == ["fork"] * 3
    assert db.table("a").insert({}) == 2
    with open_db(folder) as other:
        assert other.table("a").insert({}) == 3


def test_a_newer_format_is_refused(folder):
    with open_db(folder) as db:
        db.table("a").insert({})
    connection = sqlite3.connect(folder / "store.db")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID | (FORMAT + 1)}")
    connection.commit()
    connection.close()
    with pytest.raises(NewerFormat) as caught:
        open_db(folder)
    assert (caught.value.written, caught.value.known) == (FORMAT + 1, FORMAT)


def test_another_programs_database_is_refused(folder):
    folder.mkdir()
    connection = sqlite3.connect(folder / "store.db")
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    before = (folder / "store.db").read_bytes()
    with pytest.raises(StoreDamaged):
        open_db(folder)
    assert (folder / "store.db").read_bytes() == before


MOUNTS = """22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:28 / /home rw - ext4 /dev/sda2 rw
45 31 0:40 / /home/ana/on\\040server rw - nfs4 server:/export rw
46 31 0:41 / /home/ana/share rw - cifs //server/share rw
47 46 8:9 / /home/ana/share/local rw - xfs /dev/sdb1 rw
51 22 0:50 / /ceph rw - ceph 10.0.0.1:6789:/ rw
52 22 0:51 / /fuse rw - fuse.ceph-fuse ceph-fuse rw
54 22 0:53 / /scratch rw - lustre 10.0.0.2@tcp:/fs rw
58 22 0:57 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000,mmap,access=client
59 22 0:58 / /here rw - fuse.lxcfs lxcfs rw
60 22 0:59 / /box rw - overlay overlay rw
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [("/home/ana/x", "ext4"), ("/home/ana/on server/commtui", "nfs4"), ("/home/ana/share", "cifs"),
     ("/home/ana/shared", "ext4"), ("/home/ana/share/local/x", "xfs"), ("/ceph/x", "ceph"), ("/mnt/c/x", "9p"),
     ("/fuse/x", "fuse.ceph-fuse"), ("/scratch/x", "lustre"), ("/here/x", "fuse.lxcfs"), ("/box/x", "overlay")],
)  # fmt: skip
def test_a_network_file_system_is_refused_and_named(tmp_path, monkeypatch, place, kind):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert file_system_of(Path(place), str(mounts)) == kind
    monkeypatch.setattr(files, "file_system_of", lambda path: kind)
    if kind in ("ext4", "xfs", "fuse.lxcfs", "overlay"):
        SqliteDB(tmp_path / "s" / "x.db").close()
        return
    with pytest.raises(NetworkFileSystem) as caught:
        SqliteDB(tmp_path / "new" / "x.db")
    assert caught.value.kind == kind
    assert not (tmp_path / "new").exists()


def test_a_transaction_inside_a_view_and_a_closed_handle_are_refused(folder):
    with open_db(folder) as db:
        with pytest.raises(StoreMisuse), db.view():
            db.table("a").insert({})
        assert len(db.table("a")) == 0
    with pytest.raises(StoreClosed) as caught:
        db.table("a").insert({})
    assert caught.value.reason == "closed"
    db.close()


def test_a_failed_flush_is_reported_and_the_handle_writes_no_more(db, monkeypatch):
    def fail(descriptor):
        raise OSError(5, "Input/output error")

    db.table("a").insert({})
    monkeypatch.setattr(journal, "flush_file", fail)
    with pytest.raises(StoreClosed) as caught:
        db.table("a").insert({})
    assert caught.value.reason == "flush"
    monkeypatch.undo()
    with pytest.raises(StoreClosed):
        db.table("a").insert({})


def test_without_a_file_descriptor_left_nothing_is_lost(db, folder):
    table = db.table("a")
    table.insert({"n": 1})
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        with pytest.raises(StoreError):
            open_db(folder)
        with pytest.raises(StoreError):
            db.checkpoint()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    table.insert({"n": 2})
    with open_db(folder) as other:
        assert [document["n"] for document in table] == [document["n"] for document in other.table("a")] == [1, 2]


def test_a_program_that_holds_sqlites_own_lock_is_waited_for_and_then_named(folder):
    with open_db(folder, wait=0.1) as db:
        db.table("a").insert({"n": 1})
        shell = sqlite3.connect(folder / "store.db", isolation_level=None, check_same_thread=False)
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            db.table("a").insert({"n": 2})
        assert not db.checkpoint()
        assert [doc["n"] for doc in db.table("a")] == [1]
        shell.execute("COMMIT")
        assert db.table("a").insert({"n": 2}) == 2
        with open_db(folder) as patient:
            shell.execute("BEGIN IMMEDIATE")
            timer = threading.Timer(0.2, lambda: shell.execute("COMMIT"))
            timer.start()
            assert patient.table("a").insert({"n": 3}) == 3
            timer.join()
        shell.close()


def test_a_file_that_was_removed_is_missed_before_anything_is_written(db, folder):
    db.table("a").insert({"n": 1})
    (folder / "store.db").rename(folder / "away.db")
    with pytest.raises(StoreMissing):
        db.table("a").insert({"n": 2})
    with pytest.raises(StoreMissing):
        db.refresh()
    (folder / "away.db").rename(folder / "store.db")
    assert db.table("a").insert({"n": 2}) == 2


def test_a_restored_backup_is_taken_up_by_who_has_the_old_file_open(db, folder, tmp_path):
    db.table("a").insert({"s": "x", "n": 1})
    assert list(db.ordered("a", "s", "x", "n")) == [1] and db.table("a").count(where("s") == "x") == 1
    db.backup(tmp_path / "copy.db")
    db.table("a").insert_multiple([{"s": "x", "n": 2}, {"s": "x", "n": 3}])
    assert list(db.ordered("a", "s", "x", "n")) == [1, 2, 3] and db.table("a").count(where("s") == "x") == 3
    files.put_in_place(tmp_path / "copy.db", folder / "store.db")
    assert db.refresh()
    assert list(db.ordered("a", "s", "x", "n")) == [1] and db.table("a").count(where("s") == "x") == 1
    assert db.table("a").insert({"s": "x", "n": 0}) == 2
    assert list(db.ordered("a", "s", "x", "n")) == [2, 1]


def test_the_folder_and_its_files_are_the_owners_alone(folder):
    old = os.umask(0)
    try:
        with open_db(folder) as db:
            db.table("a").insert({})
            assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
            db.backup(folder / "copy.db")
    finally:
        os.umask(old)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_name_with_signs_of_an_address_is_a_name(tmp_path):
    path = tmp_path / "a?b#c%20 d.db"
    with SqliteDB(path) as db:
        db.table("a").insert({"n": 1})
    with SqliteDB(path) as db:
        assert db.table("a").all() == [{"n": 1}]
    assert path.exists()


@pytest.mark.parametrize("made", ["nothing", "page size", "journal mode"])
def test_a_file_whose_maker_was_killed_is_made_whole(folder, made):
    path = folder / "store.db"
    folder.mkdir(exist_ok=True)
    path.touch()
    if made != "nothing":
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA page_size=4096")
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        if made == "journal mode":
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    with open_db(folder) as db:
        assert db.table("a").insert({}) == 1
    with open_db(folder) as db:
        assert len(db.table("a")) == 1


def test_processes_that_open_a_new_file_at_the_same_moment_share_it(folder):
    def opens() -> int:
        with open_db(folder) as db:
            return db.table("a").insert({})

    folder.mkdir(exist_ok=True)
    for round_of in range(5):
        results, errors = together(folder / f"round{round_of}", [opens] * 6)
        assert errors == []
        assert sorted(results) == [1, 2, 3, 4, 5, 6]
        for path in folder.glob("store.db*"):
            path.unlink()


def test_a_store_is_not_made_where_a_link_leads(folder, tmp_path):
    folder.mkdir()
    (folder / "store.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(StoreError):
        open_db(folder)
    assert not (tmp_path / "elsewhere.db").exists()
