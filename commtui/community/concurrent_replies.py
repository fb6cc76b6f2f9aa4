"""Two who answer the same: what a writer knew of our other texts in a conversation, and what came beside it since."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.model import text, when
from commtui.model.conversations import AWAITED
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store

SHOWN = 30
"""Characters of the other text that are told."""


class Begun(Struct, frozen=True):
    """What one writer knows. Two of them on one draft would write over each other: the second gets one of its own."""

    draft: str | None = None
    """The draft that this writer goes on with."""
    text: str = ""
    """What it said when this writer last read or wrote it."""
    seen: frozenset[tuple[str, bool]] = frozenset()
    """Our other texts that the writer knows of: id, and whether it was on its way or out."""
    anyway: bool = False
    """The writer wants it sent whatever stands there."""


class Beside(TriageError):
    """Another text of ours stands beside a reply, and its writer may not know. `begun`: now the writer does."""

    def __init__(self, said: str, begun: Begun, kept: str = "") -> None:
        super().__init__(said)
        self.begun, self.kept = begun, kept


def begin(desk: Desk, held: Conversation, kept: Outgoing | None) -> Begun:
    """At the opening of the composer, which shows what was answered; `kept`: the draft that it goes on with. An answer
    that went its way after that draft was begun is not taken for known.
    """
    since = kept.created_at if kept else None
    seen = {
        (item.id, item.state is not OutgoingState.DRAFT)
        for item in _others(desk.store, held)
        if item.state is OutgoingState.DRAFT or since is None or _went(desk, item) <= since
    }
    return Begun(kept.id if kept else None, kept.text if kept else "", frozenset(seen))


def unseen(desk: Desk, held: Conversation, mention: Mention) -> Begun:
    """For one who was shown nothing (a shell): known are the drafts, and answers older than what is answered."""
    seen = {
        (item.id, item.state is not OutgoingState.DRAFT)
        for item in _others(desk.store, held)
        if item.state is OutgoingState.DRAFT or _went(desk, item) < mention.created_at
    }
    return Begun(seen=frozenset(seen))


def own(store: Store, held: Conversation, begun: Begun, body: str) -> Outgoing | None:
    """The draft to write into: the writer's, unless somebody else has written there; else one that says nothing yet, or
    the same; None: a new one.
    """
    mine = store.get(Outgoing, begun.draft) if begun.draft else None
    if mine is not None and mine.state is OutgoingState.DRAFT and mine.text == begun.text:
        return mine
    drafts = [item for item in _others(store, held) if item.state is OutgoingState.DRAFT and not item.media]
    return next((item for item in drafts if item.text.strip() in ("", text.clean(body).strip())), None)


def look(desk: Desk, held: Conversation, begun: Begun) -> None:
    """Raises Beside if another text of ours has come to stand there that the writer does not know of."""
    if begun.anyway:
        return
    news = []
    known = set(begun.seen)
    for item in _others(desk.store, held):
        going = item.state is not OutgoingState.DRAFT
        mine = not going and item.id == begun.draft and item.text == begun.text
        if (item.id, going) in begun.seen or mine or not (going or item.text.strip()):
            continue
        news.append(item)
        known.add((item.id, going))
    if news:
        # who has answered matters more than who writes
        told = max(news, key=lambda item: (item.state is not OutgoingState.DRAFT, item.created_at, item.id))
        raise Beside(_said(desk, told), replace(begun, seen=frozenset(known)))


def _others(store: Store, held: Conversation) -> list[Outgoing]:
    """Our texts in a conversation that are written, on their way or out."""
    states = AWAITED | {OutgoingState.SENT, OutgoingState.DRAFT}
    return [item for item in store.outgoing.of_conversation(held.id) if item.state in states]


def _went(desk: Desk, item: Outgoing) -> datetime:
    """When somebody put it on its way, as near as the record tells."""
    if item.sent_at:
        return item.sent_at
    if item.scheduled_at and item.hold_window:
        return max(item.created_at, item.scheduled_at - desk.settings.hold)
    return item.created_at


def _said(desk: Desk, item: Outgoing) -> str:
    who = "you" if item.author == desk.who else item.author or "somebody"
    quoted = f"'{text.snippet(text.one_line(item.text), SHOWN)}'"
    if item.state is OutgoingState.DRAFT:
        doing = "are writing here in another window" if item.author == desk.who else "is writing here"
        return f"{who} {doing}, too: {quoted}"
    steps = desk.store.log.steps({item.id}, newest_first=True)
    at = next((step.at for step in steps if step.verb == "reply"), _went(desk, item))
    return f"{who} answered {_since(desk, at)} ago: {quoted}"


def _since(desk: Desk, at: datetime) -> str:
    past = max(0, int((desk.now - at).total_seconds()))
    return f"{past} s" if past < 60 else when.ago(at, desk.now)
