"""What a verb raises because of the state of things: types with fields, as in errors.py. Nothing has changed then."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commtui.activity.errors import TriageError

if TYPE_CHECKING:
    from commtui.model.length import Excess
    from commtui.model.records import Outgoing


class Taken(TriageError):
    """Somebody else has the conversation."""

    def __init__(self, conversation: str, author: str, assignee: str) -> None:
        super().__init__(conversation=conversation, author=author, assignee=assignee)

    conversation: str
    author: str
    assignee: str


class WrongItemState(TriageError):
    """The verb leads nowhere from the item's state. `possible`: the verbs that do."""

    def __init__(self, item: str, verb: str, state: str, possible: Sequence[str] = ()) -> None:
        super().__init__(item=item, verb=verb, state=state, possible=list(possible))

    item: str
    verb: str
    state: str
    possible: list[str]


class NotSent(TriageError):
    """The verb is for what is on the network, and the item is not."""

    def __init__(self, item: str, state: str, verb: str) -> None:
        super().__init__(item=item, state=state, verb=verb)

    item: str
    state: str
    verb: str


class CannotSend(TriageError):
    """A network cannot take a text. `problem`: empty, excess, ability or no-draft.

    `excess`: by how much it is too long; `addressed`: with the handle that the network puts before it counted in;
    `ability`: what the network does not have; `account`: the name of the account, where there are several; `drafts`:
    ids under which the text is kept.
    """

    def __init__(
        self,
        problem: str,
        *,
        excess: Sequence[Excess] = (),
        addressed: bool = False,
        network: str = "",
        ability: str = "",
        account: str = "",
        drafts: Sequence[str] = (),
    ) -> None:
        super().__init__(
            problem=problem,
            excess=tuple(excess),
            addressed=addressed,
            network=network,
            ability=ability,
            account=account,
            drafts=tuple(drafts),
        )

    problem: str
    excess: tuple[Excess, ...]
    addressed: bool
    network: str
    ability: str
    account: str
    drafts: tuple[str, ...]

    def on(self, account: str) -> CannotSend:
        """The same, said of one of several accounts."""
        return self._with(account=account)

    def kept_as(self, drafts: Sequence[str]) -> CannotSend:
        """The same, once the text is kept as `drafts`."""
        return self._with(drafts=tuple(drafts))

    def _with(self, **fields: Any) -> CannotSend:
        return CannotSend(**{**vars(self), **fields})


class CannotAct(TriageError):
    """The account cannot do the act. `problem`: ability or no-author (the network did not say who that is)."""

    def __init__(self, act: str, problem: str, network: str, account: str = "", author: str = "") -> None:
        super().__init__(act=act, problem=problem, network=network, account=account, author=author)

    act: str
    problem: str
    network: str
    account: str
    author: str


class CannotQuote(TriageError):
    """What a post is to show is not out, or on another network."""

    def __init__(self, item: str, network: str = "") -> None:
        super().__init__(item=item, network=network)

    item: str
    network: str
    """Where it can be quoted; empty: it is not out."""


class AuthorDeleted(TriageError):
    """The author has deleted the mention: it can't be shown around."""

    def __init__(self, author: str) -> None:
        super().__init__(author=author)

    author: str


class MacroFailed(TriageError):
    """A line of a macro was refused: none was done."""

    def __init__(self, macro: str, verb: str, error: TriageError) -> None:
        super().__init__(macro=macro, verb=verb, error=error)

    macro: str
    verb: str
    error: TriageError


class Unasked(TriageError):
    """A step back would put `ids` on their way, and nobody was asked. `step`: its op_id."""

    def __init__(self, ids: tuple[str, ...], step: str) -> None:
        super().__init__(ids=ids, step=step)

    ids: tuple[str, ...]
    step: str


class OtherText(TriageError):
    """Another text of ours stands in the conversation, and the writer may not know.

    `other`: that text; `by_me`: the writer's own, from another window; `answered_ago`: seconds since it was put on its
    way, None for a draft; `known`: what the writer knows from now on; `kept`: the draft that the refused text is in.
    """

    def __init__(self, other: Outgoing, by_me: bool, answered_ago: int | None, known: Any, kept: str = "") -> None:
        super().__init__(other=other, by_me=by_me, answered_ago=answered_ago, known=known, kept=kept)

    other: Outgoing
    by_me: bool
    answered_ago: int | None
    known: Any
    kept: str


class BackupFault(StrEnum):
    """What is wrong with a backup, or with where it is to go."""

    EXISTS = "exists"
    CANNOT_WRITE = "cannot write"
    IN_USE = "in use"
    """The home to fill has something in it."""
    NO_BACKUP = "no backup"
    NEWER = "newer"
    BAD_LINE = "bad line"
    CUT_OFF = "cut off"
    CANNOT_READ = "cannot read"


class BackupError(TriageError):
    """A backup cannot be written or read; nothing was made. `line` counts from 1; `cause`: what the line or the system
    says of it."""

    def __init__(self, fault: BackupFault, path: Path, *, line: int = 0, cause: Exception | None = None) -> None:
        super().__init__(fault=fault, path=path, line=line, cause=cause)

    fault: BackupFault
    path: Path
    line: int
    cause: Exception | None
