"""Undo and redo: whose steps, how many, and what was changed since."""

import pytest

from commtui.activity.undo import redo, undo
from commtui.community import conversations
from tests.sentences import told
from tests.triage.desks import arrive, conversation_of, desk_on


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


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
