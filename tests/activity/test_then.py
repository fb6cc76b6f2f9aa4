"""What a step was about when it was done: newer mentions and edits of their authors change no row of the past."""

from __future__ import annotations

import pytest

from commtui.activity import passive_log
from commtui.activity.recent import RecentSteps
from commtui.community import conversations, intake, replies
from commtui.store.tinydb_sqlite import SqliteDB
from commtui.ui.text.activity_row import about
from tests.clock import FakeClock
from tests.triage.desks import OWNER, arrive, conversation_of, desk_on, status


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def desk(tmp_path, clock):
    return desk_on(tmp_path, clock)


def rows(desk):
    """What the activity shows, newest first."""
    steps = RecentSteps(desk.store.log)
    steps.read_older()
    found = [steps.at(number) for number in steps.numbers]
    return [f"{step.entry.verb} {about(desk, step.entry, step.items)}" for step in found]


def edit(desk, text):
    with desk.store.write() as write:
        edited = status("1", desk.now, text, author="@gus@example.org")
        intake.apply_edit(desk.store, write, OWNER, edited, desk.now)
        passive_log.log_intake(write, desk.now, passive_log.ARRIVE, (), "brand")


def answered_later_by_another(desk, clock, verb):
    """A step on a conversation of @gus, in whose thread @deniz writes a minute later."""
    one = arrive(desk, "1", "Where is it?", author="@gus@example.org")
    verb(conversation_of(desk, one).id)
    clock.advance(60)
    arrive(desk, "2", "Me too", answers="1", author="@deniz@example.org")
    return one


def test_a_reply_is_to_whom_it_answered(desk, clock):
    answered_later_by_another(desk, clock, lambda identity: replies.reply(desk, identity, "Okay"))
    assert rows(desk) == ["reply @gus: Okay"]


def test_the_log_behind_a_step_is_read_to_the_edit_and_no_further(desk, clock, monkeypatch):
    one = arrive(desk, "1", "Works not", author="@gus@example.org")
    conversations.done(desk, [conversation_of(desk, one).id])
    clock.advance(60)
    edit(desk, "Works again")
    for number in range(60):
        conversations.tag(desk, [conversation_of(desk, one).id], f"tag-{number}")
    (number,) = [number for number, entry in desk.store.log.entries(limit=100) if entry.verb == "done"]
    read, real = [], SqliteDB.raws

    def raws(self, table, numbers, **more):
        read.append(len(numbers))
        return real(self, table, numbers, **more)

    monkeypatch.setattr(SqliteDB, "raws", raws)
    first = desk.store.log.first_change_after
    assert first(number, one.id, "text", 2000).before["text"] == "Works not"
    assert sum(read) <= 10
    read.clear()
    assert first(number + 1, one.id, "text", 2000) is None and sum(read) == 60 and max(read) <= 50
    read.clear()
    assert first(number + 1, one.id, "text", 55) is None and sum(read) == 55
    read.clear()
    assert first(number, one.id, "text", 0) is None and sum(read) == 0


@pytest.mark.parametrize("verb", [conversations.done, conversations.read])
def test_a_step_shows_the_newest_mention_of_its_time(desk, clock, verb):
    one = answered_later_by_another(desk, clock, lambda identity: verb(desk, [identity]))
    assert rows(desk) == [f"{verb.__name__} @gus: Where is it?"]
    conversations.assign(desk, [conversation_of(desk, one).id], "anna")
    assert rows(desk)[0].startswith("assign @deniz, ")


def test_a_reply_to_an_older_mention_names_that_one(desk, clock):
    one = answered_later_by_another(desk, clock, lambda identity: None)
    desk.clock.advance(60)
    replies.reply(desk, one.id, "Here")
    assert rows(desk)[0] == "reply @gus: Here"


def test_what_its_author_edited_since_shows_the_earlier_text(desk, clock):
    one = arrive(desk, "1", "Works not", author="@gus@example.org")
    with desk.store.write() as write:
        passive_log.log_intake(write, desk.now, passive_log.ARRIVE, (one.id,), "brand")
    conversations.done(desk, [conversation_of(desk, one).id])
    clock.advance(60)
    edit(desk, "Works again")
    conversations.tag(desk, [conversation_of(desk, one).id], "bug")
    clock.advance(60)
    edit(desk, "Works at last")
    newest_first = [row for row in rows(desk) if not row.startswith("edited")]
    assert newest_first == ["tag @gus, bug: Works again", "done @gus: Works not", "arrive @gus, brand: Works not"]
