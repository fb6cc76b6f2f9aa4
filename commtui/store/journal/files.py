"""The folder and its files: names, locks, flushing to the disk, and which file systems will do."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import sys
from pathlib import Path

from commtui.store.journal.errors import NetworkFolder, StoreError, StoreFull

NAME = re.compile(r"(snap|log)-(\d{8})\.(jl|idx|tmp|new|idx\.tmp)")
DAMAGED = "damaged.txt"
"""Where bytes that could not be understood are kept, with a line of where they stood."""

PIECE = 1 << 18
"""Bytes of a large file that are written and sent to the disk at once: with more, others' flushes wait for it."""
STEP = 1 << 21
"""Bytes of a large file that are given back to the disk at once."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_FUSE = ("sshfs", "davfs", "davfs2", "rclone", "smbnetfs", "glusterfs", "s3fs", "ceph", "ceph-fuse")
_KERNEL = ("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "webdav", "coda")
_CLUSTER = ("ceph", "lustre", "beegfs", "gpfs", "panfs")
_HOST = ("9p",)
"""A folder of the machine outside: /mnt/c in WSL 2, shares of virtual machines and containers. Whether it can be mapped
depends on its cache option, its locks end at the border, and SQLite's journals are known to break on it."""
NETWORK_TYPES = frozenset([*_KERNEL, *_CLUSTER, *_HOST, *(f"fuse.{kind}" for kind in _FUSE)])
"""File systems on which appending and mapping are not coherent between machines."""


def flush(fd: int) -> None:
    """Returns when all that was written to `fd` is on the disk itself."""
    if sys.platform == "darwin":
        # On macOS fsync leaves the bytes in the drive's cache; only F_FULLFSYNC waits for the medium. Some file
        # systems lack it.
        try:
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(fd)
    else:
        os.fdatasync(fd)


def write_all(fd: int, data: bytes) -> None:
    """write(2), again for what a short write left over."""
    done = os.write(fd, data)
    while done < len(data):
        done += os.write(fd, data[done:])


def flush_folder(folder: Path) -> None:
    """Makes renames and removals in `folder` last."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def explained(error: OSError, folder: Path) -> StoreError:
    """An OSError of a write, as one sentence."""
    if error.errno in _NO_ROOM:
        return StoreFull(
            f"no room to write in {folder} ({error.strerror}): nothing was changed; make room and try again"
        )
    return StoreError(f"cannot write in {folder} ({error.strerror}): nothing was changed")


def snapshot_name(generation: int) -> str:
    """The state before journal `generation`."""
    return f"snap-{generation:08d}.jl"


def index_name(generation: int) -> str:
    """What is derived from the snapshot: made anew if lost."""
    return f"snap-{generation:08d}.idx"


def log_name(generation: int) -> str:
    """The journal since snapshot `generation`."""
    return f"log-{generation:08d}.jl"


def generations(folder: Path) -> tuple[list[int], list[int]]:
    """The generations of (snapshots, journals) in the folder, in order."""
    snaps: list[int] = []
    logs: list[int] = []
    for name in os.listdir(folder):
        found = NAME.fullmatch(name)
        if found and found[3] == "jl":
            (snaps if found[1] == "snap" else logs).append(int(found[2]))
    return sorted(snaps), sorted(logs)


def remove_left_behind(folder: Path) -> None:
    """Removes what a killed compaction began. Only for the holder of its lock: nobody else makes such files."""
    names = set(os.listdir(folder))
    for name in names:
        found = NAME.fullmatch(name)
        if found is None:
            continue
        orphan = found[3] == "idx" and snapshot_name(int(found[2])) not in names
        if orphan or found[3] in ("tmp", "idx.tmp"):
            (folder / name).unlink(missing_ok=True)


def new_file(folder: Path, name: str, data: bytes) -> None:
    """Makes `name` with `data`, whole or not at all, and on disk when this returns."""
    temporary = folder / (name.removesuffix(".jl") + ".new")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        try:
            write_all(fd, data)
            flush(fd)
        finally:
            os.close(fd)
        os.rename(temporary, folder / name)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(folder)


def keep_damaged(folder: Path, source: str, offset: int, data: bytes) -> None:
    """Appends bytes that were not understood to the side file, so that nothing is dropped without a trace."""
    text = b"# %s, byte %d, %d bytes\n" % (source.encode(), offset, len(data))
    fd = os.open(folder / DAMAGED, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(fd).st_size
        try:
            write_all(fd, text + data + (b"" if data.endswith(b"\n") else b"\n"))
            flush(fd)
        except OSError:
            os.ftruncate(fd, size)
            raise
    finally:
        os.close(fd)


def file_system_of(path: Path, mounts: str = "/proc/self/mountinfo") -> str:
    """The type of the file system that `path` is on (`ext4`, `nfs4`, ...); empty if it cannot be told."""
    if sys.platform == "darwin":
        return _darwin_file_system(path)
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return ""
    place = os.path.realpath(path)
    best, kind = -1, ""
    for text in lines:
        before, _, after = text.partition(" - ")
        words = before.split(" ")
        if len(words) < 5 or not after:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), words[4])
        inside = point == "/" or place == point or place.startswith(point + "/")
        if inside and len(point) >= best:  # the last one mounted on a point is the one that is seen
            best, kind = len(point), after.split(" ")[0]
    return kind


def _darwin_file_system(path: Path) -> str:
    import ctypes  # 5 ms, only here

    libc = ctypes.CDLL(None, use_errno=True)
    call = getattr(libc, "statfs$INODE64", None) or libc.statfs
    room = ctypes.create_string_buffer(4096)
    if call(os.fsencode(path), room) != 0:
        return ""
    return room.raw[72:88].split(b"\0")[0].decode()  # f_fstypename in <sys/mount.h>, 64-bit inodes


def refuse_network(path: Path) -> None:
    """Raises NetworkFolder if `path` (or, if it is not there yet, what it will be made in) is on a network file
    system."""
    place = Path(os.path.abspath(path))
    while not place.exists():
        place = place.parent
    kind = file_system_of(place)
    if kind in NETWORK_TYPES:
        raise NetworkFolder(
            f"{path} is on a network file system ({kind}), where several programs would damage the store: "
            "put it on a local disk"
        )


class FileWriter:
    """Writes a new file in large pieces; on disk when the `with` block ends."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._waiting: list[bytes] = []
        self._bytes = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        self._waiting.append(data)
        self._bytes += len(data)
        if self._bytes > PIECE:
            self._drain()
            if sys.platform != "darwin":
                flush(self._fd)

    def _drain(self) -> None:
        write_all(self._fd, b"".join(self._waiting))
        self.size += self._bytes
        self._waiting, self._bytes = [], 0

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._drain()
                flush(self._fd)
        finally:
            os.close(self._fd)


class FileLock:
    """flock(2) on a file of the folder: dies with its holder, excludes other handles of the same process too."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_CREAT
        self.fd = os.open(path, flags | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_take(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def free(self) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
