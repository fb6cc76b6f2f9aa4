"""Claims of several processes on one home: a conversation has one owner; who came later is told who and since when."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.activity.refusals import AlreadyAssigned
from commtui.activity.undo import undo
from commtui.community import conversations
from commtui.model.records import Conversation
from tests.triage.desks import arrive, conversation_of, desk_on

ROOT = Path(__file__).parents[2]
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
    claimers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.community.claimer", str(tmp_path), who],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for who in people
    ]  # fmt: skip
    assert [claimer.stdout.readline() for claimer in claimers] == ["ready\n"] * 2
    for claimer in claimers:
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    ended = [json.loads(claimer.communicate(timeout=120)[0]) for claimer in claimers]
    assert [claimer.returncode for claimer in claimers] == [0, 0]
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
