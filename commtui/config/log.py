"""The log of a home: state/commtui.log, rotated, readable by the owner alone, without secrets."""

from __future__ import annotations

import logging
import os
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from commtui.config.logfile import cannot_write, open_log
from commtui.config.paths import Home
from commtui.config.redact import RedactFilter
from commtui.system.files import lock_file

BYTES, OLD_FILES = 1_000_000, 3


class HomeLog(RotatingFileHandler):
    """A rotating file that several processes write: each notices when another has rotated it."""

    def __init__(self, path: Path, most_bytes: int = BYTES, old_files: int = OLD_FILES) -> None:
        super().__init__(path, maxBytes=most_bytes, backupCount=old_files, encoding="utf-8", errors="backslashreplace")
        self.addFilter(RedactFilter())
        formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(process)d %(levelname)s %(name)s: %(message)s")
        formatter.converter, formatter.default_time_format = time.gmtime, "%Y-%m-%dT%H:%M:%S"
        formatter.datefmt = formatter.default_time_format
        self.setFormatter(formatter)

    def _open(self) -> TextIOWrapper:
        return os.fdopen(open_log(self.baseFilename), "a", encoding=self.encoding, errors=self.errors)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._follow()
        except OSError:  # the folder is gone; a handler must not print into the screen
            return
        super().emit(record)

    def doRollover(self) -> None:
        """Rotates, unless another process just has."""
        with lock_file(Path(self.baseFilename + ".lock")):
            if not self._follow():
                super().doRollover()

    def _follow(self) -> bool:
        """Opens the file again if the open one was renamed or removed; returns whether it was."""
        if self.stream is None:
            return False
        opened = os.fstat(self.stream.fileno())
        try:
            current = os.stat(self.baseFilename)  # noqa: PTH116 - logging keeps a string
        except FileNotFoundError:
            current = None
        if current and (current.st_ino, current.st_dev) == (opened.st_ino, opened.st_dev):
            return False
        stream, self.stream = self.stream, None
        stream.close()
        self.stream = self._open()
        return True


def set_up(home: Home, level: int = logging.INFO) -> HomeLog:
    """Logs commtui from `level` and everything else from WARNING into the home's file, and nowhere else.

    Returns the handler, which the root logger has now. A second call changes nothing. Raises ConfigError.
    """
    root = logging.getLogger()
    for known in root.handlers:
        if isinstance(known, HomeLog) and known.baseFilename == os.path.abspath(home.log):  # noqa: PTH100 - as logging
            return known
    try:
        handler = HomeLog(home.log)
    except OSError as error:
        raise cannot_write(error, home) from None
    logging.raiseExceptions = False  # a full disk must not print into the screen
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("commtui").setLevel(level)
    return handler
