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
from tests.ui.fill import SETTINGS, services_in


def test_a_saved_reply_is_filled_in_once_and_leaves_other_braces_alone(tmp_path):
    services = services_in(tmp_path, 1, saved={"thanks": "{name} ({author}): {{x}} {author_id} - {me}"})
    conversation = services.store.all(Conversation)[0]
    text = saved_replies.saved_reply(services.desk(), "thanks", conversation.id)
    assert text == f"{conversation.author_name} ({conversation.author}): {{{{x}}}} {{author_id}} - lea"
    with refused(services.desk(), Usage, "no saved reply 'thx'; there are: thanks"):
        saved_replies.saved_reply(services.desk(), "thx", conversation.id)


def test_a_macro_is_one_step_and_undone_as_one(tmp_path):
    services = services_in(
        tmp_path, 2, macros={"praised": ("tag praise", "reply Thank you, {name}!", "assign kim", "note kind")}
    )
    held = services.store.all(Conversation)
    ids = [conversation.id for conversation in held]
    before = len(list(services.store.log.steps()))
    macros.run_macro(services.desk(), "praised", ids)
    assert len(list(services.store.log.steps())) == before + 1
    assert {item.text for item in services.store.all(Outgoing)} == {
        f"Thank you, {conversation.author_name}!" for conversation in held
    }
    assert all(
        conversation.status is ConversationStatus.WAITING and conversation.assignee == "kim"
        for conversation in services.store.all(Conversation)
    )
    undo(services.desk())
    assert all(
        (conversation.status, conversation.assignee, conversation.tags) == (ConversationStatus.OPEN, None, ())
        for conversation in services.store.all(Conversation)
    )
    assert services.store.all(Note) == []
    assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.DRAFT}
    assert told(services.desk(), undo(services.desk())) == "nothing to undo"


def test_a_macro_that_fails_half_way_does_nothing(tmp_path):
    services = services_in(tmp_path, 1, macros={"long": ("tag praise", "reply " + "x" * 600)})
    before = services.store.all(Conversation)
    with refused(services.desk(), TriageError, r"macro long, reply: 600 characters, 100 too many .*; nothing was done"):
        macros.run_macro(services.desk(), "long", [before[0].id])
    assert services.store.all(Conversation) == before
    assert services.store.all(Outgoing) == []
    conversations.tag(services.desk(), [before[0].id], "after")
    assert services.store.all(Conversation)[0].tags == ("after",)


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
    services = services_in(tmp_path, 1, macros={"bad": ("claim", line)})
    with refused(services.desk(), Usage, said):
        macros.run_macro(services.desk(), "bad", [services.store.all(Conversation)[0].id])
    assert services.store.all(Conversation)[0].assignee is None


def test_praise_becomes_a_draft_post_that_names_author_and_source_and_undo_takes_it_away(tmp_path):
    services = services_in(tmp_path, 1)
    conversation = services.store.all(Conversation)[0]
    post, outcome = bridge.to_post(services.desk(), conversation.id)
    draft = services.store.get(Outgoing, outcome.ids[0])
    assert (draft.state, draft.post, draft.conversation) == (OutgoingState.DRAFT, post, None)
    assert conversation.author in draft.text and "https://example.net/" in draft.text
    assert bridge.source_of(services.desk(), draft) == conversation
    assert "agreed" in services.store.all(Note)[0].text
    undo(services.desk())
    assert services.store.get(Outgoing, draft.id).state is OutgoingState.DISCARDED
    assert services.store.all(Note) == []
    redo(services.desk())
    assert services.store.get(Outgoing, draft.id).state is OutgoingState.DRAFT


def test_what_is_said_under_a_post_gets_an_owner_and_a_tag_in_one_step(tmp_path):
    services = services_in(tmp_path, 1)
    conversation = services.store.all(Conversation)[0]
    bridge.to_conversation(services.desk(), [conversation.id], "Support")
    now = services.store.get(Conversation, conversation.id)
    assert (now.assignee, now.tags) == ("lea", ("support",))
    undo(services.desk())
    assert services.store.get(Conversation, conversation.id) == conversation


def test_block_is_offered_only_where_the_login_can_and_mutes_here_in_the_same_step(tmp_path):
    from commtui.model.records import AccountState

    services = services_in(tmp_path, 1)
    conversation = services.store.all(Conversation)[0]
    assert muting.possible_acts(services.desk(), [conversation.id]) == []
    with services.store.write() as write:
        known = services.store.all(AccountState)[0]
        write.put(replace(known, capabilities=replace(known.capabilities, block=True)))
    assert muting.possible_acts(services.desk(), [conversation.id]) == [ActKind.BLOCK]
    muting.act_on_authors(services.desk(), ActKind.BLOCK, [conversation.id])
    assert services.store.get(Conversation, conversation.id).muted
    assert [(act.kind, act.state) for act in services.store.all(Act)] == [(ActKind.BLOCK, OutgoingState.SCHEDULED)]
    undo(services.desk())
    assert not services.store.get(Conversation, conversation.id).muted
    assert [act.state for act in services.store.all(Act)] == [OutgoingState.DISCARDED]


def test_every_views_number_is_that_of_its_rows(tmp_path):
    services = services_in(tmp_path, 12)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    desk = services.desk()
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
    services.clock.moment += timedelta(hours=1, minutes=30)
    desk = services.desk()
    services.store.archive.take(services.clock.moment + timedelta(days=1), most=1)
    counted = view_counts.counts(desk, status.standing(desk))
    rows = {name: str(len(views.queue(desk, query.parse(text)))) for name, text in view_counts.NAMED.items()}
    assert counted == rows
    assert counted["archived"] == "1" and counted["mine"] == "2" and counted["waiting"] == "1"
    assert SETTINGS.me == "lea"
