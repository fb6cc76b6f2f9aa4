"""The sentence of an error of the person's editor."""

from __future__ import annotations

from commtui.system.editor import EditorError, Failure


def explain(error: EditorError) -> str:
    """Returns one line: what went wrong, and what to do about it."""
    match error.failure:
        case Failure.BAD_QUOTES:
            return f"{error.command} is not a command: its quotes don't match"
        case Failure.NO_EDITOR:
            return "no editor was found: set EDITOR"
        case Failure.NOT_STARTED:
            return f"cannot start the editor {error.command!r}: {error.detail}; set EDITOR"
        case Failure.NOT_TEXT:
            return f"what the editor wrote is not UTF-8 text: nothing was changed; it is in {error.saved}"
        case Failure.ENDED_BADLY:
            saved = f"; your text is in {error.saved}" if error.saved else ""
            return f"the editor ended with {error.code}: nothing was changed{saved}"
