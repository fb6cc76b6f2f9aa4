"""Sentences about a conversation or a text that somebody else works on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commtui.activity.desk import Desk
from commtui.community.conversations import assigned_since
from commtui.model import times
from commtui.model.records import Conversation
from commtui.system.open_texts import OpenText


def opened(desk: Desk, texts: Sequence[OpenText]) -> str:
    """Who else has a text open, in which process and since when; empty: nobody."""
    if not texts:
        return ""
    first, more = texts[0], f" and {len(texts) - 1} more" if len(texts) > 1 else ""
    since = f"(process {first.pid}{more}) since {_time(desk, first.since)}"
    if first.who == desk.who:
        return f"also open in another window {since}"
    return f"{first.who} has it open, too {since}"


def assigned(desk: Desk, conversation: Conversation) -> str:
    """To which other person a conversation is assigned, and since when; empty: to none."""
    if conversation.assignee in (None, desk.who):
        return ""
    since = assigned_since(desk.store, conversation)
    return f"assigned to {conversation.assignee}{f' since {_time(desk, since)}' if since else ''}"


def _time(desk: Desk, since: datetime) -> str:
    return times.near(since, desk.zone, desk.now)
