"""The mentions pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from commtui.activity.desk import Desk
from commtui.model import ids, times
from commtui.model.query_terms import Query
from commtui.model.states import Health, Order
from commtui.store.changes import Changes
from commtui.triage import queues, views
from commtui.ui.keys.table import BY_ID
from commtui.ui.panes.pane import Name, Pane
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.mention_row import brief_mention, mention_row
from commtui.ui.text.rows import Piece, Pieces, RowContext

if TYPE_CHECKING:
    from commtui.triage.everywhere import Everywhere
    from commtui.triage.live_filter import LiveFilter

AT_ONCE: Final = 0.008
"""Seconds for which a filter is run before the screen's loop gets its turn."""
ROWS_AT_ONCE: Final = 10_000
"""Numbers of rows that are read before it does."""


class MentionsPane(Pane):
    """One row for each conversation."""

    name: Name = "mentions"
    title = "Mentions"

    def __init__(self, default_order: Callable[[], Order] = lambda: Order.WAIT) -> None:
        super().__init__()
        self._default_order = default_order
        self.live_filter: LiveFilter | Everywhere | None = None
        """The rows of its filter, or of a search over everything."""
        self._shown: tuple[Query, Order, str] = ((), Order.WAIT, "")
        """The terms, the order and the search whose rows were asked for last."""
        self._rows: Sequence[int] | None = None
        """The open ones, as they were last whole."""
        self._reading = False

    @property
    def reading(self) -> bool:
        return self._reading

    @property
    def _asked(self) -> tuple[Query, Order, str]:
        return self.all_terms, self._order, self.everywhere

    @property
    def asks_anew(self) -> bool:
        return self._shown != self._asked

    @property
    def default_order(self) -> Order:
        return self._default_order()

    @property
    def order(self) -> Order | None:
        return None if self.everywhere else self._order

    @property
    def _order(self) -> Order:
        return self.orders.get(self.filter_text, self.default_order)

    @property
    def is_whole(self) -> bool:
        return self.live_filter is None or self.live_filter.is_whole

    def want_more(self) -> bool:
        """Lets a search over everything find another page; True if there may be one."""
        if self.everywhere and self.live_filter is not None and not self.searching and not self.is_whole:
            self.live_filter.more()
        return self.searching

    def numbers(self, desk: Desk, changes: Changes) -> Sequence[int]:
        terms, anew = self.all_terms, self.asks_anew
        self._shown = self._asked
        if not terms:
            self.live_filter = None
            return self._open(desk)
        self._reading = False
        if self.live_filter is None or anew:
            from commtui.triage.everywhere import Everywhere  # nothing that the first rows need
            from commtui.triage.live_filter import LiveFilter

            self.live_filter = Everywhere(terms) if self.everywhere else LiveFilter(terms, self._order)
        numbers = self.live_filter.update(desk, changes)
        if self.live_filter.searching and self.live_filter.search_for(desk, AT_ONCE):
            numbers = self.live_filter.update(desk, Changes())
        return numbers

    def _open(self, desk: Desk) -> Sequence[int]:
        """The open ones. Those from before stay while others are read: a slice at each call, but at first all."""
        rows = views.queue(desk, order=self._order, at_once=None if self._rows is None else ROWS_AT_ONCE)
        self._reading = queues.is_reading(desk, self._order)
        if self._rows is None or not self._reading:
            self._rows = rows
        return self._rows

    @property
    def searching(self) -> bool:
        return self.live_filter is not None and self.live_filter.searching

    def will_show(self, desk: Desk, number: int) -> bool:
        return self.live_filter is not None and self.live_filter.matches(desk, number)

    def identity(self, number: int) -> str:
        return ids.from_number(ids.CONVERSATION, number)

    def row(self, desk: Desk, number: int, context: RowContext, pointed: bool, marked: bool) -> Pieces:
        conversation = views.conversation_at(desk, number)
        newest = bool(self.everywhere) or self._order is Order.NEWEST
        if conversation is None:
            return ()
        return mention_row(conversation, context, pointed, marked, newest, desk.store.people.is_vip(conversation))

    def brief(self, desk: Desk, number: int, context: RowContext) -> Pieces:
        conversation = views.conversation_at(desk, number)
        return brief_mention(conversation, context) if conversation else ()

    def words(self, desk: Desk, number: int) -> str:
        conversation = views.conversation_at(desk, number)
        if conversation is None:
            return ""
        return f"{conversation.author} {conversation.author_name} {conversation.text} {' '.join(conversation.tags)}"

    def summary(self, snapshot: Snapshot, brief: bool = False) -> list[Piece]:
        standing = snapshot.standing
        pieces: list[Piece] = [("bar", f"{standing.open} open")]
        if standing.overdue:
            pieces.append(("title", f"{standing.overdue} overdue"))
        if standing.at_risk:
            pieces.append(("title", f"{standing.at_risk} at risk"))
        if standing.next_due and not brief:
            pieces.append(("bar", f"next due {times.ago(snapshot.now, standing.next_due.due_at)}"))
        if standing.unassigned != standing.open and not brief:
            pieces.append(("bar", f"{standing.unassigned} unassigned"))
        return pieces

    def empty(self, snapshot: Snapshot, key_of: Callable[[str], str]) -> list[str]:
        standing = snapshot.standing
        if not snapshot.desk.settings.accounts:
            return [
                "No account yet.",
                "",
                f"  {key_of('leader')} {BY_ID['account-add'].leader} adds one",
            ]
        if self.searching:
            return [
                f"Searching for  {self.filter_text or 'the rows of the account'}",
                "",
                f"{key_of('escape')} ends it and shows all again.",
            ]
        if self.terms:
            return self.no_match(key_of)
        if self.account:
            return self.none_of_account(key_of)
        lines = ["Nothing is open: everybody has an answer."]
        unfetched = [account for account in standing.accounts if account.synced_at is None]
        if unfetched and len(unfetched) == len(standing.accounts):
            begins = (
                all(account.health is Health.UNKNOWN for account in unfetched) and snapshot.engine.where != "failed"
            )
            why = "the first fetch is under way" if begins else "nothing was fetched so far"
            lines = [f"Nothing is here yet: {why}."]
        elif unfetched:
            lines = [f"Nothing is open; not fetched so far: {', '.join(account.account for account in unfetched)}."]
        lines.append("")
        views_ = (
            (standing.waiting, "waiting for their answer", "view-waiting"),
            (standing.snoozed, "snoozed", "view-snoozed"),
        )
        for count, words, view in views_:
            if count:
                lines.append(f"  {count} {words}: {key_of('leader')} {BY_ID[view].leader} shows them")
        return [
            *lines,
            f"  {key_of('sync')} asks the networks now",
            f"  {key_of('compose')} writes a post",
            f"  {key_of('help')} help",
        ]
