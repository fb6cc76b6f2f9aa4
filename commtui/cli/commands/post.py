"""`commtui post`: one text, a variant for each account."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity import moments
from commtui.activity.desk import Desk
from commtui.cli import attach
from commtui.cli.commands.reply import departure
from commtui.cli.commands.series import flat_series
from commtui.cli.naming import tell
from commtui.cli.output import json_array, json_object, out, say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.cli.start import BadValue
from commtui.cli.words import given_text
from commtui.config.settings import LATE, Settings
from commtui.marketing import posts, series
from commtui.marketing.campaign_posts import open_campaign
from commtui.model import threads
from commtui.model.slots import is_next_slot
from commtui.model.text import number_of
from commtui.outgoing import checks
from commtui.outgoing.slots import next_slot
from commtui.sentences.leaving import others_leave


def add(parser: Parser, name: str) -> None:
    parser.add_argument(
        "text", nargs="?", metavar="TEXT", help="the post, or - for stdin; without it stdin, on a terminal $EDITOR"
    )
    parser.add_argument(
        "--account", action="append", metavar="A", help="from which account; can be repeated (default: the only one)"
    )
    parser.add_argument(
        "--campaign", metavar="C", help="the campaign that it belongs to; its accounts, where --account names none"
    )
    parser.add_argument("--at", metavar="WHEN", help="'fri 14:30', 'next slot', ... (default: after the hold window)")
    parser.add_argument("--repeat", metavar="REPEAT", help="again and again: 'every mon,thu 9:00 until 31.12.'")
    parser.add_argument(
        "--late", choices=LATE, help="what becomes of it when its time passes unsent (default: the account's)"
    )
    parser.add_argument(
        "--thread", action="store_true", help="a long text goes out as several posts, each an answer to the one before"
    )
    parser.add_argument("--quote", metavar="ID", help="show this mention, or reply or post of ours, below it (Bluesky)")
    attach.add_form(parser)
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    form, hold = attach.form(args), attach.hold(args)
    if args.repeat is not None and (args.at is not None or args.quote is not None or hold is not None):
        raise BadValue("--repeat has its own times: leave out --at, --hold and --quote")
    desk = services.desk()
    campaign = open_campaign(desk, args.campaign) if args.campaign is not None else None
    accounts = args.account or (campaign and campaign.accounts) or only_account(desk.settings)
    chosen = [posts.account_named(desk, name).id for name in accounts]
    at = args.at
    if at is not None and is_next_slot(at):
        next_slot(desk, chosen, campaign.id if campaign else None)  # refused before anything is typed
    elif at is not None:
        at = moments.when_of(desk, at)
    if args.repeat is not None:
        series.times_of(desk, args.repeat)  # refused before anything is typed
    body = given_text(args.text)
    if body is None:
        from commtui.cli import editor

        body = editor.compose("", [f"a post from {', '.join(accounts)}"], services.environ)
    within = campaign.id if campaign else None
    if args.repeat is not None:
        return _repeat(services, desk, args, body, series.Plan(accounts, args.repeat, args.late, form, within))
    variants, outcome = posts.write_post(desk, body, accounts, at, args.late, form, hold, campaign=within)
    if args.thread:
        for item in variants:
            count = len(threads.texts_of(item, checks.limits_of(desk.store, item.account)))
            say(f"note: goes out as {number_of(count, 'post')} on {item.network}")
    if args.format == "json":
        from commtui.cli.flat import Flattener

        json_array(map(Flattener(desk).outgoing, variants))
    else:
        for item in variants:
            out(departure(desk, item))
    if outcome.paused:
        say(f"note: held, campaign {outcome.paused} is paused")
    if outcome.others:
        say(f"note: {others_leave(outcome.others)}")
    attach.tell_if_nobody_sends(services)
    return 0


def _repeat(services: Services, desk: Desk, args: Namespace, body: str, plan: series.Plan) -> int:
    made, outcome = series.add(desk, body, plan)
    if args.format == "json":
        json_object(flat_series(desk, made))
    else:
        out(made.id)
        tell(desk, outcome)
    attach.tell_if_nobody_sends(services)
    return 0


def only_account(settings: Settings) -> list[str]:
    """Returns the name of the only account. Raises CliError if there is none, BadValue if there are several."""
    names = [account.name for account in settings.accounts]
    if not names:
        raise CliError("no account yet: commtui account add NETWORK")
    if len(names) > 1:
        raise BadValue(f"from which account? --account {' or --account '.join(names)}")
    return names
