"""The small interface over TinyDB: records there and back, one write or none, two handles on one home."""

from datetime import UTC, datetime, timedelta

import pytest
from tinydb import where

from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.records import Conversation, Mention, Outgoing, Via
from commtui.model.states import ConversationStatus, Lane, OutgoingState, Queue
from commtui.store.conversations import NEVER
from commtui.store.errors import NewerRecord
from commtui.store.store import Store
from tests.triage.desks import BRAND, OTHER

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
    assert store.away.woken(NOW) == [ids.number(conversation(5).id)]  # at that very millisecond it wakes
    assert store.away.woken(NOW - timedelta(milliseconds=1)) == []


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


def outgoing(number, **fields):
    values = {
        "id": ids.derived(ids.VARIANT, str(number)), "account": BRAND.id, "network": "demo", "text": f"post {number}",
        "state": OutgoingState.SENT, "created_at": NOW, "key": f"k{number}", "sent_at": NOW + timedelta(minutes=number),
    }  # fmt: skip
    return Outgoing(**{**values, **fields})


def test_what_has_ended_comes_latest_first_and_a_page_at_a_time(store):
    with store.write() as write:
        for number in range(300):
            write.put(outgoing(number))
        write.put(outgoing(500, state=OutgoingState.DISCARDED, sent_at=None))
    sent = store.outgoing.ended(Lane.MARKETING, OutgoingState.SENT)
    assert [item.key for item in sent] == [f"k{number}" for number in reversed(range(300))]
    assert [item.key for item in store.outgoing.ended(Lane.MARKETING, OutgoingState.DISCARDED)] == ["k500"]
    assert not list(store.outgoing.ended(Lane.COMMUNITY, OutgoingState.SENT))
    assert store.outgoing.counts() == {
        (Lane.MARKETING, OutgoingState.SENT): 300,
        (Lane.MARKETING, OutgoingState.DISCARDED): 1,
    }


def test_what_is_due_is_given_for_each_account_the_soonest_first(store):
    due = {"state": OutgoingState.SCHEDULED, "sent_at": None}
    with store.write() as write:
        for number, account in ((3, BRAND.id), (1, BRAND.id), (2, OTHER.id)):
            write.put(outgoing(number, account=account, scheduled_at=NOW + timedelta(hours=number), **due))
        write.put(outgoing(9))
    assert [item.key for item in store.outgoing.due(BRAND.id)] == ["k1", "k3"]
    assert [item.key for item in store.outgoing.due(OTHER.id)] == ["k2"]
    assert len(store.outgoing.all_due()) == 3 and len(store.outgoing.all_due(most=1)) == 2


def test_who_waits_too_long_is_counted_and_named_by_the_index(store):
    with store.write() as write:
        for number in range(5):
            write.put(conversation(number, due_at=NOW - timedelta(hours=number)))
        write.put(conversation(5))
    early = [ids.number(conversation(number).id) for number in (4, 3)]
    limit = NOW - timedelta(hours=2)
    assert store.conversations.count_due_before(limit) == 2
    assert list(store.conversations.due_before(limit)) == early
    assert list(store.conversations.due_before(limit, most=1)) == early[:1]
    assert list(store.conversations.due_before(NOW, at_least=limit)) == [
        ids.number(conversation(number).id) for number in (2, 1)
    ]
    third = ids.number(conversation(2).id)
    assert (store.conversations.next_due(limit), store.conversations.due(third)) == (third, to_iso(limit))
    assert store.conversations.next_due(NOW + timedelta(milliseconds=1)) is None
    never, removed = (ids.number(conversation(number).id) for number in (5, 6))
    assert store.conversations.due(never) == NEVER
    assert store.conversations.due_times([third, never, removed]) == {third: to_iso(limit), never: NEVER}


def test_who_is_at_risk_is_counted_and_named_by_the_index(store):
    with store.write() as write:
        for number in range(5):
            at = NOW - timedelta(hours=number)
            write.put(conversation(number, risk_at=at, due_at=at + timedelta(hours=2)))
        write.put(conversation(5, due_at=NOW))
    limit = NOW - timedelta(hours=2)
    early = [ids.number(conversation(number).id) for number in (4, 3, 2)]
    assert store.conversations.count_at_risk_before(limit) == 2
    assert list(store.conversations.at_risk_before(limit)) == early[:2]
    assert list(store.conversations.at_risk_before(NOW, at_least=limit, most=1)) == early[2:]
    assert store.conversations.next_at_risk(limit) == early[2]
    never, removed = (ids.number(conversation(number).id) for number in (5, 6))
    assert store.conversations.risk_times([early[2], never, removed]) == {early[2]: to_iso(limit), never: NEVER}
