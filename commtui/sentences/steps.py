"""What the log calls a step: the verb of a person as it is typed, what the program did in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.activity.passive_log import ARRIVE, PROGRAM
from commtui.model.clock import from_iso
from commtui.model.log_records import LogEntry
from commtui.model.rules import ACTOR
from commtui.sentences.naming import Naming
from commtui.sentences.reasons import words

EVENTS: Final[Mapping[str, str]] = {
    ARRIVE: "arrived",
    "join": "joined",
    "begin": "sending",
    "accept": "sent",
    "find": "found sent",
    "refuse": "failed",
    "delay": "retrying",
    "lose": "unknown",
    "doubt": "unknown",
    "miss": "not sent",
    "stop": "held",
    "skip": "skipped",
    "supersede": "superseded",
    "zone-rules": "moved",
}
"""What delivery and intake log -> what happened."""
DONE: Final[Mapping[str, str]] = {
    "favourite": "favourited",
    "unfavourite": "unfavourited",
    "boost": "boosted",
    "unboost": "unboosted",
    "delete": "deleted",
    "edit": "edited",
    "mute": "muted",
    "unmute": "unmuted",
    "block": "blocked",
    "unblock": "unblocked",
    "report": "reported",
}
"""An act -> that it was done on the network."""
NEEDS_PERSON: Final = frozenset(("refuse", "lose", "doubt", "stop", "skip"))
"""Events after which a person has to decide."""


def who_words(step: LogEntry) -> str:
    """Returns who did it: of a rule that it was one, since its name stands where others have the verb."""
    return "rule" if step.who.startswith(ACTOR) else step.who


def step_words(step: LogEntry) -> str:
    """Returns what was done, in a word or two; of a rule its name."""
    if step.who.startswith(ACTOR):
        return step.who.removeprefix(ACTOR)
    if step.who != PROGRAM:
        return "draft" if step.verb == "write" else step.verb
    act, _, event = step.verb.rpartition(" ")
    if not act:
        return EVENTS.get(event, event)
    return DONE.get(act, act) if event == "accept" else f"{act} {EVENTS.get(event, event)}"


def went_wrong(step: LogEntry) -> bool:
    """Whether the step left something to a person."""
    return step.who == PROGRAM and step.verb.rpartition(" ")[2] in NEEDS_PERSON


def step_detail(step: LogEntry, naming: Naming) -> str:
    """Returns the text that the log shows after a step's verb and ids."""
    match step.verb:
        case "undo":
            return f"undone: {step.detail}"
        case "redo":
            return f"redone: {step.detail}"
        case "snooze" | "reschedule" | "mute" if step.detail[:1].isdigit():
            return f"until {naming.time(from_iso(step.detail))}"
        case "assign" if not step.detail:
            return "unassigned"
        case "edited" if step.detail and len(step.ids) == 1:
            return f"was: {step.detail}"
        case "zone-rules" if step.detail:
            return f"the rules of {step.detail} have changed: the same time by the clock"
        case "hand-off" if step.detail:
            return f"{step.detail} agreed to be quoted ({step.who} asked)"
    return words(step.detail) if step.who == PROGRAM else step.detail
