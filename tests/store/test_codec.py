"""Records as documents: exact texts for times, strict types, and fields that a newer program wrote."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_type_hints

import msgspec
import pytest

from commtui.model import records
from commtui.model.ids import number
from commtui.model.records import Activity, Change, Conversation, Media, Mention, Poll, PollOption
from commtui.store import codec
from commtui.store.errors import StoreError
from commtui.store.schema import TABLES
from commtui.store.store import Store
from tests.store.test_store import conversation, mention

KINDS = [*(table.kind for table in TABLES), Activity]


def test_a_document_reads_back_as_the_same_record():
    media = (Media("https://example.net/a.png", alt="a jar"),)
    record = msgspec.structs.replace(mention(1), media=media, extra={"cid": "x"}, labels=("one", "two"))
    document = codec.to_document(record)
    assert document["media"][0]["alt"] == "a jar" and document["labels"] == ["one", "two"]
    assert codec.from_document(Mention, document) == record


def test_a_time_of_a_struct_inside_a_record_reads_back():
    poll = Poll((PollOption("yes", 3), PollOption("no")), ends_at=datetime(2026, 1, 2, 3, 4, 5, 678_912, tzinfo=UTC))
    for ends_at in (poll.ends_at, poll.ends_at.replace(microsecond=0), None):
        record = msgspec.structs.replace(mention(1), poll=msgspec.structs.replace(poll, ends_at=ends_at))
        assert codec.from_document(Mention, codec.to_document(record)) == record


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 678_912, tzinfo=UTC), "2026-01-02T03:04:05.678Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T01:04:05.000Z"),
    ],
)
def test_a_time_is_written_in_utc_with_milliseconds(moment, text):
    assert codec.to_document(msgspec.structs.replace(mention(1), created_at=moment))["created_at"] == text


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        codec.to_document(msgspec.structs.replace(mention(1), created_at=datetime(2026, 1, 2)))  # noqa: DTZ001
    with pytest.raises(StoreError, match="created_at"):
        codec.from_document(Mention, {**codec.to_document(mention(1)), "created_at": "2026-01-02T03:04:05"})


def test_json_reads_back_as_its_document_does():
    raw = msgspec.json.encode({**codec.to_document(mention(1)), "_queue": "open", "mood": "sour"})
    assert codec.from_json(Mention, raw) == codec.from_document(Mention, msgspec.json.decode(raw)) == mention(1)
    for damaged in (raw[:-5], raw.replace(b'"text":"', b'"text":3,"x":"'), b"[]", raw.replace(b'"v":1', b'"v":"one"')):
        with pytest.raises(StoreError):
            codec.from_json(Mention, damaged)


@pytest.mark.parametrize("kind", KINDS)
def test_the_times_of_a_record_are_in_its_own_fields(kind):
    """`to_document` looks for times in the record's fields: nothing is sorted by those in the structs inside it."""
    assert kind is Change or set(codec._times(kind)) == {
        name for name, hint in get_type_hints(kind).items() if "datetime" in str(hint)
    }


def test_all_kept_records_are_frozen_and_keyword_only():
    structs = [kind for kind in vars(records).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    assert set(KINDS) <= set(structs)
    for kind in (struct for struct in structs if struct in KINDS):
        assert kind.__struct_config__.frozen
        assert not kind.__struct_config__.forbid_unknown_fields
    with pytest.raises(TypeError, match="positional"):
        Conversation("c1")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("change", "field"), [({"text": 3}, "text"), ({"via": "smoke"}, "via"), ({"media": [{"alt": 1}]}, "media")]
)
def test_a_value_that_does_not_fit_is_named(change, field):
    with pytest.raises(StoreError, match=rf"Mention: .*{field}"):
        codec.from_document(Mention, {**codec.to_document(mention(1)), **change})


def test_a_write_keeps_the_fields_that_a_newer_program_wrote(tmp_path):
    store = Store(tmp_path)
    with store.write() as write:
        write.put(conversation(1))
    where = number(conversation(1).id)
    store._db.table("conversations").update({"mood": "sour"}, doc_ids=[where])
    with store.write() as write:
        write.put(msgspec.structs.replace(store.get(Conversation, conversation(1).id), assignee="ada"))
    document = store._reader.document("conversations", where)
    assert (document["mood"], document["assignee"]) == ("sour", "ada")
    store.close()
