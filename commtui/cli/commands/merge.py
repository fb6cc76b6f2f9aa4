"""`commtui merge`: several conversations become one. It asks before it merges what not the same people see."""

from __future__ import annotations

import sys
from argparse import Namespace

from commtui.activity.refusals import WouldMix
from commtui.cli.naming import tell
from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.cli.start import BadValue
from commtui.sentences.errors import mixing_question
from commtui.triage.verbs import VERBS


def add(parser: Parser, name: str) -> None:
    parser.add_ids()
    parser.add_argument("--yes", action="store_true", help="do not ask before direct and public messages are merged")


def run(services: Services, args: Namespace) -> int:
    desk, verb = services.desk(), VERBS["merge"]
    try:
        outcome = verb.call(desk, args.ids, args.yes)
    except WouldMix as error:
        question = mixing_question(error.audiences)
        if sys.stdin is None or not sys.stdin.isatty():
            raise BadValue(f"{question}; add --yes") from None
        say(f"{question}  y/n")
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise CliError("nothing was merged") from None
        outcome = verb.call(desk, args.ids, True)
    tell(desk, outcome)
    return 0
