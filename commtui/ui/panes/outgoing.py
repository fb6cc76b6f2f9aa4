"""The panes of what we send, by time: replies (community lane) and posts (marketing lane)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from commtui.ui.text.rows import Piece, Pieces, RowContext, countdown_words, counts_down, outgoing_row, short_time


class OutgoingPane(Pane):
    """What both panes have in common. `letter` begins the ids of its rows."""

    letter: str
    lane: Lane

    def numbers(self, desk: Desk, changes: Changes) -> Sequence[int]:
        return views.pane_numbers(desk, self.lane, self.terms)

    def identity(self, number: int) -> str:
        return ids.from_number(self.letter, number)

    def item(self, desk: Desk, number: int) -> Outgoing | None:
        """The reply or post of a row."""
        return desk.store.at(Outgoing, number)

    def row(self, desk: Desk, number: int, context: RowContext, pointed: bool, marked: bool) -> Pieces:
        item = self.item(desk, number)
        if item is None:
            return ()
        names = (account.name for account in desk.settings.accounts if account.id == item.account)
        return outgoing_row(item, context, pointed, marked, answered_author(desk, item), next(names, item.network))

    def words(self, desk: Desk, number: int) -> str:
        item = self.item(desk, number)
        return f"{answered_author(desk, item)} {item.state.value} {item.text}" if item else ""


class RepliesPane(OutgoingPane):
    """Replies that are written, on their way or stuck."""

    name: Name = "replies"
    title = "Replies"
    letter = ids.REPLY
    lane: Lane = Lane.COMMUNITY

    def summary(self, snapshot: Snapshot) -> list[Piece]:
        pieces: list[Piece] = []
        item = snapshot.next_reply
        if item and item.scheduled_at and counts_down(item, snapshot.now):
            pieces.append(("bar", countdown_words(item, snapshot.now)))
        return pieces + _state_counts(dict(snapshot.standing.replies))

    def empty(self, snapshot: Snapshot, keys: Mapping[str, str]) -> list[str]:
        if self.terms:
            return self.no_match(keys)
        return [
            "No reply is on its way.",
            "",
            f"  {keys['pane-mentions']} then {keys['reply']} answers a mention",
            f"  {keys['leader']} {BY_ID['view-sent'].leader} shows what was sent",
        ]


class PostsPane(OutgoingPane):
    """Posts that are written, planned or stuck."""

    name: Name = "posts"
    title = "Posts"
    letter = ids.VARIANT
    lane: Lane = Lane.MARKETING

    def summary(self, snapshot: Snapshot) -> list[Piece]:
        pieces = _state_counts(dict(snapshot.standing.posts))
        post = snapshot.standing.next_post
        if post and post.scheduled_at:
            pieces.append(("bar", f"next {short_time(post.scheduled_at, snapshot.row_context(0))}"))
        return pieces

    def empty(self, snapshot: Snapshot, keys: Mapping[str, str]) -> list[str]:
        if self.terms:
            return self.no_match(keys)
        return [
            "No post is planned.",
            "",
            f"  {keys['compose']} writes one, now or for a time",
            f"  {keys['leader']} {BY_ID['view-sent'].leader} shows what was sent",
        ]


def _state_counts(states: Mapping[str, int]) -> list[Piece]:
    """How many items are in each state, what needs a person first."""
    late = [("bar-late", f"{states[state]} {state}") for state in ("failed", "unknown", "held") if states.get(state)]
    usual = ("retrying", "scheduled", "review", "draft")
    return late + [("bar", f"{states[state]} {_plural(state, states[state])}") for state in usual if states.get(state)]


def _plural(state: str, count: int) -> str:
    return "drafts" if state == "draft" and count != 1 else state
