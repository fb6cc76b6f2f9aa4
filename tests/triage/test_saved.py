"""Saved replies, macros, hand-off, quiet and the numbers of views."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.errors import TriageError, Usage
from commtui.activity.undo import redo, undo
from commtui.community import conversations, muting, saved_replies
from commtui.model.records import Act, ActKind, Conversation, Note, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.triage import bridge, macros, query, status, view_counts, views
from tests.sentences import refused, told
from tests.ui.fill import SETTINGS, bench


def test_a_saved_reply_is_filled_in_once_and_leaves_other_braces_alone(tmp_path):
    made = bench(tmp_path, 1, saved={"thanks": "{name} ({author}): {{x}} {author_id} - {me}"})
    held = made.store.all(Conversation)[0]
    found = saved_replies.saved_reply(made.desk(), "thanks", held.id)
    assert found == f"{held.author_name} ({held.author}): {{{{x}}}} {{author_id}} - lea"
    with refused(made.desk(), Usage, "no saved reply 'thx'; there are: thanks"):
        saved_replies.saved_reply(made.desk(), "thx", held.id)


def test_a_macro_is_one_step_and_undone_as_one(tmp_path):
    made = bench(tmp_path, 2, macros={"praised": ("tag praise", "reply Thank you, {name}!", "assign kim", "note kind")})
    held = made.store.all(Conversation)
    ids = [conversation.id for conversation in held]
    before = len(list(made.store.log.steps()))
    macros.run_macro(made.desk(), "praised", ids)
    assert len(list(made.store.log.steps())) == before + 1
    assert {item.text for item in made.store.all(Outgoing)} == {
        f"Thank you, {conversation.author_name}!" for conversation in held
    }
    assert all(
        conversation.status is ConversationStatus.WAITING and conversation.assignee == "kim"
        for conversation in made.store.all(Conversation)
    )
    undo(made.desk())
    assert all(
        (conversation.status, conversation.assignee, conversation.tags) == (ConversationStatus.OPEN, None, ())
        for conversation in made.store.all(Conversation)
    )
    assert made.store.all(Note) == []
    assert {item.state for item in made.store.all(Outgoing)} == {OutgoingState.DRAFT}
    assert told(made.desk(), undo(made.desk())) == "nothing to undo"


def test_a_macro_that_fails_half_way_does_nothing(tmp_path):
    made = bench(tmp_path, 1, macros={"long": ("tag praise", "reply " + "x" * 600)})
    before = made.store.all(Conversation)
    with refused(made.desk(), TriageError, r"macro long, reply: 600 characters, 100 too many .*; nothing was done"):
        macros.run_macro(made.desk(), "long", [before[0].id])
    assert made.store.all(Conversation) == before
    assert made.store.all(Outgoing) == []
    conversations.tag(made.desk(), [before[0].id], "after")
    assert made.store.all(Conversation)[0].tags == ("after",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("boost", "macro bad, line 2: 'boost' can't be in a macro"),
        ("undo", "'undo' can't be in a macro"),
        ("done now", "done takes nothing after it"),
        ("tag", "tag needs something after it"),
    ],
)
def test_a_macro_line_that_cannot_be_is_named(tmp_path, line, said):
    made = bench(tmp_path, 1, macros={"bad": ("claim", line)})
    with refused(made.desk(), Usage, said):
        macros.run_macro(made.desk(), "bad", [made.store.all(Conversation)[0].id])
    assert made.store.all(Conversation)[0].assignee is None


def test_praise_becomes_a_draft_post_that_names_author_and_source_and_undo_takes_it_away(tmp_path):
    made = bench(tmp_path, 1)
    held = made.store.all(Conversation)[0]
    post, outcome = bridge.to_post(made.desk(), held.id)
    draft = made.store.get(Outgoing, outcome.ids[0])
    assert (draft.state, draft.post, draft.conversation) == (OutgoingState.DRAFT, post, None)
    assert held.author in draft.text and "https://example.net/" in draft.text
    assert bridge.source_of(made.desk(), draft) == held
    assert "agreed" in made.store.all(Note)[0].text
    undo(made.desk())
    assert made.store.get(Outgoing, draft.id).state is OutgoingState.DISCARDED
    assert made.store.all(Note) == []
    redo(made.desk())
    assert made.store.get(Outgoing, draft.id).state is OutgoingState.DRAFT


def test_what_is_said_under_a_post_gets_an_owner_and_a_tag_in_one_step(tmp_path):
    made = bench(tmp_path, 1)
    held = made.store.all(Conversation)[0]
    bridge.to_conversation(made.desk(), [held.id], "Support")
    now = made.store.get(Conversation, held.id)
    assert (now.assignee, now.tags) == ("lea", ("support",))
    undo(made.desk())
    assert made.store.get(Conversation, held.id) == held


def test_block_is_offered_only_where_the_login_can_and_mutes_here_in_the_same_step(tmp_path):
    from commtui.model.records import AccountState

    made = bench(tmp_path, 1)
    held = made.store.all(Conversation)[0]
    assert muting.possible(made.desk(), [held.id]) == []
    with made.store.write() as write:
        known = made.store.all(AccountState)[0]
        write.put(replace(known, capabilities=replace(known.capabilities, block=True)))
    assert muting.possible(made.desk(), [held.id]) == [ActKind.BLOCK]
    muting.silence(made.desk(), ActKind.BLOCK, [held.id])
    assert made.store.get(Conversation, held.id).muted
    assert [(act.kind, act.state) for act in made.store.all(Act)] == [(ActKind.BLOCK, OutgoingState.SCHEDULED)]
    undo(made.desk())
    assert not made.store.get(Conversation, held.id).muted
    assert [act.state for act in made.store.all(Act)] == [OutgoingState.DISCARDED]


def test_every_views_number_is_that_of_its_rows(tmp_path):
    made = bench(tmp_path, 12)
    ids = [conversation.id for conversation in made.store.all(Conversation)]
    desk = made.desk()
    conversations.claim(desk, ids[:2])
    conversations.done(desk, ids[2:4])
    conversations.snooze(desk, ids[4:6], "2h")
    conversations.snooze(desk, ids[1:2], "1h")
    conversations.mute(desk, ids[6:8])
    from commtui.community import replies

    replies.reply(desk, ids[8], "hello")
    replies.reply(desk, ids[9], "hello")
    conversations.mute(desk, ids[9:10])
    conversations.done(desk, ids[10:11])
    made.clock.moment += timedelta(hours=1, minutes=30)
    desk = made.desk()
    made.store.archive.take(made.clock.moment + timedelta(days=1), most=1)
    counted = view_counts.counts(desk, status.standing(desk))
    rows = {name: str(len(views.queue(desk, query.parse(text)))) for name, text in view_counts.NAMED.items()}
    assert counted == rows
    assert counted["archived"] == "1" and counted["mine"] == "2" and counted["waiting"] == "1"
    assert SETTINGS.me == "lea"
