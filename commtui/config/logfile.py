"""Opening the log file, apart from log.py: importing logging takes 5 ms, which a start spends after its first rows."""

from __future__ import annotations

import errno
import os
import stat

from commtui.config.errors import ConfigError
from commtui.config.paths import Home


def open_log(path: str) -> int:
    """A handle that appends to the file, which only the owner can read.

    Raises OSError, also for a link: what it leads to is not ours. A link to the null device, or the device itself, is
    how people switch a log off: that is opened, and left as it is.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
    if _is_null(path):
        return os.open(path, flags)
    try:
        # O_NONBLOCK: opening a pipe would wait for a reader
        handle = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link, and links are not followed", path) from None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no file", path)
        if stat.S_IMODE(status.st_mode) != 0o600:
            os.fchmod(handle, 0o600)
    except OSError:
        os.close(handle)
        raise
    return handle


def _is_null(path: str) -> bool:
    """Whether a path leads to the null device."""
    try:
        status, null = os.stat(path), os.stat(os.devnull)  # noqa: PTH116 - importing pathlib is what this file avoids
    except OSError:
        return False
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == null.st_rdev


def cannot_write(error: OSError, home: Home) -> ConfigError:
    """The error of ours for an error of the system."""
    return ConfigError(f"cannot write the log: {error.strerror}", home.log)


def check(home: Home) -> None:
    """Checks that the log can be written. Raises ConfigError, as `log.set_up` would."""
    try:
        os.close(open_log(str(home.log)))
    except OSError as error:
        raise cannot_write(error, home) from None
