"""Files that are replaced whole, lock files, and folders for the owner alone."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from commtui.model.clock import Clock

LOOK = 0.05
"""Seconds between two looks at a lock that another process has."""


@contextmanager
def replacing(path: Path, mode: int = 0o600, durable: bool = True) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of `path` when the block ends without an error.

    Readers see the old file or the new one. `durable`: the new one is on disk by then, and a crash leaves one of them.
    Raises OSError and leaves `path` as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.new")
    # nobody else may read it before it is complete, whatever `mode` is
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with ExitStack() as after_an_error:  # an interruption must not leave the temporary file behind either
        after_an_error.callback(temporary.unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
        after_an_error.pop_all()
    if durable:
        flush_folder(path.parent)


def replace_file(path: Path, data: bytes, mode: int = 0o600, durable: bool = True) -> None:
    """Replaces the content of `path` with `data`, see `replacing`. Raises OSError."""
    with replacing(path, mode, durable) as file:
        file.write(data)


def read_file(path: Path, most: int, follow: bool = True) -> bytes:
    """The content of a file, which is nothing for the null device. `follow`: a link is read, too.

    Raises OSError, also for what is no file (a pipe would be waited for, and a device may have no end) and for one of
    more than `most` bytes.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode) and not os.path.samestat(status, Path(os.devnull).stat()):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        body = file.read(most + 1)
    if len(body) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return body


def flush_folder(folder: Path) -> None:
    """Makes new names and removals in a folder last. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock_file(path: Path) -> IO[bytes]:
    """Waits for the exclusive lock on `path`, which is made if missing; closing the file releases it. Raises OSError.

    The kernel releases it as well when the process ends.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    file = os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)
    with ExitStack() as after_an_error:
        after_an_error.enter_context(file)
        fcntl.flock(file, fcntl.LOCK_EX)
        after_an_error.pop_all()
    return file


@asynccontextmanager
async def turn(path: Path, clock: Clock, most: float = 60.0) -> AsyncIterator[None]:
    """`async with turn(path, clock):` Nobody else is inside, whatever the process. The file is made if missing.

    Raises TimeoutError after `most` seconds. Where no file can be made, or a link is in its place, nobody is kept out.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    try:
        end = clock.monotonic() + most
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if clock.monotonic() > end:
                    raise TimeoutError(f"{path} is locked by another process") from None
                await clock.sleep(LOOK)
        yield
    finally:
        os.close(handle)


def make_private(folder: Path) -> None:
    """Makes a folder and its missing parents with mode 0700, whatever the umask is. Raises OSError."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        make_private(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:  # another process made it meanwhile, or it is a file
        if not folder.is_dir():
            raise
