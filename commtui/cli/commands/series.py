"""`commtui series list|show|edit|skip|end`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from commtui.activity.desk import Desk
from commtui.activity.resolve_series import series as series_named
from commtui.cli.flat import Flattener
from commtui.cli.lines import outgoing_rows
from commtui.cli.naming import tell
from commtui.cli.output import columns, hanging, json_array, json_object, out, rows, say, wrapped
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.cli.words import given_text
from commtui.marketing import series as verbs
from commtui.model import times
from commtui.model.campaign_records import CampaignState
from commtui.model.records import Outgoing, Series
from commtui.model.series import AHEAD, FAR, upcoming
from commtui.model.series import times as series_times
from commtui.model.states import LEAVING, OutgoingState
from commtui.model.text import number_of, one_line
from commtui.sentences.series import series_words
from commtui.triage.status import iso

NAMED: Final = "its id, or that of a post of it; a unique beginning is enough"
SHOWN: Final = 5
"""Times to come that `show` names."""


def add(parser: Parser, name: str) -> None:
    if name != "series list":
        parser.add_argument("id", metavar="ID", help=NAMED)
    if name == "series edit":
        parser.add_argument("text", nargs="?", metavar="TEXT", help="another text, or - for stdin")
        parser.add_argument("--repeat", metavar="REPEAT", help="other times, as for post --repeat")
        parser.add_argument("--account", action="append", metavar="A", help="other accounts; can be repeated")
    if name == "series skip":
        parser.add_argument(
            "when", nargs="?", default="", metavar="WHEN", help="the day or the time (default: the next)"
        )
    if name in ("series edit", "series end"):
        parser.add_argument(
            "--from", dest="since", metavar="WHEN", help="from that day or time on (default: from the next post on)"
        )
    if name in ("series list", "series show"):
        parser.add_format()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    match args.command:
        case "series list":
            return _list(desk, args)
        case "series show":
            return _show(desk, args)
        case "series edit":
            body = given_text(args.text) if args.text is not None else None
            if body is None and args.repeat is None and not args.account:
                raise BadValue("nothing to change: give a TEXT, --repeat or --account")
            outcome = verbs.edit(desk, args.id, body, args.repeat, args.account, args.since)
        case "series skip":
            outcome = verbs.skip(desk, args.id, args.when)
        case _:
            outcome = verbs.end(desk, args.id, args.since)
    tell(desk, outcome)
    return 0


def flat_series(desk: Desk, series: Series) -> dict[str, Any]:
    """A series as a flat object."""
    names = {account.id: account.name for account in desk.settings.accounts}
    soonest = upcoming(series, desk.now)
    return {
        "id": series.id,
        "repeat": series.repeat,
        "rule": series.rule.split("\n"),
        "zone": series.zone,
        "accounts": [names.get(account, account) for account in series.accounts],
        "campaign": desk.store.campaigns.names().get(series.campaign) if series.campaign else None,
        "text": series.text,
        "author": series.author,
        "created_at": iso(series.created_at),
        "next_at": iso(soonest.at) if soonest else None,
        "made_until": iso(series.made_until),
        "ends_at": iso(series.ends_at),
        "skipped": list(series.skipped),
    }


def _list(desk: Desk, args: Namespace) -> int:
    found = desk.store.series.all()
    if args.format == "json":
        json_array(flat_series(desk, series) for series in found)
        return 0

    paused = {campaign.id for campaign in desk.store.campaigns.all() if campaign.state is CampaignState.PAUSED}

    def table() -> Iterator[tuple[str, ...]]:
        for series in found:
            soonest = upcoming(series, desk.now)
            at = times.near(soonest.at, desk.zone, desk.now) if soonest else "none to come"
            held = "[campaign paused] " if series.campaign in paused else ""
            yield series.id, at, series.repeat, held + one_line(series.text)

    for line in rows(table(), (11, 12, 28)):
        out(line)
    if not found and columns() is not None:
        say('no series yet: commtui post TEXT --repeat "every mon,thu 9:00"')
    return 0


def _show(desk: Desk, args: Namespace) -> int:
    series = series_named(desk.store, args.id)
    items = [item for item in desk.store.outgoing.of_series(series.id) if item.state is not OutgoingState.DISCARDED]
    items.sort(key=lambda item: (item.sent_at or item.scheduled_at or item.created_at, item.id))
    if args.format == "json":
        json_object({**flat_series(desk, series), "posts": [Flattener(desk).outgoing(item) for item in items]})
        return 0
    for line in _lines(desk, series, items):
        for part in hanging(line, 2):
            out(part)
    for line in wrapped(series.text, "    "):
        out(line)
    out("")
    for line in outgoing_rows(desk, items):
        out(line)
    return 0


def _lines(desk: Desk, series: Series, items: list[Outgoing]) -> Iterator[str]:
    names = {account.id: account.name for account in desk.settings.accounts}
    yield f"{series.id}  {', '.join(names.get(account, account) for account in series.accounts)}: {series.repeat}"
    to_come = islice(series_times(series, desk.now, desk.now + FAR), SHOWN)
    ahead = [times.echo(one.at, series.zone, desk.now) for one in to_come]
    yield f"  next: {'; '.join(ahead)}" if ahead else "  nothing is to come"
    scheduled = len({item.post for item in items if item.state in LEAVING})
    yield f"  {number_of(scheduled, 'post')} scheduled, made {AHEAD.days} days ahead; {series_words(series)}"
