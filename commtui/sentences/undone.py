"""The sentence of an undo or a redo: the step, our texts that it recalled or scheduled, and what it left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from commtui.activity.desk import UNDO_DEPTH
from commtui.activity.outcome import Left, Outcome, Undone
from commtui.model.states import OutgoingState
from commtui.model.text import one_line, phrase
from commtui.sentences.naming import Naming

KIND_NAMES: Final = {
    "m": "mention",
    "c": "conversation",
    "r": "reply",
    "p": "post",
    "b": "post",
    "x": "act",
    "u": "person",
    "g": "campaign",
    "s": "series",
}
LEFT_NAMED: Final = 5
"""Items that an undo left as they are, of which the reasons are said; of others the number."""


def undo_sentence(outcome: Outcome, naming: Naming) -> str:
    """Returns what an undo or a redo did, or why it did nothing."""
    undone, verb = outcome.undone, outcome.verb
    assert undone is not None
    match undone.why_not:
        case "nothing":
            return f"nothing to {verb}"
        case "forgotten":
            return f"nothing to {verb}: the step is no longer in the log"
        case "another":
            return f"you did something else meanwhile, in another window: nothing to {verb} was touched"
        case "undone":
            return "already undone"
        case "old":
            return f"can't be undone: not among your last {UNDO_DEPTH} steps"
        case "others":
            return f"{outcome.value} did that: only {outcome.value} can undo it"
        case "sent":
            return f"already sent: {naming.way('delete', outcome.ids[0])} on it deletes it"
        case "program":
            return "commtui did that by itself: there is no undo of it"
    name = _step_name(undone, naming)
    out = [left for left in undone.left if left.why not in ("gone", "changed", "used")]
    several = len(out) > 1
    texts = f": {_recalled(undone)}" if several and undone.recalled else _texts(undone, naming)
    text = f"{verb}: {name}{texts}" if undone.changed else f"too late to {verb}: {name}"
    others = [left for left in undone.left if not several or left not in out]
    named = [_left(left, naming) for left in others[:LEFT_NAMED]]
    counts = [_out(out, naming)] if several else []
    more = (undone.left_total or len(undone.left)) - len(named) - (len(out) if several else 0)
    return "; ".join([text, *counts, *named, *([f"{more:,} more are left as they are"] if more else [])])


def _recalled(undone: Undone) -> str:
    count = len(undone.recalled)
    return f"{count:,} recalled, {'drafts' if count > 1 else 'a draft'} again"


def _out(out: Sequence[Left], naming: Naming) -> str:
    """Returns how many of several items it is too late for: `9 already sent (space d deletes one)`."""
    counts = Counter(left.why for left in out)
    words_ = ", ".join(f"{count:,} already {state}" for state, count in counts.items())
    texts = all(left.id[:1] != "x" for left in out)
    return f"{words_} ({naming.way('delete', 'ID')} deletes one)" if texts else words_


def _step_name(undone: Undone, naming: Naming) -> str:
    if undone.verb == "post" and undone.accounts:
        return f"post on {', '.join(undone.accounts)}"
    if max(len(undone.ids), undone.total) > 1:
        return f"{undone.verb} of {counted(undone.ids, undone.total)}"
    if not undone.ids:
        return undone.verb
    name = naming.person(undone.author) if undone.author else naming.items(undone.ids)
    if undone.verb == "reply":
        return f"reply to {name}"
    of_reply = undone.author and undone.ids[0][:1] == "r"
    return f"{undone.verb} of the reply to {name}" if of_reply else f"{undone.verb} of {name}"


def counted(ids: Sequence[str], total: int = 0) -> str:
    """Returns `3 conversations`, or `3 items` if the kinds are mixed. `total`: how many, if `ids` are some of them."""
    kinds = {KIND_NAMES.get(item_id[:1], "item") for item_id in ids}
    kind = kinds.pop() if len(kinds) == 1 else "item"
    count = max(total, len(ids))
    if count == 1:
        return f"1 {kind}"
    plural = {"reply": "replies", "series": "series"}.get(kind, f"{kind}s")
    return f"{count:,} {plural}"


def _texts(undone: Undone, naming: Naming) -> str:
    if not undone.text:
        return ""
    quoted = f"'{phrase(one_line(undone.text), naming.quoted)}'"
    if undone.scheduled:
        return f", scheduled again: {quoted}"
    if undone.recalled:
        return " recalled; " + (f"a draft again: {quoted}" if len(undone.recalled) == 1 else f"drafts again: {quoted}")
    return ""


def _left(left: Left, naming: Naming) -> str:
    name = naming.items((left.id,))
    if left.why == "gone":
        return f"{name} is gone"
    if left.why == "used":
        return f"campaign {name} has posts: it stays"
    if left.why == "changed":
        return f"left {', '.join(left.fields)} of {name}: changed since"
    state = "already sent" if left.why == OutgoingState.SENT else f"already {left.why}"
    if left.id[:1] == "x":
        return f"{name} is {state}"
    return f"{name} is {state} ({naming.way('delete', left.id)} deletes it)"
