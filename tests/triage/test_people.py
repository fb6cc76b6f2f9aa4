"""What is known of a person, and what it costs to know it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commtui.activity.errors import BadQuery
from commtui.community import conversations, replies
from commtui.community import people as verbs
from commtui.model.people import Mark
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.triage import people
from commtui.triage.people import Profile, author_of, profile_of
from commtui.triage.people_list import listed, suggestions
from tests.activity.test_parts import counted
from tests.triage.desks import arrive, conversation_of, desk_on, mention, sent


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def person_of(desk, conversation) -> Profile:
    return profile_of(desk, author_of(desk.store, conversation))


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
    assert (person.handle, person.name, person.mentions, person.total) == ("@ada@example.org", "Ada", 4, 3)
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


def test_of_many_conversations_the_newest_are_read_and_all_are_counted(desk):
    for number in range(5):
        newest = arrive(desk, str(number), ago=100 - number)
    person = profile_of(desk, author_of(desk.store, conversation_of(desk, newest)), most=3)
    assert (person.mentions, person.total, person.open, len(person.conversations)) == (5, 5, 5, 3)
    assert person.first_at == desk.now - timedelta(minutes=100)


def test_our_answers_that_are_out_are_counted(desk):
    first, second = arrive(desk, "1", ago=30), arrive(desk, "2", ago=20)
    other = arrive(desk, "3", author="@bob@example.org", author_id="bob", answers="1", ago=10)
    for number, answered in enumerate((first, first, other)):
        reply, _ = replies.reply(desk, answered.id, f"answer {number}")
        sent(desk, reply, f"r{number}")
    replies.reply(desk, second.id, "on its way")
    person = person_of(desk, conversation_of(desk, second))
    assert (person.mentions, person.answers, person.answered_at) == (2, 2, desk.now)


def test_a_person_has_a_mark_by_what_they_wrote(desk):
    for number, ago in enumerate((0, 10, 20)):
        newest = arrive(desk, str(number), ago=ago * 24 * 60)
        expected = (Mark.NEW, None, Mark.REGULAR)[number]
        assert person_of(desk, conversation_of(desk, newest)).mark == expected


def test_people_are_listed_by_their_last_message_and_found_by_words(desk):
    arrive(desk, "1", ago=50)
    arrive(desk, "2", ago=10, author="@bob@example.org", author_name="Bob", author_id="bob")
    arrive(desk, "3", ago=5, author="@cleo@example.org", author_name="Cleo", author_id="cleo")
    arrive(desk, "4", ago=3)

    def handles(words=""):
        return [person.authors[0].handle for person in listed(desk, words)]

    assert handles() == ["@ada@example.org", "@cleo@example.org", "@bob@example.org"]
    assert [(person.mentions, person.conversations) for person in listed(desk)] == [(2, 2), (1, 1), (1, 1)]
    verbs.link(desk, "@bob@example.org", "@ada@example.org")
    verbs.tag(desk, "@bob@example.org", "press")
    verbs.mark(desk, "@cleo@example.org", "vip")
    assert handles() == ["@ada@example.org", "@cleo@example.org"]
    assert handles("bob") == handles("tag:press") == ["@ada@example.org"]
    assert handles("is:vip net:demo") == ["@cleo@example.org"]
    assert handles("net:mastodon") == handles("bob is:vip") == []
    with pytest.raises(BadQuery):
        handles("is:vop")


def test_the_list_counts_what_the_person_has(desk):
    arrive(desk, "1", ago=50)
    arrive(desk, "3", answers="2", ago=20)
    answer = arrive(desk, "2", ago=30)  # one takes the other in
    (row,) = listed(desk)
    person = person_of(desk, conversation_of(desk, answer))
    assert (row.mentions, row.conversations) == (person.mentions, person.total) == (3, 2)
    assert (row.last_at, row.mark, row.authors) == (person.last_at, person.mark, person.authors)


def test_somebody_of_the_same_name_is_suggested_and_nothing_is_linked(desk):
    first = arrive(desk, "1", ago=50)
    arrive(desk, "2", author="@ada@other.example", author_id="7", ago=40)
    arrive(desk, "3", author="@ada@third.example", author_name="Another Ada", author_id="8", ago=30)
    arrive(desk, "4", author="@eda@other.example", author_id="9", ago=20)
    person = person_of(desk, conversation_of(desk, first))
    assert [author.handle for author in suggestions(desk.store, person)] == ["@ada@other.example"]
    assert len(person.authors) == 1
    verbs.link(desk, "@ada@example.org", "@ada@other.example")
    assert suggestions(desk.store, person_of(desk, conversation_of(desk, first))) == ()


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
    assert few <= 2 * people.NOTES_FROM + 15, run
