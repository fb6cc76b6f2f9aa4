"""The spike of the open conversations, counted by the store; `since:` finds its rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from commtui.activity.errors import BadQuery
from commtui.community import conversations
from commtui.model import ids
from commtui.triage import query, spikes, views
from tests.clock import FakeClock
from tests.triage.desks import arrive, conversation_of, desk_on


def test_a_crowd_is_a_spike_and_a_busy_day_is_none(tmp_path: Path) -> None:
    desk = desk_on(tmp_path, FakeClock())
    for number in range(9):
        arrive(desk, f"c{number}", f"it is broken, {number}", ago=number / 2)
    for number in range(40):
        arrive(desk, f"o{number}", f"hello {number}", ago=60 + number)
    assert spikes.current(desk) is None
    last = arrive(desk, "c9", "broken for me, too", ago=4.9)
    found = spikes.current(desk)
    assert found is not None and (found.arrivals, found.words) == (10, ("broken",)) and found.usual < 1
    conversations.done(desk, [last.id])
    assert spikes.current(desk) is None
    conversations.reopen(desk, [last.id])
    for number in range(900):
        arrive(desk, f"d{number}", "busy", ago=60 + number)
    assert spikes.current(desk) is None


def test_since_finds_what_came_then_or_later(tmp_path: Path) -> None:
    clock = FakeClock()
    desk = desk_on(tmp_path, clock)
    made = [arrive(desk, str(number), ago=number) for number in range(5)]
    numbers = [ids.number(conversation_of(desk, mention).id) for mention in made]
    moment = (desk.now - timedelta(minutes=2)).isoformat()
    assert set(views.queue(desk, query.parse("since:2m"))) == set(numbers[:3])
    assert set(views.queue(desk, query.parse(f"since:{moment}"))) == set(numbers[:3])
    assert set(views.queue(desk, query.parse("-since:2m"))) == set(numbers[3:])


@pytest.mark.parametrize("value", ["2026-13-27", "tomorrow", "2x", "9999999999d", "-", "0001-01-01T00:00+23:59x"])
def test_a_since_that_cannot_be_read_is_refused(value: str) -> None:
    with pytest.raises(BadQuery):
        query.parse(f"since:{value}")
