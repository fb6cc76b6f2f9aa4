"""Replacing a small file whole, so that a reader sees the old or the new and a crash leaves one of them."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex


def replace_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes `data` beside `path`, to disk, then puts it in its place. Raises OSError and leaves `path` as it was."""
    beside = path.with_name(f".{path.name}.{token_hex(4)}.new")
    # made for the owner alone, whatever `mode` is: nobody reads it before it is complete
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:  # an interruption, too, leaves no half-written file behind
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
