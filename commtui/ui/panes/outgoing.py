"""The panes of what we send, by time: replies (community lane) and posts (marketing lane)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.records import Outgoing
from commtui.model.states import Lane
from commtui.store.changes import Changes
from commtui.triage import views
from commtui.ui.keys.table import BY_ID
from commtui.ui.panes.pane import Name, Pane
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.names import answered_author
from commtui.ui.text.outgoing_row import brief_item, countdown_words, counts_down, outgoing_row
from commtui.ui.text.rows import Piece, Pieces, RowContext, near_time

STUCK: Final = ("failed", "unknown", "held")
USUAL: Final = ("retrying", "sending", "scheduled", "review", "draft")


class OutgoingPane(Pane):
    """What both panes have in common. `letter` begins the ids of its rows."""

    letter: str
    lane: Lane

    def __init__(self) -> None:
        super().__init__()
        self._accounts: dict[int, str] = {}
        """The accounts of rows: an item's never changes."""

    def numbers(self, desk: Desk, changes: Changes) -> Sequence[int]:
        numbers = views.pane_numbers(desk, self.lane, self.all_terms if self.terms else ())
        if not self.account or self.terms:
            return numbers
        for number in numbers:
            if number not in self._accounts:
                self._accounts[number] = desk.store.outgoing.account(number)
        return [number for number in numbers if self._accounts[number] == self.account]

    def identity(self, number: int) -> str:
        return ids.from_number(self.letter, number)

    def item(self, desk: Desk, number: int) -> Outgoing | None:
        """The reply or post of a row."""
        return desk.store.at(Outgoing, number)

    def row(self, desk: Desk, number: int, context: RowContext, pointed: bool, marked: bool) -> Pieces:
        item = self.item(desk, number)
        return outgoing_row(item, context, pointed, marked, answered_author(desk, item)) if item else ()

    def next_number(self, snapshot: Snapshot, numbers: Sequence[int]) -> int | None:
        item = snapshot.next_items[self.lane]
        return ids.number(item.id) if item and not self.all_terms else super().next_number(snapshot, numbers)

    def brief(self, desk: Desk, number: int, context: RowContext) -> Pieces:
        item = self.item(desk, number)
        return brief_item(item, context, answered_author(desk, item)) if item else ()

    def words(self, desk: Desk, number: int) -> str:
        item = self.item(desk, number)
        return f"{answered_author(desk, item)} {item.state.value} {item.text}" if item else ""


class RepliesPane(OutgoingPane):
    """Replies that are written, on their way or stuck."""

    name: Name = "replies"
    title = "Replies"
    letter = ids.REPLY
    lane: Lane = Lane.COMMUNITY

    def summary(self, snapshot: Snapshot, brief: bool = False) -> list[Piece]:
        if brief:
            return _brief_counts(dict(snapshot.standing.replies))
        pieces: list[Piece] = []
        item = snapshot.next_items[self.lane]
        if item and item.scheduled_at and counts_down(item, snapshot.now):
            pieces.append(("bar", countdown_words(item, snapshot.now)))
        return pieces + _state_counts(dict(snapshot.standing.replies))

    def empty(self, snapshot: Snapshot, key_of: Callable[[str], str]) -> list[str]:
        if self.terms:
            return self.no_match(key_of)
        if self.account:
            return self.none_of_account(key_of)
        return [
            "No reply is on its way.",
            f"  {key_of('pane-mentions')} then {key_of('reply')} answers a mention",
            f"  {key_of('leader')} {BY_ID['view-sent'].leader} shows what was sent",
        ]


class PostsPane(OutgoingPane):
    """Posts that are written, planned or stuck."""

    name: Name = "posts"
    title = "Posts"
    letter = ids.VARIANT
    lane: Lane = Lane.MARKETING

    def summary(self, snapshot: Snapshot, brief: bool = False) -> list[Piece]:
        if brief:
            return _brief_counts(dict(snapshot.standing.posts))
        pieces = _state_counts(dict(snapshot.standing.posts))
        post = snapshot.standing.next_post
        if post and post.scheduled_at:
            pieces.append(("bar", f"next {near_time(post.scheduled_at, snapshot.row_context(0))}"))
        return pieces

    def empty(self, snapshot: Snapshot, key_of: Callable[[str], str]) -> list[str]:
        if self.terms:
            return self.no_match(key_of)
        if self.account:
            return self.none_of_account(key_of)
        return [
            "No post is planned.",
            f"  {key_of('compose')} writes one, now or for a time",
            f"  {key_of('leader')} {BY_ID['view-sent'].leader} shows what was sent",
        ]


def _brief_counts(states: Mapping[str, int]) -> list[Piece]:
    """How many items need a person, and how many are scheduled."""
    scheduled = states.get("scheduled", 0)
    return _stuck_counts(states) + ([("bar", f"{scheduled} scheduled")] if scheduled else [])


def _stuck_counts(states: Mapping[str, int]) -> list[Piece]:
    return [("bar-late", f"{states[state]} {state}") for state in STUCK if states.get(state)]


def _state_counts(states: Mapping[str, int]) -> list[Piece]:
    """How many items are in each state, what needs a person first."""
    usual = [("bar", f"{states[state]} {_plural(state, states[state])}") for state in USUAL if states.get(state)]
    return _stuck_counts(states) + usual


def _plural(state: str, count: int) -> str:
    return "drafts" if state == "draft" and count != 1 else state
