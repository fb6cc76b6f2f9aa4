"""What is left of a record once its person is erased: pure functions. Ids, times and states stay; words and names go.

A mention keeps its own id, which is derived from what the network calls it: by that it is known if it comes again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from commtui.model import ids
from commtui.model.conversations import with_newest
from commtui.model.records import Act, Conversation, Mention, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState

ERASED: Final = "(erased)"
"""Stands in place of a handle: none begins like that."""
CLOCKS_APART: Final = timedelta(hours=1)
"""What is dated so shortly before an erasure, and was not here, may have been written after it."""
ENDED: Final = (OutgoingState.SENT, OutgoingState.DISCARDED)


def mention(old: Mention) -> Mention:
    """Returns what is left of a mention."""
    by_id = ids.mention_id(old.network, old.account, old.remote_id) == old.id
    return Mention(
        id=old.id,
        account=old.account,
        network=old.network,
        remote_id="" if by_id else old.remote_id,  # a server that gives another id at each edit
        via=old.via,
        conversation=old.conversation,
        came_to=old.came_to,
        author=ERASED,
        author_name="",
        text="",
        created_at=old.created_at,
        visibility=old.visibility,
        deleted=old.deleted,
        erased=True,
    )


def conversation(old: Conversation, others: Iterable[Mention], now: datetime) -> Conversation:
    """Returns what is left of a conversation in which they wrote. `others`: its mentions that stay; without any it is
    done and says nothing, else it is shown by the last of these."""
    newest = max(others, key=lambda other: other.created_at, default=None)
    if newest is not None:
        return with_newest(old, newest)
    return replace(
        old,
        status=ConversationStatus.DONE,
        done_at=old.done_at or now,
        snoozed_until=None,
        snoozed_for_answer=False,
        unread=False,
        author=ERASED,
        author_name="",
        text="",
        spoiler="",
        language=None,
        language_guess=None,
        attached=(),
        tags=(),
        draft=None,
        newest_edited=False,
        newest_pending=False,
        parents_known=True,
    )


def merged(old: Conversation) -> Conversation:
    """Returns a part of a merged conversation that says nothing of the tags which that had."""
    if old.merge is None:
        return old
    before, after = replace(old.merge.before, tags=()), replace(old.merge.after, tags=())
    return replace(old, merge=replace(old.merge, before=before, after=after))


def reply(old: Outgoing) -> Outgoing:
    """Returns what is left of a reply or a post with their words: that it was sent, and as what. What was still to be
    sent is discarded."""
    return Outgoing(
        id=old.id,
        account=old.account,
        network=old.network,
        text="",
        state=old.state if old.state in ENDED else OutgoingState.DISCARDED,
        created_at=old.created_at,
        key=old.key,
        conversation=old.conversation,
        came_to=old.came_to,
        in_reply_to=old.in_reply_to,
        post=old.post,
        author=old.author,
        visibility=old.visibility,
        remote_id=old.remote_id,
        url=old.url,
        sent_at=old.sent_at,
        scheduled_at=old.scheduled_at,
        zone=old.zone,
        tries=old.tries,
    )


def act(old: Act) -> Act:
    """Returns what is left of an act about them."""
    state = old.state if old.state in ENDED else OutgoingState.DISCARDED
    return replace(old, target="", text="", error=None, extra={}, state=state, next_try_at=None)


def without(handles: Iterable[str]) -> Callable[[Any], Any]:
    """Returns what takes handles, in whatever letters, out of a JSON value: out of a list, and out of texts, where
    ERASED stands in their place."""
    spelled = sorted((re.escape(handle) for handle in handles), key=len, reverse=True)
    found = re.compile("|".join(rf"{handle}(?![\w.-]*\w)" for handle in spelled) or r"(?!)", re.IGNORECASE)

    def taken_out(value: Any) -> Any:
        if isinstance(value, str):
            return found.sub(ERASED, value)
        if isinstance(value, list):
            return [taken_out(each) for each in value if not (isinstance(each, str) and found.fullmatch(each))]
        if isinstance(value, dict):
            return {key: taken_out(each) for key, each in value.items()}
        return value

    return taken_out


def is_from_before(erased_at: datetime | None, written_at: datetime) -> bool:
    """Whether a text that comes from the network was surely written before its author was erased."""
    return erased_at is not None and written_at < erased_at - CLOCKS_APART
