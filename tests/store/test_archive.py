"""The archive, and what the log can tell of the past."""

from datetime import timedelta
from functools import partial
from itertools import islice

from commtui.activity import history
from commtui.activity.outcome import Outcome
from commtui.activity.undo import undo
from commtui.community import conversations, replies, reply_drafts
from commtui.model import ids
from commtui.model.records import Note
from commtui.model.states import ConversationStatus, Queue
from commtui.store import archive
from commtui.triage import narrowing, query, views
from commtui.triage.query import parse
from tests.store.past import LONG, long_ago
from tests.triage.desks import arrive, conversation_of, desk_on, sent


def test_what_was_done_long_ago_leaves_the_hot_part_and_stays_searchable(desk, clock):
    old = long_ago(desk, clock)
    new = arrive(desk, "new")
    assert desk.store.archive.take(desk.now - LONG) > 0
    assert desk.store.archive.take(desk.now - LONG) == 0
    assert [document["remote_id"] for document in desk.store._db.table("mentions")] == ["new"]
    assert [mention.id for mention, _ in views.listed_mentions(desk)] == [new.id]
    found = [mention.remote_id for mention, _ in views.listed_mentions(desk, parse("is:archived question"))]
    assert sorted(found) == ["0", "1", "2"]
    assert len(views.queue(desk, parse("is:done"))) == 3
    conversation = conversation_of(desk, old[0])
    assert [said.text for said in views.thread(desk, conversation)] == ["question 0", "and more", "an answer"]
    assert [note.text for note in views.notes(desk, conversation)] == ["a note"]
    assert {step.verb for step in history.steps_of(desk, conversation.id)} == {"note", "done", "reply"}
    assert desk.store.with_prefix(old[0].id[:8]) == [old[0].id]


def test_an_archived_conversation_comes_back_whole_when_it_is_written_to_again(desk, clock):
    old = long_ago(desk, clock)
    desk.store.archive.take(desk.now - LONG)
    again = arrive(desk, "again", "it is back", answers="reply1")
    assert again.conversation == old[1].conversation
    conversation = conversation_of(desk, again)
    assert (conversation.status, conversation.mentions) == ("open", 3)
    assert len(views.thread(desk, conversation)) == 4
    assert len(views.queue(desk)) == 1
    assert len(views.queue(desk, parse("is:archived"))) == 2


def test_an_archived_mention_that_a_network_brings_again_is_no_new_one(desk, clock):
    long_ago(desk, clock)
    desk.store.archive.take(desk.now - LONG)
    arrive(desk, "1", "question 1", ago=LONG.total_seconds() / 60 + 1440)
    assert len(views.queue(desk)) == 0
    assert [dict(document) for document in desk.store._db.table("mentions")] == []


def test_undo_reaches_into_the_archive(desk, clock):
    old = long_ago(desk, clock, 1)
    desk.store.archive.take(desk.now - LONG)
    undo(desk)
    assert conversation_of(desk, old[0]).status == "waiting"


def test_what_changes_between_two_turns_of_the_archive_is_not_lost(desk, clock, home, monkeypatch):
    old = long_ago(desk, clock)
    other = desk_on(home.data, clock)
    monkeypatch.setattr(archive, "A_TURN", 1)
    real, tagged = desk.store.archive._whole, list[Outcome]()

    def whole(number):
        if number == ids.number(old[1].conversation) and not tagged:
            tagged.append(conversations.reopen(desk, [old[1].id]))  # within the turn: as if just before it
        return real(number)

    monkeypatch.setattr(desk.store.archive, "_whole", whole)
    desk.store.archive.take(desk.now - LONG)
    assert tagged
    assert len(other.store.conversations.by_wait(Queue.DONE, archived=True)) == 2
    assert conversation_of(other, old[1]).status is ConversationStatus.OPEN
    assert len(views.thread(other, conversation_of(other, old[1]))) == 3


def test_an_archived_note_can_be_undone_and_stays_gone(desk, clock):
    one = arrive(desk, "1")
    conversations.done(desk, [one.id])
    conversations.note(desk, [one.id], "mistaken")
    clock.advance(LONG.total_seconds() + 86400)
    desk.store.archive.take(desk.now - LONG)
    (note,) = views.notes(desk, conversation_of(desk, one))
    undo(desk)
    assert desk.store.get(Note, note.id) is None
    assert views.notes(desk, conversation_of(desk, one)) == []
    desk.store.archive.take(desk.now - LONG)
    assert len(desk.store.conversations.by_wait(Queue.DONE, archived=True)) == 1
    assert desk.store.get(Note, note.id) is None
    assert views.notes(desk, conversation_of(desk, one)) == []


def test_old_conversations_with_a_draft_left_in_them_do_not_keep_younger_ones_from_the_archive(desk, clock):
    for number in range(4):
        one = arrive(desk, f"{number}")
        if number < 2:
            reply_drafts.draft(desk, one.id, "never sent")
        conversations.done(desk, [one.id])
        clock.advance(60)
    clock.advance(LONG.total_seconds() + 86400)
    desk.store.archive.take(desk.now - LONG, most=1)
    desk.store.archive.take(desk.now - LONG, most=1)
    assert len(desk.store.conversations.by_wait(Queue.DONE, archived=True)) == 2
    assert len(desk.store._db.table("conversations")) == 2


def test_a_conversation_with_a_reply_under_way_is_not_archived(desk, clock):
    one = arrive(desk, "1")
    reply, _ = replies.reply(desk, one.id, "soon")
    from commtui.outgoing import rescheduling

    rescheduling.reschedule(desk, [reply.id], "52w")
    conversations.done(desk, [one.id])
    clock.advance(LONG.total_seconds() + 86400)
    desk.store.archive.take(desk.now - LONG)
    assert desk.store._db.table("conversations").all()
    assert desk.store._db.table("outgoing").all()


def test_all_that_was_in_a_conversation_at_a_moment_is_told_from_the_log(desk, clock):
    one = arrive(desk, "1", "where is it?")
    clock.advance(60)
    conversations.note(desk, [one.id], "ask Ben")
    clock.advance(60)
    early = desk.now
    clock.advance(60)
    undo(desk)
    reply, _ = replies.reply(desk, one.id, "on its way")
    clock.advance(60)
    scheduled = desk.now
    clock.advance(60)
    sent(desk, reply, "r1")
    conversations.done(desk, [one.id])
    past = history.conversation_at(desk, one.id, early)
    assert [note.text for note in past.notes] == ["ask Ben"]
    assert ([mention.remote_id for mention in past.mentions], past.outgoing, past.conversation.status) == (
        ["1"],
        (),
        "open",
    )
    past = history.conversation_at(desk, one.id, scheduled)
    assert ([item.text for item in past.outgoing], past.notes, past.conversation.status) == (
        ["on its way"],
        (),
        "waiting",
    )
    assert history.conversation_at(desk, one.id, desk.now).conversation.status == "done"
    assert history.conversation_at(desk, one.id, one.created_at - timedelta(seconds=1)) is None


def test_the_end_of_a_long_log_is_read_without_its_beginning(desk, clock, monkeypatch):
    one = arrive(desk, "1")
    for number in range(300):
        conversations.tag(desk, [one.id], f"t{number}")
    read = []
    raws = desk.store._db.raws
    monkeypatch.setattr(desk.store._db, "raws", lambda table, numbers: read.extend(numbers) or raws(table, numbers))
    newest = list(islice(desk.store.log.steps(newest_first=True), 3))
    assert [step.detail for step in newest] == ["t299", "t298", "t297"]
    assert len(read) == 10  # a page
    assert [step.op_id for step in desk.store.log.steps()] == [
        step.op_id for step in desk.store.log.steps(newest_first=True)
    ][::-1]


def test_any_past_state_of_a_conversation_is_told_from_the_log(desk, clock):
    one = arrive(desk, "1")
    moments = []
    for verb in (
        lambda: conversations.tag(desk, [one.id], "bug"),
        lambda: conversations.assign(desk, [one.id], "anna"),
        lambda: conversations.snooze(desk, [one.id], "2h"),
        lambda: conversations.done(desk, [one.id]),
        lambda: undo(desk),
    ):
        moments.append((desk.now, conversation_of(desk, one)))
        clock.advance(60)
        verb()
        clock.advance(60)
    for moment, then in moments:
        assert history.conversation_at(desk, one.id, moment).conversation == then
    assert history.conversation_at(desk, one.id, desk.now - timedelta(days=9)) is None


SAID = (
    "Wo ist die Straße?",
    'she said "hi [there]"',
    "back\\slash",
    "line\nbreak",
    "İstanbul'da kahve",
    "ﬁne grind",
    "plain",
)


def test_a_search_of_the_archive_finds_what_reading_all_of_it_finds(desk, clock):
    for number, text in enumerate(SAID):
        one = arrive(desk, f"{number}", text, author=f"@Ada{number}@example.org", author_name=f"Åsa {number}")
        arrive(desk, f"{number}b", f"{text} again", answers=f"{number}")
        conversations.done(desk, [one.id])
    clock.advance(LONG.total_seconds() + 86400)
    desk.store.archive.take(desk.now - LONG)
    context = views.query_context(desk)
    everything = [
        views.conversation_at(desk, number) for number in desk.store.conversations.by_wait(Queue.DONE, archived=True)
    ]
    assert len(everything) == len(SAID)
    words = [
        "strasse",
        "STRASSE",
        '"\\"hi"',
        "back\\slash",
        "break",
        "istanbul",
        "fine",
        "again",
        "-again",
        "plain again",
    ]
    words += [
        "from:@ada3",
        "from:åsa",
        "-from:ada3",
        "nothing",
        "[there]",
        '"line break"',
        "conversation",
        "e",
        "i̇stanbul",
    ]
    for word in words:
        terms = parse(f"is:archived {word}")
        expected = [
            conversation.id
            for conversation in everything
            if query.matches_conversation(
                terms, conversation, context, partial(views.mentions, desk, conversation), archived=True
            )
        ]
        found = [views.conversation_at(desk, number).id for number in views.queue(desk, terms)]
        assert found == expected, word


def test_a_search_of_the_archive_makes_records_only_of_what_may_be_meant(desk, clock, monkeypatch):
    long_ago(desk, clock, 5)
    desk.store.archive.take(desk.now - LONG)
    monkeypatch.setattr(narrowing, "FEW", 4)
    requests = []
    real = views.conversation_at
    monkeypatch.setattr(views, "conversation_at", lambda *given: requests.append(given[1]) or real(*given))
    assert [mention.text for mention, _ in views.listed_mentions(desk, parse('is:archived "question 3"'))] == [
        "question 3"
    ]
    assert len(requests) == 1
