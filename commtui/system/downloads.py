"""Files that were fetched, in the person's folder: under a harmless name, and never over another file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from commtui.model.media_types import TYPES

LONGEST: Final = 80
"""Characters of a name, its ending left out."""
MOST_TRIES: Final = 1000
_SUFFIXES: Final = {mime: suffix for suffix, mime in reversed(TYPES.items())} | {
    "image/jpeg": "jpg", "audio/mpeg": "mp3", "video/mp4": "mp4", "audio/ogg": "ogg", "image/tiff": "tiff",
}  # fmt: skip
"""MIME type -> the ending that people know. The name's own ending is not trusted."""


def name_of(address: str, mime: str) -> str:
    """A name for a file of that address and type: letters, digits, `-` and `_` of the address's last part."""
    stem = unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2]).rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", stem[0] or stem[2]).strip("-_")[:LONGEST]
    return f"{plain or 'file'}.{_SUFFIXES[mime]}"


def save(folder: Path, name: str, body: bytes) -> Path:
    """Writes a new file; where the name is taken, one with a number. Its path. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, _, suffix = name.rpartition(".")
    for number in range(1, MOST_TRIES):
        path = folder / (name if number == 1 else f"{stem}-{number}.{suffix}")
        try:
            with path.open("xb") as file:
                file.write(body)
        except FileExistsError:
            continue
        except OSError:  # a full disk: no half of a file is left
            path.unlink(missing_ok=True)
            raise
        return path
    raise FileExistsError(f"{name} is taken, with {MOST_TRIES} numbers")
