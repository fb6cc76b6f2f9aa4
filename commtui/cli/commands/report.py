"""`commtui report`: who wrote in a period, what was answered, and how soon."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity.errors import BadTime
from commtui.cli import report_formats, report_html
from commtui.cli.output import json_object, out
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.cli.words import past_moment
from commtui.model import times
from commtui.triage.report import report
from commtui.triage.report_figures import COUNTED, By, Group, Report, rows

SINCE = "30d"


def add(parser: Parser, name: str) -> None:
    parser.add_argument(
        "--since", metavar="TIME", default=SINCE, help=f"from then on (2h, 3d, 2026-11-27; default: {SINCE})"
    )
    parser.add_argument(
        "--until", metavar="TIME", help="before then: a date is its first moment, and not in it (default: now)"
    )
    parser.add_argument("--by", choices=tuple(By), help="the same figures for each of these, too")
    parser.add_argument(
        "--rows",
        choices=COUNTED,
        metavar="FIGURE",
        help=f"only the ids that a number counts, for `commtui show`: {', '.join(COUNTED)}",
    )
    parser.add_argument("--group", metavar="NAME", help="with --by and --rows: those of this group")
    parser.add_format("md", "html", "csv")


def _group(found: Report, name: str | None) -> Group:
    """Returns the group that people call so. Raises BadValue."""
    named = dict(report_formats.names_of(found)[2:])
    if name is None:
        return found.whole
    if name not in named:
        known = ", ".join(named) or "none: say --by"
        raise BadValue(f"no group is called {name!r}; there are: {known}")
    return named[name]


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    since = past_moment(desk, args.since)
    until = past_moment(desk, args.until) if args.until else desk.now
    if args.rows and args.format != "text":
        raise BadValue("--rows prints ids alone; --json has the ids of every number")
    if args.group is not None and not args.rows:
        raise BadValue("--group is for --rows: commtui report --by tag --rows overdue --group billing")
    if until <= since:
        raise BadTime(times.WhenError("--until must be after --since"))
    found = report(desk, since, until, By(args.by) if args.by else None)
    if args.rows:
        for identity in rows(_group(found, args.group))[args.rows]:
            out(identity)
        return 0
    match args.format:
        case "json":
            json_object(report_formats.as_object(found))
        case "csv":
            out(report_formats.comma_separated(found))
        case "html":
            for line in report_html.page(found):
                out(line)
        case "md":
            for line in report_formats.markdown(found):
                out(line)
        case _:
            for line in report_formats.text(found):
                out(line)
    return 0
