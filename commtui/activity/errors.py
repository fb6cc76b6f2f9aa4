"""Errors of a verb about an id or a value that it was given. Each is a type with fields; nothing has changed then.

Errors about the state of an item are in refusals.py. `commtui.sentences.errors` makes the sentences.
`str()` returns the type and its fields, for the program's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commtui.model.times import WhenError


class TriageError(Exception):
    """A verb was not done, and nothing has changed."""

    def __init__(self, **fields: Any) -> None:
        super().__init__()
        for name, value in fields.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if not name.startswith("__"))
        return f"{type(self).__name__}({fields})"


class Usage(TriageError):
    """The request itself is wrong: a value that no state of the home would accept. Exit code 2."""


# ids


class UnknownId(TriageError):
    """No item has this id. `kind`: the kind that the id's letter stands for; empty for an unknown letter."""

    def __init__(self, given: str, kind: str = "") -> None:
        super().__init__(given=given, kind=kind)

    given: str
    kind: str


class AmbiguousId(TriageError):
    """Several ids begin with `given`. `more`: the number of them that are not in `candidates`."""

    def __init__(self, given: str, candidates: Sequence[str], more: int = 0) -> None:
        super().__init__(given=given, candidates=list(candidates), more=more)

    given: str
    candidates: list[str]
    more: int


class WrongKind(Usage):
    """The verb does not apply to this kind of item. `wanted`: conversation, outgoing, act, sent or ours."""

    def __init__(self, given: str, kind: str, wanted: str, verb: str = "") -> None:
        super().__init__(given=given, kind=kind, wanted=wanted, verb=verb)

    given: str
    kind: str
    wanted: str
    verb: str


class MissingRecord(TriageError):
    """The store lacks a record that another record refers to: it is damaged. `of`: the id of the other record."""

    def __init__(self, of: str, missing: str = "conversation") -> None:
        super().__init__(of=of, missing=missing)

    of: str
    missing: str


class NothingToAnswer(UnknownId):
    """The conversation has no mention that could be answered."""


class NotHereYet(TriageError):
    """The item did not exist here at that time."""

    def __init__(self, given: str, at: datetime) -> None:
        super().__init__(given=given, at=at)

    given: str
    at: datetime


# values


class BadTime(Usage):
    """A time that cannot be parsed, or is in the past."""

    def __init__(self, error: WhenError) -> None:
        super().__init__(error=error)

    error: WhenError


class BadTag(Usage):
    """The tag is empty or has several words."""

    def __init__(self, given: str) -> None:
        super().__init__(given=given)

    given: str


class NoName(Usage):
    """No teammate was named."""


class EmptyNote(Usage):
    """The note has no text."""


class UnknownName(Usage):
    """The config has nothing of this name. `what`: account, saved or macro; `known`: the names that exist."""

    def __init__(self, what: str, given: str, known: Sequence[str]) -> None:
        super().__init__(what=what, given=given, known=list(known))

    what: str
    given: str
    known: list[str]


class NoAccountNamed(Usage):
    """A post needs at least one account."""


class BadMacroLine(Usage):
    """A line of a macro is wrong. `problem`: verb (not allowed in a macro), no-value (it lacks one) or value (it takes
    none). `line` counts from 1; `known`: the verbs that are allowed."""

    def __init__(self, macro: str, line: int, verb: str, problem: str, known: Sequence[str] = ()) -> None:
        super().__init__(macro=macro, line=line, verb=verb, problem=problem, known=list(known))

    macro: str
    line: int
    verb: str
    problem: str
    known: list[str]


class UnknownTerm(Usage):
    """A query has an unknown `is:` word. `nearest`: the known word that is most similar, if there is one."""

    def __init__(self, given: str, nearest: str | None, known: Sequence[str]) -> None:
        super().__init__(given=given, nearest=nearest, known=list(known))

    given: str
    nearest: str | None
    known: list[str]


class BadAttachment(Usage):
    """A file cannot be attached. `problem`: unreadable, empty, no-file, size or type.

    `size`, `limit`: bytes; `accepted`: the file name suffixes that the servers accept; `reason`: the system's message.
    """

    def __init__(
        self,
        file: Path | str,
        problem: str,
        *,
        size: int = 0,
        limit: int = 0,
        accepted: Sequence[str] = (),
        reason: str = "",
    ) -> None:
        super().__init__(
            file=str(file), problem=problem, size=size, limit=limit, accepted=list(accepted), reason=reason
        )

    file: str
    problem: str
    size: int
    limit: int
    accepted: list[str]
    reason: str
