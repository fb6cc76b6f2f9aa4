"""The working hours of the config as the model counts them. Imports the library `holidays` where a country is given."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from commtui.config.settings import Settings
from commtui.config.zone import zone_name
from commtui.model.hours import ALL_WEEK, Hours
from commtui.model.week_lines import week_of_lines


class UnknownPart(ValueError):
    """A country has no such part; `known` are those that it has."""

    def __init__(self, country: str, part: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{country} has no part {part!r}")
        self.country, self.part, self.known = country, part, known


class _Closed(Struct, frozen=True):
    """Own dates and the holidays of a country, which the library computes a year at a time."""

    own: frozenset[date]
    holidays: Container[object]

    def __contains__(self, day: object) -> bool:
        return day in self.own or day in self.holidays


def working_hours(settings: Settings, environ: Mapping[str, str] | None = None) -> Hours:
    """The hours of `[hours]`; without that table every minute is worked. Raises UnknownPart."""
    hours = settings.hours
    return Hours(
        zone=hours.zone or zone_name(settings, environ),
        week=week_of_lines(hours.week) if hours.week else ALL_WEEK,
        closed=_closed(frozenset(date.fromisoformat(day) for day in hours.closed), hours.holidays),
    )


def known_hours(settings: Settings) -> Hours:
    """The same. Where the country has no such part, which `doctor` names, the holidays of the whole country count."""
    try:
        return working_hours(settings)
    except UnknownPart as error:
        return working_hours(replace(settings, hours=replace(settings.hours, holidays=error.country)))


def fingerprint(settings: Settings, zone: str) -> str:
    """A short text that differs where hours, levels, or the accounts that they name differ."""
    names = tuple((account.id, account.name) for account in settings.accounts)
    levels = settings.service_levels if settings.has_service_levels else ()
    return blake2b(repr((settings.hours, zone, levels, names)).encode(), digest_size=8).hexdigest()


def _closed(own: frozenset[date], region: str) -> Container[date]:
    if not region:
        return own
    import holidays  # 40 ms, and as much again for its first country

    country, _, part = region.partition("-")
    try:
        return _Closed(own, holidays.country_holidays(country, subdiv=part or None))
    except NotImplementedError:  # what the library raises for a part that it does not know
        raise UnknownPart(country, part, tuple(holidays.list_supported_countries()[country])) from None
