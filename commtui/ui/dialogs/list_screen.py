"""A list on a screen of its own, followed while it grows: its title, its rows, its keys, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from commtui.model.text import clean, one_line
from commtui.store.changes import Changes
from commtui.ui.dialogs.help import HelpScreen
from commtui.ui.keys.keymap import Keymap, readable
from commtui.ui.snapshot import Snapshot
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.key_hints import Focus, key_line, unbound_words
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.line_edit import LineEdit
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.rows import Rows

R = TypeVar("R")
Keys = Mapping[str, Callable[[], object]]
"""Command -> what its key does."""


class ListScreen(Screen[R], inherit_bindings=False):
    """The rows are named by numbers. `row_pieces` and `follow` are the list's own, and `own_keys` what its keys do.

    A list's own `on_mount` and `on_resize` are called beside these: Textual calls the handlers of all base classes.
    """

    class Changed(Message):
        """Something was written, by whichever thread or process."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, ListScreen.Changed)

    AUTO_FOCUS = ""

    def __init__(
        self, command: Focus, snapshot: Snapshot, keymap: Keymap, none: Callable[[], str], demo: bool = False
    ) -> None:
        """`command`: what opens the list and, by the same key, ends it; it names the line of keys, too. `none`: what
        stands there without rows."""
        super().__init__()
        self._command, self._keymap = command, keymap
        self.snapshot = snapshot
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._line: LineEdit | None = None
        """What is being typed, its question, and what takes it."""
        self._question = ""
        self._take: Callable[[str], None] = lambda text: None
        self._at_yes: Callable[[], None] | None = None
        """What a yes to the question in the last line does."""
        self._end_watch: Callable[[], None] = lambda: None
        self.title_line, self.foot = OneLine(), OneLine()
        self.rows = Rows(self.row_pieces, lambda width: [(("read", f"  {none()}"),)])

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._end_watch = self.snapshot.desk.store.observe(self._see)
        self._show_keys()

    def on_unmount(self) -> None:
        self._end_watch()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_keys)

    def _see(self, changes: Changes) -> None:
        """Called after each change, in any thread."""
        self.post_message(self.Changed())

    def on_list_screen_changed(self) -> None:
        self.follow()

    # the list's own

    def follow(self) -> None:
        """Brings the rows up to what the store has."""
        raise NotImplementedError  # no ABC: Textual's screens have a metaclass of their own

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        """The pieces of a row; none where it is gone."""
        raise NotImplementedError  # as above

    def own_keys(self) -> Keys:
        """What keys do beside moving and leaving; `open` is what a double click does, too."""
        raise NotImplementedError  # as above

    # what stands above and below

    def show_title(self, title: str, *more: tuple[str, str]) -> None:
        """Shows the title, and the pieces behind it."""
        self.title_line.say((*self._begin, ("title-here", f" {title} "), *more), "bar")

    def _show_keys(self) -> None:
        entries = key_line(self._command, self._keymap.shown, self.app.size.width)
        self.foot.say((("bar", "".join(entry for _, entry in entries)),), "bar")

    def say(self, text: str, bad: bool = False) -> None:
        """Says something in the last line, until the next key."""
        self.foot.say((("bar-late" if bad else "bar", f" {'! ' if bad else ''}{text}"),), "bar", most=3)

    def ask_yes(self, question: str, then: Callable[[], None], late: bool = False) -> None:
        """Asks in the last line; `then` is called for a yes, any other key is a no. `late`: it cannot be undone."""
        self._at_yes = then
        self.foot.say((("bar-late" if late else "bar", f" {question}"),), "bar", most=3)

    # keys

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._line is not None:
            self._type(self._line, event)
            return
        at_yes, self._at_yes = self._at_yes, None
        self._show_keys()
        if at_yes is not None:
            if event.key == "y":
                at_yes()
            return
        action = self._keys.get(self._keymap.command_of.get(event.key, ""))
        if action is not None:
            action()
        else:
            self.say(unbound_words(readable(event.key), self._keymap.named("help")))

    @property
    def _keys(self) -> Keys:
        rows, page = self.rows, self.rows.page
        back = {command: lambda: self.dismiss(None) for command in ("back", "escape", "quit", self._command)}
        return {
            **back,
            "down": lambda: rows.move_to(rows.at + 1),
            "up": lambda: rows.move_to(rows.at - 1),
            "half-page-down": lambda: rows.scroll_page(page // 2),
            "half-page-up": lambda: rows.scroll_page(-(page // 2)),
            "page-down": lambda: rows.scroll_page(page),
            "page-up": lambda: rows.scroll_page(-page),
            "first": lambda: rows.move_to(0),
            "last": lambda: rows.move_to(len(rows.numbers) - 1),
            "help": lambda: self.app.push_screen(HelpScreen(self._keymap, demo=bool(self._begin))),
            **self.own_keys(),
        }

    def click(self, y: int, opens: bool) -> None:
        """Points to the row in line `y` of the list; opens it, if wanted."""
        place = self.rows.place_at(y)
        if place is not None and self._line is None and self._at_yes is None:
            self.rows.move_to(place)
            if opens:
                self.own_keys()["open"]()

    # a line that is typed

    def ask_line(self, question: str, take: Callable[[str], None], text: str = "") -> None:
        """Lets a person type a line; what is typed first takes the place of `text`. enter hands it to `take`."""
        self._line, self._question, self._take = LineEdit(text, selected=True), question, take
        self._show_typed(self._line)

    def _show_typed(self, line: LineEdit) -> None:
        self.foot.say(
            (
                ("title-here", f" {self._question}: "),
                ("bar", " "),
                ("bar-pointed" if line.selected else "bar", line.before),
                ("bar-pointed", line.after[:1] or " "),
                ("bar", line.after[1:]),
            ),
            "bar",
        )

    def _type(self, line: LineEdit, event: events.Key) -> None:
        if event.key in ("escape", "ctrl+c", "enter"):
            self._line = None
            self._show_keys()
            if event.key == "enter":
                self._take(line.text)
            return
        if text := typed(event):
            line.insert(text)
        else:
            line.edit(event.key)
        self._show_typed(line)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self._line is not None:
            self._line.insert(one_line(clean(event.text)))
            self._show_typed(self._line)
