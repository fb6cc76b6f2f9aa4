"""A search over everything finds what reading everything finds, in pages, and reads little for a rare word."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtui.activity.desk import Desk
from commtui.community import conversations
from commtui.model import ids
from commtui.model.records import Mention
from commtui.store.changes import Changes
from commtui.triage import everywhere, query
from commtui.triage.everywhere import Everywhere
from tests.clock import FakeClock
from tests.triage.desks import arrive, conversation_of, desk_on


def found(desk: Desk, text: str, pages: int = 99) -> list[int]:
    search = Everywhere(query.parse(text))
    search.update(desk, Changes())
    for _ in range(pages):
        while not search.search_for(desk, 1):
            pass
        search.more()
    return list(search.update(desk, Changes()))


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
    read: list[int] = []
    real = desk.store.at
    monkeypatch.setattr(desk.store, "at", lambda kind, number: read.append(number) or real(kind, number))
    search = Everywhere(query.parse("broken"))
    assert list(search.update(desk, Changes())) == [] and search.searching
    sizes = []
    while search.searching:
        search.search_for(desk, 60)
        sizes.append((len(search.update(desk, Changes())), len(read)))
        search.more()
    assert sizes[:2] == [(5, 5), (10, 10)] and sizes[-1] == (23, 23) and search.is_whole


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
