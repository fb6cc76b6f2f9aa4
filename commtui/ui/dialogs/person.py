"""A person: who they are, what is written down about them, and every conversation, which can be opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from commtui.model import ids
from commtui.model.people import Mark
from commtui.model.records import Conversation
from commtui.model.text import clean, one_line
from commtui.sentences.people import erasing_question
from commtui.store.changes import Changes
from commtui.triage.people import Profile, profile_of
from commtui.triage.people_list import suggestions
from commtui.ui.dialogs.help import HelpScreen
from commtui.ui.dialogs.person_actions import PersonActions, Said
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.key_hints import key_line
from commtui.ui.text.mention_row import mention_row
from commtui.ui.text.person import head_lines, title_words
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.line_edit import LineEdit
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.rows import Rows
from commtui.ui.widgets.side_column import SideColumn

ROWS_LEAST: Final = 4
"""Lines that are left to the list of conversations."""
ASKED: Final[Mapping[str, tuple[str, str]]] = {
    "tag": ("people-tag", "tag of the person"),
    "untag": ("people-untag", "without the tag"),
    "note": ("people-note", "note on the person (internal)"),
    "campaign": ("people-link", "the same person as (a handle or an id)"),
}
"""Command -> the verb that it does here, and what is asked for it."""


class PersonScreen(Screen[None], inherit_bindings=False):
    """Ends when a conversation is opened, when the person is erased, or by the keys that lead back."""

    class Changed(Message):
        """Something was written, by whichever thread or process."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, PersonScreen.Changed)

    AUTO_FOCUS = ""

    def __init__(
        self, snapshot: Snapshot, keymap: Keymap, actions: PersonActions, author: str, at: int = 0, demo: bool = False
    ) -> None:
        """`author`: the id of one of those who the person is. `at`: the number of the conversation that the cursor
        points to; 0: the newest."""
        super().__init__()
        self._snapshot, self._keymap, self._actions = snapshot, keymap, actions
        self._author, self._at = author, at
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._line: LineEdit | None = None
        self._line_verb, self._line_question = "", ""
        self._erasing = False
        """Whether the next key answers the question to erase."""
        self._end_watch: Callable[[], None] = lambda: None
        self._read()
        self.title_line, self.foot = OneLine(), OneLine()
        self.head = SideColumn(self._head, self._place_head, "person-head")
        self.rows = Rows(self._row, lambda width: [(("read", "  they wrote in no conversation"),)])

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.head
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._end_watch = self._snapshot.desk.store.observe(self._see)
        self._show()
        self._show_keys()
        self.call_after_refresh(self._point)

    def on_unmount(self) -> None:
        self._end_watch()

    def _see(self, changes: Changes) -> None:
        """Called after each change, in any thread."""
        self.post_message(self.Changed())

    def _read(self) -> None:
        self._person: Profile = profile_of(self._snapshot.desk, self._author)
        self._maybe = suggestions(self._snapshot.desk.store, self._person)

    def on_person_screen_changed(self) -> None:
        self._read()
        self._show()

    # what is shown

    def _show(self) -> None:
        self.title_line.say((*self._begin, ("title-here", f" {title_words(self._person)} ")), "bar")
        self._place_head()
        self.rows.show([ids.number(identity) for identity in self._person.every], None)

    def _place_head(self) -> None:
        """Gives the facts the lines that they need, as long as the list keeps its own."""
        size = self.app.size
        wanted = len(self._head(size.width))
        self.head.styles.height = max(1, min(wanted, size.height - 2 - ROWS_LEAST))
        self.head.show()

    def _head(self, width: int) -> list[Pieces]:
        return head_lines(self._person, self._maybe, self._snapshot.row_context(width))

    def _point(self) -> None:
        self.head.show()
        if self._at:
            self.rows.move_to_number(self._at)

    def _row(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        conversation = self._snapshot.desk.store.at(Conversation, number)
        return (
            mention_row(conversation, self._snapshot.row_context(width), pointed, newest=True) if conversation else ()
        )

    def _show_keys(self) -> None:
        entries = key_line("person", self._keymap.shown, self.app.size.width)
        self.foot.say((("bar", "".join(entry for _, entry in entries)),), "bar")

    def _say(self, said: Said) -> None:
        if said.text:
            role = "bar-late" if said.bad else "bar"
            self.foot.say(((role, f" {'! ' if said.bad else ''}{said.text}"),), "bar", most=3)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_keys)
        self.call_after_refresh(self._place_head)

    # keys

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._line is not None:
            self._type(self._line, event)
            return
        erasing, self._erasing = self._erasing, False
        self._show_keys()
        if erasing:
            if event.key == "y":
                self.dismiss(None)
                self._actions.erase(self._author)
            return
        command = self._keymap.command_of.get(event.key, "")
        if command in ASKED:
            self._ask(*ASKED[command])
        elif action := self._keys.get(command):
            action()

    @property
    def _keys(self) -> Mapping[str, Callable[[], object]]:
        rows, page = self.rows, self.rows.page
        back = {command: lambda: self.dismiss(None) for command in ("back", "escape", "quit", "person")}
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
            "open": self._open,
            "mark": self._toggle_vip,
            "undo": lambda: self._say(self._actions.undo()),
            "quiet": self._ask_to_erase,
            "help": lambda: self.app.push_screen(HelpScreen(self._keymap, demo=bool(self._begin))),
        }

    def click(self, y: int, opens: bool) -> None:
        """Points to the row in line `y` of the list; opens it, if wanted."""
        place = self.rows.place_at(y)
        if place is not None and self._line is None and not self._erasing:
            self.rows.move_to(place)
            if opens:
                self._open()

    def _open(self) -> None:
        number = self.rows.number
        if number is not None:
            self.dismiss(None)
            self._actions.open(self._author, ids.from_number(ids.CONVERSATION, number))

    def _toggle_vip(self) -> None:
        word = "none" if self._person.mark is Mark.VIP else "vip"
        self._say(self._actions.change(self._author, "people-mark", word))

    def _ask_to_erase(self) -> None:
        handles = [author.handle for author in self._person.authors]
        question = f"{erasing_question(handles, self._person.mentions)}: it cannot be undone"
        self._erasing = True
        self.foot.say((("bar-late", f" {question}  y yes, any other key no"),), "bar", most=3)

    # a line that is typed

    def _ask(self, verb: str, question: str) -> None:
        suggested = self._maybe[0].handle if verb == "people-link" and self._maybe else ""
        self._line, self._line_verb, self._line_question = LineEdit(suggested), verb, question
        self._show_typed(self._line)

    def _show_typed(self, line: LineEdit) -> None:
        self.foot.say(
            (
                ("title-here", f" {self._line_question}: "),
                ("bar", f" {line.before}"),
                ("bar-pointed", line.after[:1] or " "),
                ("bar", line.after[1:]),
            ),
            "bar",
        )

    def _type(self, line: LineEdit, event: events.Key) -> None:
        if event.key in ("escape", "ctrl+c", "enter"):
            self._line = None
            self._show_keys()
            if event.key == "enter" and line.text.strip():
                self._say(self._actions.change(self._author, self._line_verb, line.text))
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
