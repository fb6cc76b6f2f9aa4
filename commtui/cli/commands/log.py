"""`commtui log`: every change, oldest first."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from itertools import islice

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.history import related_ids, steps_of
from commtui.activity.then import mention_then
from commtui.cli.flat import activity
from commtui.cli.naming import ShellNaming
from commtui.cli.output import json_array, out, rows
from commtui.cli.parser import Parser, row_limit
from commtui.cli.services import Services
from commtui.model import text, times
from commtui.model.records import Activity
from commtui.sentences.steps import step_detail, step_words, who_words


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="only what concerns this item and its conversation")
    parser.add_argument("--limit", type=row_limit, metavar="N", help="only the newest N (default: all)")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    backwards = args.limit is not None  # reads no more of a long history than what is shown
    steps: Iterable[Activity]
    about: set[str] | None = None
    if args.id:
        about = related_ids(desk, args.id)
        steps = steps_of(desk, args.id, newest_first=backwards)
    else:
        steps = desk.store.log.steps(newest_first=backwards)
    if args.format == "json":
        json_array(map(activity, reversed(list(islice(steps, args.limit))) if backwards else steps))
        return 0
    whole: Iterable[tuple[Activity, int]] = _whole(steps)
    if backwards:
        whole = reversed(list(islice(whole, args.limit)))
    table = (
        (
            times.echo(step.at, desk.zone, desk.now),
            who_words(step),
            step_words(step),
            text.one_line(_names_and_detail(desk, step, about, more)),
        )
        for step, more in whole
    )
    for line in rows(table, (0, 8, 10)):
        out(line)
    return 0


def _whole(steps: Iterable[Activity]) -> Iterator[tuple[Activity, int]]:
    """Yields a part of each step, and how many items the other parts of it are about."""
    whole: tuple[Activity, int] | None = None
    for step in steps:
        if whole is not None and step.op_id == whole[0].op_id:
            whole = whole[0], whole[1] + len(step.ids)
            continue
        if whole is not None:
            yield whole
        whole = step, 0
    if whole is not None:
        yield whole


def _names_and_detail(desk: Desk, step: Activity, about: set[str] | None, more: int) -> str:
    """Returns the first of the step's ids, those of `about` alone if it names any, and its detail. `more`: how many
    items it was about beside its ids."""
    ids = [item_id for item_id in step.ids if about is None or item_id in about] or step.ids
    names = " ".join(_named(desk, step, item_id) for item_id in ids[:3])
    count = max(0, len(ids) - 3) + more
    names += f" and {count:,} more" if count else ""
    detail = step_detail(step, ShellNaming(desk))
    return f"{names}: {detail}" if names and detail else names + detail


def _named(desk: Desk, step: Activity, item_id: str) -> str:
    """Returns the id, with the handle of its author then or of the person that it answers, if that is known."""
    try:
        mention = mention_then(desk, step, item_id)
        handle = mention.author if mention else resolve.handle(desk.store, item_id)
    except TriageError:
        handle = ""
    return f"{item_id} {handle}" if handle else item_id
