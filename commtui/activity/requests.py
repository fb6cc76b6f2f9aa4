"""What is asked of whoever runs the engine: written down, answered in place, so that any process can ask."""

from __future__ import annotations

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.records import Above, Conversation, Request
from commtui.store.store import Store

SYNC, CONTEXT = "sync", "context"


def ask(desk: Desk, what: str, argument: str | None = None) -> Request:
    """Writes a request: `sync` (every account, now) or `context` (the parents of the conversation `argument`)."""
    request = Request(id=ids.fresh(ids.REQUEST), what=what, asked_at=desk.now, argument=argument)
    with desk.store.write() as write:
        for old in desk.store.requests.for_what(what):
            if old.answered_at is not None:
                write.remove(Request, old.id)
            elif argument is not None and old.argument == argument:
                return old
        write.put(request)
    return request


def ask_for_parents(desk: Desk, conversation: Conversation) -> None:
    """A person opened the conversation: what is above it is asked for, where that was left for this moment."""
    if conversation.above is Above.UNASKED:
        ask(desk, CONTEXT, conversation.id)


def answer_of(store: Store, request: Request) -> Request | None:
    """The request with its answer, once it has one; None when somebody removed it."""
    return store.get(Request, request.id)


def take_away(store: Store, request: Request) -> None:
    """Removes a request that nobody waits for any more."""
    with store.write() as write:
        write.remove(Request, request.id)
