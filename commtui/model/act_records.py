"""The record of an act: a like, a boost, an edit, a deletion, a block, and what else is no text of its own."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.states import OutgoingState
from commtui.model.strings import Id, Opaque, Text


class ActKind(StrEnum):
    """A public or account change that is not a text."""

    FAVOURITE = "favourite"
    UNFAVOURITE = "unfavourite"
    BOOST = "boost"
    UNBOOST = "unboost"
    DELETE = "delete"
    EDIT = "edit"
    MUTE = "mute"
    UNMUTE = "unmute"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REPORT = "report"
    ACCEPT = "accept"
    REJECT = "reject"
    ACCEPT_FILTERED = "accept-filtered"
    READ = "read"


class Act(Struct, frozen=True, kw_only=True):
    """An act on its way, delivered like a text. Every kind but a report can be repeated without harm."""

    id: Id
    account: Id
    network: Id
    kind: ActKind
    target: Id
    """remote_id of the status, or of the author for mute, block and report."""
    state: OutgoingState
    created_at: AwareDatetime
    scheduled_at: AwareDatetime
    author: str = ""
    of: Id | None = None
    """Our id of what it is about."""
    text: Text = ""
    """The new text of an edit, the comment of a report."""
    tries: int = 0
    next_try_at: AwareDatetime | None = None
    failing_since: AwareDatetime | None = None
    error: str | None = None
    reason: str | None = None
    extra: dict[Opaque, Opaque] = {}
    sending_since: AwareDatetime | None = None
    engine: str = ""
