"""`commtui edit`: a new text for a reply or post: a draft, a scheduled or a sent one."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity import resolve
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import given_text
from commtui.outgoing import changes


def add(parser: Parser, name: str) -> None:
    parser.add_argument(
        "id", metavar="ID", help="a reply, a post, or one variant of it; what is out is edited there, too"
    )
    parser.add_argument(
        "text", nargs="?", metavar="TEXT", help="the new text, or - for stdin; without it stdin, on a terminal $EDITOR"
    )


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    items = resolve.outgoing(desk.store, args.id)
    body = given_text(args.text)
    if body is None:
        from commtui.cli import editor

        comments = [f"{item.id}: {item.state.value}" for item in items]
        body = editor.compose(items[0].text, comments, services.environ)
    tell(desk, changes.edit(desk, args.id, body))
    return 0
