"""The verbs: each on one or many, each one step in the log, each undone as one."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.errors import AmbiguousId, TriageError, UnknownId, Usage
from commtui.activity.undo import redo, undo
from commtui.community import conversations, replies, reply_drafts
from commtui.marketing import posts
from commtui.model.abilities import Limits, Visibility
from commtui.model.records import AccountState, Conversation, Note, Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.outgoing import changes
from commtui.outgoing.form import Form
from commtui.triage import views
from commtui.triage.status import standing
from tests.clock import FakeClock
from tests.sentences import refused, told
from tests.triage.desks import arrive, conversation_of, desk_on, sent


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


def test_undo_takes_back_only_this_persons_steps_also_from_another_process(desk, tmp_path):
    one, two = arrive(desk, "1"), arrive(desk, "2")
    conversations.done(desk, [one.id])
    anna = desk_on(tmp_path, who="anna")
    conversations.done(anna, [two.id])
    mine_elsewhere = desk_on(tmp_path)
    undo(mine_elsewhere)
    assert conversation_of(desk, one).status == "open"
    assert conversation_of(desk, two).status == "done"
    assert told(mine_elsewhere, undo(mine_elsewhere)) == "nothing to undo"


def test_undo_names_what_somebody_changed_since_and_leaves_it(desk, tmp_path):
    one, two = arrive(desk, "1"), arrive(desk, "2")
    conversations.assign(desk, [one.id, two.id], "anna")
    conversations.assign(desk_on(tmp_path, who="ben"), [one.id], "ben")
    text = told(desk, undo(desk))
    assert f"left assignee of {one.conversation} @ada@example.org: changed since" in text
    assert conversation_of(desk, one).assignee == "ben"
    assert conversation_of(desk, two).assignee is None


def test_undo_is_fifty_deep(desk):
    one = arrive(desk, "1")
    for number in range(60):
        conversations.tag(desk, [one.id], f"t{number}")
    for _ in range(50):
        assert undo(desk).op_id
    assert told(desk, undo(desk)) == "nothing to undo"
    assert len(conversation_of(desk, one).tags) == 10


def test_a_new_step_forgets_what_could_be_done_again(desk):
    one = arrive(desk, "1")
    conversations.tag(desk, [one.id], "a")
    undo(desk)
    conversations.tag(desk, [one.id], "b")
    assert told(desk, redo(desk)) == "nothing to redo"


# replies


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
    reply, _ = replies.reply(desk, one.id, "thanks for\nall the fish")
    text = told(desk, undo(desk))
    assert text == "undo: reply to @ada@example.org recalled; a draft again: 'thanks for all the…'"
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


def test_recall_discard_and_release_follow_the_table(desk):
    one = arrive(desk, "1")
    reply, _ = replies.reply(desk, one.id, "thanks")
    changes.hold(desk, [reply.id])
    assert desk.store.get(Outgoing, reply.id).reason == "by hand"
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
        write.put(replace(reply, state=OutgoingState.UNKNOWN, checks=2, read_backs=4, error="the line is down"))
    changes.retry(desk, [reply.id])
    again = desk.store.get(Outgoing, reply.id)
    assert (again.state, again.checks, again.read_backs, again.key) == (OutgoingState.SCHEDULED, 0, 0, reply.key)


# posts


def test_a_post_has_a_variant_for_each_account_at_its_time(desk):
    items, outcome = posts.write_post(desk, "news", ["brand", "other", "brand"], at="tomorrow 10:00")
    assert len(items) == 2
    assert len({item.post for item in items}) == 1
    assert len({item.key for item in items}) == 2
    assert {item.scheduled_at.isoformat() for item in items} == {"2026-11-24T09:00:00+00:00"}
    assert "Tue 24 Nov 10:00 Europe/Berlin" in told(desk, outcome)
    changes.reschedule(desk, [items[0].post], "fri 14:30")
    assert {item.scheduled_at.isoformat() for item in views.items(desk, Lane.MARKETING)} == {
        "2026-11-27T13:30:00+00:00"
    }


def test_a_post_from_an_unknown_account_names_those_there_are(desk):
    with refused(desk, Usage, "brand, other"):
        posts.write_post(desk, "news", ["brnad"])
    assert views.items(desk, Lane.MARKETING) == []


def test_an_edit_of_what_is_scheduled_keeps_its_time_and_of_what_is_out_is_an_act(desk):
    items, _ = posts.write_post(desk, "news", ["brand"])
    changes.edit(desk, items[0].id, "good news")
    stored = desk.store.get(Outgoing, items[0].id)
    assert (stored.text, stored.scheduled_at, stored.key) == ("good news", items[0].scheduled_at, items[0].key)
    sent(desk, stored, "p1")
    outcome = changes.edit(desk, items[0].id, "better news")
    assert outcome.ids[0].startswith("x")
    assert desk.store.get(Outgoing, items[0].id).text == "good news"


@pytest.mark.parametrize(("reason", "called"), [("by hand", False), ("newer answer", True), ("late", True)])
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


def test_threads_and_quotes_are_refused_where_the_network_has_none(desk):
    one = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(id=one.account, name="brand", network="demo", limits=Limits(characters=500)))
    for form in (Form(thread=True), Form(quote=one.id)):
        with refused(desk, TriageError, "demo has no"):
            posts.write_post(desk, "news", ["brand"], form=form)


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
