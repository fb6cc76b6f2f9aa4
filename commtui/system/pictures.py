"""Pictures, decoded to a size in a process of their own: with Pillow, the extra `images`."""

from __future__ import annotations

import errno
import importlib.util
import os
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from commtui.model.attachments import MOST_SHOWN
from commtui.system import files
from commtui.system.picture_decoder import TOO_LARGE

SECONDS: Final = 20.0
"""The longest time that decoding may take."""
MOST_CACHED: Final = 32 * 1024 * 1024
"""Bytes of files from the web that are remembered until the program ends."""
_SCRIPT: Final = Path(__file__).with_name("picture_decoder.py")

Mode = Literal["info", "pixels", "png"]


class Picture(Struct, frozen=True):
    """A picture: its format and size in the file, and the smaller one that is shown."""

    format: str
    width: int
    height: int
    columns: int = 0
    rows: int = 0
    """Pixels of what is shown."""
    body: bytes = b""
    """Its pixels, three bytes each, row by row; or a PNG file; empty for `info`."""


class NotDecoded(Exception):
    """No picture came of a file. `problem`: no-pillow, unreadable, pixels (too many), size (in bytes), time."""

    def __init__(self, problem: Literal["no-pillow", "unreadable", "pixels", "size", "time"]) -> None:
        super().__init__(problem)
        self.problem = problem


class Cache:
    """Files from the web by their addresses, the last ones that were asked for."""

    def __init__(self, most: int = MOST_CACHED) -> None:
        self._most = most
        self._files: OrderedDict[str, bytes] = OrderedDict()

    def get(self, address: str) -> bytes | None:
        """The file; None if it is not here any more."""
        if address in self._files:
            self._files.move_to_end(address)
        return self._files.get(address)

    def put(self, address: str, body: bytes) -> None:
        """Remembers a file, and forgets those that were longest unused while there are too many bytes."""
        self._files[address] = body
        self._files.move_to_end(address)
        while self._files and sum(map(len, self._files.values())) > self._most:
            self._files.popitem(last=False)


def read_file(path: Path) -> bytes:
    """A file of this machine. Raises OSError, and NotDecoded where it is too large or no plain file."""
    try:
        return files.read_file(path, MOST_SHOWN)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise NotDecoded("size") from None
        if error.errno in (errno.EINVAL, errno.EISDIR, errno.ENOENT):
            raise NotDecoded("unreadable") from None
        raise


def has_pillow() -> bool:
    """Whether pictures can be decoded: imports nothing."""
    return importlib.util.find_spec("PIL") is not None


def decode(data: bytes, mode: Mode, most_width: int = 0, most_height: int = 0, background: str = "#000000") -> Picture:
    """The picture of a file, of at most so many pixels; for a thread. Raises NotDecoded, OSError."""
    if not has_pillow():
        raise NotDecoded("no-pillow")
    command = [sys.executable, "-P", str(_SCRIPT), mode, str(most_width), str(most_height), background]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotDecoded("time") from None
    if done.returncode == TOO_LARGE:
        raise NotDecoded("pixels")
    head, _, body = done.stdout.partition(b"\n")
    words = head.decode("ascii", "replace").split()
    if done.returncode or len(words) != 5:
        raise NotDecoded("unreadable")
    width, height, columns, rows = map(int, words[1:])
    return Picture(words[0], width, height, columns, rows, body)
