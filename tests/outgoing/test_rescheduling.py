"""Another time for posts: absolute, relative, and never two of one account in one minute by accident."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime
from commtui.activity.refusals import NoTimeToMove
from commtui.activity.undo import undo
from commtui.marketing import post_drafts, posts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import rescheduling
from tests.sentences import refused, told
from tests.triage.desks import desk_on


def minutes(desk: Desk) -> list[tuple[str, str]]:
    """Each post's text and time, in order of time."""
    items = sorted(desk.store.all(Outgoing), key=lambda item: (item.scheduled_at, item.text))
    return [(item.text, item.scheduled_at.strftime("%d %H:%M")) for item in items]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = desk_on(tmp_path)
    for text, at in (("b", "tomorrow 10:00"), ("a", "tomorrow 9:00"), ("c", "tomorrow 11:00")):
        posts.write_post(desk, text, ["brand"], at=at)
    return desk


def ids_of(desk: Desk) -> list[str]:
    return [item.id for item in desk.store.all(Outgoing)]


def test_each_moves_from_its_own_time_and_undo_brings_all_back(desk: Desk) -> None:
    before = minutes(desk)
    outcome = rescheduling.reschedule(desk, ids_of(desk), "+1d")
    assert minutes(desk) == [("a", "25 08:00"), ("b", "25 09:00"), ("c", "25 10:00")]
    assert "go out Wed 25 Nov 09:00" in told(desk, outcome) and "to Wed 25 Nov 11:00" in told(desk, outcome)
    undo(desk)
    assert minutes(desk) == before


@pytest.mark.parametrize("move", ["+1d", "30m later", "same hour fri"])
def test_a_draft_without_a_time_has_none_that_could_be_moved(desk: Desk, move: str) -> None:
    ids, before = ids_of(desk), desk.store.all(Outgoing)
    (draft,) = desk.store.outgoing.of_post(post_drafts.store_post(desk, None, "someday", ["brand"]))
    with refused(desk, NoTimeToMove, f"{draft.id} has no time yet that could be moved"):
        rescheduling.reschedule(desk, [*ids, draft.id], move)
    assert [item for item in desk.store.all(Outgoing) if item.id in ids] == before
    rescheduling.reschedule(desk, [draft.id], move, from_now=True)
    (moved,) = desk.store.outgoing.of_post(draft.post)
    assert moved.state is OutgoingState.SCHEDULED and moved.scheduled_at > desk.now


def test_several_at_one_time_are_a_quarter_of_an_hour_apart_in_their_order(desk: Desk) -> None:
    rescheduling.reschedule(desk, ids_of(desk), "thu 12:00")
    assert minutes(desk) == [("a", "26 11:00"), ("b", "26 11:15"), ("c", "26 11:30")]


def test_the_variants_of_a_post_and_posts_of_other_accounts_stay_at_one_time(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    posts.write_post(desk, "news", ["brand", "other"], at="tomorrow 10:00")
    rescheduling.reschedule(desk, ids_of(desk), "thu 12:00")
    assert [at for _, at in minutes(desk)] == ["26 11:00", "26 11:00"]


def test_to_publish_several_now_is_no_accident(desk: Desk) -> None:
    rescheduling.publish(desk, ids_of(desk))
    assert len({at for _, at in minutes(desk)}) == 1


def test_one_that_would_be_in_the_past_changes_none(desk: Desk) -> None:
    before = minutes(desk)
    with pytest.raises(BadTime, match="has passed"):
        rescheduling.reschedule(desk, ids_of(desk), "-1d")
    assert minutes(desk) == before


def test_the_same_hour_on_another_day(desk: Desk) -> None:
    rescheduling.reschedule(desk, ids_of(desk), "same hour fri")
    assert minutes(desk) == [("a", "27 08:00"), ("b", "27 09:00"), ("c", "27 10:00")]


def posted(desk: Desk, *times: str, account: str = "brand") -> list[str]:
    """The ids of posts `0`, `1`, ... at these times."""
    return [posts.write_post(desk, str(n), [account], at=at)[0][0].id for n, at in enumerate(times)]


def test_posts_of_several_days_that_move_to_one_day_are_apart_in_their_order(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    ids = posted(desk, "tue 9:00", "wed 9:00", "thu 9:00", "tue 9:15")
    rescheduling.reschedule(desk, list(reversed(ids)), "same hour fri")
    assert minutes(desk) == [("0", "27 08:00"), ("1", "27 08:15"), ("2", "27 08:30"), ("3", "27 08:45")]


@pytest.mark.parametrize("at", ["thu 12:00", "+2d"])
def test_a_post_that_is_named_twice_is_moved_once(desk: Desk, at: str) -> None:
    items = desk.store.all(Outgoing)
    ids = [item.id for item in items]
    once = rescheduling.times_of(desk, ids, at)
    assert rescheduling.times_of(desk, [*(item.post for item in items), *ids], at) == once


def test_moved_posts_of_other_accounts_stay_at_one_time(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    ids = [*posted(desk, "tue 9:00", "wed 10:00"), *posted(desk, "wed 9:00", account="other")]
    rescheduling.reschedule(desk, ids, "same hour fri")
    assert [at for _, at in minutes(desk)] == ["27 08:00", "27 08:00", "27 09:00"]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 90), st.sampled_from(["brand", "other"])), max_size=12))
@settings(max_examples=20, deadline=None)
def test_no_two_moved_posts_of_an_account_share_a_minute(posts_at: list[tuple[int, int, str]]) -> None:
    with TemporaryDirectory() as folder:
        desk = desk_on(Path(folder))
        base = desk.now + timedelta(days=1)
        ids = [
            posts.write_post(desk, "x", [account], at=base + timedelta(days=day, minutes=minute))[0][0].id
            for day, minute, account in posts_at
        ]
        if ids:
            times = rescheduling.times_of(desk, ids, "same hour next monday")
            items = desk.store.all(Outgoing)
            places = {(item.account, times[item.id].at.replace(second=0, microsecond=0)) for item in items}
            assert len(places) == len(ids)
        desk.store.close()


def test_who_posts_at_a_time_that_others_of_the_account_have_is_told(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    posted(desk, "fri 9:01", "fri 8:59")
    posted(desk, "fri 9:00", account="other")
    posts.write_post(desk, "a draft", ["brand"], at="fri 9:00", draft=True)
    said = []
    for _ in range(3):
        _, outcome = posts.write_post(desk, "news", ["brand"], at="fri 9:00")
        said.append((outcome.others, told(desk, outcome)))
    assert [count for count, _ in said] == [0, 1, 2]
    assert "of this account" not in said[0][1]
    assert said[1][1].endswith("; 1 other of this account leaves then")
    assert said[2][1].endswith("; 2 others of this account leave then")
    _, both = posts.write_post(desk, "news", ["brand", "other"], at="fri 9:00")
    assert both.others == 4


@pytest.mark.parametrize("at", ["fri 9:00", "same hour fri"])
def test_who_moves_a_post_to_the_minute_of_others_is_told(tmp_path: Path, at: str) -> None:
    desk = desk_on(tmp_path)
    posted(desk, "fri 9:00")
    ids = posted(desk, "wed 9:00", "thu 9:00")
    outcome = rescheduling.reschedule(desk, ids, at)
    assert outcome.others == 1 and told(desk, outcome).endswith("; 1 other of this account leaves then")
    assert rescheduling.reschedule(desk, ids, "+1d").others == 0


@pytest.mark.parametrize(("at", "others"), [("fri 9:00", 1), (None, 0)])
def test_who_schedules_drafts_for_the_minute_of_others_is_told(tmp_path: Path, at: str | None, others: int) -> None:
    desk = desk_on(tmp_path)
    posted(desk, "fri 9:00")
    [draft], _ = posts.write_post(desk, "news", ["brand"], at=at, draft=True)
    assert draft.post is not None
    assert post_drafts.send_post(desk, draft.post).others == others
