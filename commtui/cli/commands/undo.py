"""`commtui undo`: reverts the last step of this person on this home, or the step of an id: a rule's too."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity import undo
from commtui.activity.desk import Desk
from commtui.activity.errors import AmbiguousId, UnknownId
from commtui.cli.naming import tell
from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.model.ids import RULE_RUN
from commtui.model.records import RuleRun

OP_ID_LENGTH = 32


def add(parser: Parser, name: str) -> None:
    parser.add_argument(
        "id", nargs="?", metavar="ID", help="this step: the op_id of `log --json`, or a run's id of `rules explain`"
    )
    parser.add_argument("--redo", action="store_true", help="do again what the last undo took back")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    if args.id and args.redo:
        raise BadValue("--redo is of the last undo: it takes no ID")
    if args.id:
        op_id = _op_id(desk, args.id)
        if op_id:
            tell(desk, undo.undo_step(desk, op_id))
        else:
            say(f"nothing to undo: the rule changed nothing in {args.id}")
        return 0
    tell(desk, undo.redo(desk) if args.redo else undo.undo(desk))
    return 0


def _op_id(desk: Desk, given: str) -> str:
    """Returns the op_id that is given, or that of a rule's run: empty if it changed nothing. Raises UnknownId,
    AmbiguousId."""
    given = given.strip().lower()
    if len(given) == OP_ID_LENGTH:
        return given
    runs = desk.store.with_prefix(given) if given[:1] == RULE_RUN else []
    if len(runs) > 1:
        raise AmbiguousId(given, runs)
    found = desk.store.get(RuleRun, runs[0]) if runs else None
    if found is None:
        raise UnknownId(given, "step")
    return found.op_id
