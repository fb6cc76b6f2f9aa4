"""Which words of a command are ids and which are its value; the text from an argument or stdin, and past times."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from commtui.cli.output import say
from commtui.cli.services import CliError
from commtui.cli.start import BadValue
from commtui.model import ids

if TYPE_CHECKING:
    from commtui.activity.desk import Desk

ID_KINDS = "mcrpbx"
MONTHS = frozenset(("mar", "march", "may"))
"""Words of times that look like ids. `mon` does not: ids have no o."""
MOST_BYTES = 4_000_000


def is_id(word: str) -> bool:
    """Whether a word looks like an id or the beginning of one: a letter of a kind and 1 to 10 letters of ids."""
    low = word.lower()
    return (
        2 <= len(low) <= ids.LENGTH + 1
        and low[0] in ID_KINDS
        and low not in MONTHS
        and all(character in ids.ALPHABET for character in low[1:])
    )


def ids_and_time(words: Sequence[str], *, optional: bool = False) -> tuple[list[str], str]:
    """`ID... WHEN`: the first word is an id, and so is each word after it that looks like one.

    Raises BadValue when no time is left, unless it is `optional`.
    """
    end = 1
    while end < len(words) and is_id(words[end]):
        end += 1
    if end >= len(words) and not optional:
        raise BadValue("no time given: ids first, then a time such as 2h, tomorrow, fri 14:30")
    return list(words[:end]), " ".join(words[end:])


def ids_and_value(words: Sequence[str], value: str) -> tuple[list[str], str]:
    """`ID... VALUE`: the last word is the value. Raises BadValue if there is only one word."""
    if len(words) < 2:
        raise BadValue(f"{value} is missing: ids first, then {value}")
    return list(words[:-1]), words[-1]


def past_moment(desk: Desk, given: str) -> datetime:
    """The moment that a `--since` or an `--at` names. Raises BadTime."""
    from commtui.activity.errors import BadTime
    from commtui.model import past_time, times

    try:
        return past_time.parse(given, desk.now, desk.zone)
    except times.WhenError as error:
        raise BadTime(error) from error


def day(desk: Desk, given: str) -> date:
    """The day, in the person's zone, that a WHEN names, or a time before now as a query takes it (`last week`: its
    first day). Raises BadTime."""
    from commtui.activity.errors import BadTime
    from commtui.model import query_times, times, when
    from commtui.model.calendar import day_of

    try:
        return day_of(when.parse(given, desk.now, desk.zone).at, desk.zone)
    except times.WhenError as error:
        try:
            return day_of(query_times.period(given, desk.now, desk.zone).begin, desk.zone)
        except times.WhenError:
            raise BadTime(error) from error


def given_values(settings: Sequence[str], option: str = "--set") -> dict[str, str]:
    """The values of `NAME=VALUE`, by name. Raises BadValue."""
    values = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise BadValue(f"{option} takes NAME=VALUE, not {setting!r}")
        values[name.strip()] = value
    return values


def given_text(given: str | None) -> str | None:
    """The text of the argument, or stdin for `-` or where stdin is no terminal; None: open an editor."""
    if given is not None and given != "-":
        return given
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        return None
    return stdin_text()


def check_yes(question: str, left: str) -> None:
    """Asks for a yes on a terminal. Raises CliError, with what is `left` as it was, for another answer; BadValue where
    nobody can be asked: the command has --yes."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise BadValue(f"{question}; add --yes")
    say(f"{question}  y/n")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CliError(left)


def stdin_text() -> str:
    """All of stdin without the line end. Raises CliError if it is closed, no UTF-8, or longer than MOST_BYTES."""
    if sys.stdin is None:
        raise CliError("there is nothing to read: stdin is closed")
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise CliError("what came on stdin is too long for a text")
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CliError("what came on stdin is not UTF-8 text") from None
