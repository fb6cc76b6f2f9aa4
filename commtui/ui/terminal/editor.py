"""$EDITOR on a text: the screen is suspended until the editor ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from commtui.model.text import clean
from commtui.sentences.editor import explain
from commtui.system.editor import EditorError, edit, edit_file


class EditorFailed(Exception):
    """`str()` is one line; the text is as it was."""


def open_file(app: App[Any], path: Path, line: int | None) -> None:
    """Lets the person edit a file itself. Raises EditorFailed."""
    try:
        with app.suspend():
            edit_file(path, os.environ, line)
    except EditorError as error:
        raise EditorFailed(explain(error)) from error
    except SuspendNotSupported as error:
        raise EditorFailed(str(error)) from error


def edited(app: App[Any], text: str) -> str:
    """The text as the person left it in the editor, cleaned. Raises EditorFailed."""
    try:
        with app.suspend():
            saved = edit(text, os.environ)  # blocks: an await in here would freeze the screen for good
    except EditorError as error:
        raise EditorFailed(explain(error)) from error
    except SuspendNotSupported as error:
        raise EditorFailed(str(error)) from error
    return text if saved is None else clean(saved).rstrip("\n")
