"""Opening the log file, apart from log.py: importing logging takes 5 ms, which a start spends after its first rows."""

from __future__ import annotations

import os

from commtui.config.errors import ConfigError
from commtui.config.paths import Home


def open_log(path: str) -> int:
    """A handle that appends to the file, which only the owner can read. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)
    return handle


def cannot_write(error: OSError, home: Home) -> ConfigError:
    """The error of ours for an error of the system."""
    return ConfigError(f"cannot write the log: {error.strerror}", home.log)


def check(home: Home) -> None:
    """Checks that the log can be written. Raises ConfigError, as `log.set_up` would."""
    try:
        os.close(open_log(str(home.log)))
    except OSError as error:
        raise cannot_write(error, home) from None
