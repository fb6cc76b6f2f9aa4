"""What a pane lists, without a screen: its rows, how one is written, what stands there when there is none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Final, Literal

from commtui.activity.desk import Desk
from commtui.model.query_terms import Query, Term
from commtui.model.states import Order
from commtui.store.changes import Changes
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.rows import Piece, Pieces, RowContext
from commtui.ui.widgets.places import Spot

Name = Literal["mentions", "replies", "posts"]
NAMES: Final[tuple[Name, ...]] = ("mentions", "replies", "posts")


class Pane(ABC):
    """What one pane shows. `terms` is its filter, `filter_text` the same as it was typed; `search_text` its search."""

    name: Name
    title: str

    def __init__(self) -> None:
        self.filter_text = ""
        self.search_text = ""
        self.terms: Query = ()
        self.everywhere = ""
        """The search over everything whose results are shown, as it was typed; empty: none."""
        self.account = ""
        """The account (its id) whose rows are shown; empty: all."""
        self.orders: dict[str, Order] = {}
        """What sorts the rows of each filter, where that was chosen."""
        self.wanted: Spot | None = None
        """Where the cursor goes once the rows of its filter are found."""
        self.unfiltered: Spot | None = None
        """Where the cursor was before its filter."""

    @property
    def default_order(self) -> Order:
        """What sorts its rows unless a person chooses."""
        return Order.WAIT

    @property
    def order(self) -> Order | None:
        """What sorts its rows; None where nothing can be chosen."""
        return None

    @abstractmethod
    def numbers(self, desk: Desk, changes: Changes) -> Sequence[int]:
        """The rows, in their order, after these changes of the store; the same object where no row moved."""

    @property
    def all_terms(self) -> Query:
        """The terms of its filter, and that of its account."""
        return (*self.terms, (Term("account", self.account),)) if self.account else self.terms

    @property
    def reading(self) -> bool:
        """Whether `numbers` has returned what stood there before: all is read anew, and the next call goes on."""
        return False

    @property
    def asks_anew(self) -> bool:
        """Whether the next `numbers` looks for other rows: filter, account or order is another."""
        return False

    @property
    def searching(self) -> bool:
        """Whether its rows are still being looked for."""
        return False

    @property
    def is_whole(self) -> bool:
        """Whether the rows are all that there are: a search over everything finds them in pages."""
        return True

    def want_more(self) -> bool:
        """Lets a search over everything find another page; True if there may be one."""
        return False

    def will_show(self, desk: Desk, number: int) -> bool:
        """Whether a row will be among those that are being looked for."""
        return False

    @abstractmethod
    def identity(self, number: int) -> str:
        """The id that verbs take for a row."""

    @abstractmethod
    def row(self, desk: Desk, number: int, context: RowContext, pointed: bool, marked: bool) -> Pieces:
        """The row as it is painted; empty where its record is gone."""

    @abstractmethod
    def words(self, desk: Desk, number: int) -> str:
        """The row's words, for a search in the pane."""

    def next_number(self, snapshot: Snapshot, numbers: Sequence[int]) -> int | None:
        """The row that stands on the title where there is no room for others: what is due next."""
        return next(iter(numbers), None)

    @abstractmethod
    def brief(self, desk: Desk, number: int, context: RowContext) -> Pieces:
        """That row."""

    @abstractmethod
    def summary(self, snapshot: Snapshot, brief: bool = False) -> list[Piece]:
        """What its title says of it. `brief`: what must be said where its next row stands there, too."""

    @abstractmethod
    def empty(self, snapshot: Snapshot, key_of: Callable[[str], str]) -> list[str]:
        """What to do next, where there is no row. `key_of`: the key of a command."""

    def none_of_account(self, key_of: Callable[[str], str]) -> list[str]:
        """What to do where an account has no row."""
        return ["Nothing of this account is here.", f"{key_of('account-filter')} shows another account, or all."]

    def no_match(self, key_of: Callable[[str], str]) -> list[str]:
        """What to do where the filter leaves no row."""
        return [f"Nothing matches  {self.filter_text}", f"{key_of('escape')} shows all again."]
