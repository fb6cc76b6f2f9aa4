"""`commtui merge`: several conversations become one. It asks before it merges what not the same people see."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity.refusals import WouldMix
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import check_yes
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
        check_yes(mixing_question(error.audiences), "nothing was merged")
        outcome = verb.call(desk, args.ids, True)
    tell(desk, outcome)
    return 0
