"""Everything that is held of a person, as one JSON value: for the person who asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from commtui.activity.desk import Desk
from commtui.community.personal_data import PersonalData, data_of
from commtui.model.clock import to_iso
from commtui.model.records import Activity
from commtui.store import codec

FORMAT: Final = 1


def export_of(desk: Desk, author: str) -> dict[str, Any]:
    """Returns what is held of the person who an author is: records as they are stored, and the steps about them.

    Of what others wrote, and of steps on others, there is nothing in it.
    """
    data = data_of(desk.store, author)
    return {
        "commtui": "person",
        "format": FORMAT,
        "made_at": to_iso(desk.now),
        "authors": list(data.authors),
        "handles": list(data.handles),
        "mentions": _documents(data.mentions),
        "elsewhere": _documents(data.context),
        "conversations": _documents(data.conversations),
        "replies": _documents(data.replies),
        "acts": _documents(data.acts),
        "notes": _documents(data.notes),
        "rules": _documents(data.rule_runs),
        "about": _documents(data.people),
        "links": _documents(data.links),
        "engagement": [
            {**document, "people": [each for each in document["people"] if each in data.handles]}
            for document in _documents(data.engagement)
        ],
        "log": _steps(desk, data),
    }


def _documents(records: Iterable[Any]) -> list[dict[str, Any]]:
    return [{field: value for field, value in codec.to_document(each).items() if field != "v"} for each in records]


def _steps(desk: Desk, data: PersonalData) -> list[dict[str, Any]]:
    """Returns the steps about a person and what is theirs, oldest first, without what else they were about."""
    theirs = set(data.ids)
    return [_own_part(step, theirs) for step in desk.store.log.steps(theirs)]


def _own_part(step: Activity, theirs: set[str]) -> dict[str, Any]:
    return {
        "op_id": step.op_id,
        "at": to_iso(step.at),
        "who": step.who,
        "verb": step.verb,
        "ids": [each for each in step.ids if each in theirs],
        "detail": step.detail,
        "changes": [
            {"id": change.id, "before": change.before, "after": change.after}
            for change in step.changes
            if change.id in theirs
        ],
    }
