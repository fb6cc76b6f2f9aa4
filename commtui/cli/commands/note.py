"""`commtui note`: internal, never sent."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import ids_and_value, stdin_text
from commtui.community import conversations


def add(parser: Parser, name: str) -> None:
    parser.usage = f"commtui {name} [-h] [--home DIR] ID... TEXT|-"
    parser.add_argument(
        "words", nargs="+", metavar="ID... TEXT", help="ids first; the last word is the note (quote it), or - for stdin"
    )


def run(services: Services, args: Namespace) -> int:
    ids, body = ids_and_value(args.words, "TEXT")
    desk = services.desk()
    tell(desk, conversations.note(desk, ids, stdin_text() if body == "-" else body))
    return 0
