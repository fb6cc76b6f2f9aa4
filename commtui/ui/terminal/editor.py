"""$EDITOR on a text: the screen is suspended until the editor ends."""

from __future__ import annotations

import os
from typing import Any

from textual.app import App, SuspendNotSupported

from commtui.model.text import clean
from commtui.system.editor import EditorError, Failure, edit


class EditorFailed(Exception):
    """`str()` is one line; the text is as it was."""


def edited(app: App[Any], text: str) -> str:
    """The text as the person left it in the editor, cleaned. Raises EditorFailed."""
    try:
        with app.suspend():
            saved = edit(text, os.environ)  # blocks: an await in here would freeze the screen for good
    except EditorError as error:
        raise EditorFailed(_failure_text(error)) from error
    except SuspendNotSupported as error:
        raise EditorFailed(str(error)) from error
    return text if saved is None else clean(saved).rstrip("\n")


def _failure_text(error: EditorError) -> str:
    match error.failure:
        case Failure.BAD_QUOTES:
            return f"{error.command} is not a command: its quotes don't match"
        case Failure.NO_EDITOR:
            return "no editor was found: set EDITOR"
        case Failure.NOT_STARTED:
            return f"{error.command}: {error.detail}"
        case Failure.NOT_TEXT:
            return f"what {error.command} saved is not UTF-8 text: it is in {error.saved}"
        case Failure.ENDED_BADLY:
            saved = f"what you saved is in {error.saved}" if error.saved else "the text is as it was"
            return f"{error.command} ended with {error.code}: {saved}"
