"""The tables `[[rule]]`. What stands in `when` and `then` is read where rules run (triage/rules.py).

Imported by every command, `commtui status` too: nothing here may import holidays, dateutil or regular expressions.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from msgspec import Struct

from commtui.config import readers
from commtui.config.readers import DAY, Wrong
from commtui.config.tables import Setting, SettingError, read_table
from commtui.model.rules import Trigger

MINUTE: Final = timedelta(minutes=1)
HOURS: Final = ("open", "closed")
_ON: Final = " or ".join(f'"{word}"' for word in Trigger)
_HOURS: Final = " or ".join(f'"{word}"' for word in HOURS)


def _trigger(value: Any) -> Trigger:
    return Trigger(readers.one_of(*Trigger)(value))


def _lines(value: Any) -> tuple[str, ...]:
    """Command lines, as in a macro."""
    lines = readers.texts(value) if isinstance(value, list) else ()
    if not lines:
        raise Wrong('a list of command lines, such as ["tag billing", "assign grace"]')
    return tuple(line.removeprefix(":") for line in lines)


def _minutes(value: Any) -> timedelta:
    length: timedelta = readers.span(MINUTE, 90 * DAY)(value)
    if length % MINUTE:
        raise Wrong("a length of time in whole minutes")
    return length


class Rule(Struct, frozen=True):
    """What is done by itself: a `[[rule]]` table."""

    name: Annotated[str, Setting(readers.name, "required", "name")] = ""
    """What you call it; the log and the activity name it."""
    on: Annotated[Trigger, Setting(_trigger, '"mention"', _ON)] = Trigger.MENTION
    """What makes it run: a new mention; that somebody has waited for our answer as long as `after` says; or that the
    service level's target is at risk, or missed."""
    after: Annotated[timedelta | None, Setting(_minutes, "none", "length of time")] = None
    """How long somebody has waited, where `on` is "unanswered"."""
    working_time: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """`after` counts the working time of `[hours]` only."""
    when: Annotated[str, Setting(readers.some_text, "everything", "QUERY")] = ""
    """Only for what this QUERY finds, as the filter takes it: the new mention, or the conversation that waits."""
    hours: Annotated[str, Setting(readers.one_of(*HOURS), "at any time", _HOURS)] = ""
    """Only inside or only outside of `[hours]`: when the mention came, or when the time was over."""
    then: Annotated[tuple[str, ...], Setting(_lines, "required", "list of command lines")] = ()
    """What is done, such as ["tag billing", "assign round-robin ada grace", "note ...", "notify"]."""


def read_rules(value: Any) -> tuple[Rule, ...]:
    """The records of all `[[rule]]`, in the file's order."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise Wrong("a table headed [[rule]], in double brackets")
    rules: list[Rule] = []
    for index, table in enumerate(value):
        rule = _rule(table, ("rule", index))
        if any(other.name.casefold() == rule.name.casefold() for other in rules):
            raise SettingError(("rule", index, "name"), f"two rules are named {rule.name!r}; rename one")
        rules.append(rule)
    return tuple(rules)


def _rule(table: Mapping[str, Any], place: tuple[str | int, ...]) -> Rule:
    rule = read_table(Rule, table, place)
    for key in ("name", "then"):
        if key not in table:
            raise SettingError(place, f"this [[rule]] has no `{key}`")
    if rule.on is Trigger.UNANSWERED and rule.after is None:
        raise SettingError(place, 'this [[rule]] is on "unanswered": set `after`, such as "4h"')
    if rule.on is not Trigger.UNANSWERED:
        for key in ("after", "working_time"):
            if key in table:
                raise SettingError((*place, key), f'`{key}` is for a rule that is on "unanswered"')
    return rule
