"""`commtui macro ID... NAME`: several verbs as one step."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import given_values, ids_and_value
from commtui.triage import macros


def add(parser: Parser, name: str) -> None:
    parser.usage = f"commtui {name} [-h] [--home DIR] [--set NAME=VALUE] ID... NAME"
    parser.add_argument("words", nargs="+", metavar="ID... NAME", help="ids first; the last word is the macro's name")
    parser.add_set()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    ids, name = ids_and_value(args.words, "NAME")
    tell(desk, macros.run_macro(desk, name, ids, given_values(args.set)))
    if macros.answers(desk, name):
        attach.tell_if_nobody_sends(services)
    return 0
