"""Hand-off between the lanes."""

from __future__ import annotations

from commtui.activity.undo import redo, undo
from commtui.model.records import Conversation, Note, Outgoing
from commtui.model.states import OutgoingState
from commtui.triage import bridge
from tests.ui.fill import arrive, services_in


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


def test_a_quotation_begins_without_our_own_handle(tmp_path):
    services = services_in(tmp_path)
    for text, quoted in (
        ("@brand@example.social Love it.\nAll of it.", "> Love it.\n> All of it."),
        ("@brand Love @brand.", "> Love @brand."),
        ("@kim@example.net @brand Love it.", "> @kim@example.net @brand Love it."),
        ("@brand", "> @brand"),
    ):
        (mention,) = arrive(services, 1, first=len(services.store.all(Conversation)), text=text)
        _, outcome = bridge.to_post(services.desk(), mention)
        assert services.store.get(Outgoing, outcome.ids[0]).text.startswith(f"{quoted}\n\n@")


def test_what_is_said_under_a_post_gets_an_owner_and_a_tag_in_one_step(tmp_path):
    services = services_in(tmp_path, 1)
    conversation = services.store.all(Conversation)[0]
    bridge.to_conversation(services.desk(), [conversation.id], "Support")
    now = services.store.get(Conversation, conversation.id)
    assert (now.assignee, now.tags) == ("lea", ("support",))
    undo(services.desk())
    assert services.store.get(Conversation, conversation.id) == conversation
