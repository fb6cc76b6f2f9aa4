"""A list to choose from, narrowed by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from commtui.ui.terminal.key_text import typed
from commtui.ui.text.cells import fit
from commtui.ui.text.rows import Pieces, filled, lead, under_cursor
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.rows import Rows

HINT: Final = " type to narrow; arrows, enter"


class Choice(Struct, frozen=True):
    """One line to choose: what the screen ends with, a word or a key beside it, and what it is."""

    id: str
    hint: str
    title: str
    also: str = ""
    """More words that it is found by."""


def matching(choices: Sequence[Choice], typed: str) -> list[int]:
    """The places of those that have all typed words; those whose id begins so stand first."""
    words, begin = typed.casefold().split(), typed.casefold().strip()
    places = [
        place
        for place, choice in enumerate(choices)
        if all(word in f"{choice.id} {choice.title} {choice.also}".casefold() for word in words)
    ]
    return sorted(places, key=lambda place: not choices[place].id.casefold().startswith(begin))


class Chooser(Screen[str | None]):
    """A screen whose result is the id of the choice, or None."""

    def __init__(self, question: str, choices: Sequence[Choice], none: str, demo: bool = False) -> None:
        super().__init__()
        self._choices = choices
        self._question = f" DEMO {question}: " if demo else f" {question}: "
        self._typed = ""
        self._widest = min(18, max((len(choice.id) for choice in choices), default=1))
        self.rows = Rows(self._row, lambda width: [(("read", f"  {none}: backspace, or esc to leave"),)])
        self.typed_line = OneLine()

    def compose(self) -> ComposeResult:
        yield self.typed_line
        yield self.rows

    def on_mount(self) -> None:
        self._narrow()

    def _row(self, place: int, pointed: bool, marked: bool, width: int) -> Pieces:
        choice = self._choices[place]
        return filled(
            [
                lead(pointed, False),
                (under_cursor("plain", pointed), fit(choice.id, self._widest)),
                ("soon", f" {fit(choice.hint, 10 if width >= 60 else 6)} "),
                ("plain", choice.title),
            ],
            width,
        )

    def _narrow(self) -> None:
        hint = "" if self._typed else HINT
        self.typed_line.say(
            (("title-here", self._question), ("bar", f" {self._typed}"), ("bar-pointed", " "), ("bar-dim", hint)),
            "bar",
        )
        self.rows.show(matching(self._choices, self._typed), set())
        self.rows.move_to(0)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "ctrl+c"):
            self.dismiss(None)
        elif event.key == "enter":
            number = self.rows.number
            if number is not None:  # else it stays: the line below says that nothing has that name
                self.dismiss(self._choices[number].id)
        elif event.key in ("down", "ctrl+n", "tab"):
            self.rows.move_to(self.rows.at + 1)
        elif event.key in ("up", "ctrl+p", "shift+tab"):
            self.rows.move_to(self.rows.at - 1)
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
            self._narrow()
        elif event.key == "ctrl+u":
            self._typed = ""
            self._narrow()
        elif text := typed(event):
            self._typed += text
            self._narrow()
