"""A person: who they are, what is written down about them, and every conversation, which can be opened."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from textual.app import ComposeResult

from commtui.model import ids
from commtui.model.people import Mark
from commtui.model.records import Conversation
from commtui.sentences.people import erasing_question
from commtui.triage.people import Profile, profile_of
from commtui.triage.people_list import suggestions
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.dialogs.person_actions import PersonActions, Said
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.mention_row import mention_row
from commtui.ui.text.person import head_lines, title_words
from commtui.ui.text.rows import Pieces
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


class PersonScreen(ListScreen[None]):
    """Ends when a conversation is opened, when the person is erased, or by the keys that lead back."""

    def __init__(
        self, snapshot: Snapshot, keymap: Keymap, actions: PersonActions, author: str, at: int = 0, demo: bool = False
    ) -> None:
        """`author`: the id of one of those who the person is. `at`: the number of the conversation that the cursor
        points to; 0: the newest."""
        super().__init__("person", snapshot, keymap, lambda: "they wrote in no conversation", demo)
        self._actions = actions
        self._author, self._at = author, at
        self._read()
        self.head = SideColumn(self._head, self._place_head, "person-head")

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.head
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._show()
        self.call_after_refresh(self._point)

    def on_resize(self) -> None:
        self.call_after_refresh(self._place_head)

    def _read(self) -> None:
        self._person: Profile = profile_of(self.snapshot.desk, self._author)
        self._maybe = suggestions(self.snapshot.desk.store, self._person)

    def follow(self) -> None:
        self._read()
        self._show()

    # what is shown

    def _show(self) -> None:
        self.show_title(title_words(self._person))
        self._place_head()
        self.rows.show([ids.number(identity) for identity in self._person.every], None)

    def _place_head(self) -> None:
        """Gives the facts the lines that they need, as long as the list keeps its own."""
        size = self.app.size
        wanted = len(self._head(size.width))
        self.head.styles.height = max(1, min(wanted, size.height - 2 - ROWS_LEAST))
        self.head.show()

    def _head(self, width: int) -> list[Pieces]:
        return head_lines(self._person, self._maybe, self.snapshot.row_context(width))

    def _point(self) -> None:
        self.head.show()
        if self._at:
            self.rows.move_to_number(self._at)

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        conversation = self.snapshot.desk.store.at(Conversation, number)
        return mention_row(conversation, self.snapshot.row_context(width), pointed, newest=True) if conversation else ()

    def _say(self, said: Said) -> None:
        if said.text:
            self.say(said.text, said.bad)

    # keys

    def own_keys(self) -> Keys:
        return {
            **{command: partial(self._ask, verb, question) for command, (verb, question) in ASKED.items()},
            "open": self._open,
            "mark": self._toggle_vip,
            "undo": lambda: self._say(self._actions.undo()),
            "quiet": self._ask_to_erase,
        }

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
        self.ask_yes(f"{question}  y yes, any other key no", self._erase, late=True)

    def _erase(self) -> None:
        self.dismiss(None)
        self._actions.erase(self._author)

    def _ask(self, verb: str, question: str) -> None:
        def take(text: str) -> None:
            if text.strip():
                self._say(self._actions.change(self._author, verb, text))

        suggested = self._maybe[0].handle if verb == "people-link" and self._maybe else ""
        self.ask_line(question, take, suggested)
