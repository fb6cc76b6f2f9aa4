"""The log's file alone: what writes it (log.py) costs 5 ms, which a start pays after its first rows."""

from __future__ import annotations

import os

from commtui.config.errors import ConfigError
from commtui.config.paths import Home


def open_log(path: str) -> int:
    """A handle to append to the file, for the owner alone. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)
    return handle


def cannot_write(error: OSError, home: Home) -> ConfigError:
    """The error in words."""
    return ConfigError(f"cannot write the log: {error.strerror}", home.log)


def check(home: Home) -> None:
    """Opens the log once. Raises ConfigError, as `log.set_up` would."""
    try:
        os.close(open_log(str(home.log)))
    except OSError as error:
        raise cannot_write(error, home) from None
