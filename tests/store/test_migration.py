"""Records of an older version are brought up to date when they are read, step by step."""

import pytest

from commtui.model.records import Conversation, Mention
from commtui.store import codec
from commtui.store.errors import NewerRecord
from commtui.store.store import Store
from tests.store.test_store import conversation, mention


@pytest.fixture
def newer(monkeypatch):
    """A program two versions on: the first step renames a field of mentions, the second one changes its value."""

    def renamed(name, document):
        if name != "Mention":
            return document
        left = {key: value for key, value in document.items() if key != "words"}
        return {**left, "text": document["words"]}

    def shouted(name, document):
        return {**document, "text": document["text"].upper()} if name == "Mention" else document

    monkeypatch.setattr(codec, "VERSION", 3)
    monkeypatch.setattr(codec, "MIGRATIONS", {1: renamed, 2: shouted})


def test_every_version_below_the_present_one_has_a_step():
    assert sorted(codec.MIGRATIONS) == list(range(1, codec.VERSION))


def test_an_old_record_is_read_as_a_new_one_and_the_next_write_keeps_it_so(tmp_path, newer):
    store = Store(tmp_path)
    old = {**codec.to_document(mention(1)), "v": 1, "words": "hello"}
    del old["text"]
    store._db.table("mentions").insert(old)
    number = store._db.table("mentions").all()[0].doc_id
    found = store.at(Mention, number)
    assert found.text == "HELLO"
    raw = store._db.raw("mentions", number)
    assert b'"v":1' in raw  # reading writes nothing
    with store.write() as write:
        write.put(mention(2))
    store._db.table("mentions").update(
        {"v": 2, "text": "two"}, doc_ids=[store._db.ids_between("mentions", 2, 1 << 60)[0]]
    )
    assert store.get(Mention, mention(2).id).text == "TWO"
    with store.write() as write:
        write.put(store.get(Mention, mention(2).id))
    document = store._reader.document("mentions", store._db.ids_between("mentions", 2, 1 << 60)[0])
    assert (document["v"], document["text"]) == (3, "TWO")
    assert store.get(Mention, mention(2).id).text == "TWO"
    store.close()


def test_an_older_program_refuses_it_in_words(tmp_path, newer, monkeypatch):
    store = Store(tmp_path)
    with store.write() as write:
        write.put(conversation(1))
    monkeypatch.setattr(codec, "VERSION", 1)
    with pytest.raises(NewerRecord):
        store.get(Conversation, conversation(1).id)
    store.close()
