"""The rules of the config, read: what each looks for and what it does, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from commtui.activity.errors import BadRuleLine, TriageError
from commtui.config.rules import Rule
from commtui.config.service_levels import WorkingHours
from commtui.config.settings import Settings
from commtui.config.working_hours import known_hours
from commtui.model.hours import Hours
from commtui.model.query_terms import Query, required
from commtui.triage import query
from commtui.triage.lines import BadLine, Line, read_line
from commtui.triage.verbs import VERBS

NOTIFY: Final = "notify"
HAND_OFF: Final = "hand-off"
TURNS: Final = "round-robin"
NOBODY: Final = ("nobody", "me")
"""What `assign` takes beside the names of teammates."""


class Ready(Struct, frozen=True):
    """A rule of the config that was read."""

    rule: Rule
    terms: Query | None
    """What it looks for; None: its query cannot be read, so it looks for nothing."""
    lines: tuple[Line, ...] = ()
    turns: tuple[str, ...] = ()
    """The teammates of `assign round-robin`."""
    words: tuple[str, ...] = ()
    """What a mention must say, one word each, casefolded: most mentions are passed over by these alone."""
    problem: TriageError | None = None
    """Why it cannot do what it is to do: it fails then."""

    @property
    def why(self) -> str:
        """The conditions, as the config has them."""
        rule = self.rule
        parts = [f"in {rule.hours} hours"] if rule.hours else []
        return "; ".join([*([rule.when] if rule.when else []), *parts])


def allowed_verbs() -> list[str]:
    """Returns what a line of a rule can begin with."""
    return sorted([NOTIFY, HAND_OFF, *(verb.id for verb in VERBS.values() if verb.in_rules and not verb.public)])


def ready(settings: Settings) -> tuple[Ready, ...]:
    """Returns the rules of the config, in its order."""
    return _ready(settings.rules, settings.teammates, settings.me)


@lru_cache(maxsize=4)
def _ready(rules: tuple[Rule, ...], teammates: tuple[str, ...], me: str) -> tuple[Ready, ...]:
    return tuple(_read(rule, teammates, me) for rule in rules)


def _read(rule: Rule, teammates: tuple[str, ...], me: str) -> Ready:
    try:
        terms = query.parse(rule.when)
    except TriageError as error:
        return Ready(rule, None, problem=error)
    words = _required(terms)
    lines: list[Line] = []
    turns: tuple[str, ...] = ()
    for number, text in enumerate(rule.then, 1):
        try:
            some, names = _line(rule.name, number, text, teammates, me)
        except TriageError as error:
            return Ready(rule, terms, words=words, problem=error)
        lines += some
        turns = names or turns
    return Ready(rule, terms, tuple(lines), turns, words)


def _required(terms: Query) -> tuple[str, ...]:
    """Returns the words that every mention which meets the terms says; phrases are left out."""
    return tuple(term.value for term in required(terms) if not (term.key or term.negated or " " in term.value))


def _line(rule: str, number: int, text: str, teammates: tuple[str, ...], me: str) -> tuple[list[Line], tuple[str, ...]]:
    """Returns the verbs of a line, and whose turns it is about. Raises BadRuleLine."""
    word = text.partition(" ")[0]
    try:
        line = Line(word, text.partition(" ")[2].strip()) if word == NOTIFY else read_line(text, allowed_verbs())
    except BadLine as error:
        raise BadRuleLine(rule, number, error.verb, error.problem, allowed_verbs()) from None
    if line.verb not in ("assign", HAND_OFF):
        return [line], ()
    who, rest = _who(line, (*teammates, me))
    turns = () if who != TURNS else teammates if line.verb == HAND_OFF else tuple(rest.split()) or teammates
    if who == TURNS and not turns:
        raise BadRuleLine(rule, number, f"{line.verb} {TURNS}", "nobody")
    _check_known(rule, number, turns or (who,), (*teammates, me))
    note = [Line("note", rest)] if line.verb == HAND_OFF and rest else []
    return [Line("assign", who), *note], turns


def _who(line: Line, known: tuple[str, ...]) -> tuple[str, str]:
    """Returns whom a line names, whose name may have several words, and what follows that."""
    first, _, rest = line.value.partition(" ")
    if first == TURNS:
        return first, rest.strip()
    for name in sorted(known, key=len, reverse=True):
        if f"{line.value} ".startswith(f"{name} "):
            return name, line.value[len(name) :].strip()
    return (first, rest.strip()) if line.verb == HAND_OFF else (line.value, "")


def _check_known(rule: str, number: int, names: Sequence[str], known: tuple[str, ...]) -> None:
    """Raises BadRuleLine for the first name that is no teammate's, where the config lists any."""
    for name in names:
        if len(known) > 1 and name.lstrip("@") not in (*known, *NOBODY):
            raise BadRuleLine(rule, number, name, "stranger", known)


def hours_of(settings: Settings) -> Hours:
    """Returns the working hours of the config; see `known_hours`."""
    return _hours(settings.hours, settings.zone)


@lru_cache(maxsize=4)
def _hours(hours: WorkingHours, zone: str | None) -> Hours:
    return known_hours(Settings(hours=hours, zone=zone))
