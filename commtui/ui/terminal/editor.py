"""$EDITOR on a text: the screen stands aside until it ends."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App

from commtui.model.text import clean


class EditorFailed(Exception):
    """`str()` is one line; the text is as it was."""


def edited(app: App[Any], text: str) -> str:
    """The text as the person left it in $VISUAL, $EDITOR or vi, cleaned. Raises EditorFailed."""
    try:
        words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    except ValueError as error:
        raise EditorFailed(f"$EDITOR can't be read: {error}") from error
    with tempfile.TemporaryDirectory(prefix="commtui-") as folder:
        path = Path(folder) / "text.md"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                code = subprocess.call([*words, str(path)])  # an await in here would freeze the screen for good
            if code:
                raise EditorFailed(f"{words[0]} ended with {code}: the text is as it was")
            return clean(path.read_text(encoding="utf-8", errors="replace")).rstrip("\n")
        except (OSError, RuntimeError) as error:
            raise EditorFailed(f"{words[0]}: {getattr(error, 'strerror', None) or error}") from error
