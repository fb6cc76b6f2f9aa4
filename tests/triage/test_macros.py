"""Macros: one step, all or nothing, and lines that cannot be."""

from __future__ import annotations

import pytest

from commtui.activity.errors import TriageError, Usage
from commtui.activity.undo import undo
from commtui.community import conversations
from commtui.model.records import Conversation, Note, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.triage import macros
from tests.sentences import refused, told
from tests.ui.fill import services_in


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


def test_what_a_macro_did_is_told_and_logged_with_its_variables_filled_in(tmp_path):
    services = services_in(tmp_path, 2, macros={"look": ("claim", "note looks into it: {me}", "note for {author}")})
    desk = services.desk()
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    outcome = macros.run_macro(desk, "look", ids[:1])
    author = services.store.get(Conversation, ids[0]).author
    assert f"claim; note looks into it: {desk.who}; note for {author}" in told(desk, outcome)
    several = macros.run_macro(desk, "look", ids)
    assert several.value == f"claim; note looks into it: {desk.who}; note for {{author}}"
    assert [step.detail for step in services.store.log.steps() if step.verb == "macro look"][-1] == several.value


def test_a_macro_of_a_file_is_done_and_one_of_the_config_goes_before_it(tmp_path):
    services = services_in(tmp_path, 1, macros={"mine": ("tag mine",)})
    (services.home.replies / "macros.toml").write_text('[macros]\nshared = ["tag shared"]\nmine = ["tag theirs"]\n')
    desk, conversation = services.desk(), services.store.all(Conversation)[0]
    macros.run_macro(desk, "shared", [conversation.id])
    macros.run_macro(desk, "mine", [conversation.id])
    assert services.store.all(Conversation)[0].tags == ("mine", "shared")
    with refused(desk, Usage, "no macro 'other'; there are: mine, shared"):
        macros.run_macro(desk, "other", [conversation.id])
