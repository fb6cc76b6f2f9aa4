"""`commtui calendar`: the posts of a week, a month or some days, each once, with what conflicts there are."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import calendar_data, calendar_text
from commtui.cli.output import data_out, json_array, out
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.cli.words import day
from commtui.marketing import calendar
from commtui.marketing.posts import account_named
from commtui.model.calendar import Days, day_of, month_of, week_of

LONGEST = 3660
"""Days that are shown at once."""


def add(parser: Parser, name: str) -> None:
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--week", action="store_true", help="a week, Monday to Sunday (default)")
    length.add_argument("--month", action="store_true", help="a month; on 60 columns and more as a grid")
    parser.add_argument(
        "--since", metavar="WHEN", help="the week or month of this day; with --until from this day on (default: today)"
    )
    parser.add_argument("--until", metavar="WHEN", help="the days before this one")
    parser.add_argument("--account", metavar="A", help="only posts from this account")
    parser.add_format("ics", "csv")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    account = account_named(desk, args.account).id if args.account else ""
    first = day(desk, args.since) if args.since else day_of(desk.now, desk.zone)
    end = day(desk, args.until) if args.until else None
    if end is not None and (args.week or args.month):
        raise BadValue("--until is the end of its own: leave out --week or --month")
    if end is not None and not 0 < (end - first).days <= LONGEST:
        raise BadValue(f"--until must be 1 to {LONGEST:,} days after --since")
    try:
        days = Days(first, end) if end else month_of(first) if args.month else week_of(first)
    except OverflowError:
        raise BadValue(f"the calendar ends before {args.since!r}") from None
    found = [entry for entry in calendar.entries(desk, days) if not account or account in entry.accounts]
    match args.format:
        case "json":
            json_array(calendar_data.flat(desk, found))
        case "csv":
            out(calendar_data.comma_separated(desk, found))
        case "ics":
            data_out(calendar_data.icalendar(desk, found))
        case _:
            for line in (calendar_text.month if args.month else calendar_text.agenda)(desk, found, days):
                out(line)
    return 0
