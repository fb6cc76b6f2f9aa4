"""$EDITOR on a text: the screen is suspended until the editor ends."""

from __future__ import annotations

import os
from typing import Any

from textual.app import App, SuspendNotSupported

from commtui.model.text import clean
from commtui.sentences.editor import explain
from commtui.system.editor import EditorError, edit


class EditorFailed(Exception):
    """`str()` is one line; the text is as it was."""


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
