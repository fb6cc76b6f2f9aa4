"""The sentence of an outcome: what a verb did, for the shell's last line and the screen's message line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from commtui.activity.outcome import Outcome
from commtui.sentences.campaigns import CAMPAIGN_VERBS, campaign_sentence
from commtui.sentences.leaving import leaves, others_leave, soon
from commtui.sentences.naming import Naming, people
from commtui.sentences.series import SERIES_VERBS, series_sentence
from commtui.sentences.undone import counted, undo_sentence

STATES: Final[Mapping[str, str]] = {
    "done": "done",
    "reopen": "open",
    "read": "read",
    "mute": "muted",
    "unmute": "unmuted",
    "recall": "a draft again",
    "discard": "discarded",
    "retry": "retrying now",
    "confirm": "sent",
    "release": "released",
    "hold": "held",
    "edit": "edited",
    "spam": "spam, muted here",
    "note": "noted",
    "recall-act": "cancelled",
    "vip": "vip",
    "duplicate": "draft made",
    "no-vip": "no vip",
    "link": "one person",
    "unlink": "linked with nobody",
}
"""Verb -> the state of its items afterwards."""
ACTS: Final[Mapping[str, str]] = {
    "favourite": "favourite",
    "unfavourite": "take back the favourite of",
    "boost": "boost",
    "unboost": "take back the boost of",
    "delete": "delete",
    "edit": "edit",
    "mute": "mute",
    "unmute": "unmute",
    "block": "block",
    "unblock": "unblock",
    "report": "report",
    "accept": "accept the answer of",
    "reject": "reject the answer of",
    "accept-filtered": "accept the filtered messages of",
}


def sentence(outcome: Outcome, naming: Naming) -> str:
    """Returns one line: what was done, or that there was nothing to do."""
    text = _SPECIAL.get(outcome.verb, _plain)(outcome, naming)
    if outcome.stranger:
        text += f"; {outcome.value} is not among the config's teammates"
    if outcome.others:
        text += f"; {others_leave(outcome.others)}"
    if outcome.skipped:
        states = Counter(item.state.value for item in outcome.skipped)
        text += "; left out: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    if outcome.stays_held:
        text += "; held until the campaign goes on"
    if outcome.stopped:
        text += "; stopped, the others are as they were"
    return text


def _plain(outcome: Outcome, naming: Naming) -> str:
    if outcome.leaves_at and outcome.hold_window and outcome.verb in ACTS:
        return _act(outcome, naming)
    if not outcome.ids:
        return "nothing is scheduled" if outcome.verb == "hold" else "nothing to do"
    names, state = _items(outcome, naming), _state(outcome, naming)
    return f"{state}: {names}" if outcome.op_id else f"nothing to change: {names} already {state}"


def _items(outcome: Outcome, naming: Naming) -> str:
    """Returns what an outcome is about: names, or a number where there are too many."""
    if outcome.total > len(outcome.ids):
        return counted(outcome.ids, outcome.total)
    return naming.items(outcome.ids)


def _state(outcome: Outcome, naming: Naming) -> str:
    match outcome.verb:
        case "assign" | "claim":
            return f"assigned to {outcome.value}" if outcome.value else "unassigned"
        case "snooze":
            return f"snoozed until {naming.time(outcome.until) if outcome.until else 'they answer'}"
        case "mute" if outcome.until:
            return f"muted until {naming.time(outcome.until)}"
        case "tag":
            return f"tagged {outcome.value}"
        case "priority":
            return f"priority {outcome.value}"
        case "untag":
            return f"without tag {outcome.value}"
        case "reschedule":
            return leaves(outcome, naming)
    return STATES.get(outcome.verb, outcome.verb)


def _act(outcome: Outcome, naming: Naming) -> str:
    about = (outcome.value,) if outcome.value else outcome.ids
    whom = people(naming, outcome.author, outcome.more) if outcome.author else naming.items(about)
    whom = "strangers" if outcome.verb == "accept-filtered" else whom
    muted_here = "muted here; " if outcome.verb in ("mute", "block", "report") and outcome.ids[0][0] == "c" else ""
    assert outcome.leaves_at is not None
    return f"{muted_here}will {ACTS[outcome.verb]} {whom} {soon(outcome.leaves_at, naming.now)}"


def _reply(outcome: Outcome, naming: Naming) -> str:
    what = "reply" if len(outcome.ids) == 1 else f"{len(outcome.ids)} replies"
    fewer = outcome.more and len(outcome.ids) > outcome.more + 1  # "10 replies to @ada and 4 more" would read as 5
    whom = f"{outcome.more + 1} people" if fewer else people(naming, outcome.author, outcome.more)
    text = f"{what} to {whom} {leaves(outcome, naming)}"
    if outcome.visibility:
        text += f"; as {outcome.visibility.value}, like what it answers"
    if outcome.draft_stays:
        text += "; another draft in this conversation stays"
    return text


def _post(outcome: Outcome, naming: Naming) -> str:
    where = f"post on {', '.join(outcome.accounts)}"
    if outcome.paused:
        return f"{where} held: campaign {outcome.paused} is paused"
    return f"{where} {leaves(outcome, naming)}"


def _split(outcome: Outcome, naming: Naming) -> str:
    if outcome.author:
        return f"a conversation of its own: {naming.items(outcome.ids)}"
    return f"split into {len(outcome.ids)}: {naming.items(outcome.ids)}"


def _macro(outcome: Outcome, naming: Naming) -> str:
    whom = people(naming, outcome.author, outcome.more)
    if outcome.op_id is None:
        return f"macro {outcome.macro}: nothing to change on {whom}"
    return f"macro {outcome.macro} on {whom}: {outcome.value}"


def _hand_off(outcome: Outcome, naming: Naming) -> str:
    return f"{people(naming, outcome.author, outcome.more)} stays a conversation: yours, tagged {outcome.value}"


def _saved(drafts: int) -> str:
    """Returns how many drafts a text that is left became."""
    if drafts > 1:
        return f"saved as {drafts:,} drafts"
    return "saved as a draft" if drafts else "nothing was written"


_SPECIAL: Final[Mapping[str, Callable[[Outcome, Naming], str]]] = {
    "reply": _reply,
    "post": _post,
    "merge": lambda outcome, naming: f"merged {len(outcome.ids)} into one: {naming.items(outcome.ids[:1])}",
    "split": _split,
    **dict.fromkeys((f"campaign {verb}" for verb in CAMPAIGN_VERBS), campaign_sentence),
    **dict.fromkeys((f"series {verb}" for verb in SERIES_VERBS), series_sentence),
    "draft-post": lambda outcome, naming: f"draft for {', '.join(outcome.accounts)}",
    "discard-draft": lambda outcome, naming: "draft discarded" if outcome.ids else "no draft here",
    "save-draft": lambda outcome, naming: _saved(len(outcome.ids)),
    "keep-edit": lambda outcome, naming: (
        "your words are kept for the next edit; until you save, the text stays as it was"
    ),
    "unchanged": lambda outcome, naming: "nothing was changed",
    "quote": lambda outcome, naming: f"draft post that quotes {naming.person(outcome.author)}",
    "hand-off": _hand_off,
    "macro": _macro,
    "undo": undo_sentence,
    "redo": undo_sentence,
}
