"""What a verb raises for an id or a value that does not fit: types with fields. Nothing has changed then.

What the state of things forbids is in refusals.py.
`commtui.sentences.errors` makes the sentences. `str()` gives the type and its fields, for the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commtui.model.times import WhenError


class TriageError(Exception):
    """A verb was not carried out, and nothing has changed."""

    def __init__(self, **fields: Any) -> None:
        super().__init__()
        for name, value in fields.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if not name.startswith("__"))
        return f"{type(self).__name__}({fields})"


class Usage(TriageError):
    """A value does not fit: what was asked for is wrong, not the state of things. Exit code 2."""


# ids


class UnknownId(TriageError):
    """No such item. `kind`: what the id's letter stands for; empty where it stands for nothing."""

    def __init__(self, given: str, kind: str = "") -> None:
        super().__init__(given=given, kind=kind)

    given: str
    kind: str


class AmbiguousId(TriageError):
    """Several ids begin with what was given. `more`: how many there are beside `candidates`."""

    def __init__(self, given: str, candidates: Sequence[str], more: int = 0) -> None:
        super().__init__(given=given, candidates=list(candidates), more=more)

    given: str
    candidates: list[str]
    more: int


class WrongKind(Usage):
    """The id names something that the verb is not for. `wanted`: conversation, outgoing, act, sent or ours."""

    def __init__(self, given: str, kind: str, wanted: str, verb: str = "") -> None:
        super().__init__(given=given, kind=kind, wanted=wanted, verb=verb)

    given: str
    kind: str
    wanted: str
    verb: str


class MissingRecord(TriageError):
    """The store lacks a record that another one names: it is damaged. `of`: the id that names it."""

    def __init__(self, of: str, missing: str = "conversation") -> None:
        super().__init__(of=of, missing=missing)

    of: str
    missing: str


class NothingToAnswer(UnknownId):
    """The conversation has no mention."""


class NotHereYet(TriageError):
    """The item had not come in by that moment."""

    def __init__(self, given: str, at: datetime) -> None:
        super().__init__(given=given, at=at)

    given: str
    at: datetime


# values


class BadTime(Usage):
    """A time that cannot be read, or is past."""

    def __init__(self, error: WhenError) -> None:
        super().__init__(error=error)

    error: WhenError


class BadTag(Usage):
    """A tag is one word."""

    def __init__(self, given: str) -> None:
        super().__init__(given=given)

    given: str


class NoName(Usage):
    """No teammate was named."""


class EmptyNote(Usage):
    """The note has no text."""


class UnknownName(Usage):
    """Nothing in the config has this name. `what`: account, saved or macro; `known`: the names there are."""

    def __init__(self, what: str, given: str, known: Sequence[str]) -> None:
        super().__init__(what=what, given=given, known=list(known))

    what: str
    given: str
    known: list[str]


class NoAccountNamed(Usage):
    """A post needs at least one account."""


class BadMacroLine(Usage):
    """A line of a macro. `problem`: verb (it can't be in one), no-value or value."""

    def __init__(self, macro: str, line: int, verb: str, problem: str, known: Sequence[str] = ()) -> None:
        super().__init__(macro=macro, line=line, verb=verb, problem=problem, known=list(known))

    macro: str
    line: int
    verb: str
    problem: str
    known: list[str]


class UnknownTerm(Usage):
    """A query has an `is:` that does not exist. `nearest`: the known one that is most like it."""

    def __init__(self, given: str, nearest: str | None, known: Sequence[str]) -> None:
        super().__init__(given=given, nearest=nearest, known=list(known))

    given: str
    nearest: str | None
    known: list[str]


class BadAttachment(Usage):
    """A file that cannot go out. `problem`: unreadable, empty, no-file, size or type.

    `size`, `limit`: bytes; `takes`: the endings of names that the servers take; `reason`: the system's.
    """

    def __init__(
        self,
        file: Path | str,
        problem: str,
        *,
        size: int = 0,
        limit: int = 0,
        takes: Sequence[str] = (),
        reason: str = "",
    ) -> None:
        super().__init__(file=str(file), problem=problem, size=size, limit=limit, takes=list(takes), reason=reason)

    file: str
    problem: str
    size: int
    limit: int
    takes: list[str]
    reason: str
