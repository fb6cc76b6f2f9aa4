"""Plug-ins that end the program (os._exit, a fault in C): which one's code was running when a process ended.

Each thread of a plug-in has a small file that says which method runs. It is mapped, so that a note costs no system
call, and never synced: what the kernel has outlives the process. A process that ends in order removes it. A file that
nobody holds any more was left by a process that was killed or ended inside. Nothing tells the two apart, so that one
such end proves nothing: a plug-in is set apart after some in a row, all within the same method.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import mmap
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from msgspec import DecodeError, Struct, ValidationError, json

from commtui.system.files import lock_file, make_private, replace_file

RUNNING, IN_A_THREAD = 2, 1
"""What an end counts: while the plug-in's own thread ran, and while only work ran that it gave to another thread, as
one that waits for its server there does all the time."""
SET_APART: Final = 4
STEADY: Final = 600.0
"""Seconds after which a connection whose calls end counts as one that works."""
IDLE: Final = b"\0"
SIZE: Final = 64
"""Bytes of a file: what an end would count now, and the method's name."""


class Counted(Struct):
    """The ends so far, by method, of one version of the plug-in."""

    version: str = ""
    ends: dict[str, int] = {}


class Ends:
    """The ends of one plug-in, and the files of its threads, in a folder that all processes of a home share."""

    def __init__(self, folder: Path, name: str, version: str) -> None:
        """Counts what ended processes left. Where nothing can be written, nothing is counted."""
        self._folder, self._stem, self._version = folder, quote(name, safe=""), version
        self._slots: set[Slot] = set()
        self._survived: set[str] = set()
        self._counted = Counted(version)
        self._change(self._count_left)

    def set_apart_at(self) -> str | None:
        """The method at which the plug-in ends the program; None: it may be used."""
        return next((method for method, ends in self._counted.ends.items() if ends >= SET_APART), None)

    def try_again(self) -> None:
        """A person wants it tried: it is used, and set apart again by the next end at a method that is counted."""

        def lower(ends: dict[str, int]) -> Iterable[Path]:
            ends.update({method: min(count, SET_APART - RUNNING) for method, count in ends.items()})
            return ()

        self._change(lower)

    def slot(self) -> Slot:
        """For one thread. Close it."""
        slot = Slot(self)
        self._slots.add(slot)
        return slot

    def open_file(self) -> tuple[Path, IO[bytes], mmap.mmap]:
        """A file for a slot, locked by this process, and its map. Raises OSError where none can be made."""
        path = self._folder / f"{self._stem}@{os.urandom(6).hex()}.running"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with lock_file(self._folder / "lock"):  # who counts must not find it before it is locked
            file = os.fdopen(os.open(path, flags, 0o600), "r+b", 0)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                # truncate() would reserve nothing, and on a full disk the first write to the map is a SIGBUS
                if file.write(bytes(SIZE)) != SIZE:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
                return path, file, mmap.mmap(file.fileno(), SIZE)
            except OSError:
                path.unlink(missing_ok=True)
                file.close()
                raise

    def survived(self, method: str, is_steady: bool) -> None:
        """A call of the method ended, and the program went on: forgotten are its ends, if that lasts."""
        self._survived.add(method)
        if is_steady:
            self._forget_survived()

    def dropped(self, slot: Slot) -> None:
        self._slots.discard(slot)

    def close(self) -> None:
        """The process ends in order."""
        for slot in list(self._slots):
            slot.close()
        self._forget_survived()

    def in_child(self) -> None:
        """This process is a copy of the one that these files speak of."""
        for slot in self._slots:
            slot.leave()
        self._slots.clear()
        self._survived.clear()

    def _forget_survived(self) -> None:
        if self._survived.isdisjoint(self._counted.ends):
            return

        def forget(ends: dict[str, int]) -> Iterable[Path]:
            for method in list(self._survived):  # other threads add to it
                ends.pop(method, None)
            return ()

        self._change(forget)

    def _count_left(self, ends: dict[str, int]) -> Iterable[Path]:
        """Adds what ended processes left. Returns their files."""
        files: list[Path] = []
        for path in self._folder.glob(f"{self._stem}@*.running"):
            left = _left_in(path)
            if left is None:
                continue
            files.append(path)
            method = left[1:].rstrip(b"\0").decode(errors="replace")
            if left[:1] > IDLE and method:
                ends[method] = ends.get(method, 0) + left[0]
        return files

    def _change(self, change: Callable[[dict[str, int]], Iterable[Path]]) -> None:
        """Reads what is counted, changes it, and writes it where it differs; all with nobody else in between.

        Then removes the files that the change returns, which are counted.
        """
        path = self._folder / f"{self._stem}.json"
        try:
            make_private(self._folder)
            with lock_file(self._folder / "lock"):
                before = _read(path)
                if before.version != self._version:  # another version may be mended
                    before = Counted(self._version)
                counted = Counted(self._version, dict(before.ends))
                files = change(counted.ends)
                self._counted = counted
                if counted != before:
                    replace_file(path, json.encode(counted))
                for file in files:
                    file.unlink(missing_ok=True)
        except OSError:
            return  # a home that cannot be written


def _left_in(path: Path) -> bytes | None:
    """What a process left in its file; None where it runs, or has just removed the file."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return file.read(SIZE) if os.fstat(file.fileno()).st_nlink else None
    except (BlockingIOError, FileNotFoundError):  # slots are closed without the lock
        return None


def _read(path: Path) -> Counted:
    try:
        return json.decode(path.read_bytes(), type=Counted)
    except (FileNotFoundError, DecodeError, ValidationError):
        return Counted()


class Slot:
    """What a thread of a plug-in does at this moment, in a file that is never synced: the end of the machine counts
    nothing."""

    def __init__(self, ends: Ends | None = None) -> None:
        """`ends`: None where nothing is kept. Where no file can be made, nothing is noted."""
        self._ends = ends
        self._path = Path()
        self._file: IO[bytes] | None = None
        self._map: mmap.mmap | None = None
        if ends is not None:
            with suppress(OSError):
                self._path, self._file, self._map = ends.open_file()
        self._methods: list[str] = []
        self._in_threads = 0

    def begin(self, method: str) -> None:
        """A call of the method begins. Of several the last one is named."""
        self._methods.append(method)
        self._name()

    def end(self, method: str, is_steady: bool) -> None:
        """The call has ended, in whatever way; `is_steady`: on a connection that works for STEADY seconds."""
        self._methods.remove(method)
        self._name()
        if self._ends is not None:
            self._ends.survived(method, is_steady)

    def run(self) -> None:
        """The thread runs."""
        self._write(0, bytes((RUNNING,)))

    def rest(self) -> None:
        """The thread waits."""
        self._write(0, bytes((IN_A_THREAD if self._in_threads else 0,)))

    def lend(self, change: int) -> None:
        """More or less work runs in other threads."""
        self._in_threads += change

    def close(self) -> None:
        """Nothing runs any more, or the process ends in order."""
        if self._ends is not None and self._file is not None:
            self._ends.dropped(self)
            with suppress(OSError):
                self._path.unlink()
        self.leave()

    def leave(self) -> None:
        """Writes nothing any more."""
        self._map, file, self._file = None, self._file, None
        if file is not None:
            file.close()

    def _name(self) -> None:
        name = self._methods[-1] if self._methods else ""
        self._write(1, name.encode()[: SIZE - 1].ljust(SIZE - 1, b"\0"))

    def _write(self, at: int, what: bytes) -> None:
        view = self._map
        if view is not None:
            view[at : at + len(what)] = what


_kept: dict[str, Ends] = {}
_keeping = threading.Lock()


def keep(folder: Path, name: str, version: str) -> Ends:
    """The ends of a plug-in, kept in that folder from now on."""
    with _keeping:
        if not _kept:
            atexit.register(_close_all)
            os.register_at_fork(after_in_child=_leave_all)
        if name not in _kept:
            _kept[name] = Ends(folder, name, version)
        return _kept[name]


def forget(name: str) -> None:
    """It is read anew at the next `keep`: another process may have counted, or a person asked to try again."""
    with _keeping:
        _kept.pop(name, None)


def slot_of(name: str) -> Slot:
    """A slot for a thread of that plug-in; one that writes nothing where none are kept."""
    ends = _kept.get(name)
    return ends.slot() if ends is not None else Slot()


def _close_all() -> None:
    for ends in _kept.values():
        ends.close()


def _leave_all() -> None:
    for ends in _kept.values():
        ends.in_child()
    _kept.clear()
