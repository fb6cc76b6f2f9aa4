"""What is known of a person, and what it costs to know it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commtui.community import conversations
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.triage import people
from commtui.triage.people import person_of
from tests.activity.test_parts import counted
from tests.triage.desks import arrive, conversation_of, desk_on, mention


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def test_a_persons_messages_conversations_tags_and_notes_are_counted_and_nobody_elses(desk):
    first = arrive(desk, "1", ago=3000)
    arrive(desk, "2", answers="1", ago=2000)
    second = arrive(desk, "3", ago=60)
    third = arrive(desk, "4", ago=50)
    arrive(desk, "5", text="@ada@example.org told me", author="@bob@example.org", author_id="bob", ago=40)
    arrive(desk, "6", author="@ada@example.org.evil.example", author_id="ada-2", ago=30)
    arrive(desk, "7", answers="4", author="@cleo@example.org", author_id="cleo", ago=20)
    conversations.tag(desk, [first.conversation, second.conversation], "bug")
    conversations.tag(desk, [second.conversation], "angry")
    conversations.note(desk, [first.conversation], "an old customer")
    conversations.done(desk, [second.conversation])
    conversations.mute(desk, [third.conversation])
    person = person_of(desk, conversation_of(desk, first))
    assert (person.handle, person.name, person.mentions, person.is_whole) == ("@ada@example.org", "Ada", 4, True)
    assert person.first_at == desk.now - timedelta(minutes=3000)
    assert person.last_at == desk.now - timedelta(minutes=50)
    newest_first = [third.conversation, second.conversation, first.conversation]
    assert [conversation.id for conversation in person.conversations] == newest_first
    assert person.open == 1
    assert person.tags == ("bug", "angry")
    assert [note.text for note in person.notes] == ["an old customer"]


def test_what_is_archived_counts_and_what_another_one_took_in_counts_once(desk):
    old = arrive(desk, "1", ago=300)
    conversations.done(desk, [old.conversation])
    desk.store.archive.take(desk.now + timedelta(days=1), most=5)
    answer = arrive(desk, "3", answers="2", ago=20)
    arrive(desk, "2", ago=30)  # what it answers comes later: one takes the other in
    person = person_of(desk, conversation_of(desk, answer))
    assert person.mentions == 3
    named = {conversation_of(desk, old).id, conversation_of(desk, mention(desk, "2")).id}
    assert sorted(conversation.id for conversation in person.conversations) == sorted(named)


def test_of_many_messages_the_last_ones_are_read(desk, monkeypatch):
    monkeypatch.setattr(people, "MENTIONS_READ", 3)
    for number in range(5):
        newest = arrive(desk, str(number), ago=100 - number)
    person = person_of(desk, conversation_of(desk, newest))
    assert (person.mentions, person.is_whole) == (3, False)
    assert person.first_at == desk.now - timedelta(minutes=98)


def test_the_statements_do_not_grow_with_what_a_person_wrote_or_with_the_rest(desk, monkeypatch):
    run: list[str] = []
    monkeypatch.setattr(Connection, "all", counted(Connection.all, run))

    def cost() -> int:
        conversation = conversation_of(desk, arrive(desk, f"x{len(run)}", ago=1))
        with desk.store.view():
            run.clear()
            person_of(desk, conversation)
        return len(run)

    for number in range(people.NOTES_FROM):
        arrive(desk, f"a{number}", ago=2000 - number)
    few = cost()
    for number in range(60):
        arrive(desk, f"b{number}", ago=1000 - number)
        arrive(desk, f"c{number}", author=f"@p{number}@example.net", author_id=str(number), ago=1000 - number)
    assert cost() == few
    assert few <= 3 * people.NOTES_FROM + 12, run
