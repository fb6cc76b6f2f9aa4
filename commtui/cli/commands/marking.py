"""The verbs on conversations that take ids, and those that take ids and one word."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence

from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import ids_and_value
from commtui.community import conversations

PLAIN: dict[str, Callable[[Desk, Sequence[str]], Outcome]] = {
    "done": conversations.done,
    "reopen": conversations.reopen,
    "claim": conversations.claim,
    "read": conversations.read,
    "mute": conversations.mute,
    "unmute": conversations.unmute,
}
VALUES: dict[str, tuple[str, str, Callable[[Desk, Sequence[str], str], Outcome]]] = {
    "assign": ("WHO", "any name, `me`, or `nobody`", conversations.assign),
    "tag": ("TAG", "the tag, one word", conversations.tag),
    "untag": ("TAG", "the tag, one word", conversations.untag),
}


def add(parser: Parser, name: str) -> None:
    if name in PLAIN:
        parser.add_ids()
        return
    value, help_text, _ = VALUES[name]
    parser.usage = f"commtui {name} [-h] [--home DIR] ID... {value}"
    parser.add_argument("words", nargs="+", metavar=f"ID... {value}", help=f"ids first; the last word is {help_text}")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    if args.command in PLAIN:
        outcome = PLAIN[args.command](desk, args.ids)
    else:
        name, _, verb = VALUES[args.command]
        ids, value = ids_and_value(args.words, name)
        outcome = verb(desk, ids, value)
    tell(desk, outcome)
    return 0
