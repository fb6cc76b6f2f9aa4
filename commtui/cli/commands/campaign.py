"""`commtui campaign add|list|show|edit|pause|resume|end`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.activity.resolve_campaign import campaign as campaign_named
from commtui.cli.flat import Flattener
from commtui.cli.flat_campaigns import flat_campaign
from commtui.cli.lines import outgoing_rows
from commtui.cli.naming import tell
from commtui.cli.output import columns, hanging, json_array, json_object, out, rows, say
from commtui.cli.parser import Parser, row_limit
from commtui.cli.services import Services
from commtui.marketing import campaigns
from commtui.marketing.campaigns import Plan
from commtui.sentences.campaigns import (
    GOAL_EXAMPLES,
    RULES,
    formula,
    goal_words,
    post_counts,
    progress_words,
    reply_counts,
)
from commtui.triage.campaigns import Counted, counted, listed

NAME: Final = "its name, in any capitals, or its id"
CHANGES: Final[dict[str, Callable[[Desk, str], Outcome]]] = {
    "campaign pause": campaigns.pause,
    "campaign resume": campaigns.resume,
    "campaign end": campaigns.end,
}


def add(parser: Parser, name: str) -> None:
    match name:
        case "campaign list":
            parser.add_argument(
                "query", nargs="*", metavar="QUERY", help="words that must all occur, and is: (a state) tag:"
            )
            parser.add_argument("--limit", type=row_limit, metavar="N", help="at most N rows (default: all)")
            parser.add_format()
        case "campaign show":
            parser.add_argument("name", metavar="NAME", help=NAME)
            parser.add_format()
        case "campaign add" | "campaign edit":
            parser.add_argument("name", metavar="NAME", help="its name" if name == "campaign add" else NAME)
            _add_plan(parser, name == "campaign edit")
        case _:
            parser.add_argument("name", metavar="NAME", help=NAME)


def _add_plan(parser: Parser, is_edit: bool) -> None:
    if is_edit:
        parser.add_argument("--name", dest="new_name", metavar="NEW", help="another name")
    parser.add_argument("--intention", metavar="TEXT", help="what it is for, in a sentence")
    parser.add_argument("--goal", metavar="GOAL", help=f"how many of what by when: {GOAL_EXAMPLES}")
    parser.add_argument(
        "--reached", type=row_limit, metavar="N", help="for a goal of clicks or followers: how many there are so far"
    )
    parser.add_argument("--audience", metavar="TEXT", help="whom it is for")
    parser.add_argument("--message", metavar="TEXT", help="what is to be said")
    parser.add_argument(
        "--account",
        action="append",
        metavar="A",
        help="from which account its posts go out, where a post names none; can be repeated",
    )
    parser.add_argument(
        "--slot",
        action="append",
        metavar="SLOTS",
        help="when its posts go out at `next slot`, in place of the account's slots: mon,thu 9:00; can be repeated",
    )
    parser.add_argument("--tag", action="append", metavar="TAG", help="a tag of the campaign; can be repeated")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    match args.command:
        case "campaign list":
            return print_list(desk, args)
        case "campaign show":
            return _show(desk, args)
        case "campaign add":
            outcome = campaigns.add(desk, _plan(args, args.name))
            out(outcome.ids[0])
        case "campaign edit":
            outcome = campaigns.edit(desk, args.name, _plan(args, args.new_name))
        case _:
            outcome = CHANGES[args.command](desk, args.name)
    tell(desk, outcome)
    return 0


def _plan(args: Namespace, name: str | None) -> Plan:
    return Plan(
        name=name,
        intention=args.intention,
        goal=args.goal,
        reached=args.reached,
        audience=args.audience,
        message=args.message,
        accounts=args.account,
        tags=args.tag,
        slots=args.slot,
    )


def print_list(desk: Desk, args: Namespace) -> int:
    """Prints the campaigns of a query."""
    found = islice(listed(desk, " ".join(args.query)), args.limit)
    if args.format == "json":
        json_array(flat_campaign(desk, each) for each in found)
        return 0
    empty = True
    for line in _rows(found):
        empty = False
        out(line)
    if empty and columns() is not None:
        say("no campaigns" + (" match" if args.query else " yet: commtui campaign add NAME"))
    return 0


def _rows(found: Iterable[Counted]) -> Iterator[str]:
    """Rows of name, state, goal, posts and replies."""

    def table() -> Iterator[tuple[str, ...]]:
        for campaign, figures in found:
            goal = progress_words(campaign.goal, figures) if campaign.goal else "no goal"
            replies = f"; {reply_counts(figures)}" if figures.replies else ""
            yield campaign.name, campaign.state.value, goal, post_counts(figures) + replies

    return rows(table(), (18, 7, 24))


def _show(desk: Desk, args: Namespace) -> int:
    found = counted(desk, campaign_named(desk.store, args.name))
    items = desk.store.outgoing.of_campaign(found.campaign.id)
    items.sort(key=lambda item: (item.sent_at or item.scheduled_at or item.created_at, item.id))
    if args.format == "json":
        json_object({**flat_campaign(desk, found), "posts": [Flattener(desk).outgoing(item) for item in items]})
        return 0
    for line in _lines(desk, found):
        for part in hanging(line, 2):
            out(part)
    if items:
        out("")
    for line in outgoing_rows(desk, items):
        out(line)
    return 0


def _lines(desk: Desk, found: Counted) -> Iterator[str]:
    campaign, figures = found
    names = {account.id: account.name for account in desk.settings.accounts}
    yield f"{campaign.id}  {campaign.name}: {campaign.state.value}"
    if campaign.intention:
        yield f"intention: {campaign.intention}"
    if campaign.audience:
        yield f"audience: {campaign.audience}"
    if campaign.message:
        yield f"message: {' / '.join(filter(None, campaign.message.splitlines()))}"
    if campaign.accounts:
        yield f"accounts: {', '.join(names.get(account, account) for account in campaign.accounts)}"
    if campaign.slots:
        yield f"slots: {'; '.join(campaign.slots)} ({campaign.zone})"
    if campaign.tags:
        yield "tags: " + " ".join(f"#{tag}" for tag in campaign.tags)
    yield ""
    if campaign.goal:
        yield f"goal: {goal_words(campaign.goal)} ({campaign.zone}): {progress_words(campaign.goal, figures)}"
        yield f"  {formula(campaign.goal, figures)}"
    yield f"posts: {post_counts(figures)}"
    yield f"replies: {reply_counts(figures)}"
    yield ""
    yield from RULES
