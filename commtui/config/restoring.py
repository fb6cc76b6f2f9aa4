"""A restore, whole or not at all: killed at any moment, it leaves an empty home or a restored one for the next start.

While the store is filled, a file marks it as a part, locked by who restores. Then the config, themes and saved replies
are written into a file beside the store, the mark is removed, and they are put into their places, by the next start if
need be.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import json

from commtui.config.errors import ConfigError
from commtui.config.paths import WAY_OUT, Home
from commtui.system.files import flush_folder, replace_file

PART = "restore.part"
FILES = "restore.json"


@contextmanager
def restoring(home: Home, files: Mapping[str, str]) -> Iterator[None]:
    """`with restoring(home, files):` fill the store. Afterwards the files, by their names in the home, are in place.

    `files` is read at the end. After an error the home is empty as before. Raises OSError.
    """
    part = home.data / PART
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        flush_folder(home.data)
        with ExitStack() as after_an_error:  # what is half restored would make the home look full
            after_an_error.callback(_empty, home.data)
            yield
            replace_file(home.data / FILES, json.encode(dict(files)))
            after_an_error.pop_all()
        part.unlink()
        flush_folder(home.data)
    finally:
        os.close(handle)
    _put_files(home)


def settle(home: Home) -> None:
    """Ends a restore that was killed: takes back a part, or puts the files of a whole one in place.

    Raises ConfigError while one is under way, and where it cannot be ended.
    """
    part = home.data / PART
    try:
        if os.path.lexists(part):
            _take_back(home, part)
        if os.path.lexists(home.data / FILES):
            _put_files(home)
    except OSError as error:
        what = f"a restore that was killed cannot be ended: {error.strerror}; {WAY_OUT}"
        raise ConfigError(what, home.data) from None


def _take_back(home: Home, part: Path) -> None:
    try:
        handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:  # it has ended this instant
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _empty(home.data)
    except BlockingIOError:
        raise ConfigError("a restore into this home is under way: wait until it has ended", home.data) from None
    finally:
        os.close(handle)


def _empty(data: Path) -> None:
    """Removes what a restore has made, its mark last."""
    for path in (*data.glob("store.db*"), data / FILES):
        path.unlink(missing_ok=True)
    (data / PART).unlink(missing_ok=True)


def _put_files(home: Home) -> None:
    path = home.data / FILES
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            files = json.decode(file.read(), type=dict[str, str])
    except FileNotFoundError:  # another process has put them in place
        return
    folders = {"themes": home.themes, "replies": home.replies}
    for name, text in files.items():
        folder, _, leaf = name.rpartition("/")
        replace_file(folders[folder] / leaf if folder else home.config, text.encode())
    path.unlink(missing_ok=True)
