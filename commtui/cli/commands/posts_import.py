"""`commtui import posts`: a post for each row of a file, all of them or none."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from commtui.activity.desk import Desk
from commtui.cli import attach
from commtui.cli.naming import ShellNaming
from commtui.cli.output import out, say
from commtui.cli.parser import Parser
from commtui.cli.post_file import add_format, format_given
from commtui.cli.services import CliError, Services
from commtui.cli.start import BadValue
from commtui.cli.words import given_values
from commtui.marketing.exchange import Imported, import_rows
from commtui.marketing.post_rows import COLUMNS, READ, read_rows
from commtui.model.states import OutgoingState
from commtui.model.text import number_of, one_line
from commtui.model.times import echo
from commtui.sentences.errors import sentence

MOST_BYTES = 20_000_000


def add(parser: Parser, name: str) -> None:
    columns = ", ".join(column for column in COLUMNS if column in READ)
    parser.add_argument("file", metavar="FILE", help=f"NAME.csv or NAME.jsonl, with columns by name: {columns}")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be written, and what is wrong")
    parser.add_argument(
        "--account",
        action="append",
        metavar="A",
        help="for rows that name no account; can be repeated (default: the only one)",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=NAME",
        help="what the file calls a column; can be repeated",
    )
    add_format(parser)


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    path = Path(args.file).expanduser()
    kind = format_given(args)
    named = given_values(args.column, "--column")
    if wrong := [column for column in named if column not in READ]:
        raise BadValue(f"--column: no column {wrong[0]!r}; there are: {', '.join(sorted(READ))}")
    rows, unknown = read_rows(_text(path), kind, named)
    for name in unknown:
        say(f"note: no column is meant by {one_line(name)!r}: it is left out")
    known = [account.name for account in desk.settings.accounts]
    accounts = args.account or (known if len(known) == 1 else [])
    done, outcome = import_rows(desk, rows, accounts, path.parent, args.dry_run)
    naming = ShellNaming(desk)
    wrong_rows = [each for each in done if each.problem is not None]
    for each in done:
        if each.problem is not None:
            say(f"row {each.number}: {sentence(each.problem, naming)}")
        elif each.variants and (args.dry_run or not wrong_rows):
            out(_line(desk, each, ids=not args.dry_run))
    posts = sum(bool(each.variants) for each in done)
    left = sum(not each.variants and each.problem is None for each in done)
    over = f"; {number_of(left, 'row')} left out: sent or discarded" if left else ""
    if wrong_rows:
        say(f"{number_of(len(wrong_rows), 'row')} of {len(done):,} cannot be imported: nothing was written")
        return 1
    would = "would be imported" if args.dry_run else "imported"
    say(f"{number_of(posts, 'post')} {would}{over}")
    if outcome.op_id:
        attach.tell_if_nobody_sends(services)
    return 0


def _text(path: Path) -> str:
    """The text of a file. Raises CliError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CliError(f"cannot read {path}: {os.strerror(error.errno or 0)}") from error
    if len(data) > MOST_BYTES:
        raise CliError(f"{path} is too long for a file of posts")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CliError(f"{path} is no UTF-8 text: save it as UTF-8") from None


def _line(desk: Desk, done: Imported, ids: bool) -> str:
    """`row 2: b7rx... goes out Fri 27 Nov 09:00 Europe/Berlin on brand, shop: the text`; without ids in a dry run."""
    first = done.variants[0]
    names = {account.id: account.name for account in desk.settings.accounts}
    accounts = ", ".join(names[variant.account] for variant in done.variants)
    timed = first.scheduled_at is not None and not first.hold_window
    when = f" {echo(first.scheduled_at, first.zone or desk.zone, desk.now)}" if timed and first.scheduled_at else ""
    what = "goes out" if first.state is OutgoingState.SCHEDULED else first.state.value
    return f"row {done.number}: {f'{first.post} ' if ids else ''}{what}{when} on {accounts}: {one_line(first.text)}"
