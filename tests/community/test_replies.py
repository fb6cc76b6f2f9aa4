"""Replies: the hold window, undo, visibility, and the drafts that are saved."""

from datetime import timedelta

import pytest

from commtui.activity.errors import TriageError, Usage
from commtui.activity.undo import redo, undo
from commtui.community import participants, replies, reply_drafts
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


OTHERS = ("@bob@example.org", "@eve@far.example")


def test_a_reply_keeps_the_others_of_what_it_answers_unless_its_writer_leaves_them_out(desk):
    one = arrive(desk, "1", others=OTHERS)
    draft = reply_drafts.draft(desk, one.id, "yes")
    assert draft.others == OTHERS
    draft = reply_drafts.draft(desk, one.id, "yes", Form(others=OTHERS[:1]))
    assert reply_drafts.draft(desk, one.id, "yes!").others == OTHERS[:1]
    reply, _ = replies.reply(desk, one.id, "yes!", finishes_draft=True)
    assert (reply.id, reply.others) == (draft.id, OTHERS[:1])
    two = arrive(desk, "2", answers="1", others=("@zoe@far.example",))
    assert reply_drafts.draft(desk, two.id, "yes").others == ("@zoe@far.example",)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["all"], ()),
        (["bob"], OTHERS[1:]),
        (["@BOB@example.org"], OTHERS[1:]),
        (["@eve", "bob"], ()),
        ([], OTHERS),
    ],
)
def test_others_are_left_out_by_name(given, kept):
    assert participants.without(OTHERS, given) == kept


@pytest.mark.parametrize(
    ("text", "kept"), [("", ()), ("nobody", ()), ("all", OTHERS), (" @eve, bob ", OTHERS), ("bob", OTHERS[:1])]
)
def test_others_are_kept_by_name(text, kept):
    assert participants.only(OTHERS, text) == kept


@pytest.mark.parametrize("given", ["carl", "bo", "@bob@other.example", "@"])
def test_somebody_whom_a_mention_does_not_name_is_refused(desk, given):
    for choose in (lambda: participants.without(OTHERS, [given]), lambda: participants.only(OTHERS, given)):
        with refused(desk, Usage, "it names @bob@example.org, @eve@far.example"):
            choose()


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
