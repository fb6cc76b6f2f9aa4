"""What is written down about people: each a step that can be undone, and redone."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity import resolve_author, undo
from commtui.activity.errors import AmbiguousId, BadMark, BadTag, EmptyNote, SamePerson, UnknownPerson
from commtui.community import people
from commtui.model.people import Mark
from commtui.triage.people import authors_of, profile_of
from tests.triage.desks import arrive, desk_on

ADA, BOB, CLEO, DORA = (f"@{name}@example.org" for name in ("ada", "bob", "cleo", "dora"))


@pytest.fixture
def desk(tmp_path):
    desk = desk_on(tmp_path)
    for number, handle in enumerate((ADA, BOB, CLEO, DORA)):
        arrive(desk, str(number), author=handle, author_id=str(number), ago=10 - number)
    return desk


def names(desk, handle):
    return {author.handle for author in profile_of(desk, resolve_author.author(desk.store, handle)).authors}


def test_links_join_and_undo_parts_what_they_joined(desk):
    people.link(desk, ADA, BOB)
    people.link(desk, CLEO, DORA)
    people.link(desk, BOB, CLEO)
    assert names(desk, ADA) == names(desk, DORA) == {ADA, BOB, CLEO, DORA}
    assert profile_of(desk, resolve_author.author(desk.store, ADA)).mentions == 4
    undo.undo(desk)
    assert (names(desk, ADA), names(desk, DORA)) == ({ADA, BOB}, {CLEO, DORA})
    undo.redo(desk)
    assert names(desk, ADA) == {ADA, BOB, CLEO, DORA}


def test_unlinking_takes_one_author_out_and_can_be_undone(desk):
    people.link(desk, ADA, BOB)
    people.link(desk, BOB, CLEO)
    people.unlink(desk, ADA)
    assert (names(desk, ADA), names(desk, BOB)) == ({ADA}, {BOB, CLEO})
    undo.undo(desk)
    assert names(desk, ADA) == {ADA, BOB, CLEO}
    people.unlink(desk, BOB)
    assert names(desk, ADA) == {ADA}
    assert names(desk, CLEO) == {CLEO}
    undo.undo(desk)
    assert names(desk, ADA) == {ADA, BOB, CLEO}


def test_a_link_that_is_there_in_whatever_way_is_no_step(desk):
    people.link(desk, ADA, BOB)
    people.link(desk, BOB, CLEO)
    assert people.link(desk, CLEO, ADA).op_id is None
    people.unlink(desk, CLEO)
    assert people.unlink(desk, CLEO).op_id is None
    with pytest.raises(SamePerson):
        people.link(desk, ADA, "@ada")


def test_tags_notes_and_the_mark_are_of_all_who_are_linked(desk):
    people.tag(desk, ADA, "#Press")
    people.note(desk, BOB, "met at the fair")
    people.mark(desk, BOB, "vip")
    people.link(desk, ADA, BOB)
    person = profile_of(desk, resolve_author.author(desk.store, ADA))
    assert (person.tags, person.mark) == (("press",), Mark.VIP)
    assert [(note.who, note.text) for note in person.notes] == [("me", "met at the fair")]
    people.mark(desk, ADA, "none")
    people.untag(desk, BOB, "press")
    person = profile_of(desk, resolve_author.author(desk.store, ADA))
    assert (person.tags, person.mark) == ((), None)
    undo.undo(desk)
    undo.undo(desk)
    person = profile_of(desk, resolve_author.author(desk.store, ADA))
    assert (person.tags, person.mark) == (("press",), Mark.VIP)


def test_the_first_step_about_a_person_can_be_undone_and_what_came_later_stays(desk):
    first = people.tag(desk, ADA, "press")
    people.note(desk, ADA, "met at the fair")
    undo.undo_step(desk, first.op_id)
    person = profile_of(desk, resolve_author.author(desk.store, ADA))
    assert person.tags == ()
    assert [note.text for note in person.notes] == ["met at the fair"]


def test_what_is_wrong_changes_nothing(desk):
    for wrong, call in (
        (BadMark, lambda: people.mark(desk, ADA, "regular")),
        (BadTag, lambda: people.tag(desk, ADA, "two words")),
        (EmptyNote, lambda: people.note(desk, ADA, " ")),
        (UnknownPerson, lambda: people.note(desk, "@nobody@example.org", "x")),
        (UnknownPerson, lambda: people.link(desk, ADA, "u0000000000")),
    ):
        with pytest.raises(wrong):
            call()
    assert list(desk.store.log.steps()) == []
    assert desk.store.people.everything_written() == []


def test_a_person_is_named_by_ids_and_handles(desk):
    mention = arrive(desk, "9", author="@eva@example.org", author_id="9")
    eva = resolve_author.author(desk.store, "@eva@example.org")
    for named in (eva, eva[:6], mention.id, mention.conversation, "eva@example.org", "@Eva", " @eva "):
        assert resolve_author.author(desk.store, named) == eva, named
    arrive(desk, "10", author="@eva@elsewhere.example", author_id="10")
    with pytest.raises(AmbiguousId):
        resolve_author.author(desk.store, "@eva")
    assert authors_of(desk.store, eva) == (eva,)


NAMES = (ADA, BOB, CLEO, DORA)
STEPS = [
    *(("link", pair) for pair in combinations(NAMES, 2)),
    *(("unlink", name) for name in NAMES),
    ("undo", None),
    ("redo", None),
]


def group_of(links, name):
    """All who are one person with somebody, by links that are walked until nobody is new."""
    found, before = {name}, set()
    while found != before:
        before = set(found)
        found |= {other for pair in links if pair & before for other in pair}
    return found


@given(st.lists(st.sampled_from(STEPS), min_size=6, max_size=14))
@settings(max_examples=60)
def test_any_order_of_links_and_undos_gives_what_a_list_of_states_gives(actions):
    """The model is every earlier set of links: undo takes the one before, redo the one after."""
    with TemporaryDirectory() as folder:
        desk = desk_on(Path(folder))
        for number, handle in enumerate(NAMES):
            arrive(desk, str(number), author=handle, author_id=str(number), ago=10 - number)
        states: list[frozenset[frozenset[str]]] = [frozenset()]
        at = 0
        for action, value in actions:
            links = states[at]
            if action == "undo":
                undo.undo(desk)
                at = max(0, at - 1)
                continue
            if action == "redo":
                undo.redo(desk)
                at = min(len(states) - 1, at + 1)
                continue
            if action == "link":
                people.link(desk, *value)
                new = links if value[1] in group_of(links, value[0]) else links | {frozenset(value)}
            else:
                people.unlink(desk, value)
                new = frozenset(pair for pair in links if value not in pair)
            if new != links:
                states[at + 1 :] = [new]
                at += 1
        assert {name: names(desk, name) for name in NAMES} == {name: group_of(states[at], name) for name in NAMES}
        desk.store.close()
