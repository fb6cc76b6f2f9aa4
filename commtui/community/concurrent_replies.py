"""Detects that two people answer the same conversation: which of our texts a writer has seen, and which are newer."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.refusals import OtherText
from commtui.model import text
from commtui.model.conversations import AWAITED
from commtui.model.records import Conversation, Media, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store


class KnownTexts(Struct, frozen=True):
    """The texts of ours that one writer has seen. A second writer in a conversation gets a draft of its own."""

    draft: str | None = None
    """The id of the draft that this writer continues."""
    text: str = ""
    """Its text when this writer last read or wrote it."""
    media: tuple[Media, ...] = ()
    """Its files then."""
    seen: frozenset[tuple[str, bool]] = frozenset()
    """Our other texts that the writer has seen: id, and whether it was no draft any more."""
    anyway: bool = False
    """The writer wants it sent even if there are texts that it has not seen."""

    def is_own(self, item: Outgoing) -> bool:
        """Whether an item is the draft that this writer continues, as the writer left it."""
        return (item.id, item.text, item.media) == (self.draft, self.text, self.media)

    def after(self, draft: Outgoing) -> KnownTexts:
        """These once the writer has written that draft."""
        return replace(self, draft=draft.id, text=draft.text, media=draft.media)


def known_in_composer(desk: Desk, conversation: Conversation, draft: Outgoing | None) -> KnownTexts:
    """Returns the texts known to a composer that opens: it shows the thread. `draft`: the one that it continues.

    An answer that was scheduled after that draft was begun counts as not seen.
    """
    since = draft.created_at if draft else None
    seen = {
        (item.id, item.state is not OutgoingState.DRAFT)
        for item in _our_texts(desk.store, conversation)
        if item.state is OutgoingState.DRAFT or since is None or _scheduled_when(desk, item) <= since
    }
    known = KnownTexts(seen=frozenset(seen))
    return known.after(draft) if draft else known


def known_in_shell(desk: Desk, conversation: Conversation, mention: Mention) -> KnownTexts:
    """Returns the texts known in the shell, which shows no thread: drafts, and answers older than the mention."""
    seen = {
        (item.id, item.state is not OutgoingState.DRAFT)
        for item in _our_texts(desk.store, conversation)
        if item.state is OutgoingState.DRAFT or _scheduled_when(desk, item) < mention.created_at
    }
    return KnownTexts(seen=frozenset(seen))


def draft_of(store: Store, conversation: Conversation, known: KnownTexts, body: str) -> Outgoing | None:
    """Returns the draft to write into; None: a new one is needed.

    It is the writer's own, unless another person has changed it; else one that is empty or has the same text.
    """
    own = store.get(Outgoing, known.draft) if known.draft else None
    if own is not None and own.state is OutgoingState.DRAFT and known.is_own(own):
        return own
    drafts = [item for item in _our_texts(store, conversation) if item.state is OutgoingState.DRAFT and not item.media]
    return next((item for item in drafts if item.text.strip() in ("", text.clean(body).strip())), None)


def check(desk: Desk, conversation: Conversation, known: KnownTexts) -> None:
    """Raises OtherText if the conversation has another text of ours that the writer has not seen."""
    if known.anyway:
        return
    unknown = []
    seen = set(known.seen)
    for item in _our_texts(desk.store, conversation):
        on_its_way = item.state is not OutgoingState.DRAFT
        own_draft = not on_its_way and known.is_own(item)
        if (item.id, on_its_way) in known.seen or own_draft or not (on_its_way or item.text.strip()):
            continue
        unknown.append(item)
        seen.add((item.id, on_its_way))
    if unknown:
        # an answer matters more than a draft
        other = max(unknown, key=lambda item: (item.state is not OutgoingState.DRAFT, item.created_at, item.id))
        raise OtherText(
            other, other.author == desk.who, _answered_ago(desk, other), replace(known, seen=frozenset(seen))
        )


def _our_texts(store: Store, conversation: Conversation) -> list[Outgoing]:
    """Returns our texts in a conversation that are drafts, scheduled, being sent or sent."""
    states = AWAITED | {OutgoingState.SENT, OutgoingState.DRAFT}
    return [item for item in store.outgoing.of_conversation(conversation.id) if item.state in states]


def _scheduled_when(desk: Desk, item: Outgoing) -> datetime:
    """Returns the time at which a person scheduled it, as far as the record has it."""
    if item.sent_at:
        return item.sent_at
    if item.scheduled_at and item.hold_window:
        return max(item.created_at, item.scheduled_at - desk.settings.hold)
    return item.created_at


def _answered_ago(desk: Desk, item: Outgoing) -> int | None:
    """Returns the seconds since a reply was scheduled; None for a draft."""
    if item.state is OutgoingState.DRAFT:
        return None
    steps = desk.store.log.steps({item.id}, newest_first=True)
    at = next((step.at for step in steps if step.verb == "reply"), _scheduled_when(desk, item))
    return max(0, int((desk.now - at).total_seconds()))
