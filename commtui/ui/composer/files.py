"""The files of a folder, as choices: folders first, with size and kind of the files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from commtui.model.media_types import type_of
from commtui.ui.text.matching import Choice

MOST: Final = 2000
"""Entries of a folder that are shown."""
_UNITS: Final = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


def files_in(folder: str) -> Sequence[Choice]:
    """What is in a folder (`~/` and `$NAME` are read as in a shell; empty: the working folder); nothing where it
    cannot be read. Hidden ones are left out."""
    path = path_of(folder or ".")
    try:
        with os.scandir(path) as entries:
            seen = [(entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith(".")][:MOST]
    except OSError:
        return []
    seen.sort()
    folders = [Choice(f"{name}/", "folder") for name, is_folder in seen if is_folder]
    files = [_file(path / name) for name, is_folder in seen if not is_folder]
    return [Choice("../", "folder"), *folders, *files]


def path_of(typed: str) -> Path:
    """The path that is meant: with `~`, `$NAME`, quotes and `\\ ` as in a shell: terminals paste a dropped file so."""
    return Path(os.path.expandvars(typed.strip().strip("'\"").replace("\\ ", " "))).expanduser()


def _file(path: Path) -> Choice:
    try:
        size = path.stat().st_size
    except OSError:
        return Choice(path.name, "?")
    return Choice(path.name, size_text(size), type_of(path.name) or "")


def size_text(size: int) -> str:
    """`340 KB`, `12 bytes`."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.0f} {name}"
    return f"{size} bytes"
