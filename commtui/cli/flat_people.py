"""People as flat objects of the command line's JSON."""

from __future__ import annotations

from typing import Any

from commtui.activity.desk import Desk
from commtui.model.records import Note
from commtui.sentences.people import RULES
from commtui.triage.people import Author, Profile
from commtui.triage.people_list import Listed
from commtui.triage.query import status_of
from commtui.triage.status import iso

Flat = dict[str, Any]


def _author(author: Author) -> Flat:
    return {
        "id": author.id,
        "network": author.network or None,
        "author": author.handle or None,
        "author_name": author.name,
    }


def flat_listed(person: Listed) -> Flat:
    """A row of the list of people. `id`: of the author who wrote last."""
    return {
        **_author(person.authors[0]),
        "authors": [_author(author) for author in person.authors],
        "mark": person.mark,
        "mentions": person.mentions,
        "conversations": person.conversations,
        "last_at": iso(person.last_at),
        "tags": list(person.tags),
    }


def flat_profile(desk: Desk, person: Profile, maybe: tuple[Author, ...]) -> Flat:
    """All that `people show` shows."""
    return {
        **_author(person.authors[0]),
        "authors": [_author(author) for author in person.authors],
        "mark": person.mark,
        "rule": RULES[person.mark] if person.mark else None,
        "mentions": person.mentions,
        "answers": person.answers,
        "answered_at": iso(person.answered_at),
        "first_at": iso(person.first_at),
        "last_at": iso(person.last_at),
        "open": person.open,
        "tags": list(person.tags),
        "notes": [
            {
                "who": note.who,
                "at": iso(note.at),
                "text": note.text,
                "conversation": note.conversation if isinstance(note, Note) else None,
            }
            for note in person.notes
        ],
        "conversations": [
            {
                "id": conversation.id,
                "status": status_of(conversation, desk.now),
                "newest_at": iso(conversation.newest_at),
                "text": conversation.text,
            }
            for conversation in person.conversations
        ],
        "suggestions": [_author(author) for author in maybe],
    }
