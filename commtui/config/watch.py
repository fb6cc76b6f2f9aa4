"""The settings of a running program: read again when the file changes, kept when the change is bad."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.settings import Settings, load

Stamp = tuple[int, int, int] | None


def stamp(path: Path) -> Stamp:
    """What changes when a file does: time of change in ns, size, inode; None if it can't be seen. One stat call."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


class SettingsFile:
    """Holds the settings in force. Ask `refresh` now and then, as every process does: a stat while nothing changes."""

    def __init__(self, home: Home, environ: Mapping[str, str] | None = None) -> None:
        """Loads the settings. Raises ConfigError: at the start there is nothing older to keep."""
        self._home, self._environ = home, environ
        self._stamp = stamp(home.config)
        self.current: Settings = load(home, environ)
        self.problem: str | None = None
        """What is wrong with the file as it stands now, in one line that names the line; None if nothing is."""

    def refresh(self) -> bool:
        """Reads the file again if it changed. True if `current` is another now; `problem` may change in any case."""
        # before reading: a change while we read is met by the next refresh
        now = stamp(self._home.config)
        if now == self._stamp:
            return False
        self._stamp = now
        if now is None:  # some editors take the file away for a moment; accounts must not vanish for that
            self.problem = f"{self._home.config}: the file is gone; the settings from before stay in force"
            return False
        try:
            settings = load(self._home, self._environ)
        except ConfigError as error:
            self.problem = f"{error}; the settings from before stay in force"
            return False
        self.problem = None
        changed = settings != self.current
        self.current = settings
        return changed
