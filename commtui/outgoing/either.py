"""The verbs that apply to replies and posts as well as to acts: recall, retry, release, discard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import WrongKind
from commtui.activity.outcome import Outcome
from commtui.model import ids
from commtui.outgoing import acts, changes

Ids = Sequence[str]
Function = Callable[[Desk, Ids], Outcome]


def recall(desk: Desk, named: Ids) -> Outcome:
    """Makes replies and posts drafts again, or cancels acts. Raises WrongKind if both kinds are named."""
    return _by_kind(desk, named, changes.recall, acts.recall)


def retry(desk: Desk, named: Ids) -> Outcome:
    """Tries again at once. Raises WrongKind if both acts and replies or posts are named."""
    return _by_kind(desk, named, changes.retry, acts.retry)


def release(desk: Desk, named: Ids) -> Outcome:
    """Schedules what is held. Raises WrongKind if both acts and replies or posts are named."""
    return _by_kind(desk, named, changes.release, acts.release)


def discard(desk: Desk, named: Ids) -> Outcome:
    """Makes sure that it is never sent or done. Raises WrongKind if both acts and replies or posts are named."""
    return _by_kind(desk, named, changes.discard, acts.recall)


def _by_kind(desk: Desk, named: Ids, of_items: Function, of_acts: Function) -> Outcome:
    are_acts = [given[:1].lower() == ids.ACT for given in named]
    if not any(are_acts):
        return of_items(desk, named)
    if not all(are_acts):
        raise WrongKind(named[are_acts.index(True)], "act", "outgoing")
    return of_acts(desk, [resolve.whole_id(desk.store, given) for given in named])
