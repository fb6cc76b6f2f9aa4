"""What is written down about people: links between authors, tags, notes and the mark `vip`. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from commtui.activity import resolve_author
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.errors import BadMark, EmptyNote, SamePerson
from commtui.activity.outcome import Outcome
from commtui.activity.tags import tag_name
from commtui.model import text
from commtui.model.people import Link, Mark, Person, PersonNote, link_id, linked

NO_MARK = "none"


def link(desk: Desk, given: str, other: str) -> Outcome:
    """Says that two authors are one person. Raises UnknownPerson, UnknownId, AmbiguousId, SamePerson."""
    store = desk.store
    one, second = resolve_author.author(store, given), resolve_author.author(store, other)
    if one == second:
        raise SamePerson(given, other)
    with recorded_step(desk, "link", (one, second)) as step:
        if second not in linked(one, store.people.neighbours):
            step.write.put(Link(id=link_id(one, second), one=one, other=second, who=desk.who, at=desk.now))
    return Outcome(verb="link", ids=(one, second), op_id=step.op_id if step.changed else None)


def unlink(desk: Desk, given: str) -> Outcome:
    """Takes an author out of the person to whom links join them. Those who are linked with each other only through
    this author are no longer linked. Raises UnknownPerson, UnknownId, AmbiguousId."""
    one = resolve_author.author(desk.store, given)
    with recorded_step(desk, "unlink", (one,)) as step:
        for joined in desk.store.people.links(one):
            step.write.remove(Link, joined.id)
    return Outcome(verb="unlink", ids=(one,), op_id=step.op_id if step.changed else None)


def mark(desk: Desk, given: str, word: str) -> Outcome:
    """Marks a person as `vip`; `none` takes the mark away. The other marks follow from what they wrote.

    Raises BadMark, UnknownPerson, UnknownId, AmbiguousId.
    """
    if word not in (Mark.VIP, NO_MARK):
        raise BadMark(word)
    vip = word == Mark.VIP
    return _change(desk, "vip" if vip else "no-vip", given, lambda person: replace(person, vip=vip))


def tag(desk: Desk, given: str, name: str) -> Outcome:
    """Adds a tag to a person. Raises BadTag, UnknownPerson, UnknownId, AmbiguousId."""
    new = tag_name(name)
    return _change(
        desk, "tag", given, lambda person: replace(person, tags=tuple(sorted({*person.tags, new}))), value=new
    )


def untag(desk: Desk, given: str, name: str) -> Outcome:
    """Takes a tag away from a person, from each of those who are linked. Raises as `tag`."""
    old = tag_name(name)

    def without(person: Person) -> Person:
        return replace(person, tags=tuple(tag for tag in person.tags if tag != old))

    return _change(desk, "untag", given, without, value=old)


def note(desk: Desk, given: str, body: str) -> Outcome:
    """Adds an internal note to a person; notes are never sent. Raises EmptyNote, UnknownPerson, UnknownId,
    AmbiguousId."""
    clean = text.clean(body).strip()
    if not clean:
        raise EmptyNote
    new = PersonNote(who=desk.who, at=desk.now, text=clean)
    return _change(desk, "note", given, lambda person: replace(person, notes=(*person.notes, new)), detail=clean)


def _change(
    desk: Desk,
    verb: str,
    given: str,
    changed: Callable[[Person], Person],
    *,
    value: str | None = None,
    detail: str = "",
) -> Outcome:
    """Changes what is written down about an author; what takes something away, about all who are linked with them."""
    store = desk.store
    one = resolve_author.author(store, given)
    takes_away = verb in ("untag", "no-vip")
    authors = linked(one, store.people.neighbours) if takes_away else (one,)
    with recorded_step(desk, verb, (one,)) as step:
        written = {person.id: person for person in store.people.written(authors)}
        for author in authors:
            before = written.get(author, Person(id=author))
            after = changed(before)
            if after != before:
                step.write.put(after)
        step.detail = detail or value or ""
    return Outcome(verb=verb, ids=(one,), op_id=step.op_id if step.changed else None, value=value)
