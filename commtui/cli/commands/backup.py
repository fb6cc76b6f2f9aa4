"""`commtui backup` and `commtui restore`: the whole home as JSON lines, without the secrets."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services


def add(parser: Parser, name: str) -> None:
    help_text = "the file to make; it must not exist yet" if name == "backup" else "a file that `commtui backup` made"
    parser.add_argument("file", metavar="FILE", type=Path, help=help_text)


def run(services: Services, args: Namespace) -> int:
    from commtui.triage.backup import backup, restore

    if args.command == "backup":
        copied = backup(services.desk(), services.home, args.file)
        say(f"{args.file}: {copied.documents} records and {copied.files} files; the secrets in secrets/ are not in it")
        return 0
    holder = services.holder()
    if holder:
        raise CliError(f"this home is in use by {holder}: end it, or restore into another home (--home DIR)")
    copied = restore(services.home, args.file)
    say(f"restored {copied.documents} records and {copied.files} files; accounts need their tokens again")
    if copied.held:
        count = "1 was" if copied.held == 1 else f"{copied.held} were"
        say(f"note: {count} on the way when the backup was made, and may have been sent since: held until released")
    return 0
