"""`commtui accept-filtered`: the messages of strangers that servers keep aside."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.triage.verbs import VERBS


def add(parser: Parser, name: str) -> None:
    parser.add_argument("account", metavar="ACCOUNT", nargs="?", default="", help="the account; by default all")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    outcome = VERBS[args.command].call(desk, args.account)
    tell(desk, outcome)
    if outcome.ids:
        attach.tell_if_nobody_sends(services)
    return 0
