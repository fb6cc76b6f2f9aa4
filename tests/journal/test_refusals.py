"""What is refused, in words; who may read; forks; handles left behind."""

import gc
import json
import os
import resource
import zlib
from pathlib import Path

import pytest
from tinydb import where

from commtui.store.journal import (
    Closed,
    JournalDB,
    NetworkFolder,
    NewerFormat,
    ReadOnly,
    StoreError,
    files,
)
from commtui.store.journal import storage as storage_module
from commtui.store.journal.files import file_system_of, log_name, snapshot_name
from commtui.store.journal.format import VERSION, header
from tests.journal.calls import open_db


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


# as the kernel names them; WSL's line is as it prints its C: drive
OTHERS = """51 22 0:50 / /ceph rw - ceph 10.0.0.1:6789:/ rw
52 22 0:51 / /fuse rw - fuse.ceph-fuse ceph-fuse rw
53 22 0:52 / /old rw - fuse.ceph ceph-fuse rw
54 22 0:53 / /scratch rw - lustre 10.0.0.2@tcp:/fs rw
55 22 0:54 / /bee rw - beegfs beegfs_nodev rw
56 22 0:55 / /gpfs rw - gpfs gpfs0 rw
57 22 0:56 / /pan rw - panfs panfs://10.0.0.3/home rw
58 22 0:57 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000,mmap,access=client
59 22 0:58 / /here rw - fuse.lxcfs lxcfs rw
60 22 0:59 / /box rw - overlay overlay rw
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [("/ceph", "ceph"), ("/fuse", "fuse.ceph-fuse"), ("/old", "fuse.ceph"), ("/scratch", "lustre"), ("/bee", "beegfs"),
     ("/gpfs", "gpfs"), ("/pan", "panfs"), ("/mnt/c", "9p"), ("/here", ""), ("/box", "")],
)  # fmt: skip
def test_file_systems_of_clusters_and_of_a_machine_outside_are_refused_too(tmp_path, monkeypatch, place, kind):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(OTHERS)
    found = file_system_of(Path(place) / "home" / "data", str(mounts))
    assert found == kind or not kind
    monkeypatch.setattr(files, "file_system_of", lambda path: found)
    if not kind:
        JournalDB(tmp_path / "s").close()
        return
    with pytest.raises(NetworkFolder, match=rf"network file system \({kind}\).*local disk"):
        JournalDB(tmp_path / "s")


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


def test_without_a_file_descriptor_left_nothing_is_changed_and_it_says_so(db, folder):
    table = db.table("a")
    table.insert({"n": 1})
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        with pytest.raises(StoreError, match=r"Too many open files.*nothing was changed"):
            table.insert({"n": 2})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert [each["n"] for each in table] == [1]
    table.insert({"n": 3})
    with open_db(folder) as other:
        assert [each["n"] for each in other.table("a")] == [1, 3]


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
