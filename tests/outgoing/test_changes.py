"""The verbs on scheduled replies and posts: each state they lead to, and what they refuse."""

import pytest
from msgspec.structs import replace

from commtui.activity.errors import TriageError
from commtui.activity.undo import undo
from commtui.community import replies
from commtui.marketing import posts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import changes
from commtui.triage.status import standing
from tests.sentences import refused
from tests.triage.desks import arrive, conversation_of, desk_on, sent


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def test_recall_discard_and_release_follow_the_table(desk):
    one = arrive(desk, "1")
    reply, _ = replies.reply(desk, one.id, "thanks")
    changes.hold(desk, [reply.id])
    assert desk.store.get(Outgoing, reply.id).reason == Reason.BY_HAND
    changes.release(desk, [reply.id])
    released = desk.store.get(Outgoing, reply.id)
    assert (released.state, released.force, released.reason) == (OutgoingState.SCHEDULED, True, None)
    changes.recall(desk, [reply.id])
    assert conversation_of(desk, one).status == "open"
    changes.discard(desk, [reply.id])
    assert conversation_of(desk, one).draft is None
    with refused(desk, TriageError, "cannot recall what is discarded"):
        changes.recall(desk, [reply.id])


def test_what_a_person_retries_begins_its_read_backs_again(desk):
    reply, _ = replies.reply(desk, arrive(desk, "1").id, "thanks")
    with desk.store.write() as write:
        write.put(replace(reply, state=OutgoingState.UNKNOWN, doubts=1, read_backs=4, error="the line is down"))
    changes.retry(desk, [reply.id])
    again = desk.store.get(Outgoing, reply.id)
    assert (again.state, again.resend, again.read_backs, again.key) == (OutgoingState.SCHEDULED, True, 0, reply.key)


def test_an_edit_of_what_is_scheduled_keeps_its_time_and_of_what_is_out_is_an_act(desk):
    items, _ = posts.write_post(desk, "news", ["brand"])
    changes.edit(desk, items[0].id, "good news")
    stored = desk.store.get(Outgoing, items[0].id)
    assert (stored.text, stored.scheduled_at, stored.key) == ("good news", items[0].scheduled_at, items[0].key)
    sent(desk, stored, "p1")
    outcome = changes.edit(desk, items[0].id, "better news")
    assert outcome.ids[0].startswith("x")
    assert desk.store.get(Outgoing, items[0].id).text == "good news"


@pytest.mark.parametrize(
    ("reason", "called"), [(Reason.BY_HAND, False), (Reason.NEWER_ANSWER, True), (Reason.LATE, True)]
)
def test_what_a_person_holds_calls_nobody_and_what_delivery_holds_does(desk, reason, called):
    reply, _ = replies.reply(desk, arrive(desk, "1").id, "thanks")
    changes.hold(desk, [reply.id], reason)
    assert [(need.why, need.id) for need in standing(desk).needs] == [(reason, reply.id)] * called
    changes.release(desk, [reply.id])
    changes.hold_all(desk)
    assert standing(desk).needs == ()


def test_hold_all_stops_everything_that_would_leave_and_one_undo_lets_it_go(desk):
    one = arrive(desk, "1")
    replies.reply(desk, one.id, "thanks")
    posts.write_post(desk, "news", ["brand"], at="2h")
    changes.hold_all(desk)
    assert not desk.store.outgoing.all_due()
    undo(desk)
    assert len(desk.store.outgoing.all_due()) == 2


def test_release_all_releases_what_was_held_at_once_and_nothing_else(desk):
    one = arrive(desk, "1")
    replies.reply(desk, one.id, "thanks")
    apart, _ = replies.reply(desk, arrive(desk, "2").id, "no")
    variants, _ = posts.write_post(desk, "news", ["brand"], at="2h")
    changes.hold(desk, [apart.id])
    changes.hold_all(desk)
    outcome = changes.release_all(desk)
    assert len(outcome.ids) == 2
    assert desk.store.get(Outgoing, apart.id).state is OutgoingState.HELD
    released = desk.store.get(Outgoing, variants[0].id)
    assert (released.scheduled_at, released.force) == (variants[0].scheduled_at, False)
    undo(desk)
    assert len(changes.held_at_once(desk)) == 2
    assert not desk.store.outgoing.all_due()
