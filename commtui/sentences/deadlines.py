"""When our answer is due, in a few words: `due 25m`, `at risk 25m`, `overdue 2h`."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.desk import Desk
from commtui.model import times
from commtui.model.conversations import is_muted
from commtui.model.records import Conversation
from commtui.triage import views
from commtui.triage.query import status_of


def deadline_words(conversation: Conversation, now: datetime) -> str:
    """Returns the words for the deadline of an open conversation.

    Empty where nothing is due, and, without service levels, where it is not overdue. Spans are those of the clock: on a
    Saturday at nine, what is due on Monday at nine is due in two days.
    """
    due_at, risk_at = conversation.due_at, conversation.risk_at
    if due_at is None or is_muted(conversation, now) or status_of(conversation, now) != "open":
        return ""
    if due_at < now:
        late = times.ago(due_at, now)
        return "overdue" if late == "now" else f"overdue {late}"
    if risk_at is None:
        return ""
    return f"{'at risk' if risk_at < now else 'due'} {times.ago(now, due_at)}"


def whole_deadline(desk: Desk, conversation: Conversation, at: str) -> str:
    """Returns the same with the moment, which `at` names, and the service level: `due 25m (Mon 09:10, press)`."""
    words, level = deadline_words(conversation, desk.now), views.service_level(desk, conversation)
    return f"{words} ({at}, {level})" if words and level else words
