"""Lines of a macro or a rule: a verb of the table, and what it is given."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from commtui.triage.verbs import VERBS


class Line(NamedTuple):
    """A verb with its argument, empty for a verb without one."""

    verb: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.value}".strip()


class BadLine(ValueError):
    """A line is wrong. `problem`: verb (none that is allowed there), no-value (it lacks one), value (it takes none)."""

    def __init__(self, verb: str, problem: str) -> None:
        super().__init__(f"{problem}: {verb}")
        self.verb, self.problem = verb, problem


def read_line(text: str, allowed: Collection[str]) -> Line:
    """Returns what a line says. `allowed`: the verbs that it may have. Raises BadLine."""
    verb, _, value = text.strip().partition(" ")
    value = value.strip()
    if verb not in allowed:
        raise BadLine(verb, "verb")
    known = VERBS.get(verb)
    if value and known is not None and not known.argument:
        raise BadLine(verb, "value")
    if not value and (known is None or known.needs_value):
        raise BadLine(verb, "no-value")
    return Line(verb, value)
