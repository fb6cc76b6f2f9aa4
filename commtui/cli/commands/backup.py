"""`commtui backup` and `commtui restore`: the whole home as JSON lines, without the secrets."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.model.text import number_of

if TYPE_CHECKING:
    from commtui.triage.backup import Copied


def add(parser: Parser, name: str) -> None:
    help_text = "the file to make; it must not exist yet" if name == "backup" else "a file that `commtui backup` made"
    parser.add_argument("file", metavar="FILE", type=Path, help=help_text)


def run(services: Services, args: Namespace) -> int:
    from commtui.sentences.backup import left_out_words
    from commtui.triage.backup import backup, restore

    if args.command == "backup":
        copied = backup(services.desk(), services.home, args.file)
        say(f"{args.file}: {_counts(copied)}; the secrets in secrets/ are not in it")
        for left_out in copied.left_out:
            say(f"note: {left_out_words(left_out)}")
        return 0
    holder = services.holder()
    if holder:
        raise CliError(f"this home is in use by {holder}: end it, or restore into another home (--home DIR)")
    copied = restore(services.home, args.file)
    say(f"restored {_counts(copied)}; accounts need their tokens again")
    if copied.held:
        count = "1 was" if copied.held == 1 else f"{copied.held} were"
        say(f"note: {count} on the way when the backup was made, and may have been sent since: held until released")
    return 0


def _counts(copied: Copied) -> str:
    return f"{number_of(copied.documents, 'record')} and {number_of(copied.files, 'file')}"
