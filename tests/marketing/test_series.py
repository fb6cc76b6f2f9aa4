"""Series: their posts 60 days ahead, each once, whoever makes them; edit, skip and end, and the undo of each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime, NoSuchTime, UnknownId
from commtui.activity.refusals import CampaignEnded, CannotSend
from commtui.activity.undo import redo, undo
from commtui.marketing import campaigns, series
from commtui.marketing.series import Plan
from commtui.marketing.series_posts import MISSED_MOST, make_all
from commtui.model.abilities import Limits
from commtui.model.records import AccountState, Outgoing, Series
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import changes, rescheduling
from tests.clock import FakeClock
from tests.sentences import refused, told
from tests.triage.desks import BRAND, OTHER, desk_on

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[2]
WEEKLY = "every mon,thu 9:00"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """On Monday 23 November 2026, 10:00 in Berlin."""
    return desk_on(tmp_path)


def repeated(
    desk: Desk, repeat: str = WEEKLY, *accounts: str, text: str = "tip", campaign: str | None = None
) -> Series:
    return series.add(desk, text, Plan(accounts or ["brand"], repeat, campaign=campaign))[0]


def items(desk: Desk, made: Series, *states: OutgoingState) -> list[Outgoing]:
    found = [item for item in desk.store.outgoing.of_series(made.id) if item.state in (states or OutgoingState)]
    return sorted(found, key=lambda item: (item.scheduled_at or desk.now, item.account))


def walls(found: Iterable[Outgoing]) -> list[str]:
    return [
        f"{item.scheduled_at.astimezone(ZoneInfo('Europe/Berlin')):%d.%m. %H:%M}" for item in found if item.scheduled_at
    ]


def scheduled(desk: Desk, made: Series) -> list[str]:
    return walls(items(desk, made, OutgoingState.SCHEDULED))


def clock(desk: Desk) -> FakeClock:
    assert isinstance(desk.clock, FakeClock)
    return desk.clock


def current(desk: Desk, made: Series) -> Series:
    found = desk.store.get(Series, made.id)
    assert found is not None
    return found


def test_a_series_has_the_posts_of_sixty_days_at_once_and_the_others_as_time_goes_on(desk: Desk) -> None:
    made, outcome = series.add(desk, "tip", Plan(["brand", "other"], WEEKLY))
    assert told(desk, outcome) == (
        f"series {made.id}: 17 posts scheduled; the next goes out Thu 26 Nov 09:00 Europe/Berlin"
    )
    posts = items(desk, made)
    assert len(posts) == 34 and len({item.post for item in posts}) == 17
    assert {item.account for item in posts} == {BRAND.id, OTHER.id}
    assert walls(posts)[0] == "26.11. 09:00" and walls(posts)[-1] == "21.01. 09:00"
    assert all(item.local_at.endswith("T09:00") and item.zone == "Europe/Berlin" for item in posts)
    assert make_all(desk) == 0
    clock(desk).advance(3 * 86400)
    assert make_all(desk) == 1 and make_all(desk) == 0
    assert walls(items(desk, made))[-1] == "25.01. 09:00"
    assert len({item.key for item in items(desk, made)}) == 36 == len({item.id for item in items(desk, made)})


def test_it_ends_where_its_rule_does(desk: Desk) -> None:
    made = repeated(desk, "every mon,thu 9:00 for 3 times")
    assert scheduled(desk, made) == ["26.11. 09:00", "30.11. 09:00", "03.12. 09:00"]
    clock(desk).advance(30 * 86400)
    assert make_all(desk) == 0


def test_a_change_of_clocks_keeps_the_time(tmp_path: Path) -> None:
    desk = desk_on(tmp_path, FakeClock(desk_time := FakeClock().now() + 100 * DAY))
    made = repeated(desk, "every sun 2:30")
    assert desk_time.month == 3
    posts = [item for item in items(desk, made) if item.local_at in ("2027-03-28T02:30", "2027-04-04T02:30")]
    assert walls(posts) == ["28.03. 03:00", "04.04. 02:30"]


def test_what_was_discarded_or_moved_by_hand_is_not_made_again(desk: Desk) -> None:
    made = repeated(desk)
    first, second, *_ = items(desk, made)
    changes.discard(desk, [first.id])
    rescheduling.reschedule(desk, [second.id], "2026-12-01 12:00")
    clock(desk).advance(86400)
    make_all(desk)
    series.edit(desk, made.id, body="better tip")
    assert scheduled(desk, made)[:3] == ["01.12. 12:00", "03.12. 09:00", "07.12. 09:00"]
    texts = {item.id: item.text for item in items(desk, made, OutgoingState.SCHEDULED)}
    assert texts.pop(second.id) == "tip" and set(texts.values()) == {"better tip"}


def test_undo_of_a_series_discards_its_posts_those_made_since_too_and_redo_brings_them_back(desk: Desk) -> None:
    made = repeated(desk)
    clock(desk).advance(5 * 86400)
    assert make_all(replace(desk, who="commtui")) == 1
    before = scheduled(desk, made)
    undo(desk)
    assert scheduled(desk, made) == [] and desk.store.series.all() == []
    assert {item.reason for item in items(desk, made)} == {Reason.SERIES}
    make_all(desk)
    assert scheduled(desk, made) == []
    redo(desk)
    assert desk.store.series.all()[0].text == "tip"
    missed = before[0]  # its time is over: it is due at once
    assert sorted(scheduled(desk, made)[1:]) == sorted(set(before) - {missed})
    assert make_all(desk) == 0


def test_the_next_time_or_that_of_a_day_is_left_out_and_undo_brings_it_back(desk: Desk) -> None:
    made = repeated(desk)
    outcome = series.skip(desk, made.id)
    assert "none on Thu 26 Nov 09:00" in told(desk, outcome) and "next goes out Mon 30 Nov" in told(desk, outcome)
    series.skip(desk, made.id, "3.12.")
    series.skip(desk, made.id, "2026-12-10 09:00")
    assert scheduled(desk, made)[:4] == ["30.11. 09:00", "07.12. 09:00", "14.12. 09:00", "17.12. 09:00"]
    series.skip(desk, made.id, "2027-03-01")  # not made yet
    clock(desk).advance(60 * 86400)
    make_all(desk)
    assert "01.03. 09:00" not in scheduled(desk, made) and "25.02. 09:00" in scheduled(desk, made)
    assert current(desk, made).skipped[-1] == "2027-03-01T09:00"
    undo(desk)
    assert current(desk, made).skipped[-1] == "2026-12-10T09:00"
    with refused(desk, NoSuchTime, "has no post on that day, Tue 2 Mar"):
        series.skip(desk, made.id, "2.3.")


def test_undo_of_a_skip_brings_its_post_back(desk: Desk) -> None:
    made = repeated(desk)
    before = scheduled(desk, made)
    series.skip(desk, made.id, "3.12.")
    with pytest.raises(NoSuchTime):
        series.skip(desk, made.id, "3.12.")
    undo(desk)
    assert scheduled(desk, made) == before


def test_what_was_discarded_by_hand_is_passed_over_by_the_next_skip(desk: Desk) -> None:
    made = repeated(desk)
    changes.discard(desk, [items(desk, made)[0].id])
    series.skip(desk, made.id)
    assert scheduled(desk, made)[0] == "03.12. 09:00"


def test_another_text_from_a_day_on(desk: Desk) -> None:
    made = repeated(desk, WEEKLY, "brand", "other")
    outcome = series.edit(desk, made.id, body="better", since="7.12.")
    assert outcome.posts == 14
    texts = [item.text for item in items(desk, made)]
    assert texts == ["tip"] * 6 + ["better"] * 28
    clock(desk).advance(9 * 86400)
    make_all(desk)
    assert items(desk, made)[-1].text == "better"
    assert series.edit(desk, made.id, body="better").op_id is None
    undo(desk)
    assert {item.text for item in items(desk, made)[:32]} == {"tip"}


def test_other_times_from_a_day_on_and_there_and_back(desk: Desk) -> None:
    made = repeated(desk)
    before = scheduled(desk, made)
    series.edit(desk, made.id, repeat="every thu,fri 9:00", since="7.12.")
    after = scheduled(desk, made)
    assert after[:5] == ["26.11. 09:00", "30.11. 09:00", "03.12. 09:00", "10.12. 09:00", "11.12. 09:00"]
    clock(desk).advance(3600)
    make_all(desk)
    series.edit(desk, made.id, repeat=WEEKLY)
    assert scheduled(desk, made) == before
    undo(desk)
    assert scheduled(desk, made) == after
    series.end(desk, made.id)
    assert scheduled(desk, made) == []


def test_other_accounts(desk: Desk) -> None:
    made = repeated(desk)
    changes.discard(desk, [items(desk, made)[0].id])
    series.edit(desk, made.id, accounts=["other"])
    left = items(desk, made, OutgoingState.SCHEDULED)
    assert {item.account for item in left} == {OTHER.id} and walls(left)[0] == "30.11. 09:00"
    assert len(left) == 16


def test_an_end_now_or_later_discards_what_comes_after_and_undo_takes_it_back(desk: Desk) -> None:
    made = repeated(desk)
    before = scheduled(desk, made)
    outcome = series.end(desk, made.id, since="7.12.")
    assert scheduled(desk, made) == before[:3] and outcome.posts == 14
    assert "next goes out Thu 26 Nov" in told(desk, outcome)
    outcome = series.end(desk, made.id)
    assert scheduled(desk, made) == [] and told(desk, outcome).endswith("3 posts discarded; nothing is to come")
    assert "has ended already" in told(desk, series.end(desk, made.id))
    clock(desk).advance(86400)
    assert make_all(desk) == 0
    with refused(desk, NoSuchTime, "has no post to come"):
        series.edit(desk, made.id, body="x")
    undo(desk)
    undo(desk)
    assert scheduled(desk, made) == before


def test_a_change_from_beyond_the_posts_that_are_made_is_refused(desk: Desk) -> None:
    made = repeated(desk)
    with refused(desk, BadTime, "60 days ahead"):
        series.edit(desk, made.id, body="x", since="2027-06-01")
    with pytest.raises(UnknownId):
        series.end(desk, "szzzz")


def test_a_post_of_it_names_it_too(desk: Desk) -> None:
    made = repeated(desk)
    item = items(desk, made)[0]
    assert item.post is not None
    series.skip(desk, item.post)
    series.edit(desk, item.id[:8], body="better")
    assert {item.text for item in items(desk, made, OutgoingState.SCHEDULED)} == {"better"}


def test_what_nothing_ran_for_is_listed_as_skipped_and_does_not_burst(desk: Desk) -> None:
    made = repeated(desk, "daily 9:00,21:00")
    sent = items(desk, made)
    with desk.store.write() as write:
        for item in sent:
            write.put(replace(item, state=OutgoingState.SENT))
    clock(desk).advance(150 * 86400)
    make_all(desk)
    missed = items(desk, made, OutgoingState.SKIPPED)
    assert len(missed) == MISSED_MOST and {item.reason for item in missed} == {Reason.LATE}
    assert all(
        item.scheduled_at and item.scheduled_at > desk.now for item in items(desk, made, OutgoingState.SCHEDULED)
    )
    assert len(items(desk, made, OutgoingState.SCHEDULED)) == 120 and make_all(desk) == 0


def test_what_is_there_is_never_written_over_though_the_record_says_that_less_was_made(desk: Desk) -> None:
    made = repeated(desk)
    first, second, *_ = items(desk, made)
    with desk.store.write() as write:
        write.put(replace(first, state=OutgoingState.SENT, sent_at=first.scheduled_at))
        write.put(replace(second, state=OutgoingState.DRAFT, text="mine"))
    clock(desk).advance(10 * 86400)
    with desk.store.write() as write:
        write.put(replace(current(desk, made), made_until=made.created_at))
    make_all(desk)
    states = {item.id: (item.state, item.text) for item in items(desk, made)}
    assert states[first.id] == (OutgoingState.SENT, "tip") and states[second.id] == (OutgoingState.DRAFT, "mine")


def test_posts_of_a_paused_campaign_are_held_and_of_an_ended_one_not_made(desk: Desk) -> None:
    campaigns.add(desk, campaigns.Plan(name="Launch"))
    made = repeated(desk, campaign="launch")
    assert {item.campaign for item in items(desk, made)} == {made.campaign} != {None}
    campaigns.pause(desk, "launch")
    clock(desk).advance(4 * 86400)
    assert make_all(desk) == 1
    assert scheduled(desk, made) == [] and len(items(desk, made, OutgoingState.HELD)) == 18
    series.edit(desk, made.id, body="better")
    assert {item.text for item in items(desk, made, OutgoingState.HELD)[1:]} == {"better"}
    campaigns.resume(desk, "launch")
    assert len(scheduled(desk, made)) >= 17
    campaigns.end(desk, "launch")
    clock(desk).advance(30 * 86400)
    assert make_all(desk) == 0
    with pytest.raises(CampaignEnded):
        repeated(desk, campaign="launch")
    campaigns.resume(desk, "launch")
    assert make_all(desk) > 5


def test_a_text_that_a_network_refuses_is_kept_as_a_draft(desk: Desk) -> None:
    with desk.store.write() as write:
        write.put(AccountState(id=BRAND.id, name="brand", network="demo", limits=Limits(characters=5)))
    with pytest.raises(CannotSend):
        repeated(desk, text="much too long")
    (draft,) = desk.store.all(Outgoing)
    assert draft.text == "much too long" and draft.state is OutgoingState.DRAFT and draft.scheduled_at is None
    assert desk.store.series.all() == []
    with pytest.raises(CannotSend):
        repeated(desk, text=" ")
    made = repeated(desk, text="tip")
    with pytest.raises(CannotSend):
        series.edit(desk, made.id, body="much too long")
    assert current(desk, made).text == "tip"


def test_a_rule_that_cannot_be_read_costs_its_series_alone(desk: Desk) -> None:
    broken, whole = repeated(desk), repeated(desk, text="other tip")
    with desk.store.write() as write:
        write.put(replace(broken, rule="RRULE:FREQ=SOMETIMES"))
    clock(desk).advance(8 * 86400)
    assert make_all(desk) == 2
    with pytest.raises(NoSuchTime):
        series.skip(desk, broken.id)
    series.end(desk, broken.id)
    assert {item.text for item in items(desk, whole)} == {"other tip"}


MAKER = """
import sys
from pathlib import Path
from commtui.marketing.series_posts import make_all
from tests.clock import FakeClock
from tests.triage.desks import desk_on
clock = FakeClock()
clock.advance(float(sys.argv[2]))
desk = desk_on(Path(sys.argv[1]), clock)
print("ready", flush=True)
sys.stdin.readline()
print(make_all(desk), flush=True)
"""


def maker(folder: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MAKER, str(folder), str(seconds)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    return child


@pytest.mark.slow
def test_two_processes_make_each_post_once(desk: Desk, tmp_path: Path) -> None:
    made = repeated(desk, "daily 9:00", "brand", "other")
    makers = [maker(tmp_path, 40 * 86400) for _ in range(2)]
    counts = []
    for child in makers:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in makers:
        counts.append(int(child.communicate(timeout=60)[0]))
    desk.store.poll()
    assert sorted(counts) == [0, 40]
    times = [(item.account, item.scheduled_at) for item in items(desk, made)]
    assert len(times) == len(set(times)) == 200


@pytest.mark.slow
def test_killed_while_it_makes_them_all_of_a_series_are_there_or_none_and_the_next_makes_the_rest(
    desk: Desk, tmp_path: Path
) -> None:
    made = [repeated(desk, f"daily {9 + number}:00") for number in range(6)]
    for delay in (0.0, 0.01, 0.02, 0.04):
        child = maker(tmp_path, 50 * 86400)
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
        with suppress(subprocess.TimeoutExpired):
            child.wait(delay)
        child.kill()
        child.wait()
        desk.store.poll()
        assert {len(items(desk, each)) for each in made} <= {60, 110}
    clock(desk).advance(50 * 86400)
    make_all(desk)
    for each in made:
        assert len(items(desk, each)) == 110 == len({item.scheduled_at for item in items(desk, each)})
