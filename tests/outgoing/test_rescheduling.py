"""Another time for posts: absolute, relative, and never two of one account in one minute by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime
from commtui.activity.undo import undo
from commtui.marketing import posts
from commtui.model.records import Outgoing
from commtui.outgoing import rescheduling
from tests.sentences import told
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
