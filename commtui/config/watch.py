"""The settings of a running program: read again when the file changes, the old ones while it is invalid."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.config.settings import Account, Settings

Stamp = tuple[int, int, int] | None


def stamp(path: Path) -> Stamp:
    """A value that changes with the file: time of change in ns, size, inode; None if it cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


LARGE: Final = 32 << 10
"""Bytes of a config that takes long to read: 10,000 saved replies take 200 ms."""


class SettingsFile:
    """The settings in force. `refresh` brings them up to date; while nothing changes it is one stat call."""

    def __init__(self, home: Home, environ: Mapping[str, str] | None = None) -> None:
        """Loads the settings. Raises ConfigError."""
        self._home, self._environ = home, environ
        self._stamp = stamp(home.config)
        self.current: Settings = load(home, environ)
        self.error: ConfigError | None = None
        """What is wrong with the file now: the settings from before are in force; None: nothing."""
        self._reading: threading.Thread | None = None
        self._read: Settings | ConfigError | None = None

    def token_stamp(self, account: Account) -> Stamp:
        """A value that changes with the file of the account's token; None where it is in no file."""
        if account.token_env or account.token_command or account.token_keyring:
            return None
        from commtui.config.secrets import TOKEN, Secrets  # the engine's alone

        return stamp(account.token_file or Secrets(self._home, account).path(TOKEN))

    def refresh(self, *, wait: bool = True) -> bool:
        """Reads the file again if it has changed; returns whether `current` has. `error` may change in any case.

        Without `wait` a large file is read in a thread, and a later call takes what it says.
        """
        if self._reading is not None:
            if not wait and self._reading.is_alive():
                return False
            self._reading.join()
            self._reading = None
            return self._take()
        # before reading, so that the next refresh sees a change that is made meanwhile
        now = stamp(self._home.config)
        if now == self._stamp:
            return False
        self._stamp = now
        if now is None:  # some editors remove the file for a moment, and the accounts must not vanish
            self.error = ConfigError("the file is gone", self._home.config)
            return False
        if not wait and now[1] > LARGE:
            self._reading = threading.Thread(target=self._load, name="config", daemon=True)
            self._reading.start()
            return False
        self._load()
        return self._take()

    def _load(self) -> None:
        try:
            self._read = load(self._home, self._environ)
        except ConfigError as error:
            self._read = error

    def _take(self) -> bool:
        found, self._read = self._read, None
        if not isinstance(found, Settings):
            self.error = found
            return False
        self.error = None
        changed = found != self.current
        self.current = found
        return changed
