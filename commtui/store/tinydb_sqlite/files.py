"""What is done to files beside SQLite: flushing, the lock that gives turns, and refusing network file systems."""

from __future__ import annotations

import fcntl
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from commtui.store.tinydb_sqlite.errors import NetworkFileSystem

_KERNEL = ("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "webdav", "coda")
_CLUSTER = ("ceph", "lustre", "beegfs", "gpfs", "panfs")
_FUSE = ("sshfs", "davfs", "davfs2", "rclone", "smbnetfs", "glusterfs", "s3fs", "ceph", "ceph-fuse")
NETWORK_KINDS = frozenset([*_KERNEL, *_CLUSTER, "9p", *(f"fuse.{kind}" for kind in _FUSE)])
"""File systems whose locks or shared memory end at the machine's border; 9p is the host's disk in a virtual machine."""


def flush_file(descriptor: int) -> None:
    """Returns when all that was written to an open file is on the medium. Raises OSError."""
    if sys.platform == "darwin":
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync leaves the bytes in the drive's cache there
        except OSError:  # some file systems lack it
            os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)


def flush_folder(folder: Path) -> None:
    """Makes new names and removals in a folder last. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class TurnLock:
    """An exclusive lock on a file beside the database, free again when its holder dies.

    Whoever waits stands in front: who writes part after part gets the next turn after the one that waited. Each thread
    that waits for it needs an object of its own: a second `take` of the same one does not wait.
    """

    def __init__(self, database: Path) -> None:
        """Raises OSError where the lock's files cannot be made."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        self._descriptor = os.open(f"{database}-turn", flags, 0o600)
        try:
            self._next = os.open(f"{database}-next", flags, 0o600)
        except OSError:
            os.close(self._descriptor)
            raise

    @contextmanager
    def taken(self) -> Iterator[None]:
        """`with lock.taken():` Nobody else writes or makes a checkpoint."""
        fcntl.flock(self._next, fcntl.LOCK_EX)  # flock alone lets the holder have it again before anybody who waits
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            os.close(self._next)
            self._descriptor = self._next = -1


def refuse_network(path: Path) -> None:
    """Raises NetworkFileSystem if a file, or the folder that it will be made in, is on one."""
    place = Path(os.path.abspath(path))
    while not place.exists() and place != place.parent:
        place = place.parent
    kind = file_system_of(place)
    if kind in NETWORK_KINDS:
        raise NetworkFileSystem(path, kind)


def file_system_of(path: Path, mounts: str = "/proc/self/mountinfo") -> str:
    """Returns the type of the file system that a path is on (`ext4`, `nfs4`, ...); empty if it cannot be told."""
    if sys.platform == "darwin":
        return _darwin_file_system(path)
    try:
        lines = Path(mounts).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    place = os.path.realpath(path)
    longest, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        words = before.split(" ")
        if len(words) < 5 or not after:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), words[4])
        inside = point == "/" or place == point or place.startswith(point + "/")
        if inside and len(point) >= longest:  # the last one mounted on a point is the one that is seen
            longest, kind = len(point), after.split(" ")[0]
    return kind


def _darwin_file_system(path: Path) -> str:
    import ctypes  # 5 ms, only here

    libc = ctypes.CDLL(None, use_errno=True)
    statfs = getattr(libc, "statfs$INODE64", None) or libc.statfs
    buffer = ctypes.create_string_buffer(4096)
    if statfs(os.fsencode(path), buffer) != 0:
        return ""
    return buffer.raw[72:88].split(b"\0")[0].decode()  # f_fstypename in <sys/mount.h>, 64-bit inodes


def put_in_place(fresh: Path, path: Path) -> None:
    """Replaces a database whose journal is not to be used any more, for the holder of the turn: done whole, or by
    whoever opens it next. Raises OSError."""
    os.rename(fresh, _waiting(path))
    flush_folder(path.parent)
    _replace(path)


def finish_replacement(path: Path) -> None:
    """Ends a replacement that was killed. Raises OSError."""
    if _waiting(path).exists():
        with closing(TurnLock(path)) as lock, lock.taken():
            if _waiting(path).exists():
                _replace(path)


def _waiting(path: Path) -> Path:
    return Path(f"{path}.replacement")


def _replace(path: Path) -> None:
    for name in (f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)
    os.replace(_waiting(path), path)
    flush_folder(path.parent)
