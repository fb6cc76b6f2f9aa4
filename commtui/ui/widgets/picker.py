"""The one list to choose from: it narrows while one types, tab completes, enter takes; several can be marked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen

from commtui.model.text import clean, one_line
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.cells import cells_of, cut_words, fit
from commtui.ui.text.key_hints import picker_keys
from commtui.ui.text.matching import BESIDE, Choice, Finder, completed, fit_of, words_of
from commtui.ui.text.rows import Pieces, filled, lead, under_cursor
from commtui.ui.widgets.line_edit import LineEdit
from commtui.ui.widgets.lines import Box, OneLine
from commtui.ui.widgets.preview import Preview
from commtui.ui.widgets.rows import Rows

AT_ONCE: Final = 200
"""Choices that are made ready before the screen's loop gets its turn."""
NEW: Final = -1
"""The number of the row for a name that is in no choice."""


class Picking(Struct, frozen=True):
    """What is asked, and what may be chosen."""

    question: str
    choices: Sequence[Choice]
    none: str = "nothing of that name"
    """Said where nothing fits."""
    new: str = ""
    """What a name that is not in the list is called, where one may be given: `new tag`."""
    new_last: bool = False
    """Such a name stands below all that fits the letters: it is rarely meant."""
    several: bool = False
    marked: frozenset[str] = frozenset()
    """The ids that are marked at first."""
    refused: Callable[[tuple[str, ...]], str] = lambda taken: ""
    """Why these can't be taken: it is shown, and the list stays; empty: they can."""
    folder: str = ""
    """The folder that is shown at first, with its `/`."""
    look: Callable[[str], Screen[None]] | None = None
    """For files: what shows one of them."""
    folders: Callable[[str], Sequence[Choice]] | None = None
    """For files: what is in a folder, which is typed up to its `/`. An id that ends with `/` is a folder to enter."""
    preview: Callable[[str, int, int], Sequence[Pieces]] | None = None
    """(id, width, room) -> the lines that tell what a choice is: the cursor's stand below the list, as many as fit."""


class Picker(ModalScreen[tuple[str, ...] | None]):
    """Ends with the ids that were chosen, or None. Stands at the bottom: what it is about stays in sight above."""

    DEFAULT_CSS = "Picker { align: left bottom; background: transparent; & > Box { height: auto; } }"

    def __init__(self, picking: Picking, demo: bool = False) -> None:
        super().__init__()
        self._picking = picking
        self._list(picking.choices)
        self._question = f" DEMO {picking.question}: " if demo else f" {picking.question}: "
        self._line = LineEdit(picking.folder)
        self._listed: str | None = None
        self._marked = dict.fromkeys(choice.id for choice in picking.choices if choice.id in picking.marked)
        self._marking = False
        """Whether something was marked here: enter takes what is marked then, else the cursor's line."""
        self._problem = ""
        """What is wrong with what was taken last."""
        self._moved = False
        """Whether the cursor was moved since the last letter: `x` marks then."""
        self.rows = Rows(self._row, lambda width: [(("read", f"  {self._nothing()}"),)])
        self.typed_line, self.preview, self.keys_line = OneLine(), Preview(), OneLine()

    def compose(self) -> ComposeResult:
        with Box():
            yield self.typed_line
            yield self.rows
            if self._picking.preview is not None:
                yield self.preview
            yield self.keys_line

    def on_mount(self) -> None:
        self._narrow()
        self.run_worker(self._prepare(self._finder))

    async def _prepare(self, finder: Finder) -> None:
        """Makes ready to find, while nothing is typed."""
        for _ in range(0, len(self._choices), AT_ONCE):
            finder.prepare(AT_ONCE)
            await asyncio.sleep(0)

    def _list(self, choices: Sequence[Choice]) -> None:
        """Takes what may be chosen."""
        self._choices = list(choices)
        self._finder = Finder(self._choices)
        self._widest = max((len(choice.id) for choice in choices), default=0)
        self._hint = max((len(choice.hint) for choice in choices), default=0)

    def _show_keys(self, problem: str = "") -> None:
        """Writes the last line: what is wrong with what was taken, else the keys."""
        picking, self._problem = self._picking, problem
        keys = picker_keys(self.app.size.width - 1, several=picking.several, looks=picking.look is not None)
        self.keys_line.say((("bar-late", f" ! {problem}") if problem else ("bar-dim", f" {keys}"),), "bar", most=3)

    def on_resize(self) -> None:
        self._fit()
        self._show_keys(self._problem)
        self._show_preview()

    def on_rows_moved(self) -> None:
        self._show_preview()

    def _show_preview(self) -> None:
        """Shows what the cursor's choice is."""
        if self._picking.preview is not None:
            number = self.rows.number
            choice = None if number is None or number == NEW else self._choices[number]
            lines = self._picking.preview(choice.id, self.app.size.width, self._preview_lines) if choice else ()
            self.preview.show(lines)

    @property
    def _preview_lines(self) -> int:
        return max(3, self.app.size.height // 5)

    def _fit(self) -> None:
        """As many rows as there are, at most half of the screen; their number stays while one types."""
        most = max(3, self.app.size.height // 2 - (2 if self._picking.preview is None else 4))
        self.preview.styles.height = self._preview_lines
        self.rows.styles.height = min(most, max(1, len(self._choices) + bool(self._picking.new)))

    def _row(self, place: int, pointed: bool, marked: bool, width: int) -> Pieces:
        if place == NEW:
            return filled([lead(pointed, False), ("soon", f"{self._picking.new}: "), ("plain", self._typed)], width)
        choice = self._choices[place]
        widest, hint = min(max(18, width // 3), self._widest), self._hint
        pieces = [
            lead(pointed, choice.id in self._marked),
            *((("plain", " "),) if self._picking.several else ()),
            (under_cursor("plain", pointed), fit(choice.id, widest)),
        ]
        if hint:
            pieces.append(("soon", f" {fit(choice.hint, min(hint, 10 if width >= 60 else 8))}"))
        room = width - sum(cells_of(text) for _, text in pieces) - 1
        return filled([*pieces, ("plain", f" {cut_words(one_line(choice.title), max(0, room))}")], width)

    @property
    def _typed(self) -> str:
        return self._line.text

    @property
    def _folder(self) -> str:
        """The folder that is typed, with its `/`; empty where no files are chosen."""
        return self._typed[: self._typed.rfind("/") + 1] if self._picking.folders is not None else ""

    def _narrow(self) -> None:
        """Shows what fits the letters."""
        self._moved = False
        if self._picking.folders is not None and self._folder != self._listed:
            self._listed = self._folder
            self._list(self._picking.folders(self._folder))
        self._say()
        self._show_keys()
        word = self._typed.removeprefix(self._folder)
        numbers = list(self._finder.matching(word))
        name = self._typed.strip()
        if self._picking.new and name and all(choice.id != word for choice in self._choices):
            named = sum(fit_of(word.casefold(), words_of(self._choices[place]))[0] < BESIDE for place in numbers)
            numbers.insert(len(numbers) if self._picking.new_last else named, NEW)
        self.rows.show(numbers, None)
        self.rows.move_to(0)
        self._fit()
        self._show_preview()

    def _nothing(self) -> str:
        """What is said where no line stands: what nothing fits, and which key helps."""
        if self._typed.removeprefix(self._folder):
            return f"{self._picking.none}: ctrl+u shows all"
        return "none yet: type one, enter takes it" if self._picking.new else "nothing here yet: esc leads back"

    def _say(self) -> None:
        before, after = self._line.before, self._line.after
        count = f"  {len(self._marked)} marked" if self._marked else ""
        self.typed_line.say(
            (
                ("title-here", self._question),
                ("bar", f" {before}"),
                ("bar-pointed", after[:1] or " "),
                ("bar", after[1:]),
                ("bar-dim", count),
            ),
            "bar",
        )

    def _take(self) -> None:
        number = self.rows.number
        if self._marked and (self._marking or not self._typed):
            self._end(tuple(self._marked))
        elif number == NEW:
            self._end((self._typed.strip(),))
        elif number is not None:  # else it stays: the line below says that nothing has that name
            choice = self._choices[number]
            if self._picking.folders is not None and choice.id.endswith("/"):
                self._type(self._folder + choice.id)
            else:
                self._end((self._folder + choice.id,))

    def _end(self, taken: tuple[str, ...]) -> None:
        problem = self._picking.refused(taken)
        if problem:
            self._show_keys(problem)
        else:
            self.dismiss(taken)

    def _look(self) -> None:
        """Shows the file that the cursor is on."""
        number, look = self.rows.number, self._picking.look
        if look and number is not None and number != NEW and not self._choices[number].id.endswith("/"):
            self.app.push_screen(look(self._folder + self._choices[number].id))

    def _mark(self) -> None:
        number = self.rows.number
        if number is None or number == NEW:
            return
        name, self._marking = self._choices[number].id, True
        if name in self._marked:
            del self._marked[name]
        else:
            self._marked[name] = None
        self.rows.show(list(self.rows.numbers), {number})
        self.rows.move_to(self.rows.at + 1)
        self._say()

    def click(self, y: int, double: bool) -> None:
        """Points to the choice in line `y` of the list; a double click takes it."""
        place = self.rows.place_at(y)
        if place is not None:
            self._moved = True
            self.rows.move_to(place)
            if double:
                self._take()

    def _type(self, text: str) -> None:
        self._line = LineEdit(text)
        self._narrow()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._type(self._typed + one_line(clean(event.text)))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key, several = event.key, self._picking.several
        if key in ("escape", "ctrl+c"):
            self.dismiss(None)
        elif key == "enter":
            self._take()
        elif key in ("down", "ctrl+n", "up", "ctrl+p"):
            self._moved = True
            self.rows.move_to(self.rows.at + (1 if key in ("down", "ctrl+n") else -1))
        elif key in ("pagedown", "pageup"):
            self._moved = True
            self.rows.move_to(self.rows.at + (self.rows.page if key == "pagedown" else -self.rows.page))
        elif key == "ctrl+o":
            self._look()
        elif several and (key == "ctrl+x" or (key == "x" and self._moved)):
            self._mark()
            self._moved = True
        elif key == "tab":
            self._type(self._folder + completed(self._choices, self._typed.removeprefix(self._folder)))
        else:
            before = self._typed
            if text := typed(event):
                self._line.insert(text)
            else:
                self._line.edit(key)
            if self._typed != before:
                self._narrow()
            else:
                self._say()
