"""The figures of a campaign, against a count that goes post by post and conversation by conversation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from commtui.model import campaigns, goals, ids
from commtui.model.campaign_records import Campaign, Goal, GoalKind
from commtui.model.campaigns import Fate, Pace
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState, Reason

NOW = datetime(2027, 3, 27, 22, 30, tzinfo=UTC)
OVERDUE = timedelta(seconds=60)
ZONE = "Europe/Berlin"
hours = st.integers(-100, 100).map(lambda number: NOW + timedelta(hours=number))


def variant(number, post, state, reason, at):
    sent = state is OutgoingState.SENT
    return Outgoing(
        id=ids.derived(ids.VARIANT, str(number)), account="a", network="demo", text="", state=state, reason=reason,
        created_at=NOW, key="", post=post, scheduled_at=at, sent_at=min(at, NOW) if sent and at else None,
    )  # fmt: skip


variants = st.lists(
    st.tuples(
        st.sampled_from(("b1", "b2", "b3", "b4", None)),
        st.sampled_from(OutgoingState),
        st.sampled_from((None, Reason.LATE, Reason.BY_HAND, Reason.CAMPAIGN_PAUSED, Reason.DELETED)),
        st.one_of(st.none(), hours),
    ),
    max_size=12,
).map(lambda rows: [variant(number, *row) for number, row in enumerate(rows)])
conversations = st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=6).map(
    lambda rows: [
        Conversation(
            id=ids.derived(ids.CONVERSATION, str(number)), account="a", network="demo", status=ConversationStatus.OPEN,
            since=NOW, newest="m", newest_at=NOW, author="", author_name="", text="", mentions=mentions, answered=done,
        )
        for number, (mentions, done) in enumerate(rows)
    ]
)  # fmt: skip
targets = st.one_of(
    st.none(),
    st.builds(
        Goal,
        st.sampled_from(GoalKind),
        st.integers(1, 12),
        st.integers(-4, 4).map(lambda days: date(2027, 3, 28) + timedelta(days=days)),
    ),
)


def late(item):
    waiting = item.state in (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.SENDING)
    return (waiting and item.scheduled_at is not None and item.scheduled_at < NOW - OVERDUE) or (
        item.state is OutgoingState.HELD and item.reason == Reason.LATE
    )


def fate(items):
    """Word for word what the printed rule says."""
    states = {item.state for item in items}
    if states & {OutgoingState.FAILED, OutgoingState.SKIPPED, OutgoingState.UNKNOWN}:
        return "failed"
    if any(map(late, items)):
        return "late"
    if OutgoingState.HELD in states:
        return "held"
    if states & {OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.SENDING}:
        return "scheduled"
    return "out" if states == {OutgoingState.SENT} else "draft"


@given(variants, conversations, targets, st.one_of(st.none(), st.integers(0, 15)))
def test_the_figures_are_what_a_slow_count_says(items, talks, goal, reached):
    campaign = Campaign(id="g", name="spring", created_at=NOW, zone=ZONE, goal=goal, reached=reached)
    found = campaigns.figures(campaign, items, talks, NOW, OVERDUE)
    posts = {}
    for item in items:
        if item.state is not OutgoingState.DISCARDED and item.reason != Reason.DELETED:
            posts.setdefault(item.post or item.id, []).append(item)
    counts = Counter(fate(some) for some in posts.values())
    assert {each.value: count for each, count in found.posts.items() if count} == counts
    assert found.planned == sum(count for name, count in counts.items() if name != "draft")
    assert found.replies == sum(talk.mentions for talk in talks) and found.conversations == len(talks)
    assert found.answered == len([talk for talk in talks if talk.answered])
    if goal is None:
        assert (found.so_far, found.expected, found.pace) == (None, None, None)
        return
    over = NOW.astimezone(ZoneInfo(ZONE)).date() > goal.by
    if goal.what is GoalKind.POSTS:
        by_then = [
            some for some in posts.values()
            if fate(some) == "scheduled"
            and all((item.scheduled_at or NOW).astimezone(ZoneInfo(ZONE)).date() <= goal.by for item in some)
            and not over
        ]  # fmt: skip
        assert found.so_far == counts["out"]
        assert over or found.expected == counts["out"] + len(by_then)
        reaches = found.expected >= goal.count
    elif goal.what is GoalKind.REPLIES or reached is not None:
        assert found.so_far == (found.replies if goal.what is GoalKind.REPLIES else reached)
        out = [item.sent_at for some in posts.values() for item in some if item.sent_at]
        reaches = None
        if out and min(out) < NOW and not over:
            gone, seconds = (
                (NOW - min(out)).total_seconds(),
                (campaigns.end_of(goal.by, ZONE) - min(out)).total_seconds(),
            )
            assert found.expected == found.so_far * seconds // gone
            reaches = found.expected >= goal.count
    else:
        assert (found.so_far, found.expected, found.pace) == (None, None, Pace.NOT_COUNTED)
        return
    expected = (
        Pace.REACHED if found.so_far >= goal.count
        else Pace.MISSED if over
        else Pace.NOT_BEGUN if reaches is None
        else Pace.ON_PACE if reaches
        else Pace.BEHIND
    )  # fmt: skip
    assert found.pace is expected


def test_a_day_ends_at_midnight_of_its_zone_also_where_it_has_23_hours():
    end = campaigns.end_of(date(2027, 3, 28), ZONE)
    assert end.astimezone(UTC) == datetime(2027, 3, 28, 22, tzinfo=UTC)
    assert end - campaigns.end_of(date(2027, 3, 27), ZONE).astimezone(UTC) == timedelta(hours=23)


def test_goals_are_read_as_people_type_them():
    day = date(2027, 6, 1)
    for text in ("5 posts by 2027-06-01", " 5 POST by 1.6. ", "5  posts by 1 June 2027"):
        assert goals.parse(text, NOW, ZONE) == Goal(GoalKind.POSTS, 5, day)
    assert goals.parse("1,200 followers by tomorrow", NOW, ZONE) == Goal(GoalKind.FOLLOWERS, 1200, date(2027, 3, 28))
    assert goals.parse("1 reply by 2027-03-27", NOW, ZONE).by == date(2027, 3, 27)  # today, until it ends
    assert list(Fate)[-1] is Fate.OUT
