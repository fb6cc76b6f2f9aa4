"""The spike of the mentions of the last minutes, by the store's order of the newest."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from commtui.activity.desk import Desk
from commtui.model import spikes
from commtui.model.spikes import WITHIN, Spike
from commtui.triage import views

USUAL_OF: Final = timedelta(days=1)
"""The time before, whose arrivals are what is usual."""
TEXTS_MOST: Final = 200
"""Texts that are read of each: of those that came just now, and of those before."""


def current(desk: Desk) -> Spike | None:
    """Returns the spike of the open conversations whose newest mention came just now; None if there is none.

    A conversation counts once, however much is said in it.
    """
    since, conversations = desk.now - WITHIN, desk.store.conversations
    count = conversations.count_newest(since, desk.now, only_open=True)
    if count < spikes.LEAST:
        return None
    before = conversations.count_newest(since - USUAL_OF, since)
    numbers = conversations.newest_open(count + TEXTS_MOST)
    recent, others = numbers[: min(count, TEXTS_MOST)], numbers[count:]
    found = spikes.spike(_texts(desk, recent), before * (WITHIN / USUAL_OF), _texts(desk, others))
    return found and found._replace(arrivals=count)


def _texts(desk: Desk, numbers: list[int]) -> list[str]:
    return [conversation.text for number in numbers if (conversation := views.conversation_at(desk, number))]
