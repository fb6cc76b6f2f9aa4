"""Errors of a verb about an id or a value that it was given. Each is a type with fields; nothing has changed then.

Errors about the state of an item are in refusals.py. `commtui.sentences.errors` makes the sentences.
`str()` returns the type and its fields, for the program's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, dataclass_transform

if TYPE_CHECKING:
    from commtui.model.goals import GoalError
    from commtui.model.query_terms import QueryError
    from commtui.model.slots import SlotError
    from commtui.model.times import WhenError


@dataclass_transform(eq_default=False)
class TriageError(Exception):
    """A verb was not done, and nothing has changed.

    The annotations of a subclass are its fields, in order, with their defaults: as in a dataclass, of which nothing has
    to be compiled when the module is imported.
    """

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__()
        names = [name for kind in reversed(type(self).__mro__) for name in vars(kind).get("__annotations__", ())]
        for name, value in {**dict(zip(names, values, strict=False)), **named}.items():
            setattr(self, name, value)

    def fields(self) -> dict[str, Any]:
        """The fields that were given."""
        return {name: value for name, value in vars(self).items() if not name.startswith("__")}

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.fields().items())})"


class Usage(TriageError):
    """The request itself is wrong: a value that no state of the home would accept. Exit code 2."""


# ids


class UnknownId(TriageError):
    """No item has this id. `kind`: the kind that the id's letter stands for; empty for an unknown letter."""

    given: str
    kind: str = ""


class AmbiguousId(TriageError):
    """Several ids begin with `given`. `more`: the number of them that are not in `candidates`."""

    given: str
    candidates: Sequence[str]
    more: int = 0


class WrongKind(Usage):
    """The verb does not apply to this kind of item. `wanted`: conversation, outgoing, post, act, sent or
    ours."""

    given: str
    kind: str
    wanted: str
    verb: str = ""


class MissingRecord(TriageError):
    """The store lacks a record that another record refers to: it is damaged. `of`: the id of the other record."""

    of: str
    missing: str = "conversation"


class NothingToAnswer(UnknownId):
    """The conversation has no mention that could be answered."""


class UnknownPerson(TriageError):
    """Nobody who wrote to us is named so."""

    given: str


class SamePerson(Usage):
    """Both names are of one author: there is nothing to link."""

    given: str
    other: str


class BadMark(Usage):
    """The word is no mark that a person gives by hand."""

    given: str


class NotHereYet(TriageError):
    """The item did not exist here at that time."""

    given: str
    at: datetime


# values


class BadTime(Usage):
    """A time that cannot be parsed, or is in the past."""

    error: WhenError


class NoSlot(Usage):
    """There is no slot to take. `problem`: `none` (an account has no slots), `shared` (the accounts have none in
    common), `taken` (all are, for years), `reply` (a reply takes none).
    """

    problem: str
    accounts: Sequence[str] = ()
    """Names of the accounts that it is about."""


class NoSuchTime(Usage):
    """A series has no post at this time. `at`: a time that was read; None: there is none to come."""

    series: str
    at: datetime | None = None


class BadTag(Usage):
    """The tag is empty or has several words."""

    given: str


class BadPriority(Usage):
    """The word is no priority."""

    given: str


class NoName(Usage):
    """No teammate was named."""


class EmptyNote(Usage):
    """The note has no text."""


class UnknownName(Usage):
    """There is nothing of this name. `what`: account, saved or macro (of the config), variable (of a saved reply), or
    participant (of a mention); `known`: the names that exist."""

    what: str
    given: str
    known: Sequence[str]


class NoAccountNamed(Usage):
    """A post needs at least one account."""


class NoValue(Usage):
    """A variable has no value: neither one that was given, nor one that its saved reply proposes. `of`: the name of the
    saved reply, or of the macro that replies with it."""

    of: str
    variable: str


class BadMacroLine(Usage):
    """A line of a macro is wrong. `problem`: verb (not allowed in a macro), no-value (it lacks one) or value (it takes
    none). `line` counts from 1; `known`: the verbs that are allowed."""

    macro: str
    line: int
    verb: str
    problem: str
    known: Sequence[str] = ()


class BadRuleLine(Usage):
    """A line of a rule is wrong. `problem`: as for a macro; nobody (no teammate is named, and the config has none) or
    stranger (`verb` names one whom the config does not have). `known`: the verbs that are allowed, or the teammates."""

    rule: str
    line: int
    verb: str
    problem: str
    known: Sequence[str] = ()


class BadQuery(Usage):
    """A text that is no query."""

    error: QueryError


class BadGoal(Usage):
    """A text that is no goal of a campaign."""

    error: GoalError


class BadSlot(Usage):
    """A text that is no slots of a campaign."""

    error: SlotError


class NoCampaignName(Usage):
    """A campaign has no name, or one that an id could be taken for."""

    given: str


class BadAttachment(Usage):
    """A file cannot be attached. `problem`: unreadable, empty, no-file, name, size, pixels, type, content or alt.

    `size`, `limit`: bytes, pixels, or characters of the alt text; `width`, `height`: in pixels;
    `accepted`: the file name suffixes that the servers accept; `reason`: the system's message.
    """

    file: str
    problem: str
    size: int = 0
    limit: int = 0
    width: int = 0
    height: int = 0
    accepted: Sequence[str] = ()
    reason: str = ""


class BadRow(Usage):
    """A row of a file of posts cannot be one, or no row of the file can be read.

    `problem`: `csv` or `json` (`value`: what the reader says; `known` has the number of the row of CSV),
    `no-text-column` (`value`: the columns), `cells` (`value`: how many, `known`: how many columns), `no-text`, `word`
    (`column` has `value`, which is none of `known`), `here` (`value`: the post that is it).
    """

    problem: str
    column: str = ""
    value: str = ""
    known: Sequence[str] = ()
