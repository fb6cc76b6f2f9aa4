"""A verb on several replies and posts, of which some can't take it: these are left out, and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome, Skipped
from commtui.activity.parts import in_parts
from commtui.activity.refusals import WrongItemState
from commtui.model.records import Outgoing
from commtui.model.states import TRANSITIONS, WrongState, transition

Do = Callable[[Desk, Sequence[str]], Outcome]


def do_where_possible(desk: Desk, named: Sequence[str], event: str, do: Do) -> Outcome:
    """Does a verb on those of these items to which its event can happen, as one step; `skipped` names the others.

    `named`: whole ids of replies and variants of posts. Where it can happen to none, `do` is called with all of them:
    the verb says why. Raises what it raises; nothing has changed then.
    """
    outcome = in_parts(desk, named, lambda part: _do_part(desk, part, event, do))
    return outcome if outcome.ids else in_parts(desk, named, lambda part: do(desk, part))


def check_possible(desk: Desk, named: str, event: str) -> None:
    """Raises WrongItemState if the event can't happen to an item."""
    item = desk.store.get(Outgoing, named)
    if item is not None:
        try:
            transition(item.state, event)
        except WrongState as error:
            raise WrongItemState(item.id, error.event, error.state, error.possible) from error


def _do_part(desk: Desk, named: Sequence[str], event: str, do: Do) -> Outcome:
    with desk.store.write(durable=False):  # delivery must not begin one between the look and the change
        items = desk.store.get_each(Outgoing, named).values()
        able = [item.id for item in items if item.state in TRANSITIONS[event]]
        skipped = tuple(Skipped(item.id, item.state) for item in items if item.state not in TRANSITIONS[event])
        return replace(do(desk, able), skipped=skipped) if able else Outcome(verb="", skipped=skipped)
