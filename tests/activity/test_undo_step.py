"""Undo of a chosen step of the log, which may not be the last."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.activity import parts
from commtui.activity.desk import one_step, shared_step
from commtui.activity.refusals import WouldSend
from commtui.activity.reverting import revert
from commtui.activity.undo import redo, undo, undo_step
from commtui.activity.undone import undone_of
from commtui.community import conversations, replies
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, rescheduling
from commtui.triage.verbs import VERBS
from tests.activity.test_parts import many
from tests.sentences import told
from tests.triage.desks import arrive, conversation_of, desk_on, sent


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def test_an_earlier_step_is_undone_and_later_ones_stay(desk):
    one, two = arrive(desk, "1"), arrive(desk, "2")
    first = conversations.assign(desk, [one.id], "anna")
    conversations.done(desk, [two.id])
    assert undo_step(desk, first.op_id).op_id
    assert conversation_of(desk, one).assignee is None
    assert conversation_of(desk, two).status == "done"
    undo(desk)  # the stack goes on with the one that stayed
    assert conversation_of(desk, two).status == "open"
    assert told(desk, undo(desk)) == "nothing to undo"
    redo(desk)
    redo(desk)
    assert conversation_of(desk, one).assignee == "anna"
    assert conversation_of(desk, two).status == "done"


def test_what_a_later_step_changed_is_left_and_the_step_can_still_be_undone_in_its_turn(desk):
    one = arrive(desk, "1")
    first = conversations.assign(desk, [one.id], "anna")
    conversations.assign(desk, [one.id], "ben")
    log = list(desk.store.log.steps())
    outcome = undo_step(desk, first.op_id)
    assert outcome.op_id is None
    assert "too late to undo" in told(desk, outcome)
    assert "left assignee" in told(desk, outcome)
    assert conversation_of(desk, one).assignee == "ben"
    assert list(desk.store.log.steps()) == log
    undo(desk)
    undo(desk)
    assert conversation_of(desk, one).assignee is None


def test_an_undo_is_undone_and_a_step_that_was_undone_says_so(desk):
    one = arrive(desk, "1")
    first = conversations.assign(desk, [one.id], "anna")
    undone = undo(desk)
    assert told(desk, undo_step(desk, first.op_id)) == "already undone"
    redone = undo_step(desk, undone.op_id)
    assert redone.verb == "redo"
    assert conversation_of(desk, one).assignee == "anna"
    assert undo_step(desk, first.op_id).op_id  # done again: by its first entry, too
    assert conversation_of(desk, one).assignee is None


def test_a_step_of_another_person_or_of_the_program_or_an_old_one_says_why_it_stays(desk, tmp_path):
    one = arrive(desk, "1")
    anna = desk_on(tmp_path, who="anna")
    hers = conversations.done(anna, [one.id])
    assert told(desk, undo_step(desk, hers.op_id)) == "anna did that: only anna can undo it"
    old = conversations.tag(desk, [one.id], "old")
    for number in range(50):
        conversations.tag(desk, [one.id], f"t{number}")
    assert told(desk, undo_step(desk, old.op_id)) == "can't be undone: not among your last 50 steps"
    assert "no longer in the log" in told(desk, undo_step(desk, "gone"))
    assert conversation_of(desk, one).status == "done"


def test_a_reply_that_was_scheduled_before_something_else_is_recalled(desk):
    one, two = arrive(desk, "1"), arrive(desk, "2")
    item, outcome = replies.reply(desk, one.id, "soon")
    conversations.done(desk, [two.id])
    undo_step(desk, outcome.op_id)
    assert desk.store.get(Outgoing, item.id).state is OutgoingState.DRAFT
    assert conversation_of(desk, one).status == "open"


def test_nothing_is_scheduled_without_a_word(desk):
    one, two = arrive(desk, "1"), arrive(desk, "2")
    item, _ = replies.reply(desk, one.id, "soon")
    discarded = changes.discard(desk, [item.id])
    conversations.done(desk, [two.id])
    with pytest.raises(WouldSend) as refused:
        undo_step(desk, discarded.op_id, ())
    assert refused.value.ids == (item.id,)
    assert desk.store.get(Outgoing, item.id).state is OutgoingState.DISCARDED
    undo_step(desk, discarded.op_id, refused.value.ids)
    assert desk.store.get(Outgoing, item.id).state is OutgoingState.SCHEDULED


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)))
def test_steps_about_different_items_are_undone_in_any_order(tmp_path_factory, order):
    desk = desk_on(tmp_path_factory.mktemp("any"))
    mentions = [arrive(desk, str(number)) for number in range(5)]
    steps = [conversations.assign(desk, [mention.id], "anna").op_id for mention in mentions]
    for count, place in enumerate(order, 1):
        undo_step(desk, steps[place])
        left = [place for place in range(5) if conversation_of(desk, mentions[place]).assignee]
        assert left == sorted(set(range(5)) - set(order[:count]))
    for _ in range(5):
        redo(desk)
    assert all(conversation_of(desk, mention).assignee == "anna" for mention in mentions)


def sent_replies(desk, count, others=0):
    """Replies to as many people as one step, of which `count` are out; the outcome of the step."""
    named = [arrive(desk, f"{number}", author=f"@a{number}@example.org").id for number in range(count + others)]
    outcome = replies.reply_to_each(desk, named, "thanks")
    for identity in outcome.ids[:count]:
        sent(desk, desk.store.get(Outgoing, identity), f"sent-{identity}")
    return outcome


@pytest.mark.parametrize("chosen", [False, True])
def test_what_came_too_late_for_all_of_a_step_is_not_logged(desk, chosen):
    one = arrive(desk, "before")
    conversations.assign(desk, [one.id], "anna")
    step = sent_replies(desk, 1)
    log = list(desk.store.log.steps())
    outcome = undo_step(desk, step.op_id) if chosen else undo(desk)
    assert outcome.op_id is None
    assert "too late to undo: reply to @a0" in told(desk, outcome)
    assert list(desk.store.log.steps()) == log
    if not chosen:
        assert told(desk, redo(desk)) == "nothing to redo"
        assert "too late to undo: reply to @a0" in told(desk, undo_step(desk, step.op_id))
        assert undo(desk).undone.verb == "assign"  # an undo goes on with the step before


def test_what_came_too_late_for_all_parts_of_a_step_is_not_logged(desk, monkeypatch):
    monkeypatch.setattr(parts, "PART", 2)
    named = many(desk, 5)
    VERBS["tag"].call(desk, named, "a")
    VERBS["untag"].call(desk, named, "a")
    conversation_ids = [conversation_of(desk, identity) for identity in named]
    with desk.store.write() as write:
        for conversation in conversation_ids:
            write.put(replace(conversation, tags=("b",)))
    log = list(desk.store.log.steps())
    assert "too late to undo: untag of 5 conversations" in told(desk, undo(desk))
    assert list(desk.store.log.steps()) == log
    assert told(desk, redo(desk)) == "nothing to redo"


def test_of_many_replies_those_that_are_out_are_counted(desk):
    sent_replies(desk, 9, others=1)
    said = told(desk, undo(desk))
    assert said == (
        "undo: reply of 10 mentions: 1 recalled, a draft again; 9 already sent (`delete` in the inbox deletes one)"
    )


def out_after_two_changes(desk, in_parts):
    """A step in which each of two replies was written and then given another time; both are out. Its op_id."""
    with shared_step() as op_id:
        for named in [[one] for one in many(desk, 2)] if in_parts else [many(desk, 2)]:
            with one_step(desk, "reply", tuple(named)):
                outcome = replies.reply_to_each(desk, named, "thanks")
                rescheduling.reschedule(desk, outcome.ids, desk.now + timedelta(hours=1))
    for item in desk.store.all(Outgoing):
        sent(desk, item, f"sent-{item.id}")
    return op_id


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize("chosen", [False, True])
def test_a_reply_that_is_out_is_counted_once(desk, in_parts, chosen):
    step = out_after_two_changes(desk, in_parts)
    if chosen:  # as one of which the stack knows nothing any more
        undo(desk)
    outcome = undo_step(desk, step) if chosen else undo(desk)
    assert outcome.op_id is None and not outcome.undone.changed
    assert [item.why for item in outcome.undone.left] == ["sent", "sent"]
    assert outcome.undone.left_total == (2 if in_parts else 0)


def test_what_an_undo_would_leave_is_put_together_once_and_not_for_each_part(desk, monkeypatch):
    monkeypatch.setattr(parts, "PART", 2)
    named = many(desk, 20)
    VERBS["assign"].call(desk, named, "ben")
    VERBS["assign"].call(desk_on(desk.store.folder, who="anna"), named, "anna")
    made, real = [], undone_of
    monkeypatch.setattr("commtui.activity.undo.undone_of", lambda *given: made.append(len(given[3])) or real(*given))
    outcome = undo(desk)
    assert outcome.undone.left_total == outcome.total == 20 and len(outcome.undone.left) == 10
    assert len(made) == 1


def test_that_a_step_is_not_out_is_known_after_its_first_part(desk, monkeypatch):
    monkeypatch.setattr(parts, "PART", 2)
    named = many(desk, 20)
    step = VERBS["assign"].call(desk, named, "ben").op_id
    other = desk_on(desk.store.folder, who="anna")
    VERBS["assign"].call(other, named, "anna")
    undo(desk)
    reverted, real = [], revert
    monkeypatch.setattr("commtui.activity.undo.revert", lambda *given: reverted.append(1) or real(*given))
    assert undo_step(desk, step).undone.why_not == "old" and len(reverted) == 1
    other.store.close()
