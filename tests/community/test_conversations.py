"""The verbs on conversations: each on one or many, each one step in the log, each undone as one."""

import pytest

from commtui.activity.errors import AmbiguousId, TriageError, UnknownId, Usage
from commtui.activity.undo import redo, undo
from commtui.community import conversations, replies
from commtui.model.records import Conversation, Note
from commtui.triage import views
from tests.clock import FakeClock
from tests.sentences import refused, told
from tests.triage.desks import arrive, conversation_of, desk_on


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


VERBS = {
    "done": lambda desk, ids: conversations.done(desk, ids),
    "read": lambda desk, ids: conversations.read(desk, ids),
    "mute": lambda desk, ids: conversations.mute(desk, ids),
    "assign": lambda desk, ids: conversations.assign(desk, ids, "anna"),
    "claim": lambda desk, ids: conversations.claim(desk, ids),
    "snooze": lambda desk, ids: conversations.snooze(desk, ids, "2h"),
    "snooze answer": lambda desk, ids: conversations.snooze(desk, ids, "answer"),
    "tag": lambda desk, ids: conversations.tag(desk, ids, "Bug"),
    "priority": lambda desk, ids: conversations.prioritize(desk, ids, "High"),
    "note": lambda desk, ids: conversations.note(desk, ids, "hm"),
    "reply": lambda desk, ids: replies.reply(desk, ids[0], "thanks")[1],
}


def state_of(desk):
    conversations = sorted(desk.store.all(Conversation), key=lambda conversation: conversation.id)
    return list(conversations), desk.store.all(Note)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_on_many_is_one_step_that_undo_takes_back_and_redo_does_again(desk, verb):
    ids = [arrive(desk, str(number)).id for number in range(3)]
    before = state_of(desk)
    outcome = VERBS[verb](desk, ids)
    after = state_of(desk)
    assert outcome.op_id
    assert after != before
    activity = desk.store.log.step(outcome.op_id)
    assert (activity.who, activity.at, activity.ids) == ("me", desk.now, tuple(ids) if verb != "reply" else (ids[0],))
    assert all(change.before != change.after for change in activity.changes)
    text = told(desk, undo(desk))
    assert verb.split()[0] in text
    if verb != "reply":
        assert state_of(desk) == before
    redo(desk)
    if verb not in ("note", "reply"):
        assert state_of(desk) == after
    undo(desk)
    undone, _ = desk.store.log.undo_stack("me")
    assert undone == []


@pytest.mark.parametrize("verb", VERBS)
def test_one_bad_id_among_many_changes_nothing(desk, verb):
    one = arrive(desk, "1").id
    before = state_of(desk)
    with pytest.raises(UnknownId):
        VERBS[verb](desk, ["c0000000000", one])
    assert state_of(desk) == before
    assert list(desk.store.log.steps()) == []


@pytest.mark.parametrize("verb", [name for name in VERBS if name not in ("note", "reply")])
def test_a_verb_that_finds_nothing_to_change_says_so_and_leaves_no_step(desk, verb):
    ids = [arrive(desk, "1").id]
    VERBS[verb](desk, ids)
    again = VERBS[verb](desk, ids)
    assert again.op_id is None
    assert "nothing to change" in told(desk, again)
    assert len(desk.store.log.undo_stack("me")[0]) == 1


def test_a_verb_given_a_mention_acts_on_its_conversation_once(desk):
    one = arrive(desk, "1")
    two = arrive(desk, "2", answers="1")
    assert conversations.done(desk, [one.id, two.id, one.conversation]).ids == (one.conversation,)


def test_a_unique_prefix_is_enough_and_an_ambiguous_one_lists_the_candidates(desk):
    one = arrive(desk, "1")
    assert conversations.read(desk, [one.id[:9]]).ids == (one.conversation,)
    for number in range(2, 60):
        arrive(desk, str(number))
    with pytest.raises(AmbiguousId) as caught:
        conversations.read(desk, ["m"])
    assert len(caught.value.candidates) == 10
    with refused(desk, UnknownId, "ids begin with"):
        conversations.read(desk, ["nonsense"])


def test_snooze_takes_it_off_the_queue_until_its_time_with_nothing_running(tmp_path):
    clock = FakeClock()
    desk = desk_on(tmp_path, clock)
    one, two, three = (arrive(desk, str(number), ago=10 - number) for number in range(3))
    conversations.snooze(desk, [two.id], "2h")
    rows = [views.conversation_at(desk, number).id for number in views.queue(desk)]
    assert rows == [one.conversation, three.conversation]
    clock.advance(7201)
    rows = [views.conversation_at(desk, number).id for number in views.queue(desk)]
    assert rows == [one.conversation, two.conversation, three.conversation]


def test_snooze_refuses_a_time_that_it_can_not_read(desk):
    one = arrive(desk, "1")
    with refused(desk, Usage, "blub"):
        conversations.snooze(desk, [one.id], "blub")
    assert len(views.queue(desk)) == 1


def test_a_claim_of_what_another_has_is_refused_and_names_them(desk, tmp_path):
    one = arrive(desk, "1")
    anna = desk_on(tmp_path, who="anna")
    conversations.claim(anna, [one.id])
    with refused(desk, TriageError, "assigned to anna"):
        conversations.claim(desk, [one.id])
    assert conversation_of(desk, one).assignee == "anna"
    conversations.assign(desk, [one.id], "me")
    assert conversation_of(desk, one).assignee == "me"
    conversations.assign(desk, [one.id], "nobody")
    assert conversation_of(desk, one).assignee is None
