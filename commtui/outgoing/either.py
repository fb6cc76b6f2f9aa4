"""The verbs that are for replies, posts and acts alike: recall, retry, discard."""

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
    """Makes drafts of replies and posts again, or takes acts back. Raises WrongKind where both are named."""
    return _either(desk, named, changes.recall, acts.recall)


def retry(desk: Desk, named: Ids) -> Outcome:
    """Tries again now. Raises WrongKind where acts are named beside replies or posts."""
    return _either(desk, named, changes.retry, acts.retry)


def discard(desk: Desk, named: Ids) -> Outcome:
    """Makes sure that it is never sent or done. Raises WrongKind where acts are named beside replies or posts."""
    return _either(desk, named, changes.discard, acts.recall)


def _either(desk: Desk, named: Ids, of_items: Function, of_acts: Function) -> Outcome:
    are_acts = [given[:1].lower() == ids.ACT for given in named]
    if not any(are_acts):
        return of_items(desk, named)
    if not all(are_acts):
        raise WrongKind(named[are_acts.index(True)], "act", "outgoing")
    return of_acts(desk, [resolve.whole_id(desk.store, given) for given in named])
