"""What a conversation becomes: its place in the queue, and two that become one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.model.conversations import folded, is_snoozed, queue_of, reopened, waiting
from commtui.model.records import Conversation
from commtui.model.states import ConversationStatus, Queue
from tests.store.test_store import conversation

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
OPEN, WAITING, DONE = ConversationStatus
CONVERSATIONS = st.builds(
    lambda number, status, hours, until, answer, **more: replace(
        conversation(number),
        status=status,
        since=NOW + timedelta(hours=hours),
        newest_at=NOW + timedelta(hours=hours + number),
        snoozed_until=until,
        snoozed_for_answer=answer and until is None,
        **more,
    ),
    st.integers(1, 9),
    st.sampled_from(list(ConversationStatus)),
    st.integers(-50, 50),
    st.sampled_from([None, NOW]),
    st.booleans(),
    muted=st.booleans(),
    unread=st.booleans(),
    assignee=st.sampled_from([None, "ada", "kim"]),
    tags=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    draft=st.sampled_from([None, "r1"]),
    folded_into=st.none(),
)


@pytest.mark.parametrize(
    ("changes", "queue"),
    [
        ({}, Queue.OPEN),
        ({"status": WAITING}, Queue.WAITING),
        ({"status": DONE, "muted": True}, Queue.DONE),
        ({"muted": True, "snoozed_until": NOW}, Queue.MUTED),
        ({"snoozed_until": NOW}, Queue.SNOOZED),
        ({"snoozed_for_answer": True}, Queue.SNOOZED),
        ({"folded_into": "c2", "status": DONE}, Queue.FOLDED),
    ],
)
def test_the_queue_of_a_conversation(changes, queue):
    assert queue_of(replace(conversation(1), **changes)) is queue


@given(CONVERSATIONS, CONVERSATIONS)
def test_two_that_become_one_lose_nothing_and_neither_puts_the_other_to_sleep(
    elder: Conversation, younger: Conversation
) -> None:
    both, one = (elder, younger), folded(elder, younger)
    assert one.id == elder.id and one.mentions == elder.mentions + younger.mentions
    assert set(one.tags) == {*elder.tags, *younger.tags}
    assert one.unread is (elder.unread or younger.unread) and one.muted is (elder.muted or younger.muted)
    assert one.draft == (elder.draft or younger.draft) and one.assignee == (elder.assignee or younger.assignee)
    assert one.newest_at == max(each.newest_at for each in both)
    for status in (OPEN, WAITING, DONE):  # the most urgent first
        if status in (elder.status, younger.status):
            assert one.status is status
            break
    open_ones = [each for each in both if each.status is OPEN]
    if open_ones:
        assert one.since == min(each.since for each in open_ones)
    if any(not is_snoozed(each) for each in open_ones):
        assert not is_snoozed(one)


@given(CONVERSATIONS)
def test_one_that_waits_for_a_reply_which_fails_is_open_again(conversation: Conversation) -> None:
    assert waiting(conversation).status is WAITING and not is_snoozed(waiting(conversation))
    assert reopened(waiting(conversation), ()).status is OPEN
    assert reopened(replace(conversation, status=DONE), ()).status is DONE
