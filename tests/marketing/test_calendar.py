"""The posts of some days: each once, whatever their states, with what conflicts there are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from commtui.config.calendar_rules import CalendarRules
from commtui.marketing import calendar, post_drafts, posts
from commtui.model.calendar import ConflictKind, Days, month_of, week_of
from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.outgoing import changes, rescheduling
from tests.triage.desks import desk_on, sent

TUESDAY = date(2026, 11, 24)
WEEK = week_of(TUESDAY)


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def post(desk, text, at="tue 10:00", accounts=("brand",)):
    return posts.write_post(desk, text, accounts, at)[0]


def found(desk, days=WEEK, **how):
    return [(entry.first.text, entry.state.value) for entry in calendar.entries(desk, days, **how)]


def test_a_post_is_one_entry_however_many_accounts_it_is_for(desk):
    variants = post(desk, "news", accounts=("brand", "other"))
    (entry,) = calendar.entries(desk, WEEK)
    assert entry.id == variants[0].post and {item.id for item in entry.items} == {item.id for item in variants}
    assert entry.at == datetime(2026, 11, 24, 9, tzinfo=UTC) and len(entry.accounts) == 2
    rescheduling.reschedule(desk, [variants[1].id], "wed 10:00")
    assert [(entry.id, len(entry.items)) for entry in calendar.entries(desk, WEEK)] == [(entry.id, 1)] * 2


def test_each_state_is_there_at_its_time_and_what_has_no_time_is_not(desk):
    out, _, held, failed, recalled, gone = (
        post(desk, text, f"tue 1{hour}:00")[0]
        for hour, text in enumerate(("out", "waiting", "held", "failed", "recalled", "discarded"))
    )
    sent(desk, out, "r1")  # now, on Monday
    changes.hold(desk, [held.id])
    changes.recall(desk, [recalled.id])
    changes.discard(desk, [gone.id])
    with desk.store.write() as write:
        write.put(replace(failed, state=OutgoingState.FAILED))
    post_drafts.store_post(desk, None, "without a time", ["brand"])
    soon = posts.write_post(desk, "within its hold window", ["brand"])[0]
    assert found(desk) == [
        ("out", "sent"),
        ("within its hold window", "scheduled"),
        ("waiting", "scheduled"),
        ("held", "held"),
        ("failed", "failed"),
        ("recalled", "draft"),
    ]
    changes.recall(desk, [soon[0].id])  # nobody has chosen its time
    assert "within its hold window" not in dict(found(desk))


def test_the_state_of_a_post_is_what_a_person_should_know(desk):
    one, other = post(desk, "news", accounts=("brand", "other"))
    sent(desk, one, "r1")
    with desk.store.write() as write:
        write.put(replace(one, state=OutgoingState.SENT, sent_at=one.scheduled_at))
        write.put(replace(other, state=OutgoingState.FAILED))
    assert found(desk) == [("news", "failed")]
    with desk.store.write() as write:
        write.put(replace(other, state=OutgoingState.SENT, sent_at=other.scheduled_at + timedelta(seconds=40)))
    (entry,) = calendar.entries(desk, WEEK)
    assert entry.is_out and entry.at == one.scheduled_at


def test_every_state_has_its_place():
    assert sorted(calendar.BY_URGENCY) == sorted(OutgoingState)


def test_the_days_are_those_of_the_zone(desk):
    late = post(desk, "late", "2026-11-30 00:30")[0]  # still Sunday in London
    assert found(desk) == [] and found(desk, zone="Europe/London") == [("late", "scheduled")]
    assert found(desk, month_of(TUESDAY)) == [("late", "scheduled")]
    assert calendar.by_day(calendar.entries(desk, month_of(TUESDAY)), desk.zone).keys() == {date(2026, 11, 30)}
    assert late.scheduled_at.date() == date(2026, 11, 29)


def test_conflicts_are_seen_over_the_edge_of_the_period(desk):
    first = post(desk, "Same", "sun 23:50")[0]
    post(desk, "same ", "2026-11-30 00:00")
    (entry,) = calendar.entries(desk, WEEK)
    assert entry.first.id == first.id
    assert [wrong.kind for wrong in entry.conflicts] == [ConflictKind.NEAR, ConflictKind.TWICE]
    (after,) = calendar.entries(desk, week_of(date(2026, 11, 30)))
    assert {wrong.other for wrong in after.conflicts} == {first.post}


def test_the_config_says_what_conflicts(tmp_path):
    rules = CalendarRules(min_gap=timedelta(0), quiet=("22:00-7:00", "12:00-13:00"), same_text=timedelta(0))
    desk = desk_on(tmp_path, calendar=rules)
    post(desk, "same", "tue 12:00")
    post(desk, "same", "tue 12:01")
    post(desk, "early", "wed 6:59")
    post(desk, "fine", "wed 7:00")
    wrong = {entry.first.text: [each.kind.value for each in entry.conflicts] for entry in calendar.entries(desk, WEEK)}
    assert wrong == {"same": ["quiet"], "early": ["quiet"], "fine": []}


def test_a_thread_that_is_cut_is_one_entry_with_the_text_of_its_beginning(desk):
    head = post(desk, "one")[0]
    part = Outgoing(
        id="p0000000001",
        account=head.account,
        network=head.network,
        text="two",
        state=OutgoingState.FAILED,
        created_at=head.created_at - timedelta(days=1),
        key="k",
        post=head.post,
        after=head.id,
        scheduled_at=head.scheduled_at + timedelta(milliseconds=1),
    )
    with desk.store.write() as write:
        write.put(replace(head, state=OutgoingState.SENT, sent_at=head.scheduled_at, extra={"parts": "2"}))
        write.put(part)
    assert found(desk) == [("one", "failed")]
    (entry,) = calendar.entries(desk, WEEK)
    assert len(entry.accounts) == 1 and entry.conflicts == ()


def test_what_is_in_the_archive_is_there(desk):
    old = sent(desk, post(desk, "old")[0], "r1")
    desk.clock.advance(400 * 86400)
    while desk.store.archive.take(desk.now - timedelta(days=180)):
        pass
    assert list(desk.store.outgoing.ended(Lane.MARKETING, OutgoingState.SENT)) == []
    assert found(desk) == [("old", "sent")] and old.sent_at.date() == date(2026, 11, 23)


def test_the_ends_of_the_calendar_are_reached(desk):
    post(desk, "news")
    assert found(desk, Days(date(1, 1, 1), date(9999, 12, 31))) == [("news", "scheduled")]
