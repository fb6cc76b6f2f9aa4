"""`commtui people export`: everything that is held of a person, as one JSON object."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from commtui.activity import resolve_author
from commtui.cli.commands.people_verb import WHO
from commtui.cli.output import json_object, object_bytes, say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.model.text import number_of
from commtui.system.files import replacing
from commtui.triage.people_export import export_of


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help=WHO)
    parser.add_argument("file", metavar="FILE", nargs="?", help="where it is written; without it: stdout")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    value = export_of(desk, resolve_author.author(desk.store, args.id))
    if args.file is None:
        json_object(value)
        return 0
    target = Path(args.file).expanduser()
    if target.exists():
        raise CliError(f"{target} is there already")
    try:
        with replacing(target) as file:
            file.write(object_bytes(value))
    except OSError as error:
        raise CliError(f"cannot write {target}: {os.strerror(error.errno or 0)}") from error
    messages = number_of(len(value["mentions"]), "message")
    replies = number_of(len(value["replies"]), "reply", "replies")
    say(f"{', '.join(value['handles'])}: {messages}, {replies}: {target}")
    return 0
