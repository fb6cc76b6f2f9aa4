"""The commands of verbs that are about one mention or conversation."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.triage.verbs import VERBS

ABOUT = {"split": "a merged conversation; or a mention, which is split off with what answers it"}


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help=ABOUT.get(name, "a mention, or a conversation for its newest one"))


def run(services: Services, args: Namespace) -> int:
    desk, verb = services.desk(), VERBS[args.command]
    tell(desk, verb.call(desk, args.id))
    if verb.public:
        attach.tell_if_nobody_sends(services)
    return 0
