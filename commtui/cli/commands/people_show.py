"""`commtui people show`: what is known of a person."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator

from commtui.activity import resolve_author
from commtui.activity.desk import Desk
from commtui.cli.commands.people_verb import WHO
from commtui.cli.flat_people import flat_profile
from commtui.cli.output import hanging, json_object, out
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.model import times
from commtui.model.erasing import ERASED
from commtui.model.text import one_line
from commtui.sentences.people import counts, mark_words
from commtui.triage.people import Author, Profile, profile_of
from commtui.triage.people_list import suggestions
from commtui.triage.query import status_of


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help=WHO)
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    person = profile_of(desk, resolve_author.author(desk.store, args.id), most=sys.maxsize)
    maybe = suggestions(desk.store, person)
    if args.format == "json":
        json_object(flat_profile(desk, person, maybe))
        return 0
    for line in _lines(desk, person, maybe):
        for part in hanging(line, 2):
            out(part)
    return 0


def _lines(desk: Desk, person: Profile, maybe: tuple[Author, ...]) -> Iterator[str]:
    for author in person.authors:
        network = f"({author.network})" if author.network else ""
        yield "  ".join(filter(None, (author.id, author.handle or ERASED, author.name, network)))
    yield mark_words(person.mark)
    if person.first_at and person.last_at:
        first, last = (times.ago(at, desk.now) for at in (person.first_at, person.last_at))
        yield f"first seen {_ago(first)}, last seen {_ago(last)}"
    wrote, where = counts(person.mentions, person.answers, person.total, person.open)
    answered = f", the last {_ago(times.ago(person.answered_at, desk.now))}" if person.answered_at else ""
    yield f"{wrote}{answered}; {where}"
    if person.tags:
        yield "tags: " + " ".join(f"#{tag}" for tag in person.tags)
    for other in maybe:
        yield f"perhaps the same person: {other.handle} {other.name}; `commtui people link {person.id} {other.id}`"
    for note in person.notes:
        yield f"note of {note.who}, {_ago(times.ago(note.at, desk.now))}: {one_line(note.text)}"
    for conversation in person.conversations:
        age, status = times.ago(conversation.newest_at, desk.now), status_of(conversation, desk.now)
        yield f"{conversation.id}  {age:>3}  {status:<8} {one_line(conversation.text) or '[no text]'}"


def _ago(words: str) -> str:
    return words if words == "now" else f"{words} ago"
