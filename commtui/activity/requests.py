"""Requests of any process to the one that runs the engine: stored as records, which the engine answers in place."""

from __future__ import annotations

from datetime import timedelta

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.records import Above, Conversation, Request
from commtui.store.store import Store

SYNC, CONTEXT = "sync", "context"
FRESH = timedelta(minutes=5)
"""What was seen or asked for so short a time ago is not asked for again."""


def ask(desk: Desk, what: str, argument: str | None = None) -> Request:
    """Stores a request: `sync` (every account, now) or `context` (a look at the conversation `argument`).

    Returns it, or the same request that is not answered yet.
    """
    request = Request(id=ids.fresh(ids.REQUEST), what=what, asked_at=desk.now, argument=argument)
    with desk.store.write() as write:
        for earlier in desk.store.requests.for_what(what):
            if earlier.answered_at is not None:
                write.remove(Request, earlier.id)
            elif argument is not None and earlier.argument == argument:
                return earlier
        write.put(request)
    return request


def ask_for_thread(desk: Desk, conversation: Conversation) -> None:
    """Requests another look at an opened conversation: at the texts above it, unless they were fetched already, and at
    its mentions, which may be deleted or edited; not at what came just now."""
    if conversation.above is not Above.UNASKED and desk.now - conversation.newest_at < FRESH:
        return
    for earlier in desk.store.requests.for_what(CONTEXT):
        if earlier.argument == conversation.id and desk.now - earlier.asked_at < FRESH:
            return
    ask(desk, CONTEXT, conversation.id)


def answer_of(store: Store, request: Request) -> Request | None:
    """Returns the request as it is stored now, with its answer if it has one; None if it was removed."""
    return store.get(Request, request.id)


def remove(store: Store, request: Request) -> None:
    """Removes a request that no process waits for any more."""
    with store.write() as write:
        write.remove(Request, request.id)
