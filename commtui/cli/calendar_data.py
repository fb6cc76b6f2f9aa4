"""The calendar for other programs: flat objects, CSV, and a file of iCalendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from commtui.activity.desk import Desk
from commtui.marketing.calendar import Entry
from commtui.model.text import one_line, shown, snippet
from commtui.model.times import in_zone, wall_zone
from commtui.system.masking import UNMISTAKABLE, mask
from commtui.triage.status import iso

COLUMNS: Final = (
    "id", "at", "local", "zone", "state", "reason", "accounts", "variants", "text", "media", "urls", "conflicts",
    "conflicts_with",
)  # fmt: skip
SUMMARY: Final = 60
"""Characters of the text in an event's summary."""
FIRM: Final = frozenset(("scheduled", "retrying", "sending", "sent"))
"""States in which a post goes out by itself, or is out."""
PRODUCT: Final = "-//commtui//calendar//EN"


def flat(desk: Desk, found: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """A post as a flat object: every field of COLUMNS, null where it has no value."""
    names = {account.id: account.name for account in desk.settings.accounts}
    zone = wall_zone(desk.zone)
    for entry in found:
        values = (
            entry.id,
            iso(entry.at),
            in_zone(entry.at, zone).isoformat(timespec="seconds"),
            desk.zone,
            entry.state.value,
            next((item.reason for item in entry.items if item.state is entry.state), None),
            [names.get(account, account) for account in entry.accounts],
            [item.id for item in entry.items],
            entry.first.text,
            len(entry.first.media),
            [item.url for item in entry.items if item.url],
            [conflict.kind.value for conflict in entry.conflicts],
            [conflict.other or None for conflict in entry.conflicts],
        )
        yield dict(zip(COLUMNS, values, strict=True))


def comma_separated(desk: Desk, found: Iterable[Entry]) -> str:
    """A heading and a line for each post; lists are joined by spaces, and a missing value is empty."""
    written = io.StringIO()
    table: Any = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in flat(desk, found):
        table.writerow(
            " ".join(part or "-" for part in value) if isinstance(value, list) else "" if value is None else value
            for value in row.values()
        )
    return written.getvalue().removesuffix("\n")


def icalendar(desk: Desk, found: Iterable[Entry]) -> bytes:
    """A calendar with an event for each post, without a length. An event keeps its UID when the post moves."""
    from icalendar import Calendar, Event  # only here: its import takes as long as the rest of the command

    names = {account.id: account.name for account in desk.settings.accounts}
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "commtui")
    for entry in found:
        accounts = ", ".join(names.get(account, account) for account in entry.accounts)
        event = Event()
        event.add("uid", f"{entry.first.id}@commtui")
        event.add("dtstamp", desk.now.replace(microsecond=0))
        event.add("dtstart", entry.at.replace(microsecond=0))
        event.add("summary", _visible(f"{accounts}: {snippet(one_line(entry.first.text), SUMMARY)}"))
        event.add("description", _visible(f"{entry.first.text}\n\n{entry.id}, {entry.state.value}"))
        event.add("status", "CONFIRMED" if entry.state.value in FIRM else "TENTATIVE")
        event.add("transp", "TRANSPARENT")  # a post takes nobody's time
        event.add("categories", [_visible(names.get(account, account)) for account in entry.accounts])
        url = next((item.url for item in entry.items if item.url), None)
        if url:
            event.add("url", _visible(url))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _visible(text: str) -> str:
    """A text as it may be printed; behind this the lines are folded, within words, too."""
    return shown(mask(text, UNMISTAKABLE))
