"""The sentence for a copy: what it was sent to, or why it could not be sent. Whether it arrived is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.ui.painter.clipboard import Copied, Refusal, Way

_SENT: Final[Mapping[Way, str]] = {
    "terminal": "copied {} to the terminal's clipboard (OSC 52)",
    "tmux": "copied {} to tmux, which needs: set -g set-clipboard on",  # 80 columns, and DEMO before it
    "screen": "copied {} to the clipboard through screen",
}
_REFUSED: Final[Mapping[Refusal, str]] = {
    "nothing to copy": "nothing to copy",
    "no clipboard": "this terminal ({}) has no clipboard; the text is shown:",
    "Terminal.app": "Terminal.app takes no copies from programs; the text is shown to select by mouse:",
    "too long": "too long to copy through a terminal; the text is shown:",
}


def copied_words(copied: Copied, text: str, terminal: str, shown: str, what: str = "") -> str:
    """`what` was copied; empty: so many characters. `shown` stands on the line instead
    where nothing could be sent; `terminal`: the value of TERM."""
    if copied.way is not None:
        characters = f"{len(text):,} character{'s' if len(text) != 1 else ''}"
        return _SENT[copied.way].format(what or characters)
    words = _REFUSED[copied.refusal or "nothing to copy"].format(terminal or "unknown")
    return f"{words} {shown}" if text else words
