"""The commands of the verb table: ids, followed by the verb's argument."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import ids_and_time, ids_and_value, stdin_text
from commtui.triage.verb import Target
from commtui.triage.verbs import VERBS

ABOUT = {
    "WHO": "ids first; the last word is any name, `me`, or `nobody`",
    "TAG": "ids first; the last word is the tag",
    "TEXT": "ids first; the last word is the text (quote it), or - for stdin",
    "[WHEN]": "ids first; then 7d, fri, next monday, a date; without one: for ever",
    "WHEN": "ids first; then 2h, tomorrow noon, fri 14:30, next monday, a date",
    "WHEN|answer": "ids first; then 2h, tomorrow noon, fri 14:30, next monday, a date; or `answer`: until they write "
    "again (mar, march and may are months, not ids)",
}
"""Argument of a verb -> the help text of its words."""

OURS = {
    Target.OUTGOING: "replies, posts or variants; ids or unique beginnings of ids",
    Target.POSTS: "posts or variants; ids or unique beginnings of ids",
}
"""What of ours a verb applies to -> the help text of its ids."""


def add(parser: Parser, name: str) -> None:
    verb = VERBS[name]
    if not verb.argument:
        parser.add_ids(OURS[verb.applies_to]) if verb.applies_to in OURS else parser.add_ids()
        return
    shown = f"{verb.argument}|-" if verb.argument == "TEXT" else verb.argument
    parser.usage = f"commtui {name} [-h] [--home DIR] ID... {shown}"
    metavar = f"ID... {verb.argument.partition('|')[0]}"
    if name == "reschedule":
        about = f"{ABOUT['WHEN']}; or a move: +1d, 30m earlier, same hour fri (-30m after --); or next slot"
    else:
        about = ABOUT.get(verb.argument, "ids first")
    parser.add_argument("words", nargs="+", metavar=metavar, help=about)


def run(services: Services, args: Namespace) -> int:
    verb, desk = VERBS[args.command], services.desk()
    if not verb.argument:
        outcome = verb.call(desk, args.ids)
    elif verb.takes_time:
        outcome = verb.call(desk, *ids_and_time(args.words, optional=not verb.needs_value))
    else:
        ids, value = ids_and_value(args.words, verb.argument)
        outcome = verb.call(desk, ids, stdin_text() if verb.argument == "TEXT" and value == "-" else value)
    tell(desk, outcome)
    if args.command in ("retry", "release", "reschedule"):
        attach.tell_if_nobody_sends(services)
    return 0
