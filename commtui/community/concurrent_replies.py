"""Two people who answer the same: what a writer knew of our other texts in a conversation, and what came since."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.refusals import OtherText
from commtui.model import text
from commtui.model.conversations import AWAITED
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store


class KnownTexts(Struct, frozen=True):
    """What one writer knows. Two of them on one draft would write over each other: the second gets one of its own."""

    draft: str | None = None
    """The draft that this writer goes on with."""
    text: str = ""
    """What it said when this writer last read or wrote it."""
    seen: frozenset[tuple[str, bool]] = frozenset()
    """Our other texts that the writer knows of: id, and whether it was on its way or out."""
    anyway: bool = False
    """The writer wants it sent whatever stands there."""


def known_in_composer(desk: Desk, conversation: Conversation, draft: Outgoing | None) -> KnownTexts:
    """For a composer that opens: it shows what was answered. `draft`: the one that it goes on with.

    An answer that was put on its way after that draft was begun is not taken for known.
    """
    since = draft.created_at if draft else None
    seen = {
        (item.id, item.state is not OutgoingState.DRAFT)
        for item in _our_texts(desk.store, conversation)
        if item.state is OutgoingState.DRAFT or since is None or _put_on_its_way(desk, item) <= since
    }
    return KnownTexts(draft.id if draft else None, draft.text if draft else "", frozenset(seen))


def known_in_shell(desk: Desk, conversation: Conversation, mention: Mention) -> KnownTexts:
    """For one who was shown nothing: known are the drafts, and answers older than what is answered."""
    seen = {
        (item.id, item.state is not OutgoingState.DRAFT)
        for item in _our_texts(desk.store, conversation)
        if item.state is OutgoingState.DRAFT or _put_on_its_way(desk, item) < mention.created_at
    }
    return KnownTexts(seen=frozenset(seen))


def draft_of(store: Store, conversation: Conversation, known: KnownTexts, body: str) -> Outgoing | None:
    """The draft to write into: the writer's, unless somebody else has written there; else one that says nothing yet, or
    the same; None: a new one.
    """
    own = store.get(Outgoing, known.draft) if known.draft else None
    if own is not None and own.state is OutgoingState.DRAFT and own.text == known.text:
        return own
    drafts = [item for item in _our_texts(store, conversation) if item.state is OutgoingState.DRAFT and not item.media]
    return next((item for item in drafts if item.text.strip() in ("", text.clean(body).strip())), None)


def check(desk: Desk, conversation: Conversation, known: KnownTexts) -> None:
    """Raises OtherText if another text of ours has come to stand there that the writer does not know of."""
    if known.anyway:
        return
    unknown = []
    seen = set(known.seen)
    for item in _our_texts(desk.store, conversation):
        on_its_way = item.state is not OutgoingState.DRAFT
        own_draft = not on_its_way and item.id == known.draft and item.text == known.text
        if (item.id, on_its_way) in known.seen or own_draft or not (on_its_way or item.text.strip()):
            continue
        unknown.append(item)
        seen.add((item.id, on_its_way))
    if unknown:
        # who has answered matters more than who writes
        other = max(unknown, key=lambda item: (item.state is not OutgoingState.DRAFT, item.created_at, item.id))
        raise OtherText(
            other, other.author == desk.who, _answered_ago(desk, other), replace(known, seen=frozenset(seen))
        )


def _our_texts(store: Store, conversation: Conversation) -> list[Outgoing]:
    """Our texts in a conversation that are being written, on their way or out."""
    states = AWAITED | {OutgoingState.SENT, OutgoingState.DRAFT}
    return [item for item in store.outgoing.of_conversation(conversation.id) if item.state in states]


def _put_on_its_way(desk: Desk, item: Outgoing) -> datetime:
    """When somebody put it on its way, as near as the record tells."""
    if item.sent_at:
        return item.sent_at
    if item.scheduled_at and item.hold_window:
        return max(item.created_at, item.scheduled_at - desk.settings.hold)
    return item.created_at


def _answered_ago(desk: Desk, item: Outgoing) -> int | None:
    """Seconds since a reply was put on its way; None for a draft."""
    if item.state is OutgoingState.DRAFT:
        return None
    steps = desk.store.log.steps({item.id}, newest_first=True)
    at = next((step.at for step in steps if step.verb == "reply"), _put_on_its_way(desk, item))
    return max(0, int((desk.now - at).total_seconds()))
