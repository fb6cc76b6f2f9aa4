"""The commands that write down something about a person."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import stdin_text
from commtui.triage.verbs import VERBS

WHO = "an id of a person, a handle, or the id of something that they wrote"


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help=WHO)
    match name:
        case "people link":
            parser.add_argument("value", metavar="ID", help="who is the same person")
        case "people mark":
            parser.add_argument(
                "value", choices=("vip", "none"), help="the mark; the others follow from what they wrote"
            )
        case "people tag" | "people untag":
            parser.add_argument("value", metavar="TAG", help="one word")
        case "people note":
            parser.add_argument("value", metavar="TEXT", help="the note; -: from stdin")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    verb = VERBS[args.command.replace(" ", "-")]
    value = getattr(args, "value", None)
    if args.command == "people note" and value == "-":
        value = stdin_text()
    tell(desk, verb.call(desk, args.id, *(() if value is None else (value,))))
    return 0
