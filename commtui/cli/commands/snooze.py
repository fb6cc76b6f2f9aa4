"""`commtui snooze`: WHEN may be several words at the end."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import ids_and_time
from commtui.community import conversations


def add(parser: Parser, name: str) -> None:
    parser.usage = f"commtui {name} [-h] [--home DIR] ID... WHEN|answer"
    parser.add_argument(
        "words",
        nargs="+",
        metavar="ID... WHEN",
        help="ids first; then 2h, tomorrow noon, fri 14:30, next monday, a date; or `answer`: until they write again "
        "(mar, march and may are months, not ids)",
    )


def run(services: Services, args: Namespace) -> int:
    ids, until = ids_and_time(args.words)
    desk = services.desk()
    tell(desk, conversations.snooze(desk, ids, until))
    return 0
