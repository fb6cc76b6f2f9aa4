"""`commtui undo`: reverts the last step of this person on this home, whichever process made it."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity import undo
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services


def add(parser: Parser, name: str) -> None:
    parser.add_argument("--redo", action="store_true", help="do again what the last undo took back")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    tell(desk, undo.redo(desk) if args.redo else undo.undo(desk))
    return 0
