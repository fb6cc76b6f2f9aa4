"""`commtui saved list|show`: the saved replies, as they are in the files and in the config."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from commtui.activity.desk import Desk
from commtui.cli.output import json_array, json_object, out, rows, say
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.cli.words import given_values
from commtui.community import saved_replies
from commtui.model.saved_replies import SavedReply
from commtui.model.text import one_line

NAME_MOST = 24
"""Cells of a name in the list."""


def add(parser: Parser, name: str) -> None:
    if name == "saved show":
        parser.add_argument("name", metavar="NAME", help="its name: that of its file, without .md")
        parser.add_argument(
            "--to", metavar="ID", help="as it would answer this mention or conversation; nothing is sent"
        )
        parser.add_set()
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    tell_problems(desk)
    if args.command == "saved show":
        return _show(desk, args)
    replies = saved_replies.all_saved(desk).values()
    if args.format == "json":
        json_array(_row(desk, reply) for reply in replies)
        return 0
    widest = min(NAME_MOST, max((len(reply.name) for reply in replies), default=0))
    table = ((reply.name, reply.language, reply.title or one_line(reply.text)) for reply in replies)
    for line in rows(table, (widest, 5)):
        out(line)
    if not replies:
        say("no saved replies yet: write a file NAME.md in replies/, or a line under [saved] in the config")
    return 0


def _show(desk: Desk, args: Namespace) -> int:
    if args.set and args.to is None:
        raise BadValue("--set is for a text that is filled in: --to ID is missing")
    reply = saved_replies.find(desk, args.name)
    row = _row(desk, reply)
    if args.to is not None:
        row["text"] = saved_replies.saved_reply(desk, args.name, args.to, given_values(args.set))
    if args.format == "json":
        json_object(row)
    else:
        out(row["text"])
    return 0


def tell_problems(desk: Desk) -> None:
    """Says on stderr what is wrong with the files of saved replies."""
    for problem in desk.saved_files.current.problems:
        say(f"commtui: {problem.brief}")


def _row(desk: Desk, reply: SavedReply) -> dict[str, Any]:
    in_config = reply.name in desk.settings.saved
    return {
        "name": reply.name,
        "title": reply.title or None,
        "tags": list(reply.tags),
        "language": reply.language or None,
        "variables": dict(reply.variables),
        "asks": list(reply.asked),
        "text": reply.text,
        "file": "config.toml" if in_config else f"replies/{reply.name}.md",
    }
