"""When an answer is due: the clock of a conversation, the level that fits it, and the deadline in working minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.config.service_levels import ServiceLevel
from commtui.model.hours import Hours, Interval, minutes_between, week_of
from commtui.model.records import Conversation, Via
from commtui.model.service_levels import Deadline, Event, Wait, deadline, deadline_of, level_of, waits
from commtui.model.states import ConversationStatus, Priority
from tests.model.test_hours import near_a_change, slow_add

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # a Friday
OFFICE = Hours("UTC", week_of({day: [Interval(540, 1020)] for day in range(5)}))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MENTION = Conversation(
    id="c1",
    account="a1",
    network="demo",
    status=ConversationStatus.OPEN,
    since=NOW,
    newest="m1",
    newest_at=NOW,
    author="@ada@demo.example",
    author_name="Ada",
    text="Hello",
)
ALL = ServiceLevel("all", first=4 * HOUR, next=HOUR)


def at(hours):
    return NOW + hours * HOUR


def wait(since, until, answered, first):
    return Wait(at(since), None if until is None else at(until), answered, first)


W, R, S, D = Event.INBOUND, Event.REOPENED, Event.SENT, Event.DONE


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ("", []),
        ([W], [(0, None, False, True)]),
        ([W, W, S], [(0, 2, True, True)]),  # since the first that is not answered
        ([W, S, W], [(0, 1, True, True), (2, None, False, False)]),
        ([W, S, W, S], [(0, 1, True, True), (2, 3, True, False)]),
        ([W, D], [(0, 1, False, True)]),  # done without an answer is unanswered
        ([W, D, W, S], [(0, 1, False, True), (2, 3, True, True)]),  # and the next answer is still the first
        ([W, S, D, R], [(0, 1, True, True), (3, None, False, False)]),
        ([W, D, R, W, S], [(0, 1, False, True), (2, 4, True, True)]),  # since it was reopened
        ([W, S, S, W], [(0, 1, True, True), (3, None, False, False)]),
        ([S, W], [(1, None, False, False)]),  # they answer a message that we began with
        ([D, R, S], [(1, 2, True, True)]),
    ],
)
def test_the_clock_of_a_conversation(events, found):
    expected = [
        Wait(at(since), None if end is None else at(end), answered, first) for since, end, answered, first in found
    ]
    assert waits([(at(place), event) for place, event in enumerate(events)]) == expected


def reference(kinds):
    """The same by looking at each event and the one before it."""
    starts = (W, R)
    found = []
    for place, (before, kind) in enumerate(pairwise([S, *kinds])):
        if kind in starts and before not in starts:
            ends = [other for other in range(place, len(kinds)) if kinds[other] not in starts]
            end = ends[0] if ends else None
            answered = end is not None and kinds[end] is S
            found.append((place, end, answered, S not in kinds[:place]))
    return found


@given(st.lists(st.sampled_from(Event), max_size=12), st.randoms())
def test_the_clock_is_that_of_the_events_whatever_their_order(kinds, random):
    events = [(at(place), kind) for place, kind in enumerate(kinds)]
    random.shuffle(events)
    expected = [
        Wait(at(a), None if b is None else at(b), answered, first) for a, b, answered, first in reference(kinds)
    ]
    assert waits(events) == expected


@given(near_a_change(), st.integers(1, 1200), st.booleans())
@settings(max_examples=60)
def test_an_answer_is_due_when_the_working_minutes_have_passed(case, minutes, first):
    hours, since = case
    level = ServiceLevel("x", first=MINUTE * minutes if first else None, next=None if first else MINUTE * minutes)
    found = deadline(level, hours, since, first=first)
    until = since + timedelta(days=8)
    slow = slow_add(hours, since, minutes, until)
    assert (found and found.due_at) == slow or (slow is None and (found is None or found.due_at > until))
    assert deadline(level, hours, since, first=not first) is None
    if found:
        assert since <= found.risk_at <= found.due_at
        assert minutes_between(hours, since, found.risk_at) == minutes * 3 // 4


@pytest.mark.parametrize(
    ("has_answer", "due"),
    [(False, datetime(2026, 11, 30, 11, 0, tzinfo=UTC)), (True, datetime(2026, 11, 27, 16, 0, tzinfo=UTC))],
)
def test_the_first_and_the_next_answer_have_targets_of_their_own(has_answer, due):
    found = deadline_of(MENTION, [ALL], OFFICE, has_answer=has_answer)
    assert (found.level, found.due_at) == ("all", due)


@pytest.mark.parametrize(
    "changed",
    [
        {"status": ConversationStatus.WAITING},
        {"status": ConversationStatus.DONE},
        {"muted": True},
        {"folded_into": "c2"},
    ],
)
def test_nothing_is_due_where_nobody_waits_for_us(changed):
    assert deadline_of(replace(MENTION, **changed), [ALL], OFFICE, has_answer=False) is None


def test_a_bot_waits_for_nothing():
    assert deadline_of(MENTION, [ALL], OFFICE, has_answer=False, by_bot=True) is None


@given(st.none() | st.datetimes(timezones=st.just(UTC)), st.booleans(), st.sampled_from(["", "ada"]), st.booleans())
def test_snoozing_assigning_and_reading_move_no_deadline(until, for_answer, assignee, unread):
    changed = replace(
        MENTION, snoozed_until=until, snoozed_for_answer=for_answer, assignee=assignee or None, unread=unread
    )
    before = deadline_of(MENTION, [ALL], OFFICE, has_answer=False)
    assert deadline_of(changed, [ALL], OFFICE, has_answer=False) == before is not None


LEVELS = (
    ServiceLevel("urgent here", first=HOUR, accounts=("brand",), priorities=("urgent",)),
    ServiceLevel("press", first=HOUR, tags=("press", "vip")),
    ServiceLevel("direct", first=HOUR, via=("direct", "quote")),
    ServiceLevel("by id", first=HOUR, accounts=("a2",)),
    ServiceLevel("later", next=HOUR, accounts=("brand",)),
    ServiceLevel("all", first=HOUR),
)


@pytest.mark.parametrize(
    ("changed", "name", "level"),
    [
        ({}, "shop", "all"),
        ({}, "brand", "later"),
        ({"priority": Priority.URGENT}, "brand", "urgent here"),
        ({"priority": Priority.URGENT}, "shop", "all"),
        ({"tags": ("vip",), "via": Via.DIRECT}, "shop", "press"),  # the first in the file, not the narrowest
        ({"tags": ("vips",), "via": Via.DIRECT}, "shop", "direct"),
        ({"account": "a2"}, "any", "by id"),
    ],
)
def test_the_first_level_in_the_files_order_counts(changed, name, level):
    assert level_of(LEVELS, replace(MENTION, **changed), name).name == level


def test_a_level_without_this_target_is_not_passed_over():
    assert deadline_of(MENTION, LEVELS, OFFICE, account_name="brand", has_answer=False) is None
    assert deadline_of(MENTION, LEVELS, OFFICE, account_name="brand", has_answer=True).level == "later"


def test_without_a_level_or_hours_nothing_is_due():
    assert deadline_of(MENTION, [], OFFICE, has_answer=False) is None
    assert deadline_of(MENTION, LEVELS[:1], OFFICE, has_answer=False) is None
    assert deadline_of(MENTION, [ALL], Hours("UTC", week_of({})), has_answer=False) is None


words = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
levels = st.builds(
    ServiceLevel,
    name=st.text(min_size=1, max_size=3),
    first=st.just(HOUR),
    accounts=words,
    tags=words,
    priorities=st.lists(st.sampled_from(Priority), max_size=2).map(lambda chosen: tuple(map(str, chosen))),
    via=st.lists(st.sampled_from(Via), max_size=2).map(lambda chosen: tuple(map(str, chosen))),
)


@given(st.lists(levels, max_size=4), words, st.sampled_from("abc"), st.sampled_from(Priority), st.sampled_from(Via))
def test_what_fits_is_what_each_condition_has(chosen, tags, name, priority, via):
    conversation = replace(MENTION, tags=tags, priority=priority, via=via)
    fitting = list(chosen)
    for field, values in (("accounts", {name}), ("tags", set(tags)), ("priorities", {priority}), ("via", {via})):
        fitting = [level for level in fitting if getattr(level, field) == () or values & set(getattr(level, field))]
    assert level_of(chosen, conversation, name) == (fitting[0] if fitting else None)


def test_a_deadline_is_at_risk_when_three_quarters_have_passed():
    found = deadline_of(replace(MENTION, since=NOW - 6 * HOUR), [ALL], OFFICE, has_answer=False)
    assert found == Deadline("all", NOW - 3 * HOUR, NOW - 2 * HOUR)
