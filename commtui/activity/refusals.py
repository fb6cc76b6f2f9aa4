"""Errors of a verb about the state of an item: types with fields, as in errors.py. Nothing has changed then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from commtui.activity.errors import BadAttachment, TriageError

if TYPE_CHECKING:
    from commtui.model.length import Excess
    from commtui.model.records import Outgoing


class AlreadyAssigned(TriageError):
    """The conversation is assigned to another person. `since`: None where the log does not say."""

    conversation: str
    author: str
    assignee: str
    since: datetime | None = None


class WrongItemState(TriageError):
    """The verb is not possible in the item's state. `possible`: the verbs that are."""

    item: str
    verb: str
    state: str
    possible: Sequence[str] = ()


class NotSent(TriageError):
    """The verb needs an item that is published on the network, and this one is not."""

    item: str
    state: str
    verb: str


class CannotSend(TriageError):
    """A network does not accept a text. `problem`: empty, excess, ability, media or no-draft.

    `excess`: by how much it is too long; `addressed`: whether that counts the handle that the network puts before it;
    `ability`: what the network lacks; `media`: what is wrong with a file; `account`: the account's name, where there
    are several; `drafts`: the ids of the drafts that the text was saved as.
    """

    problem: str
    excess: Sequence[Excess] = ()
    addressed: bool = False
    network: str = ""
    ability: str = ""
    media: BadAttachment | None = None
    account: str = ""
    drafts: Sequence[str] = ()

    def on(self, account: str) -> CannotSend:
        """Returns the same error for one of several accounts."""
        return self._with(account=account)

    def kept_as(self, drafts: Sequence[str]) -> CannotSend:
        """Returns the same error after the text was saved as `drafts`."""
        return self._with(drafts=tuple(drafts))

    def _with(self, **fields: Any) -> CannotSend:
        return CannotSend(**{**self.fields(), **fields})


class CannotAct(TriageError):
    """The account cannot do the act.

    `problem`: ability (the network lacks it), no-author (it gave no author id), private or direct (what must not be
    boosted has that visibility), decided (the answer waits for no approval).
    """

    act: str
    problem: str
    network: str
    account: str = ""
    author: str = ""


class CannotQuote(TriageError):
    """The item that a post should quote is not published, or on another network."""

    item: str
    network: str = ""
    """The only network where it can be quoted; empty: it is not published."""


class AuthorDeleted(TriageError):
    """The author has deleted the mention: it must not be quoted."""

    author: str


class CannotMerge(TriageError):
    """Conversations can't be merged. `problem`: one (there is only one), accounts (they are on several), or many (more
    than `most`)."""

    problem: str
    ids: Sequence[str] = ()
    most: int = 0


class NoTimeToMove(TriageError):
    """Drafts have no time yet, and a move of their times was wanted."""

    ids: Sequence[str]


class WouldMix(TriageError):
    """A merge would make one of conversations that not the same people see, and nobody agreed to that. `audiences`:
    how widely their newest messages are seen, the widest first."""

    audiences: Sequence[str]


class CannotSplit(TriageError):
    """A conversation can't be split there. `problem`: not-merged (it was not merged, and no mention was named), or
    whole (all of its mentions answer that one)."""

    problem: str
    item: str


class CampaignNameTaken(TriageError):
    """Another campaign has that name."""

    name: str


class CampaignEnded(TriageError):
    """The campaign has ended: nothing is planned for it, and it cannot be paused."""

    name: str


class MacroFailed(TriageError):
    """A line of a macro raised `error`; none of its lines was done."""

    macro: str
    verb: str
    error: TriageError


class WouldSend(TriageError):
    """An undo would schedule `ids` again, and nobody has confirmed that. `step`: the op_id of the step."""

    ids: tuple[str, ...]
    step: str


class OtherText(TriageError):
    """The conversation, or the post, has another text of ours that the writer has not seen.

    `other`: that text; `by_me`: the same person wrote it, in another window; `answered_ago`: seconds since it was
    scheduled, None for a draft; `known`: the texts that the writer has seen from now on (KnownTexts); `kept`: the id of
    the draft that the refused text was saved as.
    """

    other: Outgoing
    by_me: bool
    answered_ago: int | None
    known: Any
    kept: str = ""


class ChangedMeanwhile(TriageError):
    """The item is no longer as the writer saw it. `other`: as it is now; `who` changed it, `ago` seconds ago (None: the
    log does not say)."""

    other: Outgoing
    who: str
    ago: int | None


class NotKept(TriageError):
    """An edit that is not saved yet could not be written into its file."""

    path: Path
    cause: OSError


class Stopped(TriageError):
    """The person stopped what is done as a whole or not at all."""


class BackupFault(StrEnum):
    """What is wrong with a backup, or with its target."""

    EXISTS = "exists"
    CANNOT_WRITE = "cannot write"
    NOT_EMPTY = "not empty"
    """The home to restore into is not empty."""
    NO_BACKUP = "no backup"
    NEWER = "newer"
    BAD_LINE = "bad line"
    CUT_OFF = "cut off"
    CANNOT_READ = "cannot read"


class BackupError(TriageError):
    """A backup cannot be written or read; nothing was made. `line` counts from 1; `cause`: the error of that line or of
    the system."""

    fault: BackupFault
    path: Path
    line: int = 0
    cause: Exception | None = None


class WhyNot(StrEnum):
    """Why a file beside the config is not in a backup."""

    LINK = "link"
    """A link in the folder of saved replies, from which no reply is read either: people share the folder."""
    PRIVATE = "private"
    """A link that ends in a secret."""
    NO_TEXT = "no text"
    """It is not UTF-8."""
    NO_FILE = "no file"
    """A folder, a device, or a link to one."""
    UNREADABLE = "unreadable"
    """It cannot be read, or a link leads nowhere."""


class LeftOut(Struct, frozen=True):
    """A file that a backup does not have, by its name in the home."""

    name: str
    why: WhyNot
