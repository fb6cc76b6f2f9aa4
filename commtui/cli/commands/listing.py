"""`commtui list`: rows in the pane's order; of people, who wrote last first."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from itertools import islice

from commtui.activity.desk import Desk
from commtui.cli.flat import Flattener
from commtui.cli.flat_people import flat_listed
from commtui.cli.output import columns, json_array, out, say
from commtui.cli.parser import Parser, row_limit
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.model.query_terms import Query
from commtui.model.records import Conversation, Mention
from commtui.model.states import Lane
from commtui.sentences.query import KEYS_LINE
from commtui.triage import people_list, query, view_counts, views
from commtui.triage.engagement import Engaged, engaged


def add(parser: Parser, name: str) -> None:
    what = ("mentions", "replies", "posts", "people", "campaigns", "engagement")
    parser.add_argument("what", choices=what, metavar="WHAT", help=", ".join(what))
    parser.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help=f"words that must all occur, and {KEYS_LINE} (`-` before a term: not; `or` between two: one is enough;"
        " `commtui help query` says more); done and archived mentions are searched, too; of people: parts of names, and"
        " is: (vip, regular, new) tag: net:; of campaigns: words, and is: (a state) tag:",
    )
    parser.minus_words = True
    parser.add_argument(
        "--view",
        metavar="NAME",
        help="of mentions: those in the rows of a view, built in (open, mine, unassigned, ...) or of the config;"
        " a QUERY narrows it",
    )
    parser.add_argument("--limit", type=row_limit, metavar="N", help="at most N rows (default: all)")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    if args.view is not None and args.what != "mentions":
        raise BadValue(f"--view is for mentions: commtui list mentions --view {args.view}")
    desk = services.desk()
    if args.what == "people":
        return _people(desk, args)
    if args.what == "campaigns":
        from commtui.cli.commands.campaign import print_list

        return print_list(desk, args)
    if args.what == "engagement":
        return _engagement(desk, args)
    terms = query.parse(" ".join(args.query))
    if args.what == "mentions":
        mentions = islice(mentions_of(desk, terms, args.view), args.limit)
        if args.format == "json":
            flatten = Flattener(desk)
            json_array(flatten.mention(mention, conversation) for mention, conversation in mentions)
            return 0
        from commtui.cli.lines import mention_rows

        return _print(mention_rows(desk, mentions), bool(terms) or args.view is not None, args.what)
    lane = Lane.COMMUNITY if args.what == "replies" else Lane.MARKETING
    items = islice(views.items(desk, lane, terms, ever=True), args.limit)
    if args.format == "json":
        json_array(map(Flattener(desk).outgoing, items))
        return 0
    from commtui.cli.lines import outgoing_rows

    return _print(outgoing_rows(desk, items), bool(terms), args.what)


def _people(desk: Desk, args: Namespace) -> int:
    people = islice(people_list.listed(desk, " ".join(args.query)), args.limit)
    if args.format == "json":
        json_array(map(flat_listed, people))
        return 0
    from commtui.cli.lines import people_rows

    return _print(people_rows(desk, people), bool(args.query), args.what)


def mentions_of(desk: Desk, terms: Query, view: str | None) -> Iterator[tuple[Mention, Conversation]]:
    """Yields the mentions of a query, or of the rows of a view that meet it, each with its conversation. Raises
    UnknownName."""
    if view is None:
        return views.listed_mentions(desk, terms)
    return views.rows_mentions(desk, (*view_counts.query_of(desk, view), *terms))


def _engagement(desk: Desk, args: Namespace) -> int:
    """Lists likes, boosts and follows, folded by post; the words of the query choose among posts and people."""
    from commtui.cli.lines import engagement_rows

    words = [word.casefold() for word in args.query]
    rows = islice((row for row in engaged(desk) if all(word in _searched(row) for word in words)), args.limit)
    if args.format == "json":
        json_array(map(Flattener(desk).engagement, rows))
        return 0
    return _print(engagement_rows(desk, rows), bool(words), args.what)


def _searched(row: Engaged) -> str:
    return " ".join((row.text, *row.people)).casefold()


def _print(lines: Iterable[str], filtered: bool, what: str) -> int:
    empty = True
    for line in lines:
        empty = False
        out(line)
    if empty and columns() is not None:
        say(f"no {what}" + (" match" if filtered else ""))
    return 0
