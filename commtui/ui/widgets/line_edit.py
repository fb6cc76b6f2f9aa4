"""A text on one line and the cursor in it: what keys do to them. Without a screen."""

from __future__ import annotations

from collections.abc import Sequence


class LineEdit:
    """`text` is what is typed so far, `at` the cursor's place in it. `earlier`: answers that up and down recall."""

    def __init__(self, text: str = "", earlier: Sequence[str] = (), selected: bool = False) -> None:
        """`selected`: what is typed first takes the place of the whole text; an editing key keeps it."""
        self.text = text
        self.at = len(text)
        self.selected = selected and bool(text)
        self._history = [*earlier, text]
        self._back = 0
        """How many answers before the newest one the text was recalled from; 0: it is being typed."""

    @property
    def before(self) -> str:
        """What stands before the cursor."""
        return self.text[: self.at]

    @property
    def after(self) -> str:
        """What stands behind the cursor."""
        return self.text[self.at :]

    def insert(self, text: str) -> None:
        """Puts a text before the cursor, or in place of what is selected."""
        if self.selected:
            self._set(text, "")
        else:
            self._set(self.before + text, self.after)

    def replace_before(self, text: str) -> None:
        """Replaces what stands before the cursor."""
        self._set(text, self.after)

    def begin_again(self) -> None:
        """Takes the text as the newest of the answers that up and down recall."""
        self._back, self._history[-1:] = 0, [self.text]

    def edit(self, key: str) -> None:
        """Does what an editing key does; other keys do nothing."""
        before, after = self.before, self.after
        self.selected = False
        if key == "backspace":
            self._set(before[:-1], after)
        elif key == "delete":
            self._set(before, after[1:])
        elif key == "left":
            self.at = max(0, self.at - 1)
        elif key == "right":
            self.at = min(len(self.text), self.at + 1)
        elif key == "home":
            self.at = 0
        elif key in ("end", "ctrl+e"):
            self.at = len(self.text)
        elif key == "ctrl+u":
            self._set("", after)
        elif key == "ctrl+k":
            self._set(before, "")
        elif key == "ctrl+w":
            words, space, _ = before.rstrip().rpartition(" ")
            self._set(words + space, after)
        elif key in ("up", "down"):
            self._recall(1 if key == "up" else -1)

    def _set(self, before: str, after: str) -> None:
        self.text, self.at, self.selected = before + after, len(before), False

    def _recall(self, step: int) -> None:
        """Shows the answer so many before this one; the newest is what was being typed."""
        back = self._back + step
        if 0 <= back < len(self._history):
            if self._back == 0:
                self._history[-1] = self.text
            self._back = back
            self._set(self._history[-1 - back], "")
