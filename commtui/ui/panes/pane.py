"""The three panes without a screen: which rows they have, how one is written, what stands there when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Changed
from commtui.triage import views
from commtui.triage.query import Term
from commtui.triage.status import Standing
from commtui.ui.text.rows import Look, Piece, Pieces, counts_down, leaves, mention_row, outgoing_row, short_time

if TYPE_CHECKING:
    from commtui.triage.live_filter import Kept
    from commtui.ui.widgets.rows import Spot

AT_ONCE: Final = 0.02
"""Seconds for which a filter is run before the screen's loop gets its turn."""
SOONEST_OF: Final = 20
"""Scheduled items that are looked at: those before the first to come are late, and rare."""
Name = Literal["mentions", "replies", "posts"]
NAMES: Final[tuple[Name, ...]] = ("mentions", "replies", "posts")


class Pane:
    """What one pane shows. `terms` is its filter, `filter_text` the same as it was typed; `search_text` its search."""

    name: Name
    title: str
    kinds: tuple[type, ...] = (Outgoing,)
    """Records whose change may change a row."""

    def __init__(self) -> None:
        self.filter_text = ""
        self.search_text = ""
        self.terms: tuple[Term, ...] = ()
        self.wanted: Spot | None = None
        """Where to go once its rows are found."""

    def numbers(self, desk: Desk, changes: Changed) -> Sequence[int]:
        """The rows, in their order, after these changes of the store; the same object where it is known that none
        moved."""
        raise NotImplementedError

    @property
    def searching(self) -> bool:
        """Whether its rows are still being looked for."""
        return False

    def will_show(self, desk: Desk, number: int) -> bool:
        """Whether a row will be among those that are being looked for."""
        return False

    def identity(self, number: int) -> str:
        """The id that verbs take for a row."""
        raise NotImplementedError

    def row(self, desk: Desk, number: int, look: Look, pointed: bool, marked: bool) -> Pieces:
        """The row as it is painted; one whose record is gone is empty."""
        raise NotImplementedError

    def words(self, desk: Desk, number: int) -> str:
        """The row's words, for a search in the pane."""
        raise NotImplementedError

    def summary(self, standing: Standing, look: Look, soon: Outgoing | None) -> list[Piece]:
        """What its title says of it, for when its rows are not in sight, too."""
        raise NotImplementedError

    def empty(self, desk: Desk, standing: Standing, look: Look, keys: dict[str, str]) -> list[str]:
        """What to do next, where no row is. `keys`: command -> its key."""
        raise NotImplementedError


class MentionsPane(Pane):
    """One row for each conversation, who waits longest first."""

    name: Name = "mentions"
    title = "Mentions"
    kinds = (Conversation,)

    def __init__(self) -> None:
        super().__init__()
        self.kept: Kept | None = None
        """The rows of its filter."""
        self.pursued: Kept | None = None
        """The same, while they are searched for between other things."""

    def numbers(self, desk: Desk, changes: Changed) -> Sequence[int]:
        if not self.terms:
            self.kept = None
            return views.queue(desk)
        if self.kept is None or self.kept.terms != self.terms:
            from commtui.triage.live_filter import Kept  # nothing that the first rows need

            self.kept = Kept(self.terms)
        numbers = self.kept.follow(desk, changes)
        if self.kept.searching and self.kept.go_on(desk, AT_ONCE):
            numbers = self.kept.follow(desk, {})
        return numbers

    @property
    def searching(self) -> bool:
        return self.kept is not None and self.kept.searching

    def will_show(self, desk: Desk, number: int) -> bool:
        return self.kept is not None and self.kept.means(desk, number)

    def identity(self, number: int) -> str:
        return ids.from_number(ids.CONVERSATION, number)

    def row(self, desk: Desk, number: int, look: Look, pointed: bool, marked: bool) -> Pieces:
        held = views.conversation(desk, number)
        return mention_row(held, look, pointed, marked) if held else ()

    def words(self, desk: Desk, number: int) -> str:
        held = views.conversation(desk, number)
        return f"{held.author} {held.author_name} {held.text} {' '.join(held.tags)}" if held else ""

    def summary(self, standing: Standing, look: Look, soon: Outgoing | None) -> list[Piece]:
        found: list[Piece] = [("bar", f"{standing.open} open")]
        if standing.overdue:
            found.append(("title", f"{standing.overdue} overdue"))
        if standing.unassigned != standing.open:
            found.append(("bar-dim", f"{standing.unassigned} unassigned"))
        return found

    def empty(self, desk: Desk, standing: Standing, look: Look, keys: dict[str, str]) -> list[str]:
        if not desk.settings.accounts:
            return [
                "No account yet. In a shell:",
                "",
                "  commtui account add mastodon --server https://YOUR.SERVER",
                "",
                "It is noticed here at once. To look around first:",
                "",
                "  commtui --demo",
            ]
        if self.searching:
            return [f"Searching for  {self.filter_text}", "", f"{keys['escape']} ends it and shows all again."]
        if self.terms:
            return [f"Nothing matches  {self.filter_text}", "", f"{keys['filter']} and an empty line show all again."]
        lines = ["Nothing is open: everybody has an answer."]
        if standing.synced_at is None:
            lines = ["Nothing is here yet: no account was in step with its network so far."]
        lines.append("")
        for count, what, views_key in (
            (standing.waiting, "waiting for their answer", "w"),
            (standing.snoozed, "snoozed", "z"),
        ):
            if count:
                lines.append(f"  {count} {what}: {keys['leader']} {views_key} shows them")
        lines += [
            f"  {keys['sync']} asks the networks now",
            f"  {keys['compose']} writes a post",
            f"  {keys['help']} help",
        ]
        return lines


class OutgoingPane(Pane):
    """Replies (lane community) or posts (lane marketing), by time."""

    letter = ids.REPLY
    lane: views.Lane = "community"

    def numbers(self, desk: Desk, changes: Changed) -> Sequence[int]:
        return views.pane_numbers(desk, self.lane, self.terms)

    def identity(self, number: int) -> str:
        return ids.from_number(self.letter, number)

    def item(self, desk: Desk, number: int) -> Outgoing | None:
        """The reply or post of a row."""
        return desk.store.at(Outgoing, number)

    def row(self, desk: Desk, number: int, look: Look, pointed: bool, marked: bool) -> Pieces:
        item = self.item(desk, number)
        if item is None:
            return ()
        account = next((each.name for each in desk.settings.accounts if each.id == item.account), item.network)
        return outgoing_row(item, look, pointed, marked, answered_author(desk, item), account)

    def words(self, desk: Desk, number: int) -> str:
        item = self.item(desk, number)
        return f"{answered_author(desk, item)} {item.state.value} {item.text}" if item else ""

    def _states(self, states: dict[str, int]) -> list[Piece]:
        found: list[Piece] = []
        for state in ("failed", "unknown", "held"):
            if states.get(state):
                found.append(("bar-late", f"{states[state]} {state}"))
        for state in ("retrying", "scheduled", "review", "draft"):
            if states.get(state):
                found.append(("bar", f"{states[state]} {state}"))
        return found


class RepliesPane(OutgoingPane):
    """Our replies on their way."""

    name: Name = "replies"
    title = "Replies"

    def summary(self, standing: Standing, look: Look, soon: Outgoing | None) -> list[Piece]:
        states = dict(standing.replies)
        found: list[Piece] = []
        if soon and soon.scheduled_at and counts_down(soon, look.now):
            found.append(("bar", leaves(soon, look.now)))
        return found + self._states(states)

    def empty(self, desk: Desk, standing: Standing, look: Look, keys: dict[str, str]) -> list[str]:
        if self.terms:
            return [f"Nothing matches  {self.filter_text}", "", f"{keys['filter']} and an empty line show all again."]
        return [
            "No reply is on its way.",
            "",
            f"  {keys['pane-mentions']} then {keys['reply']} answers a mention",
            f"  {keys['leader']} t shows what was sent",
        ]


class PostsPane(OutgoingPane):
    """Our posts, by the time at which they leave."""

    name: Name = "posts"
    title = "Posts"
    letter = ids.VARIANT
    lane: views.Lane = "marketing"

    def summary(self, standing: Standing, look: Look, soon: Outgoing | None) -> list[Piece]:
        found = self._states(dict(standing.posts))
        post = standing.next_post
        if post and post.scheduled_at:
            found.append(("bar", f"next {short_time(post.scheduled_at, look)}"))
        return found

    def empty(self, desk: Desk, standing: Standing, look: Look, keys: dict[str, str]) -> list[str]:
        if self.terms:
            return [f"Nothing matches  {self.filter_text}", "", f"{keys['filter']} and an empty line show all again."]
        return [
            "No post is planned.",
            "",
            f"  {keys['compose']} writes one, now or for a time",
            f"  {keys['leader']} t shows what was sent",
        ]


def answered_author(desk: Desk, item: Outgoing) -> str:
    """Whom a reply answers."""
    mention = desk.store.get(Mention, item.in_reply_to) if item.in_reply_to else None
    return mention.author if mention else ""


def soonest(desk: Desk, lane: views.Lane) -> Outgoing | None:
    """What leaves next of a lane: the first that is still to come, else the first that should have left."""
    numbers = desk.store.ordered(Outgoing, "_state", f"{lane}:{OutgoingState.SCHEDULED.value}", "_at")
    found = [desk.store.at(Outgoing, number) for number in numbers[:SOONEST_OF]]
    ahead = (item for item in found if item and item.scheduled_at and item.scheduled_at > desk.now)
    return next(ahead, found[0] if found else None)


def make_panes() -> dict[Name, Pane]:
    """The three panes, in their order."""
    return {pane.name: pane for pane in (MentionsPane(), RepliesPane(), PostsPane())}
