"""A search over everything finds what reading everything finds, in pages, and reads little for a rare word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commtui.activity.desk import Desk
from commtui.community import conversations, replies, reply_drafts
from commtui.model import ids
from commtui.model.records import Mention, Outgoing, Via
from commtui.store.changes import Changes
from commtui.triage import everywhere, few, query
from commtui.triage.everywhere import Everywhere
from tests.clock import FakeClock
from tests.triage.desks import arrive, conversation_of, desk_on, sent


def found(desk: Desk, text: str, pages: int = 99) -> list[int]:
    search = Everywhere(query.parse(text))
    search.update(desk, Changes())
    for _ in range(pages):
        while not search.search_for(desk, 1):
            pass
        search.more()
    return list(search.update(desk, Changes()))


def noted_reads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the mentions that are read from now on."""
    read: list[str] = []
    real = desk.store.get_each

    def get_each(kind: type[Any], identities: Iterable[str]) -> dict[str, Any]:
        records = real(kind, identities)
        read.extend(records if kind is Mention else ())
        return records

    monkeypatch.setattr(desk.store, "get_each", get_each)
    return read


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_on(tmp_path, FakeClock())


def test_done_muted_snoozed_and_archived_ones_are_found_the_newest_first(desk: Desk) -> None:
    made = [arrive(desk, str(number), f"a broken handle, {number}", ago=60 - number) for number in range(6)]
    arrive(desk, "other", "nothing of the kind")
    by_number = [conversation_of(desk, mention).id for mention in made]
    conversations.done(desk, by_number[:2])
    conversations.mute(desk, by_number[2:3])
    conversations.snooze(desk, by_number[3:4], "2h")
    desk.store.archive.take(desk.now)
    newest_first = [ids.number(identity) for identity in reversed(by_number)]
    assert found(desk, "broken") == found(desk, "BROKEN handle") == newest_first
    assert found(desk, "broken is:done") == newest_first[-2:]
    assert found(desk, "from:ada broken -is:done") == newest_first[:-2]
    assert found(desk, "broken nothing") == found(desk, "brokenhearted") == []


def test_a_conversation_is_found_once_also_where_it_has_become_part_of_another(desk: Desk) -> None:
    one = arrive(desk, "1", "a broken handle")
    arrive(desk, "2", "still broken", answers="1")
    assert found(desk, "broken") == [ids.number(conversation_of(desk, one).id)]


def test_pages_are_read_as_they_are_wanted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everywhere, "PAGE", 5)
    for number in range(23):
        arrive(desk, str(number), f"broken {number}")
    read = noted_reads(desk, monkeypatch)
    search = Everywhere(query.parse("broken"))
    assert list(search.update(desk, Changes())) == [] and search.searching
    sizes = []
    while search.searching:
        search.search_for(desk, 60)
        sizes.append((len(search.update(desk, Changes())), len(read)))
        search.more()
    assert sizes[:2] == [(5, 5), (10, 15)] and sizes[-1] == (23, 23) and search.is_whole


def test_what_arrives_meanwhile_stands_first_if_it_matches(desk: Desk) -> None:
    arrive(desk, "1", "broken")
    search = Everywhere(query.parse("broken"))
    search.search_for(desk, 60)
    before = list(search.update(desk, Changes()))
    new, other = arrive(desk, "2", "broken, too"), arrive(desk, "3", "fine")
    numbers = {ids.number(mention.id) for mention in (new, other)}
    assert list(search.update(desk, Changes({"mentions": numbers}))) == [
        ids.number(conversation_of(desk, new).id),
        *before,
    ]
    assert isinstance(new, Mention)


def replied(desk: Desk, mention: Mention, text: str, remote_id: str) -> Outgoing:
    item, _ = replies.reply(desk, mention.conversation, text)
    return sent(desk, item, remote_id)


def test_our_replies_are_found_and_drafts_are_not(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, FakeClock)
    one, two, three = (arrive(desk, str(number), f"hello {number}") for number in range(3))
    replied(desk, one, "the lid was out of stock", "r1")
    clock.advance(60)
    arrive(desk, "4", "where is the lid?")
    clock.advance(60)
    replied(desk, two, "your lid is on its way", "r2")
    conversations.done(desk, [two.conversation])
    desk.store.archive.take(desk.now + timedelta(hours=1))
    reply_drafts.draft(desk, three.id, "a lid, too")
    numbers = {mention.remote_id: ids.number(mention.conversation) for mention in desk.store.all(Mention)}
    first, second, asked = ids.number(one.conversation), ids.number(two.conversation), numbers["4"]
    assert found(desk, "lid") == [second, asked, first]
    assert found(desk, "lid is:archived") == [second] and found(desk, "lid -is:archived") == [asked, first]
    assert found(desk, "lid is:sent") == [second, first] and found(desk, "lid is:mention") == [asked]
    assert found(desk, "lid from:ada") == [asked] and found(desk, "lid from:me") == [second, first]
    assert found(desk, "lid until:90s") == [first]
    assert found(desk, "stock or way") == [second, first]
    assert found(desk, "where or stock or nothing") == [asked, first]
    assert found(desk, "lid -via:mention") == [second, first] and found(desk, "lid via:mention") == [asked]
    assert found(desk, "lid is:done") == [second] and found(desk, "lid -is:done") == [asked, first]
    assert (
        found(desk, "lid is:waiting") == [first] and found(desk, "lid net:other") == found(desk, "lid is:muted") == []
    )


def test_what_goes_out_meanwhile_stands_first_if_it_matches(desk: Desk) -> None:
    one = arrive(desk, "1", "hello")
    search = Everywhere(query.parse("lid"))
    search.search_for(desk, 60)
    assert list(search.update(desk, Changes())) == []
    reply = replied(desk, one, "your lid", "r1")
    assert list(search.update(desk, Changes({"outgoing": {ids.number(reply.id)}}))) == [ids.number(one.conversation)]


def test_a_query_without_words_that_must_occur_cannot_be_searched_for() -> None:
    def asked(text: str) -> list[str]:
        return everywhere.alternatives(query.parse(text))

    assert asked("is:open -word") == asked("word or is:open") == asked("from:@") == asked("") == []
    assert asked("one two is:open") == ["one two"] and asked("one or two") == ["one", "two"]
    assert asked("three one or two") == ["three"] and asked("from:@ada") == ["ada"]


@pytest.mark.parametrize("sizes", [(3, 2), (12, 4), (3, 30)])
def test_where_nobody_can_tell_what_changed_what_arrived_stands_first_and_no_row_goes_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, int]
) -> None:
    monkeypatch.setattr(everywhere, "PAGE", 5)
    before, after = sizes
    made = [arrive(desk, f"b{number}", f"broken {number}") for number in range(before)]
    search = Everywhere(query.parse("broken"))
    search.search_for(desk, 60)
    shown = list(search.update(desk, Changes()))
    made += [arrive(desk, f"a{number}", f"broken later {number}") for number in range(after)]
    assert list(search.update(desk, Changes({"mentions": None}))) == shown and search.searching
    assert list(search.update(desk, Changes({"mentions": None}))) == shown
    assert all(search.matches(desk, number) for number in shown)
    assert search.search_for(desk, 60)
    newest_first = [ids.number(conversation_of(desk, mention).id) for mention in reversed(made)]
    assert list(search.update(desk, Changes())) == newest_first[: max(5, len(shown))]
    search.more()
    while search.searching:
        search.search_for(desk, 60)
        search.more()
    assert list(search.update(desk, Changes())) == newest_first


def test_what_a_mention_holds_and_when_it_came_is_known_without_reading_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        fields: dict[str, Any] = {"via": Via.DIRECT, "language": "de"} if number % 20 == 0 else {}
        arrive(desk, str(number), f"broken {number}", ago=number, **fields)
    everything = found(desk, "broken")
    read = noted_reads(desk, monkeypatch)
    assert len(everything) == 60
    for text, rows in {
        "broken via:direct": 3, "broken -is:direct": 57, "broken lang:de since:30m": 2, "broken until:30m": 29,
        "broken -until:30m": 31, "broken -since:30m": 29, "broken via:direct or lang:fr": 3,
        "broken via:direct or since:5m": 8,
    }.items():  # fmt: skip
        read.clear()
        assert len(found(desk, text)) == rows, text
        assert len(read) <= rows + 1, text  # one came at that very moment


@pytest.mark.parametrize("most", [3, 2_000])
def test_where_few_conversations_or_mentions_can_meet_a_query_no_others_are_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(few, "MOST", most)
    made = [arrive(desk, str(number), f"broken {number}", ago=60 - number) for number in range(30)]
    quoted = arrive(desk, "quote", "broken, too", ago=70, via=Via.QUOTE)
    named = [mention.conversation for mention in made]
    conversations.tag(desk, named[:2], "rare")
    conversations.assign(desk, named[3:6], "lea")
    conversations.done(desk, named[6:8])
    desk.store.archive.take(desk.now + timedelta(hours=1))
    conversations.done(desk, named[8:9])
    conversations.note(desk, named[9:10], "a regular of ours")
    conversations.mute(desk, named[10:11])
    everything = found(desk, "broken")
    assert len(everything) == 31
    read = noted_reads(desk, monkeypatch)
    rows = [ids.number(identity) for identity in named]
    for text, wanted in {
        "broken tag:rare": [rows[1], rows[0]],
        "broken tag:rare is:done": [],
        "broken assigned:lea": [rows[5], rows[4], rows[3]],
        "broken is:done": [rows[8], rows[7], rows[6]],
        "broken is:archived or has:draft": [rows[7], rows[6]],
        "broken -is:archived is:done": [rows[8]],
        "broken via:quote": [ids.number(quoted.conversation)],
        "broken priority:high": [],
        "broken has:note": [rows[9]],
        "broken is:muted": [rows[10]],
        "broken is:overdue": [],
        "b is:archived": [rows[7], rows[6]],
    }.items():
        read.clear()
        assert found(desk, text) == wanted, text
        assert len(read) == len(wanted) + ("overdue" in text), text  # the muted one may be back by now


def test_a_note_and_a_draft_of_the_conversation_are_asked_for_beside_words(desk: Desk) -> None:
    noted, drafted, plain = (arrive(desk, text, ago=ago) for ago, text in enumerate(("one", "two", "three")))
    conversations.note(desk, [noted.conversation], "a regular of ours")
    reply_drafts.draft(desk, drafted.id, "So sorry")
    rows = {mention.id: ids.number(mention.conversation) for mention in (noted, drafted, plain)}
    assert found(desk, "has:note hello") == [rows[noted.id]]
    assert found(desk, "has:draft hello") == [rows[drafted.id]]
    assert sorted(found(desk, "-has:note hello")) == sorted((rows[drafted.id], rows[plain.id]))
