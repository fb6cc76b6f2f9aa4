"""The order of replies and posts: what comes next first, of what has ended the newest."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.community import replies
from commtui.config.service_levels import ServiceLevel
from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.triage import query, queues, views
from tests.clock import FakeClock
from tests.triage.desks import arrive, desk_on


@pytest.fixture
def desk(tmp_path):
    """Three replies that were sent, three that were discarded, and three that are scheduled, an hour apart."""
    desk = desk_on(tmp_path)
    for number, state in enumerate(3 * (OutgoingState.SENT, OutgoingState.DISCARDED, OutgoingState.SCHEDULED)):
        item, _ = replies.reply(desk, arrive(desk, str(number)).id, f"no {number}")
        at = desk.now + timedelta(hours=number - 9 * (state is not OutgoingState.SCHEDULED))
        sent_at = at if state is OutgoingState.SENT else None
        with desk.store.write() as write:
            write.put(replace(desk.store.get(Outgoing, item.id), state=state, scheduled_at=at, sent_at=sent_at))
    return desk


@pytest.mark.parametrize(
    ("terms", "numbers"),
    [
        ("", "013467258"),
        ("no", "013467258"),
        ("is:sent", "630"),
        ("is:sent no", "630"),
        ("is:discarded", "741"),
        ("is:scheduled", "258"),
        ("-is:sent", "147258"),
    ],
)
def test_what_has_ended_is_listed_newest_first_and_all_else_by_what_comes_next(desk, terms, numbers):
    listed = views.items(desk, Lane.COMMUNITY, query.parse(terms))
    assert "".join(item.text.removeprefix("no ") for item in listed) == numbers


def test_the_pane_has_the_same_order(desk):
    terms = query.parse("is:sent")
    items = views.items(desk, Lane.COMMUNITY, terms)
    rows = views.pane_numbers(desk, Lane.COMMUNITY, terms)
    assert [desk.store.at(Outgoing, number).id for number in rows] == [item.id for item in items]


def test_what_changes_next_is_an_answer_at_risk_or_overdue(tmp_path):
    within = timedelta(hours=4)
    clock = FakeClock()
    desk = desk_on(tmp_path, clock, service_levels=(ServiceLevel("all", within),))
    assert queues.next_change(desk) is None
    arrive(desk, "old", ago=300)
    assert queues.next_change(desk) is None
    for name, ago in (("a", 30), ("b", 90), ("c", 60)):
        arrive(desk, name, ago=ago)
    start, minute = desk.now, timedelta(minutes=1)
    assert queues.next_change(desk) == start + 90 * minute  # "b" is at risk
    clock.advance(151 * 60)
    assert queues.next_change(desk) == start + 180 * minute  # all are at risk, and "c" is overdue next
