"""The tables `[hours]` and `[[service_level]]`.

Imported by every command, `commtui status` too: nothing here may import holidays, dateutil or regular expressions.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final

from msgspec import Struct

from commtui.config import readers
from commtui.config.readers import DAY, Wrong
from commtui.config.tables import Setting, SettingError, read_table
from commtui.model.records import Via
from commtui.model.states import Priority

MINUTE: Final = timedelta(minutes=1)
COUNTRIES: Final = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
"""The countries of the library `holidays`, which is too slow to be asked by every command; a test compares them."""
_WEEK: Final = 'lines such as "mon-fri 9:00-12:00 13:00-17:00" and "sat 10:00-14:00"'


def _week(value: Any) -> tuple[str, ...]:
    from commtui.model.week_lines import WeekError, week_of_lines  # most homes have no hours

    if not isinstance(value, list) or not value:
        raise Wrong(_WEEK)
    lines = readers.texts(value)
    try:
        week_of_lines(lines)
    except WeekError as error:
        raise Wrong(f"{_WEEK}; {error}") from None
    return lines


def _region(value: Any) -> str:
    """A country, or a country and a part of it. Whether it has that part is checked where the library is loaded."""
    country, separator, part = readers.text(value).strip().partition("-")
    if country.upper() not in COUNTRIES.split() or (separator and not part.strip()) or len(part) > 60:
        raise Wrong('a country by its two letters, such as "DE", or a part of one, such as "DE-BW" or "US-CA"')
    return country.upper() + separator + part.strip()


def _dates(value: Any) -> tuple[str, ...]:
    wrong = Wrong("a list of dates, such as [2026-12-24, 2026-12-31]")
    if not isinstance(value, list):
        raise wrong
    dates = []
    for day in value:
        try:
            dates.append((day if type(day) is date else date.fromisoformat(day)).isoformat())
        except (TypeError, ValueError):
            raise wrong from None
    return tuple(dates)


def _target(value: Any) -> timedelta:
    length: timedelta = readers.span(MINUTE, 90 * DAY)(value)
    if length % MINUTE:
        raise Wrong("a length of time in whole minutes")
    return length


def _words(*known: str) -> readers.Reader:
    def read(value: Any) -> tuple[str, ...]:
        words = readers.texts(value)
        if not words or not all(word in known for word in words):
            raise Wrong("a list of " + ", ".join(f'"{word}"' for word in known))
        return words

    return read


def _some(value: Any) -> tuple[str, ...]:
    words = readers.texts(value)
    if not words:
        raise Wrong("a list that is not empty")
    return words


def _tags(value: Any) -> tuple[str, ...]:
    """Tags as conversations have them: lower case, without `#`."""
    tags = tuple(word.strip().lstrip("#").lower() for word in _some(value))
    if not all(tag and not any(letter.isspace() for letter in tag) for tag in tags):
        raise Wrong('a list of tags, each one word, such as ["press", "bug"]')
    return tags


def _choice(kind: type[Via] | type[Priority]) -> str:
    return "list of " + ", ".join(f'"{word}"' for word in kind)


class WorkingHours(Struct, frozen=True):
    """When you answer: the table `[hours]`."""

    week: Annotated[tuple[str, ...], Setting(_week, "the whole week", "list of strings")] = ()
    """Days and their times, such as ["mon-fri 9:00-12:00 13:00-17:00", "sat 10:00-14:00"]; other days are closed."""
    zone: Annotated[str | None, Setting(readers.zone, "the general `zone`", "IANA name")] = None
    """The time zone of these hours."""
    holidays: Annotated[str, Setting(_region, "none", "country")] = ""
    """The country whose public holidays are closed, or a part of it: "DE", "DE-BW", "US-CA"."""
    closed: Annotated[tuple[str, ...], Setting(_dates, "[]", "list of dates")] = ()
    """Other dates that are closed, such as [2026-12-24, 2026-12-31]."""


class ServiceLevel(Struct, frozen=True):
    """How soon you mean to answer: a `[[service_level]]` table. What is left out fits every conversation."""

    name: Annotated[str, Setting(readers.some_text, "required", "string")] = ""
    """What you call it."""
    first: Annotated[timedelta | None, Setting(_target, "no target", "length of time")] = None
    """The working time within which the first answer is due; "1d" are 24 working hours."""
    next: Annotated[timedelta | None, Setting(_target, "no target", "length of time")] = None
    """The working time within which each answer after that is due."""
    accounts: Annotated[tuple[str, ...], Setting(_some, "all", "list of names")] = ()
    """Only conversations of these accounts."""
    tags: Annotated[tuple[str, ...], Setting(_tags, "all", "list of strings")] = ()
    """Only conversations with at least one of these tags."""
    priorities: Annotated[tuple[str, ...], Setting(_words(*Priority), "all", _choice(Priority))] = ()
    """Only conversations of these priorities."""
    via: Annotated[tuple[str, ...], Setting(_words(*Via), "all", _choice(Via))] = ()
    """Only conversations whose newest mention came like this."""
    marks: Annotated[tuple[str, ...], Setting(_words("vip"), "all", 'list of "vip"')] = ()
    """Only conversations whose newest mention is of a person with this mark."""


EVERYBODY: Final = (ServiceLevel("everybody", DAY, DAY),)
"""Where the config has no service level: nobody waits unseen for more than a day."""


def read_hours(value: Any) -> WorkingHours:
    """The record of `[hours]`."""
    return read_table(WorkingHours, readers.table(value), ("hours",))


def read_levels(value: Any) -> tuple[ServiceLevel, ...]:
    """The records of all `[[service_level]]`, in the file's order."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise Wrong("a table headed [[service_level]], in double brackets")
    levels: list[ServiceLevel] = []
    for index, table in enumerate(value):
        level = _level(table, ("service_level", index))
        if any(other.name == level.name for other in levels):
            message = f"two service levels are named {level.name!r}; rename one"
            raise SettingError(("service_level", index, "name"), message)
        levels.append(level)
    return tuple(levels)


def _level(table: Mapping[str, Any], place: tuple[str | int, ...]) -> ServiceLevel:
    level = read_table(ServiceLevel, table, place)
    if not level.name:
        raise SettingError(place, "this [[service_level]] has no `name`")
    if level.first is None and level.next is None:
        raise SettingError(place, "this [[service_level]] has no target: set `first`, `next` or both")
    return level
