"""What is stored of a merge by hand: who did it, and what people had decided about the elder conversation."""

from __future__ import annotations

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.states import ConversationStatus, Priority
from commtui.model.strings import Id


class Decided(Struct, frozen=True, kw_only=True):
    """What people decided about a conversation, and who waits there: fields of Conversation."""

    status: ConversationStatus
    since: AwareDatetime
    unread: bool
    by_bot: bool
    done_at: AwareDatetime | None
    snoozed_until: AwareDatetime | None
    snoozed_for_answer: bool
    muted: bool
    muted_until: AwareDatetime | None
    assignee: str | None
    tags: tuple[str, ...]
    priority: Priority
    campaign: Id | None


class Merge(Struct, frozen=True, kw_only=True):
    """That a person merged a conversation, in whose record it stands, into an elder one."""

    at: AwareDatetime
    who: str
    before: Decided
    """Of the elder one, before the step that merged them."""
    after: Decided
    """Of the elder one, after that step."""
    mentions: int
    """How many its own thread had then."""
    elder_mentions: int
    """How many the elder one's own thread had then."""
