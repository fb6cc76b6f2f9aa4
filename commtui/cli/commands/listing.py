"""`commtui list`: rows in the pane's order; of people, who wrote last first."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from itertools import islice

from commtui.activity.desk import Desk
from commtui.cli.flat import Flattener
from commtui.cli.flat_people import flat_listed
from commtui.cli.output import columns, json_array, out, say
from commtui.cli.parser import Parser, row_limit
from commtui.cli.services import Services
from commtui.model.states import Lane
from commtui.triage import people_list, query, views


def add(parser: Parser, name: str) -> None:
    parser.add_argument("what", choices=("mentions", "replies", "posts", "people"), help="what is listed")
    parser.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="words that must all occur, and is: from: tag: net: account: assigned: priority: since:"
        " (`-` before a term: not); done and archived mentions are searched, too; of people: parts of names, and is:"
        " (vip, regular, new) tag: net:",
    )
    parser.minus_words = True
    parser.add_argument("--limit", type=row_limit, metavar="N", help="at most N rows (default: all)")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    if args.what == "people":
        return _people(services.desk(), args)
    terms = query.parse(" ".join(args.query))
    desk = services.desk()
    if args.what == "mentions":
        mentions = islice(views.listed_mentions(desk, terms), args.limit)
        if args.format == "json":
            flatten = Flattener(desk)
            json_array(flatten.mention(mention, conversation) for mention, conversation in mentions)
            return 0
        from commtui.cli.lines import mention_rows

        return _print(mention_rows(desk, mentions), bool(terms), args.what)
    items = islice(views.items(desk, Lane.COMMUNITY if args.what == "replies" else Lane.MARKETING, terms), args.limit)
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


def _print(lines: Iterable[str], filtered: bool, what: str) -> int:
    empty = True
    for line in lines:
        empty = False
        out(line)
    if empty and columns() is not None:
        say(f"no {what}" + (" match" if filtered else ""))
    return 0
