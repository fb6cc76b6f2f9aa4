"""Quiet from somebody: spam put away here, and, where the network can do it, its author muted, blocked or reported."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, as_one
from commtui.activity.errors import TriageError
from commtui.community import conversations
from commtui.model.records import ActKind
from commtui.outgoing import acts

SPAM = "spam"
ON_THE_NETWORK = (ActKind.MUTE, ActKind.BLOCK, ActKind.REPORT)


def spam(desk: Desk, ids: Sequence[str]) -> Outcome:
    """Tagged spam and muted here, as one step; the network is told nothing."""
    with as_one(desk, SPAM, tuple(ids)) as taken:
        conversations.tag(desk, ids, SPAM)
        outcome = conversations.mute(desk, ids)
        changed = taken.changed
    return Outcome(outcome.said.replace("muted", "spam, muted here", 1), outcome.ids, taken.op_id if changed else None)


def possible(desk: Desk, ids: Sequence[str]) -> list[ActKind]:
    """Which of ON_THE_NETWORK every chosen conversation's login can do."""
    accounts = {held.account for held in resolve.conversations(desk.store, ids)}
    return [kind for kind in ON_THE_NETWORK if all(acts.able(desk.store, each, kind) for each in accounts)]


def silence(desk: Desk, kind: ActKind, ids: Sequence[str], comment: str = "") -> Outcome:
    """Mutes, blocks or reports each author on the network after the hold window, and mutes here: one step.

    Raises TriageError: nothing was done then.
    """
    if kind not in ON_THE_NETWORK:
        raise TriageError(f"{kind} does not make anybody quiet")
    found = resolve.conversations(desk.store, ids)
    with as_one(desk, kind.value, tuple(ids)) as taken:
        said = [acts.act(desk, kind, held.id, comment).said for held in found]
        conversations.mute(desk, [held.id for held in found])
        taken.detail = comment
    told = found[0].author + (f" and {len(found) - 1} more" if len(found) > 1 else "")
    return Outcome(f"muted here; {said[0].partition(';')[0]}: {told}", tuple(held.id for held in found), taken.op_id)
