"""recall, retry, release, discard: what frees an outgoing item. All but release are for acts, too."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.cli import attach
from commtui.cli.naming import tell
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.model import ids
from commtui.outgoing import acts, changes

VERBS: dict[str, Callable[[Desk, Sequence[str]], Outcome]] = {
    "recall": changes.recall,
    "retry": changes.retry,
    "release": changes.release,
    "discard": changes.discard,
}


def add(parser: Parser, name: str) -> None:
    parser.add_ids("replies, posts or variants; ids or unique beginnings of ids")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    act_ids = [each for each in args.ids if each[:1].lower() == ids.ACT]
    if act_ids and args.command in ("recall", "discard"):
        if len(args.ids) > 1:
            raise BadValue("an act is taken back alone: one id")
        tell(desk, acts.recall_act(desk, resolve.whole_id(desk.store, act_ids[0])))
        return 0
    if act_ids and args.command == "retry":
        if len(act_ids) < len(args.ids):
            raise BadValue("acts are tried again apart from replies and posts")
        tell(desk, acts.retry(desk, [resolve.whole_id(desk.store, given) for given in act_ids]))
    else:
        tell(desk, VERBS[args.command](desk, args.ids))
    if args.command in ("retry", "release"):
        attach.tell_if_nobody_sends(services)
    return 0
