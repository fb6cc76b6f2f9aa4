"""`commtui reschedule`: another time; WHEN may be several words at the end."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import ids_and_time
from commtui.outgoing import changes


def add(parser: Parser, name: str) -> None:
    parser.usage = f"commtui {name} [-h] [--home DIR] ID... WHEN"
    parser.add_argument(
        "words",
        nargs="+",
        metavar="ID... WHEN",
        help="ids first; then 2h, tomorrow noon, fri 14:30, next monday, a date",
    )


def run(services: Services, args: Namespace) -> int:
    ids, at = ids_and_time(args.words)
    desk = services.desk()
    tell(desk, changes.reschedule(desk, ids, at))
    attach.tell_if_nobody_sends(services)
    return 0
