"""A verb on several replies and posts: what can't take it is left out, also where that is so only meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.activity import parts
from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome, Skipped
from commtui.activity.refusals import WrongItemState
from commtui.activity.undo import undo
from commtui.community import replies
from commtui.marketing import posts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import changes, rescheduling
from commtui.outgoing.several import do_where_possible
from commtui.triage.verbs import VERBS
from tests.sentences import told
from tests.triage.desks import arrive, desk_on

HELD, SCHEDULED, SENDING = OutgoingState.HELD, OutgoingState.SCHEDULED, OutgoingState.SENDING


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(parts, "PART", 3)
    return desk_on(tmp_path)


def scheduled(desk: Desk, count: int) -> list[str]:
    """So many posts that leave tomorrow, a minute apart."""
    at = desk.now + timedelta(days=1)
    return [posts.write_post(desk, f"no. {n}", ["brand"], at=at + timedelta(minutes=n))[0][0].id for n in range(count)]


def put(desk: Desk, identity: str, state: OutgoingState) -> None:
    item = desk.store.get(Outgoing, identity)
    assert item is not None
    with desk.store.write() as write:
        write.put(replace(item, state=state))


def states(desk: Desk, ids: list[str]) -> list[str]:
    items = desk.store.get_each(Outgoing, ids)
    return [items[identity].state.value for identity in ids]


def test_those_that_cannot_take_it_are_left_out_and_named_and_one_undo_takes_back_the_rest(desk: Desk) -> None:
    ids = scheduled(desk, 8)
    for identity in ids[2:5]:
        put(desk, identity, SENDING)
    outcome = do_where_possible(desk, ids, "hold", changes.hold)
    assert states(desk, ids) == ["held"] * 2 + ["sending"] * 3 + ["held"] * 3
    assert outcome.skipped == tuple(Skipped(identity, SENDING) for identity in ids[2:5])
    assert told(desk, outcome) == "held: 5 posts; left out: 3 sending"
    undo(desk)
    assert states(desk, ids) == ["scheduled"] * 2 + ["sending"] * 3 + ["scheduled"] * 3


def test_what_delivery_begins_between_two_parts_is_left_out_and_does_not_undo_the_others(desk: Desk) -> None:
    ids = scheduled(desk, 9)

    def hold(desk: Desk, part: Sequence[str]) -> Outcome:
        outcome = changes.hold(desk, part)
        if part[0] == ids[0]:
            put(desk, ids[4], SENDING)
        return outcome

    outcome = do_where_possible(desk, ids, "hold", hold)
    assert states(desk, ids) == ["held"] * 4 + ["sending"] + ["held"] * 4
    assert (outcome.total, [skipped.id for skipped in outcome.skipped]) == (8, [ids[4]])


@pytest.mark.parametrize("count", [1, 2, 7])
def test_where_none_can_take_it_the_verb_says_why_and_nothing_changes(desk: Desk, count: int) -> None:
    ids = scheduled(desk, count)
    with pytest.raises(WrongItemState) as caught:
        do_where_possible(desk, ids, "release", changes.release)
    assert caught.value.item == ids[0] and set(states(desk, ids)) == {"scheduled"}


def test_what_is_so_already_everywhere_is_no_error(desk: Desk) -> None:
    ids = scheduled(desk, 5)
    changes.hold_all(desk)
    assert told(desk, do_where_possible(desk, ids, "hold", changes.hold)) == "nothing to change: 5 posts already held"


def test_hold_all_holds_replies_and_posts_in_parts_and_what_leaves_meanwhile_stops_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = scheduled(desk, 7)
    reply, _ = replies.reply(desk, arrive(desk, "1").id, "thanks")
    put(desk, ids[6], OutgoingState.RETRYING)
    real = changes.hold

    def hold(desk: Desk, named: Sequence[str], reason: Reason) -> Outcome:
        monkeypatch.setattr(changes, "hold", real)
        outcome = real(desk, named, reason)
        put(desk, ids[5], SENDING)
        return outcome

    assert changes.count_leaving(desk) == 8
    monkeypatch.setattr(changes, "hold", hold)
    outcome = changes.hold_all(desk)
    assert (outcome.total, changes.count_leaving(desk)) == (7, 0)
    assert states(desk, [reply.id, *ids]) == ["held"] * 6 + ["sending", "held"]
    assert len(changes.held_at_once(desk)) == 7
    put(desk, ids[0], OutgoingState.DISCARDED)
    assert changes.release_all(desk).total == 6
    assert states(desk, [reply.id, *ids]) == ["scheduled", "discarded", *["scheduled"] * 4, "sending", "scheduled"]


def test_many_posts_moved_to_one_time_are_apart_whatever_part_they_are_in(desk: Desk) -> None:
    ids = scheduled(desk, 8)
    outcome = VERBS["reschedule"].call(desk, ids, "thu 12:00")
    items = desk.store.get_each(Outgoing, ids)
    minutes = [(items[identity].scheduled_at - outcome.leaves_at) // timedelta(minutes=1) for identity in ids]
    assert minutes == [15 * place for place in range(8)]
    assert outcome.last_leaves_at == items[ids[-1]].scheduled_at
    assert told(desk, outcome) == ("go out Thu 26 Nov 12:00 Europe/Berlin to Thu 26 Nov 13:45 Europe/Berlin: 8 posts")
    undo(desk)
    assert {items[identity].scheduled_at for identity in ids}.isdisjoint(
        item.scheduled_at for item in desk.store.get_each(Outgoing, ids).values()
    )


def test_publishing_many_lets_none_wait_for_another(desk: Desk) -> None:
    ids = scheduled(desk, 8)
    do_where_possible(desk, ids, "reschedule", rescheduling.publish)
    assert len({item.scheduled_at for item in desk.store.get_each(Outgoing, ids).values()}) == 1
