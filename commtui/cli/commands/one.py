"""The commands of verbs that are about one mention."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.triage.verbs import VERBS


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help="a mention, or a conversation for its newest one")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    tell(desk, VERBS[args.command].call(desk, args.id))
    attach.tell_if_nobody_sends(services)
    return 0
