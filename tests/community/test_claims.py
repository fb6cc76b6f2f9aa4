"""Claims of several processes on one home: a conversation has one owner; who came later is told who and since when."""

from __future__ import annotations

import json

import pytest

from commtui.activity.refusals import AlreadyAssigned
from commtui.activity.undo import undo
from commtui.community import conversations
from commtui.model.records import Conversation
from tests.at_once import run_at_once
from tests.triage.desks import arrive, conversation_of, desk_on

MANY = 200


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


@pytest.mark.slow
def test_two_processes_that_claim_200_conversations_at_once_have_each_one_once_and_are_told_of_the_others(
    desk, tmp_path
):
    for number in range(MANY):
        arrive(desk, str(number), author=f"@p{number}@example.org", author_id=str(number))
    people = ("anna", "ben")
    commands = (["-m", "tests.community.claimer", str(tmp_path), who] for who in people)
    ended = [json.loads(printed) for printed in run_at_once(*commands)]
    (first, told_first), (second, told_second) = ended
    assert len(first) + len(second) == MANY and not set(first) & set(second)
    since = desk_on(tmp_path).now.isoformat()  # the clocks of these desks stand still
    assert told_first == dict.fromkeys(second, f"ben {since}")
    assert told_second == dict.fromkeys(first, f"anna {since}")
    owners = {conversation.id: conversation.assignee for conversation in desk_on(tmp_path).store.all(Conversation)}
    assert owners == dict.fromkeys(first, "anna") | dict.fromkeys(second, "ben")
    assert sum(step.verb == "claim" for step in desk_on(tmp_path).store.log.steps()) == MANY


def test_since_when_is_the_last_step_that_assigned_it(desk, tmp_path):
    one, other = arrive(desk, "1"), arrive(desk, "2", author="@bob@example.org", author_id="bob")
    anna = desk_on(tmp_path, desk.clock, who="anna")
    assert conversations.assigned_since(desk.store, conversation_of(desk, one)) is None
    conversations.claim(anna, [one.id])
    begun = desk.now
    desk.clock.advance(300)
    conversations.tag(anna, [one.id], "bug")
    conversations.claim(anna, [one.id, other.id])  # she has the first since then already
    for mention, since in ((one, begun), (other, desk.now)):
        with pytest.raises(AlreadyAssigned) as refused:
            conversations.claim(desk, [mention.id])
        assert (refused.value.assignee, refused.value.since) == ("anna", since)
    desk.clock.advance(300)
    conversations.assign(desk, [one.id], "ben")
    undo(desk)  # back to anna
    assert conversations.assigned_since(desk.store, conversation_of(desk, one)) == desk.now
