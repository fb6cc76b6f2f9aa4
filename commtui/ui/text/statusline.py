"""What the titles and the status line say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len

from commtui.model.ids import ALPHABET, KINDS, LENGTH
from commtui.model.records import Health
from commtui.ui.text.rows import Piece, short_time

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen
    from commtui.ui.widgets.lines import OneLine

WIDE = 100
"""Columns from which on the line has room for the next post's time, which its pane's title says, too."""


def without_ids(said: str, name_of: Callable[[str], str]) -> str:
    """What a verb said, without our ids and the hosts of handles: on the screen things have names, many are counted."""
    identity = rf"\b[{''.join(sorted(KINDS))}][{ALPHABET}]{{{LENGTH}}}\b"
    said = re.sub(rf" of {identity}(?! @)|{identity} (?=@)", "", said)
    said = re.sub(rf"{identity}(?:, {identity})+", lambda found: f"{found[0].count(',') + 1} items", said)
    said = re.sub(identity, lambda found: name_of(found[0]), said)
    return re.sub(r"(?<=\s)(@[\w.-]+)@[\w.-]+\w", r"\1", said)


def show_titles(inbox: InboxScreen, titles: dict[str, OneLine]) -> None:
    """Each pane's title: its key, its name, its numbers, its filter."""
    for index, (name, pane) in enumerate(inbox.panes.items(), 1):
        here = name == inbox.pane.name and not inbox.reading
        pieces: list[Piece] = [("title-here" if here else "title", f" {index} {pane.title} ")]
        rows = inbox.list_of(name)
        if pane.filter_text:
            count = "searching ..." if pane.searching else str(len(rows.numbers))
            pieces.append(("bar-late", f" filter: {pane.filter_text} ({count})"))
        for role, text in pane.summary(inbox.standing, inbox.look(40), inbox.soon):
            pieces.append((role, f" {text} "))
        if rows.marks:
            pieces.append(("bar-late", f"  {len(rows.marks)} marked"))
        titles[name].say(tuple(pieces), "bar")


def show(inbox: InboxScreen, line: OneLine, message: str) -> None:
    """The message of the last key, else both lanes at a glance. That it is a demo stands there always."""
    pieces: list[Piece] = [("bar-late", " DEMO ")] if inbox.services.demo else [("bar", " ")]
    if message:
        bad = message.startswith("! ")
        # a way out that is cut off is none, and the key that takes a verb back stands at the end
        pieces.append(("bar-late" if bad else "bar", message))
        line.say(tuple(pieces), "bar", most=4 if bad else 2)
        return
    for shorter in range(4):  # words go before what tells where something is stuck
        found = pieces + _standing(inbox, shorter)
        if sum(cell_len(text) for _, text in found) <= inbox.size.width:
            break
    line.say(tuple(found), "bar")


def _standing(inbox: InboxScreen, shorter: int) -> list[Piece]:
    """How both lanes stand; `shorter` from 0, all words, to 3, the fewest."""
    pieces: list[Piece] = []
    standing = inbox.standing
    narrow = inbox.size.width < 60
    community = f"{standing.open} open"
    if standing.overdue:
        community += f", {standing.overdue} overdue"
    if standing.waiting and not narrow and shorter < 2:
        community += f", {standing.waiting} waiting"
    stuck = sum(standing.outgoing.get(state, 0) for state in ("failed", "unknown", "held"))
    scheduled = standing.posts.get("scheduled", 0)
    posts = f"{scheduled} scheduled" if scheduled else "no post" if shorter else "no post scheduled"
    if not shorter and standing.next_post and standing.next_post.scheduled_at and inbox.size.width >= WIDE:
        posts += f", next {short_time(standing.next_post.scheduled_at, inbox.look(40))}"
    problem = inbox.services.settings_problem()
    if problem:  # before what else may be cut: the line of the file is in it
        pieces += [("bar-late", f"! {problem}"), ("bar-dim", " | ")]
    if inbox.services.store.damaged:
        pieces += [("bar-late", "! store damaged: commtui doctor --store"), ("bar-dim", " | ")]
    pieces += [("bar", community), ("bar-dim", " | "), ("bar", posts)]
    if stuck:
        pieces.append(("bar-late", f" | {stuck} stuck"))
    sick = [each for each in standing.accounts if each.health not in (Health.OK, Health.UNKNOWN)]
    if sick:
        pieces.append(("bar-late", " | " + ", ".join(f"{each.account} {each.health.value}" for each in sick)))
    if not narrow:  # the way to help stands before what may be cut
        pieces.append(("bar-dim", f" | {inbox.key('help')} help"))
        engine = inbox.services.engine.state()
        pieces += [] if sick else [("bar-dim", f" | {engine.partition(' on ')[0] if shorter == 3 else engine}")]
    return pieces
