"""The small interface over TinyDB: records there and back, one write or none, two handles on one home."""

from datetime import UTC, datetime, timedelta

import pytest
from tinydb import where

from commtui.model import ids
from commtui.model.records import Conversation, Mention, Outgoing, Via
from commtui.model.states import ConversationStatus, OutgoingState, Queue
from commtui.store.errors import NewerRecord
from commtui.store.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def mention(number: int, **fields) -> Mention:
    identity = ids.mention_id("demo", "a0", str(number))
    given = {
        "id": identity,
        "account": "a0",
        "network": "demo",
        "remote_id": str(number),
        "via": Via.MENTION,
        "conversation": ids.conversation_id(identity),
        "author": "@ada@example.org",
        "author_name": "Ada",
        "text": f"hello {number} [not markup] 🎉",
        "created_at": NOW + timedelta(minutes=number),
    }
    return Mention(**{**given, **fields})


def conversation(number: int, **fields) -> Conversation:
    first = mention(number)
    given = {
        "id": first.conversation,
        "account": "a0",
        "network": "demo",
        "status": ConversationStatus.OPEN,
        "since": first.created_at,
        "newest": first.id,
        "newest_at": first.created_at,
        "author": first.author,
        "author_name": first.author_name,
        "text": first.text,
    }
    return Conversation(**{**given, **fields})


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    yield store
    store.close()


def test_a_record_comes_back_as_it_was_put(store):
    record = mention(1)
    with store.write() as write:
        write.put(record)
    assert store.get(Mention, record.id) == record
    match = store._db.table("mentions").search(where("author") == "@ada@example.org")  # it is a TinyDB
    assert [document["remote_id"] for document in match] == ["1"]


def test_the_order_and_the_counts_follow_the_index_fields(store):
    with store.write() as write:
        for number in (3, 1, 2):
            write.put(conversation(number))
        write.put(conversation(4, status=ConversationStatus.DONE, done_at=NOW))
        write.put(conversation(5, snoozed_until=NOW, assignee="anna"))
    waiting = [store.at(Conversation, number) for number in store.conversations.by_wait(Queue.OPEN)]
    assert [found.text[:7] for found in waiting if found] == ["hello 1", "hello 2", "hello 3"]
    assert store.conversations.counts() == {Queue.OPEN: 3, Queue.DONE: 1, Queue.SNOOZED: 1}
    assert store.conversations.assigned_counts()[Queue.SNOOZED, "anna"] == 1
    assert store.conversations.woken(NOW + timedelta(seconds=1)) == [ids.number(conversation(5).id)]
    assert store.conversations.woken(NOW) == []


def test_an_exception_inside_a_write_takes_back_all_of_it(store):
    with store.write() as write:
        write.put(mention(1))
    with pytest.raises(TypeError), store.write() as write:  # noqa: PT012
        write.put(mention(1, text="changed"))
        write.put(mention(2))
        write.put(mention(3, text=object()))
    assert store.get(Mention, mention(1).id).text.startswith("hello 1")
    assert store.get(Mention, mention(2).id) is None


def test_a_second_handle_sees_what_the_first_one_wrote_and_neither_loses(store, tmp_path):
    other = Store(tmp_path)
    seen = []
    other.observe(seen.append)
    with store.write() as write:
        write.put(mention(1))
    assert other.poll()
    assert len(seen) == 1
    with other.write() as write:
        write.put(mention(2))
    assert store.get(Mention, mention(2).id) == mention(2)
    assert other.get(Mention, mention(1).id) == mention(1)
    assert not other.poll()
    other.close()


def test_changes_hold_only_the_fields_that_differ(store):
    with store.write() as write:
        write.put(conversation(1))
    with store.write() as write:
        write.put(conversation(1))
        write.put(conversation(1, assignee="anna"))
        changes = write.changes
    assert [(change.before, change.after) for change in changes] == [({"assignee": None}, {"assignee": "anna"})]


def test_observers_hear_which_records_changed(store):
    heard = []
    end = store.observe(heard.append)
    with store.write() as write:
        write.put(mention(1))
        write.put(conversation(1))
    assert heard == [
        {"mentions": {ids.number(mention(1).id)}, "conversations": {ids.number(conversation(1).id)}},
    ]
    end()
    with store.write() as write:
        write.put(mention(2))
    assert len(heard) == 1


def test_a_prefix_names_its_candidates(store):
    reply = Outgoing(
        id="r0123456789",
        account="a0",
        network="demo",
        text="hi",
        state=OutgoingState.DRAFT,
        created_at=NOW,
        key="key",
        conversation="c0000000000",
    )
    variant = Outgoing(
        id="p0123456788", account="a0", network="demo", text="hi", state=OutgoingState.DRAFT, created_at=NOW, key="key"
    )
    with store.write() as write:
        write.put(reply)
        write.put(variant)
    assert store.with_prefix("r0123") == ["r0123456789"]
    assert store.with_prefix("p0123") == ["p0123456788"]
    assert store.with_prefix("m") == []
    assert store.with_prefix("zzz") == []


def test_a_record_of_a_newer_version_is_refused_in_words(store):
    with store.write() as write:
        write.put(mention(1))
    store._db.table("mentions").update({"v": 99})
    with pytest.raises(NewerRecord) as refused:
        store.get(Mention, mention(1).id)
    assert refused.value.written == 99
