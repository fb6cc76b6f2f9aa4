"""`commtui export posts`: posts as rows of a file that `commtui import posts` reads."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.post_file import add_format, format_given
from commtui.cli.services import CliError, Services
from commtui.marketing.exchange import exported
from commtui.marketing.post_rows import csv_of, json_lines_of
from commtui.model.states import Lane
from commtui.model.text import number_of
from commtui.sentences.query import KEYS_LINE
from commtui.system.files import replacing
from commtui.triage import query, views


def add(parser: Parser, name: str) -> None:
    parser.add_argument("file", metavar="FILE", help="NAME.csv or NAME.jsonl; it must not be there yet")
    parser.add_argument("query", nargs="*", metavar="QUERY", help=f"only those with these words, and {KEYS_LINE}")
    parser.minus_words = True
    add_format(parser)


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    path = Path(args.file).expanduser()
    kind = format_given(args)
    if path.exists():
        raise CliError(f"{path} is there already")
    rows = list(exported(desk, views.items(desk, Lane.MARKETING, query.parse(" ".join(args.query)), ever=True)))
    lines: Iterator[str] = (csv_of if kind == "csv" else json_lines_of)(iter(rows))
    try:
        with replacing(path) as file:
            for line in lines:
                file.write(line.encode())
    except OSError as error:
        raise CliError(f"cannot write {path}: {os.strerror(error.errno or 0)}") from error
    say(f"{number_of(len(rows), 'row')} of posts: {path}")
    return 0
