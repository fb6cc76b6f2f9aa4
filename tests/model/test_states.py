"""The states of what goes out, and the transitions between them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.states import NEEDS_PERSON, PERSON_EVENTS, TRANSITIONS, OutgoingState, WrongState, transition

ROOT = Path(__file__).parents[2]
DELIVERYS = tuple(name for name in TRANSITIONS if name not in PERSON_EVENTS)
NOT_YET = {"submit", "approve"}
"""Ways that no verb takes yet: approval comes with campaigns."""


def reached(start, events):
    """The states that lie on ways of these events from `start`, itself included."""
    found, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        for event in events:
            after = TRANSITIONS[event].get(state)
            if after is not None and after not in found:
                found.add(after)
                ahead.append(after)
    return found


def test_every_state_can_be_reached_from_a_draft():
    assert reached(OutgoingState.DRAFT, TRANSITIONS) == set(OutgoingState)


@pytest.mark.parametrize("state", sorted(NEEDS_PERSON))
def test_what_needs_a_person_can_be_put_on_its_way_or_away_by_one(state):
    assert reached(state, PERSON_EVENTS) >= {OutgoingState.SCHEDULED, OutgoingState.DISCARDED}


@pytest.mark.parametrize("state", sorted(set(OutgoingState) - {OutgoingState.DISCARDED}))
def test_from_everything_that_has_not_ended_it_can_get_out(state):
    assert OutgoingState.SENT in reached(state, TRANSITIONS)


def test_out_is_out():
    assert reached(OutgoingState.SENT, TRANSITIONS) == {OutgoingState.SENT}
    assert reached(OutgoingState.DISCARDED, TRANSITIONS) == {OutgoingState.DISCARDED}


def test_nothing_leaves_without_a_person():
    assert reached(OutgoingState.DRAFT, DELIVERYS) == {OutgoingState.DRAFT}
    for before in (OutgoingState.REVIEW, OutgoingState.APPROVED, OutgoingState.HELD, OutgoingState.FAILED):
        assert reached(before, DELIVERYS) == {before}


def test_a_person_never_touches_what_is_being_sent():
    assert not [event for event in PERSON_EVENTS if OutgoingState.SENDING in TRANSITIONS[event]]


def test_every_way_is_taken_somewhere():
    files = [
        path
        for package in ("sync", "triage", "community", "marketing", "outgoing")
        for path in (ROOT / "commtui" / package).glob("*.py")
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert {event for event in TRANSITIONS if f'"{event}"' not in code} == NOT_YET


@given(events=st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=40))
def test_a_walk_goes_where_the_table_says_and_is_told_what_is_possible_otherwise(events):
    state = OutgoingState.DRAFT
    for event in events:
        if state in TRANSITIONS[event]:
            state = transition(state, event)
            continue
        with pytest.raises(WrongState) as raised:
            transition(state, event)
        assert set(raised.value.possible) == {name for name in PERSON_EVENTS if state in TRANSITIONS[name]}
