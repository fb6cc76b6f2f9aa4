"""Replies: the hold window, undo, visibility, and the drafts that are saved."""

from datetime import timedelta

import pytest

from commtui.activity.errors import TriageError
from commtui.activity.undo import redo, undo
from commtui.community import replies, reply_drafts
from commtui.model.abilities import Limits, Visibility
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing.form import Form
from tests.sentences import refused, told
from tests.triage.desks import arrive, conversation_of, desk_on, sent


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def test_a_reply_waits_for_its_hold_window_and_its_conversation_waits_for_them(desk):
    one = arrive(desk, "1")
    draft = reply_drafts.draft(desk, one.id, "tha")
    assert draft.state is OutgoingState.DRAFT
    reply, outcome = replies.reply(desk, one.id, "thanks", finishes_draft=True)
    assert (reply.id, reply.key) == (draft.id, draft.key)
    assert reply.state is OutgoingState.SCHEDULED
    assert reply.scheduled_at == desk.now + timedelta(seconds=10)
    assert (reply.in_reply_to, reply.in_reply_to_remote) == (one.id, "1")
    assert outcome.ids == (reply.id,)
    assert (conversation_of(desk, one).status, conversation_of(desk, one).draft) == ("waiting", None)


def test_undo_of_a_reply_recalls_it_and_keeps_the_text(desk):
    one = arrive(desk, "1")
    reply, _ = replies.reply(desk, one.id, "thanks for\nall the fish and the chips")
    text = told(desk, undo(desk))
    assert text == "undo: reply to @ada@example.org recalled; a draft again: 'thanks for all the fish and…'"
    assert [step.detail for step in desk.store.log.steps() if step.verb == "undo"] == ["reply"]
    stored = desk.store.get(Outgoing, reply.id)
    assert (stored.state, stored.text, stored.key) == (OutgoingState.DRAFT, reply.text, reply.key)
    assert (conversation_of(desk, one).status, conversation_of(desk, one).draft) == ("open", reply.id)
    assert "scheduled again: 'thanks for" in told(desk, redo(desk))
    assert [step.detail for step in desk.store.log.steps() if step.verb == "redo"] == ["reply"]
    assert desk.store.get(Outgoing, reply.id).state is OutgoingState.SCHEDULED
    assert conversation_of(desk, one).status == "waiting"


def test_undo_of_a_reply_that_is_out_leaves_it_and_says_so(desk):
    one = arrive(desk, "1")
    reply, _ = replies.reply(desk, one.id, "thanks")
    sent(desk, reply, "r1")
    assert "already sent" in told(desk, undo(desk))
    assert desk.store.get(Outgoing, reply.id).state is OutgoingState.SENT
    assert conversation_of(desk, one).status == "waiting"


def test_a_reply_is_never_more_widely_visible_than_what_it_answers(desk):
    one = arrive(desk, "1", visibility=Visibility.DIRECT)
    reply, outcome = replies.reply(desk, one.id, "hi", Form(visibility=Visibility.PUBLIC))
    assert reply.visibility is Visibility.DIRECT
    assert "as direct" in told(desk, outcome)
    two = arrive(desk, "2")
    assert replies.reply(desk, two.id, "hi", Form(visibility=Visibility.DIRECT))[0].visibility is Visibility.DIRECT


@pytest.mark.parametrize(("text", "problem"), [("", "empty"), ("  \n ", "empty"), ("x" * 501, "501")])
def test_a_reply_that_can_not_go_out_is_refused_in_a_line_and_kept_as_a_draft(desk, text, problem):
    one = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(id=one.account, name="brand", network="demo", limits=Limits(characters=500)))
    with refused(desk, TriageError, problem):
        replies.reply(desk, one.id, text)
    assert conversation_of(desk, one).status == "open"
    draft = reply_drafts.current_draft(desk.store, conversation_of(desk, one))
    assert (draft.text if draft else "") == text.strip()
    assert not desk.store.outgoing.all_due()


@pytest.mark.parametrize("text", ["from the shell", "x" * 501])
def test_a_reply_from_elsewhere_leaves_the_draft_that_is_being_written(desk, text):
    one = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(id=one.account, name="brand", network="demo", limits=Limits(characters=500)))
    draft = reply_drafts.draft(desk, one.id, "half a thou")
    if len(text) > 500:
        with refused(desk, TriageError, "kept as draft"):
            replies.reply(desk, one.id, text)
    else:
        sent_one, outcome = replies.reply(desk, one.id, text)
        assert sent_one.id != draft.id
        assert "stays" in told(desk, outcome)
    assert desk.store.get(Outgoing, draft.id) == draft
    assert conversation_of(desk, one).draft == draft.id
    assert {item.text for item in desk.store.all(Outgoing)} == {"half a thou", text}
