"""What holds for the whole screen: at the end of the first title, and in a line of its own where something is wrong."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from commtui.model.engine import EngineState
from commtui.model.states import Health
from commtui.triage.status import Standing
from commtui.ui.text.rows import Piece, Pieces

UNREAD_NAMED: Final = 4
"""Accounts whose unread conversations are counted in the title; with more, the list of accounts counts them."""


class StatusFacts(Struct, frozen=True):
    """What the screen tells beside the counts of both lanes."""

    engine: EngineState
    settings_problem: str | None = None
    damaged: bool = False
    """The store has records that can't be read."""


def ending_pieces(standing: Standing, facts: StatusFacts, wide: bool = True, whole: bool = True) -> Pieces:
    """The end of the first title, the most important last: it is left out last. `wide`: with who sends; `whole`: the
    rows of all accounts are shown."""
    pieces: list[Piece] = []
    if len(standing.accounts) > 1:
        unread = [f"{each.account} {each.unread}" for each in standing.accounts if each.unread]
        if unread and len(unread) <= UNREAD_NAMED:
            pieces.append(("bar-dim", f" unread: {', '.join(unread)} "))
        if whole:
            pieces.append(("bar-dim", " all accounts "))
    paused = [account.account for account in standing.accounts if account.health is Health.PAUSED]
    if paused:
        pieces.append(("bar-late", f" paused: {', '.join(paused)} "))
    filtered = sum(account.filtered for account in standing.accounts)
    if filtered:
        pieces.append(("bar-late", f" {filtered} filtered "))
    role = "bar-late" if facts.engine.where == "failed" else "bar-dim"
    pieces.append((role, f" {sending_words(facts.engine, 2 if wide else 3)} "))
    return tuple(pieces)


def problem_pieces(standing: Standing, facts: StatusFacts) -> list[Piece]:
    """What is wrong and stays so until a person mends it; empty if nothing is."""
    problems = []
    if facts.settings_problem:
        problems.append(facts.settings_problem)
    if facts.damaged:
        problems.append("store damaged: commtui doctor --store")
    problems += [
        f"{account.account}: {account.health.value}"
        for account in standing.accounts
        if account.health not in (Health.OK, Health.UNKNOWN, Health.PAUSED)
    ]
    if facts.engine.where == "failed":
        problems.append(sending_words(facts.engine))
    return [("bar-late", f"! {'; '.join(problems)}")] if problems else []


def sending_words(engine: EngineState, level: int = 0) -> str:
    """Whether anything is sent, and by whom where not by this window. `level`: 0 for all words, to 3, the fewest."""
    if engine.where == "elsewhere":
        name = "another window" if engine.command in ("", "commtui") else engine.command
        process = "" if level > 1 or engine.pid is None else f", pid {engine.pid} on {engine.host}"
        return "sending: on" if level == 3 else f"sending: on ({name}{process})"
    if engine.where == "failed":
        return "sending: OFF" if level > 1 else f"sending: OFF ({engine.error}, see commtui.log)"
    return "sending: on" if engine.where == "here" else "sending: starting"
