"""What the status line says while no message stands there: how both lanes stand."""

from __future__ import annotations

from msgspec import Struct
from rich.cells import cell_len

from commtui.model.engine import EngineState
from commtui.model.states import Health
from commtui.triage.status import Standing
from commtui.ui.text.rows import Piece, RowContext, short_time

WIDE = 100
"""Columns from which on the line has room for the next post's time, which its pane's title says, too."""
NARROW = 60
"""Columns below which it says neither the key of help nor who sends."""


class StatusFacts(Struct, frozen=True):
    """What the status line tells beside the counts of both lanes."""

    engine: EngineState
    help_key: str
    settings_problem: str | None = None
    damaged: bool = False
    """The store has records that can't be read."""


def status_pieces(standing: Standing, facts: StatusFacts, context: RowContext, room: int) -> list[Piece]:
    """Both lanes at a glance, in `room` cells if that can be; words go before what tells that something is stuck.

    `context.width` is the screen's.
    """
    pieces: list[Piece] = []
    for level in range(4):
        pieces = _pieces(standing, facts, context, level)
        if sum(cell_len(text) for _, text in pieces) <= room:
            break
    return pieces


def _pieces(standing: Standing, facts: StatusFacts, context: RowContext, level: int) -> list[Piece]:
    """`level` from 0, all words, to 3, the fewest."""
    narrow = context.width < NARROW
    pieces: list[Piece] = []
    if facts.settings_problem:  # before what else may be cut: the line of the file is in it
        pieces += [("bar-late", f"! {facts.settings_problem}"), ("bar-dim", " | ")]
    if facts.damaged:
        pieces += [("bar-late", "! store damaged: commtui doctor --store"), ("bar-dim", " | ")]
    pieces += [("bar", _community(standing, waiting=not narrow and level < 2)), ("bar-dim", " | ")]
    pieces.append(("bar", _posts(standing, context, level)))
    by_hand = standing.held_by_hand
    stuck = sum(standing.outgoing.get(state, 0) for state in ("failed", "unknown", "held")) - by_hand
    if by_hand:
        pieces.append(("bar", f" | {by_hand} held"))
    if stuck:
        pieces.append(("bar-late", f" | {stuck} stuck"))
    sick = [account for account in standing.accounts if account.health not in (Health.OK, Health.UNKNOWN)]
    if sick:
        words = ", ".join(f"{account.account} {account.health.value}" for account in sick)
        pieces.append(("bar-late", f" | {words}"))
    if not narrow:  # the key of help stands before what may be cut
        pieces.append(("bar-dim", f" | {facts.help_key} help"))
        if not sick or facts.engine.where == "failed":
            role = "bar-late" if facts.engine.where == "failed" else "bar-dim"
            pieces += [("bar-dim", " | "), (role, sending_words(facts.engine, level))]
    return pieces


def sending_words(engine: EngineState, level: int = 0) -> str:
    """Whether anything is sent, and by whom where not by this window. `level`: 0 for all words, to 3, the fewest."""
    if engine.where == "elsewhere":
        name = "another window" if engine.command in ("", "commtui") else engine.command
        process = "" if level > 1 or engine.pid is None else f", pid {engine.pid} on {engine.host}"
        return "sending: on" if level == 3 else f"sending: on ({name}{process})"
    if engine.where == "failed":
        return "sending: OFF" if level == 3 else f"sending: OFF ({engine.error}, see commtui.log)"
    return "sending: on" if engine.where == "here" else "sending: starting"


def _community(standing: Standing, waiting: bool) -> str:
    words = f"{standing.open} open"
    if standing.overdue:
        words += f", {standing.overdue} overdue"
    if standing.waiting and waiting:
        words += f", {standing.waiting} waiting"
    return words


def _posts(standing: Standing, context: RowContext, level: int) -> str:
    scheduled = standing.posts.get("scheduled", 0)
    if not scheduled:
        words = "no post" if level else "no post scheduled"
    else:
        words = f"{scheduled} scheduled"
    post = standing.next_post
    if not level and post and post.scheduled_at and context.width >= WIDE:
        words += f", next {short_time(post.scheduled_at, context)}"
    return words
