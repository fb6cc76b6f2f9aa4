"""`next slot`: each post gets one in which nothing of its accounts is planned, whoever asks, in whichever process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime, NoSlot
from commtui.activity.refusals import CannotSend
from commtui.activity.undo import undo
from commtui.community import conversations, replies
from commtui.marketing import posts
from commtui.model import ids
from commtui.model.records import Campaign, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, rescheduling
from tests.at_once import run_at_once
from tests.sentences import refused, told
from tests.triage.desks import BRAND, OTHER, arrive, desk_on

SLOTS = {"brand": ["mon,thu 9:00", "daily 12:00"], "other": ["daily 12:00", "fri 8:00"]}


def desk_with(folder: Path, slots: Mapping[str, Sequence[str]]) -> Desk:
    """A desk on Monday 23 November 2026, 10:00 in Berlin."""
    accounts = tuple(replace(account, slots=tuple(slots.get(account.name, ()))) for account in (BRAND, OTHER))
    return desk_on(folder, accounts=accounts)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_with(tmp_path, SLOTS)


def post(desk: Desk, *accounts: str, at: str = "next slot", draft: bool = False) -> list[Outgoing]:
    return posts.write_post(desk, "news", accounts or ["brand"], at=at, draft=draft)[0]


def wall(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%a %d %H:%M")


def times(desk: Desk, items: Sequence[Outgoing]) -> list[str]:
    return [wall(found.scheduled_at) for item in items if (found := desk.store.get(Outgoing, item.id))]


def test_posts_get_the_next_slots_one_after_the_other(desk: Desk) -> None:
    items = [post(desk)[0] for _ in range(5)]
    assert times(desk, items) == ["Mon 23 12:00", "Tue 24 12:00", "Wed 25 12:00", "Thu 26 09:00", "Thu 26 12:00"]
    assert all(not item.hold_window and item.zone == "Europe/Berlin" for item in items)
    assert times(desk, post(desk, "other")) == ["Mon 23 12:00"], "another account has slots of its own"
    _, outcome = posts.write_post(desk, "news", ["brand"], at="next slot")
    assert told(desk, outcome) == "post on brand goes out Fri 27 Nov 12:00 Europe/Berlin"


def test_a_post_from_several_accounts_gets_one_slot_that_is_free_on_each(desk: Desk) -> None:
    post(desk, "other")
    assert times(desk, post(desk, "brand", "other")) == ["Tue 24 12:00", "Tue 24 12:00"]
    assert times(desk, post(desk, "brand")) == ["Mon 23 12:00"]


def test_drafts_with_a_time_and_what_is_held_keep_their_slots_and_what_failed_or_is_discarded_does_not(
    desk: Desk,
) -> None:
    post(desk, draft=True)
    (held,) = post(desk)
    changes.hold(desk, [held.id])
    (failed,), (gone,) = post(desk), post(desk)
    with desk.store.write() as write:
        write.put(replace(failed, state=OutgoingState.FAILED))
    changes.discard(desk, [gone.id])
    assert times(desk, [held, *post(desk), *post(desk)]) == ["Tue 24 12:00", "Wed 25 12:00", "Thu 26 09:00"]
    posts.write_post(desk, "by hand", ["brand"], at="thu 12:00:30")
    assert times(desk, post(desk)) == ["Fri 27 12:00"], "its minute is taken"


def test_a_post_moves_on_from_the_time_that_it_has_and_undo_brings_it_back(desk: Desk) -> None:
    (item,) = post(desk)
    for at in ("Tue 24 12:00", "Wed 25 12:00"):
        outcome = rescheduling.reschedule(desk, [item.id], "Next  Slot")
        assert times(desk, [item]) == [at]
    assert "goes out Wed 25 Nov 12:00" in told(desk, outcome)
    undo(desk)
    assert times(desk, [item]) == ["Tue 24 12:00"]
    rescheduling.reschedule(desk, [item.id], "2026-12-20 10:00")
    rescheduling.reschedule(desk, [item.id], "next slot")
    assert times(desk, [item]) == ["Sun 20 12:00"]


def test_a_post_in_its_hold_window_or_without_a_time_gets_the_next_one_from_now(desk: Desk) -> None:
    (now,), _ = posts.write_post(desk, "now", ["brand"])
    (draft,), _ = posts.write_post(desk, "someday", ["brand"], draft=True)
    rescheduling.reschedule(desk, [now.id, draft.id], "next slot")
    assert sorted(times(desk, [now, draft])) == ["Mon 23 12:00", "Tue 24 12:00"]


def test_marked_posts_get_slots_in_their_order_and_leave_theirs_to_each_other(desk: Desk) -> None:
    first, second, third = post(desk)[0], post(desk)[0], post(desk)[0]
    outcome = rescheduling.reschedule(desk, [third.id, first.id, second.id], "next slot")
    assert times(desk, [first, second, third]) == ["Tue 24 12:00", "Wed 25 12:00", "Thu 26 09:00"]
    assert "go out Tue 24 Nov 12:00 Europe/Berlin to Thu 26 Nov 09:00" in told(desk, outcome)
    both = post(desk, "brand", "other")
    rescheduling.reschedule(desk, [item.id for item in both], "next slot")
    assert len(set(times(desk, both))) == 1, "the variants of a post stay together"


def test_more_than_a_part_of_posts_are_never_in_one_minute(desk: Desk) -> None:
    items = [post(desk, at=f"2026-12-01 {9 + number // 60}:{number % 60:02}")[0] for number in range(60)]
    rescheduling.reschedule(desk, [item.id for item in items], "next slot")
    assert len(set(times(desk, items))) == 60
    undo(desk)
    assert times(desk, items)[59] == "Tue 01 09:59"


def test_without_slots_nothing_is_done_and_the_way_out_is_said(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, {"brand": ["mon 9:00"]})
    with refused(desk, NoSlot, r'no slots for other: add a line such as slots = \["mon,thu 9:00"\]'):
        post(desk, "brand", "other")
    (item,) = post(desk, "other", at="fri 9:00")
    with refused(desk, NoSlot, "no slots for other"):
        rescheduling.reschedule(desk, [item.id], "next slot")
    assert desk.store.all(Outgoing) == [item]


def test_accounts_without_a_slot_in_common_are_named(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, {"brand": ["mon 9:00"], "other": ["mon 9:01"]})
    with refused(desk, NoSlot, "brand and other have no slot in common"):
        post(desk, "brand", "other")
    assert desk.store.all(Outgoing) == []


def test_the_slots_of_a_campaign_go_first_in_its_own_zone(desk: Desk) -> None:
    slots = ("wed 18:00", "wed 19:00")
    launch = Campaign(id=ids.fresh(ids.CAMPAIGN), name="Launch", created_at=desk.now, zone="Asia/Tokyo", slots=slots)
    plain = Campaign(id=ids.fresh(ids.CAMPAIGN), name="Plain", created_at=desk.now, zone="Asia/Tokyo")
    items = [post(desk)[0], post(desk)[0]]
    with desk.store.write() as write:
        write.put(launch)
        write.put(plain)
        write.put(replace(items[0], campaign=launch.id))
        write.put(replace(items[1], campaign=plain.id))
    rescheduling.reschedule(desk, [item.id for item in items], "next slot")
    assert times(desk, items) == ["Wed 25 10:00", "Wed 25 12:00"]


def test_a_reply_and_a_snooze_have_no_slot(desk: Desk) -> None:
    mention = arrive(desk, "1")
    reply, _ = replies.reply(desk, mention.id, "yes")
    with refused(desk, NoSlot, "a slot is for posts"):
        rescheduling.reschedule(desk, [reply.id], "next slot")
    with refused(desk, BadTime, "'next slot' is for posts: say 30m"):
        conversations.snooze(desk, [mention.id], "next slot")


def test_an_empty_text_takes_no_slot(desk: Desk) -> None:
    with pytest.raises(CannotSend):
        posts.write_post(desk, " ", ["brand"], at="next slot")
    assert desk.store.all(Outgoing) == []


WRITER = """
import sys
from pathlib import Path
from commtui.marketing import posts
from tests.outgoing.test_slots import SLOTS, desk_with
desk = desk_with(Path(sys.argv[1]), SLOTS)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    posts.write_post(desk, "news", ["brand"], at="next slot")
"""


@pytest.mark.slow
def test_two_processes_never_take_the_same_slot(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, SLOTS)
    run_at_once(*[["-c", WRITER, str(tmp_path)]] * 2)
    desk.store.poll()
    items = desk.store.all(Outgoing)
    assert len(items) == 40 == len({item.scheduled_at for item in items})
