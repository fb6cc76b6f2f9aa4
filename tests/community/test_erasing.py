"""Erasing a person: what is left, what comes again, and that the bytes of the files say nothing of them any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.activity import history, undo
from commtui.activity.errors import NothingToAnswer, UnknownPerson
from commtui.activity.refusals import WrongItemState
from commtui.community import conversations, intake, joining, merging, people, replies, reply_drafts
from commtui.community.erasing import erase
from commtui.community.personal_data import data_of
from commtui.model import ids
from commtui.model.authors import person_id
from commtui.model.erasing import CLOCKS_APART, ERASED
from commtui.model.records import Context, Conversation, Engagement, Mention, Note, Outgoing, Person, RuleRun, Via
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.outgoing import acts
from commtui.store.store import Store
from commtui.store.tinydb_sqlite import wiping
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.triage import bridge, views
from tests.triage.desks import OWNER, arrive, conversation_of, desk_on, mention, sent, status

ADA, NAME, SECRET = "@ada@example.org", "Ada Lovelace", "SECRETWORD"
BOB: dict[str, Any] = {"author": "@bob@example.net", "author_name": "Bob", "author_id": "bob"}


@pytest.fixture(autouse=True)
def plain_sqlite(monkeypatch):
    """Some systems build SQLite so that it overwrites what it removes. Nothing may depend on that."""
    opened = Connection._open

    def leaving_what_is_removed(self, *how):
        connection = opened(self, *how)
        connection.execute("PRAGMA secure_delete=OFF")
        return connection

    monkeypatch.setattr(Connection, "_open", leaving_what_is_removed)


@pytest.fixture
def desk(tmp_path: Path):
    return desk_on(tmp_path)


def from_ada(desk, remote_id, text=f"{SECRET} in a mention", **fields) -> Mention:
    return arrive(desk, remote_id, text, **{"author_name": NAME, **fields})


def left_in_files(desk) -> dict[str, list[str]]:
    """The files of the store that still say something of Ada, and what."""
    words = (SECRET, "secrettag", ADA, ADA.upper(), NAME, "ada-1", "https://example.org/1")
    found = {}
    for file in sorted(Path(desk.store.folder).rglob("*")):
        if file.is_file():
            body = file.read_bytes()
            if said := [word for word in words if word.encode() in body]:
                found[file.name] = said
    return found


def filled(desk) -> tuple[Mention, Mention]:
    """Ada and Bob, and every kind of record with a word of hers. Returns her first mention, and his."""
    first = from_ada(desk, "1", ago=60, spoiler=f"{SECRET} warning")
    second = from_ada(desk, "2", answers="1", ago=50)
    old = from_ada(desk, "3", f"{SECRET} of the archive", ago=5000)
    bobs = arrive(desk, "4", "what she said", others=(ADA,), ago=40, **BOB)
    shared = from_ada(desk, "5", f"{SECRET} below another one's", answers="4", ago=30)
    reply, _ = replies.reply(desk, first.id, f"Dear {NAME}, {SECRET}")
    sent(desk, reply, "r1")
    replies.reply(desk, shared.id, f"on its way: {SECRET}")
    replies.reply(desk, bobs.id, f"to Bob, and {ADA.upper()} too")
    conversations.note(desk, [first.conversation], f"{SECRET} note")
    conversations.note(desk, [bobs.conversation], f"compare with {ADA}")
    conversations.tag(desk, [first.conversation], "secrettag")
    people.tag(desk, ADA, "secrettag")
    people.note(desk, ADA, f"{SECRET} of the person")
    people.link(desk, ADA, "@bob@example.net")
    people.unlink(desk, ADA)
    acts.report(desk, second.id, f"{SECRET} to the moderators")
    bridge.to_post(desk, second.id)
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, replace(status("1", desk.now), text=f"{SECRET} edited"), desk.now)
        ours = status("r1", desk.now, f"{ADA} thanks", ours=True)
        intake.add_engagement(desk.store, write, OWNER, "like", "r1", ADA, desk.now, status=ours)
        intake.add_engagement(desk.store, write, OWNER, "like", "r1", "@bob@example.net", desk.now)
        above = status("90", desk.now - timedelta(days=9), f"{SECRET} above", author_name=NAME)
        joining.add_context(desk.store, write, OWNER, bobs.conversation, above, desk.now)
        write.put(
            RuleRun(
                id=ids.derived(ids.RULE_RUN, "1"),
                rule="r",
                conversation=bobs.conversation,
                trigger="mention",
                event=shared.id,
                mention=shared.id,
                at=desk.now,
                why=f"text {SECRET}",
                notice=f"{ADA} waits",
            )
        )
    conversations.done(desk, [old.conversation])
    desk.store.archive.take(desk.now + timedelta(days=1), most=5)
    return first, bobs


def test_nothing_of_a_person_is_left_in_the_bytes_of_the_files(desk):
    filled(desk)
    assert "store.db" in left_in_files(desk) or "store.db-wal" in left_in_files(desk)
    erased = erase(desk, ADA)
    assert erased.held == 1
    assert (erased.mentions, erased.conversations, erased.is_wiped) == (4, 2, True)
    assert left_in_files(desk) == {}
    assert not any(desk.store.mentions.saying(SECRET.casefold()))


def test_what_was_removed_before_the_erasure_is_not_left_either(desk):
    """An earlier text lies in the free parts of SQLite's pages until they are written anew."""
    first = from_ada(desk, "1", f"{SECRET} " * 400, ago=60)
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, replace(status("1", desk.now), text="harmless"), desk.now)
    desk.store.tidy()
    assert left_in_files(desk)
    erase(desk, first.id)
    assert left_in_files(desk) == {}


def test_the_index_of_words_forgets_theirs(desk):
    first = from_ada(desk, "1", "xjwpkw", ago=60)
    desk.store.tidy()  # so little was written since that FTS5 merges nothing by itself
    term = b"\x03jwp"  # as it stands in the index: no other term begins with its letters
    assert term in (desk.store.folder / "store.db").read_bytes()
    erase(desk, first.id)
    assert term not in (desk.store.folder / "store.db").read_bytes()
    assert not any(desk.store.mentions.saying("xjwpkw"))


def test_what_is_left_proves_what_was_sent_and_says_nothing(desk):
    first, bobs = filled(desk)
    before = {item.id: item for item in desk.store.all(Outgoing)}
    erase(desk, ADA)
    stub = mention(desk, "1")
    assert (stub.author, stub.text, stub.erased, stub.created_at) == (ERASED, "", True, first.created_at)
    conversation = conversation_of(desk, first)
    assert (conversation.status, conversation.author, conversation.tags) == (ConversationStatus.DONE, ERASED, ())
    for item in desk.store.all(Outgoing):
        was = before[item.id]
        assert (item.remote_id, item.sent_at, item.key) == (was.remote_id, was.sent_at, was.key)
        if was.in_reply_to == bobs.id:
            assert (item.state, item.text) == (OutgoingState.HELD, f"to Bob, and {ERASED} too")
        else:
            assert item.text == ""
            assert item.state in (OutgoingState.SENT, OutgoingState.DISCARDED)
    assert [act.text for act in desk.store.acts.about(mention(desk, "2").id)] == [""]
    likes = [(likes.people, likes.count, likes.text) for likes in desk.store.all(Engagement)]
    assert likes == [(("@bob@example.net",), 2, f"{ERASED} thanks")]
    assert desk.store.all(Context) == []


def test_what_others_wrote_stays_as_they_wrote_it_and_is_not_addressed_to_them_any_more(desk):
    _, bobs = filled(desk)
    theirs = arrive(desk, "6", f"what {ADA} said", ago=35, **{**BOB, "author": "@eve@example.net", "author_id": "eve"})
    erase(desk, ADA)
    assert desk.store.get(Mention, theirs.id) == theirs
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, status("6", theirs.created_at, theirs.text), desk.now)
    assert desk.store.get(Mention, theirs.id) == theirs
    his = desk.store.get(Mention, bobs.id)
    assert (his.text, his.others, his.author) == ("what she said", (), "@bob@example.net")
    row = conversation_of(desk, bobs)
    assert (row.author, row.newest, row.text) == ("@bob@example.net", bobs.id, his.text)
    assert [note.text for note in desk.store.in_conversation(Note, row.id)] == [f"compare with {ERASED}"]
    assert people.tag(desk, "@bob@example.net", "x").op_id is not None


def test_the_log_keeps_who_did_what_and_when(desk):
    filled(desk)
    before = [(step.op_id, step.at, step.who, step.verb, step.ids) for step in desk.store.log.steps()]
    erase(desk, ADA)
    after = list(desk.store.log.steps())
    assert [(step.op_id, step.at, step.who, step.verb, step.ids) for step in after][:-1] == before
    assert (after[-1].verb, after[-1].who, after[-1].changes) == ("erase", "me", ())
    assert after[-1].ids == (person_id("demo", "ada-1", ADA),)


def test_a_step_on_others_too_can_still_be_undone_for_them(desk):
    first, second = from_ada(desk, "1"), arrive(desk, "2", **BOB)
    conversations.done(desk, [first.conversation])
    conversations.done(desk, [first.conversation, second.conversation])
    conversations.tag(desk, [first.conversation, second.conversation], "bug")
    erase(desk, ADA)
    undo.undo(desk)
    undo.undo(desk)
    assert conversation_of(desk, second).tags == ()
    assert conversation_of(desk, second).status is ConversationStatus.OPEN
    assert conversation_of(desk, first).status is ConversationStatus.DONE
    assert undo.undo(desk).undone.why_not == "nothing"


def test_what_is_fetched_again_stays_away_and_what_they_write_anew_is_a_new_conversation(desk):
    first = from_ada(desk, "1", ago=600)
    other = arrive(desk, "4", "hello", ago=30, **BOB)
    erase(desk, ADA)
    for remote_id, days in (("1", 1), ("77", 3)):  # one that was here, and an older one that was not
        with desk.store.write() as write:
            again = status(remote_id, desk.now - timedelta(days=days), SECRET)
            assert intake.add_mention(desk.store, write, OWNER, again, Via.MENTION, desk.now) is None
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, status("1", desk.now, SECRET), desk.now)
        above = status("78", desk.now - timedelta(days=3), SECRET)
        joining.add_context(desk.store, write, OWNER, other.conversation, above, desk.now)
    assert left_in_files(desk) == {}
    new = from_ada(desk, "2", "hello again", ago=CLOCKS_APART.total_seconds() / 60 - 1)
    assert new.conversation != first.conversation
    assert conversation_of(desk, new).status is ConversationStatus.OPEN
    answer = from_ada(desk, "3", "and to what was erased", answers="1")
    assert conversation_of(desk, answer).id == first.conversation
    assert conversation_of(desk, answer).status is ConversationStatus.OPEN


def test_a_conversation_with_others_names_no_draft_that_was_discarded(desk):
    _, bobs = filled(desk)
    shared = mention(desk, "5")
    reply_drafts.draft(desk, shared.id, f"of hers: {SECRET}")
    assert conversation_of(desk, bobs).draft is not None
    erase(desk, ADA)
    assert conversation_of(desk, bobs).draft is None
    assert left_in_files(desk) == {}


def test_who_was_answered_by_a_reply_that_is_discarded_waits_for_us_again(desk):
    bobs = arrive(desk, "1", ago=60, **BOB)
    shared = from_ada(desk, "2", answers="1", ago=30)
    replies.reply(desk, shared.id, "to both")
    assert conversation_of(desk, bobs).status is ConversationStatus.WAITING
    erase(desk, ADA)
    assert conversation_of(desk, bobs).status is ConversationStatus.OPEN


def test_all_who_are_linked_are_erased(desk):
    from_ada(desk, "1")
    from_ada(desk, "2", author="@ada@elsewhere.example", author_id="ada-1")
    people.link(desk, ADA, "@ada@elsewhere.example")
    assert erase(desk, ADA).mentions == 2
    assert left_in_files(desk) == {}
    assert desk.store.people.all() == []
    assert desk.store.people.all_links() == []
    written = desk.store.people.everything_written()
    assert written == [Person(id=person.id, erased_at=desk.now) for person in written] and len(written) == 2


def test_a_link_that_was_removed_before_does_not_come_back_by_an_undo(desk):
    from_ada(desk, "1")
    arrive(desk, "2", **BOB)
    people.link(desk, ADA, BOB["author"])
    people.unlink(desk, ADA)
    erase(desk, ADA)
    assert [change for step in desk.store.log.steps() for change in step.changes if change.table == "links"] == []
    assert undo.undo(desk).undone.why_not == "nothing"
    assert desk.store.people.all_links() == []


@pytest.mark.parametrize("state", [OutgoingState.SENDING, OutgoingState.UNKNOWN])
def test_what_may_be_out_has_to_be_settled_first(desk, state):
    first = from_ada(desk, "1")
    reply, _ = replies.reply(desk, first.id, "hello")
    with desk.store.write() as write:
        write.put(replace(reply, state=state))
    with pytest.raises(WrongItemState):
        erase(desk, ADA)
    assert mention(desk, "1").text == f"{SECRET} in a mention"


def test_nobody_can_be_answered_or_acted_on_any_more(desk):
    first = from_ada(desk, "1")
    erase(desk, ADA)
    for call in (
        lambda: replies.reply(desk, first.id, "hello"),
        lambda: replies.reply(desk, first.conversation, "hello"),
        lambda: acts.favourite(desk, first.id),
    ):
        with pytest.raises(NothingToAnswer):
            call()
    with pytest.raises(UnknownPerson):
        erase(desk, ADA)
    again = erase(desk, person_id("demo", "ada-1", ADA))
    assert (again.mentions, again.is_wiped) == (0, True)


def test_the_thread_and_its_past_are_still_shown(desk):
    first, _ = filled(desk)
    erase(desk, ADA)
    texts = views.thread(desk, conversation_of(desk, first))
    assert [text.text for text in texts] == ["", "", ""]
    assert history.conversation_at(desk, first.conversation, desk.now) is not None
    assert list(history.steps_of(desk, first.id))


@pytest.mark.parametrize("ago", [60, 40])
def test_of_a_merged_conversation_only_their_part_is_erased_and_it_can_be_split(desk, ago):
    hers, his = from_ada(desk, "1", ago=ago), arrive(desk, "2", "of Bob", ago=50, **BOB)
    conversations.note(desk, [hers.conversation], f"{SECRET} note")
    conversations.note(desk, [his.conversation], "of Bob too")
    conversations.tag(desk, [his.conversation], "bob")
    merging.merge(desk, [hers.conversation, his.conversation])
    erased = erase(desk, ADA)
    assert (erased.conversations, erased.notes) == (0, 1)
    assert left_in_files(desk) == {}
    whole = conversation_of(desk, his)
    assert (whole.author, whole.text, whole.tags) == (BOB["author"], "of Bob", ("bob",))
    merging.split(desk, whole.id)
    again = conversation_of(desk, his.conversation)
    assert (again.id, again.author, again.text) == (his.conversation, BOB["author"], "of Bob")
    assert [note.text for note in desk.store.in_conversation(Note, again.id)] == ["of Bob too"]
    stub = mention(desk, "1")
    assert stub.conversation == hers.conversation == conversation_of(desk, stub).id
    assert conversation_of(desk, stub).author == ERASED


def test_two_conversations_of_theirs_that_were_merged_are_erased_whole(desk):
    first, second = from_ada(desk, "1", ago=60), from_ada(desk, "2", ago=50)
    conversations.tag(desk, [first.conversation], "secrettag")
    merging.merge(desk, [first.conversation, second.conversation])
    assert erase(desk, ADA).conversations == 1
    assert left_in_files(desk) == {}


def test_another_process_sees_it(desk):
    first = from_ada(desk, "1")
    other = Store(Path(desk.store.folder))
    assert other.get(Mention, first.id).text
    erase(desk, ADA)
    other.poll()
    assert other.get(Mention, first.id).text == ""
    assert data_of(other, person_id("demo", "ada-1", ADA)).mentions == ()
    other.close()


def test_a_reader_that_stays_is_told_of(desk, monkeypatch):
    monkeypatch.setattr(wiping, "WAIT", 0.1)
    from_ada(desk, "1")
    other = Store(Path(desk.store.folder))
    with other.view():
        assert other.people.all()
        erased = erase(desk, ADA)
        assert not erased.is_wiped
    other.close()
    assert erase(desk, erased.authors[0]).is_wiped
    assert left_in_files(desk) == {}


def test_an_erasure_that_fails_changes_nothing(desk, monkeypatch):
    first = from_ada(desk, "1")

    def fails(*_):
        raise OSError("no")

    monkeypatch.setattr(type(desk.store.erasure), "redact_log", fails)
    with pytest.raises(OSError, match="no"):
        erase(desk, ADA)
    assert desk.store.get(Mention, first.id).text == f"{SECRET} in a mention"
    assert desk.store.get(Conversation, first.conversation).author == ADA
