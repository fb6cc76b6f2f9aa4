"""A text in the person's own editor."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from commtui.model.text import clean

_SETTINGS: Final = (
    r"(?i:\b(?:vim?|ex|nvim|kak|kakoune|kate|gedit|sublime|joe|jed|micro)(?:[<=>]?\d+)?(?=[\u200b]*:)"
    r"|\bLocal Variables(?=[\u200b]*:)|-(?=[\u200b]*\*-)|:mode(?=[\u200b]*=))"
)
"""What stands before the mark that makes a setting of it: `vim:` and its like, Emacs' `-*-` and `Local Variables:`."""
_BREAK: Final = "\u200b"
"""A space without width: no editor knows `vim` and `:` with it between. No text of ours has one (model/text.py)."""
EDITORS = ("sensible-editor", "nano", "vi")
"""What is tried where neither VISUAL nor EDITOR is set."""
TAKE_LINE: Final = frozenset(
    ("sensible-editor", "nano", "vi", "vim", "nvim", "view", "emacs", "emacsclient", "joe", "jed", "mg", "kak", "micro")
)
"""Editors that begin at the line of a `+LINE` before the file."""


class Failure(StrEnum):
    """Why there is no text."""

    BAD_QUOTES = "bad quotes"
    """`command` is the variable whose value shlex cannot split."""
    NO_EDITOR = "no editor"
    NOT_STARTED = "not started"
    """`detail` says why."""
    ENDED_BADLY = "ended badly"
    """`code` is the exit status, below zero for a signal."""
    NOT_TEXT = "not text"
    """The file is not UTF-8."""


class EditorError(Exception):
    """The editor gave no text. `saved`: the file that has what the person saved all the same."""

    def __init__(
        self, failure: Failure, command: str = "", detail: str = "", code: int = 0, saved: Path | None = None
    ) -> None:
        super().__init__(f"{failure.value}: {command} {detail or code}")
        self.failure, self.command, self.detail, self.code, self.saved = failure, command, detail, code, saved


def edit(text: str, environ: Mapping[str, str]) -> str | None:
    """`text` as the person saved it; None if the editor was left without saving. Blocks until the editor ends.

    Raises EditorError.
    """
    command = _command(environ)
    path = Path(tempfile.mkdtemp(prefix="commtui-")) / "text.md"  # the folder is the owner's alone
    saved = False
    try:
        path.touch(0o600, exist_ok=False)
        path.write_bytes(_without_settings(clean(text)).encode())
        os.utime(path, ns=(0, 0))  # a save sets another time
        code = subprocess.call([*command, str(path)])
        saved = path.exists() and path.stat().st_mtime_ns != 0
        if code:
            raise EditorError(Failure.ENDED_BADLY, command[0], code=code, saved=path if saved else None)
        result = _with_settings(path.read_bytes().decode()) if saved else None
    except OSError as error:
        raise EditorError(Failure.NOT_STARTED, command[0], error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise EditorError(Failure.NOT_TEXT, command[0], saved=path) from None
    else:
        saved = False
        return result
    finally:
        if not saved:
            shutil.rmtree(path.parent, ignore_errors=True)


def edit_file(path: Path, environ: Mapping[str, str], line: int | None = None) -> None:
    """Opens a file itself in the person's editor, at a line where the editor is one that takes it. Blocks until the
    editor ends. Raises EditorError."""
    command = _command(environ)
    at = [f"+{line}"] if line and Path(command[0]).name in TAKE_LINE else []
    try:
        code = subprocess.call([*command, *at, str(path)])
    except OSError as error:
        raise EditorError(Failure.NOT_STARTED, command[0], error.strerror or str(error)) from None
    if code:
        raise EditorError(Failure.ENDED_BADLY, command[0], code=code)


def _without_settings(text: str) -> str:
    """The text, without what an editor would obey in it: a text may quote anybody."""
    return re.sub(_SETTINGS, lambda match: f"{match[0]}{_BREAK}", text)


def _with_settings(text: str) -> str:
    """What was broken up by `_without_settings`, whole again."""
    return re.sub(f"({_SETTINGS}){_BREAK}", r"\1", text)


def _command(environ: Mapping[str, str]) -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(environ.get(variable, ""))
        except ValueError:
            raise EditorError(Failure.BAD_QUOTES, variable) from None
        if command:
            return command
    for name in EDITORS:
        if shutil.which(name):
            return [name]
    raise EditorError(Failure.NO_EDITOR)
