"""A file of posts, as the import and the export name it."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli.parser import Parser
from commtui.cli.start import BadValue
from commtui.marketing.post_rows import Format, format_of


def add_format(parser: Parser) -> None:
    """Adds `--format`."""
    parser.add_argument("--format", choices=("csv", "jsonl"), help="where the name does not say it")


def format_given(args: Namespace) -> Format:
    """Returns the format that `--format` names, else the name of the file. Raises BadValue."""
    kind: Format | None = args.format or format_of(args.file)
    if kind is None:
        raise BadValue(f"{args.file} is named neither .csv nor .jsonl: say --format csv or --format jsonl")
    return kind
