"""Which open conversation looks like one with another: a suggestion to merge them, never done by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from commtui.activity.desk import Desk
from commtui.model.merging import say_the_same
from commtui.model.records import Conversation
from commtui.triage.people import author_of
from commtui.triage.query import conversation_is
from commtui.triage.views import query_context

WITHIN: Final = timedelta(hours=48)
"""Between the newest messages of both."""
MENTIONS_READ: Final = 50
"""The last mentions that name the author and are read."""


def similar(desk: Desk, conversation: Conversation) -> Conversation | None:
    """Returns another open conversation with the same author, on the same account, that came within WITHIN of this one
    and says much the same; the nearest of several. None: there is none, or this one is not open."""
    context = query_context(desk)
    if not conversation_is("open", conversation, context):
        return None
    mentions = desk.store.people.recent(author_of(desk.store, conversation), MENTIONS_READ)
    known = dict.fromkeys(mention.conversation for mention in mentions if mention.account == conversation.account)
    known.pop(conversation.id, None)
    apart = {
        abs(other.newest_at - conversation.newest_at): other
        for other in desk.store.get_each(Conversation, known).values()
        if other.author == conversation.author
        and conversation_is("open", other, context)
        and say_the_same(other.text, conversation.text)
    }
    nearest = min(apart, default=None)
    return apart[nearest] if nearest is not None and nearest <= WITHIN else None
