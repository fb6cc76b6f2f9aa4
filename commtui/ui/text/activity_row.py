"""The row of a step of the log: when, who, what, about which item, in which process."""

from __future__ import annotations

from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.recent import Step
from commtui.activity.then import mention_then
from commtui.model.ids import ACT, PERSON, POST, SERIES
from commtui.model.log_records import LogEntry, Process
from commtui.model.records import Act, Outgoing, Series
from commtui.model.text import one_line
from commtui.sentences.steps import step_detail, step_words, went_wrong, who_words
from commtui.sentences.undone import counted
from commtui.ui.text.cells import fit
from commtui.ui.text.names import answered_author, without_host
from commtui.ui.text.naming import ScreenNaming
from commtui.ui.text.rows import Piece, Pieces, RowContext, lead, near_time, under_cursor, with_text

NAMED_MOST: Final = 2
"""Items of a step that are named; the others are counted."""
OWN_TEXT: Final = ("reply", "note", "post")
"""Verbs whose detail is the text that was written."""
PROCESS_LEAST: Final = 100
"""Columns from which on a process is named with its number and host, not by its command alone."""


def activity_row(
    desk: Desk, step: Step, context: RowContext, pointed: bool = False, here: Process | None = None
) -> Pieces:
    """`> 18:47  lea  assign  @halima 'Where is my parcel?': kim`. `here`: this process, which is not named."""
    entry = step.entry
    wide = context.width >= 60
    head: list[Piece] = [
        lead(pointed, False),
        (under_cursor("dim", pointed), near_time(entry.at, context).ljust(13 if wide else 7)),
        (under_cursor("author", pointed), fit(who_words(entry), 8 if wide else 5) + " "),
        (
            under_cursor("late" if went_wrong(entry) else "plain", pointed),
            fit(step_words(entry), 11 if wide else 7) + " ",
        ),
    ]
    process = process_words(entry.process, here, context.width >= PROCESS_LEAST)
    labels: list[Piece] = [("dim", process)] if process else []
    return with_text(head, ("plain", about(desk, entry, step.items)), labels, context.width)


def about(desk: Desk, entry: LogEntry, items: int = 0) -> str:
    """What a step is about on one line: `@halima, assigned to kim: Where is my parcel?`."""
    ids = [item for item in entry.ids if item[:1] != ACT] or list(entry.ids)
    count = max(items, len(ids)) if len(ids) == len(entry.ids) else len(ids)
    parts = [_named(desk, entry, item) for item in ids[:NAMED_MOST]]
    names = ", ".join(filter(None, dict.fromkeys(name for name, _ in parts)))
    if not names and count > 1:
        names = counted(ids, count)
    elif count > NAMED_MOST:
        names += f" and {count - NAMED_MOST:,} more"
    detail = one_line(step_detail(entry, ScreenNaming(desk, lambda command: command)))  # it names no verb, so no key
    text = one_line(parts[0][1]) if count == 1 else ""
    if entry.verb in OWN_TEXT:
        detail, text = "", detail or text
    return ": ".join(filter(None, (", ".join(filter(None, (names, detail))), text)))


def _named(desk: Desk, entry: LogEntry, item: str) -> tuple[str, str]:
    """The author of an item, or whom it answers, and its text, of that time; both empty where it is gone."""
    store = desk.store
    if item[:1] == PERSON:
        mention = store.people.newest(item)
        return (without_host(mention.author) if mention else ""), ""
    if item[:1] == SERIES:
        series = store.get(Series, item)
        return "", series.text if series else ""
    said = mention_then(desk, entry, item)
    if said is not None:
        return without_host(said.author), said.text
    if item[:1] == POST:
        ours = next(iter(store.outgoing.of_post(item)), None)
    else:
        ours = store.get(Outgoing, item)
    if ours is not None:
        author = answered_author(desk, ours)
        return f"to {without_host(author)}" if author else "", ours.text
    act = store.get(Act, item)
    return (act.kind.value if act else ""), ""


def process_words(process: Process | None, here: Process | None, whole: bool = True) -> str:
    """`(run 1234)`, with the host where it is not this one; empty for this process, and where it is not known.

    `whole`: not the command alone.
    """
    if process is None or process == here:
        return ""
    command = process.command.removeprefix("commtui ").replace("commtui", "another window")
    host = f" on {process.host}" if here is None or process.host != here.host else ""
    return f"({command} {process.pid}{host})" if whole else f"({command})"
