"""A verb on many items: a part at a time, so that other writers get their turns, and still one step with one undo.

In one transaction 100,000 conversations would keep the engine, the screen and other processes waiting for 10 s and
more. Killed between two parts, those that were done are on disk, and undo takes them back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from commtui.activity.desk import Desk, shared_step, within_a_step
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome, Skipped

PART: Final = 50
"""Items of one transaction: 5 to 10 ms, for which whoever writes meanwhile waits. Up to as many are one."""
MARKED_MOST: Final = 100
"""Items that a person can look through before one text, or one act on the network, is about all of them."""


def in_parts(desk: Desk, named: Sequence[str], do: Callable[[Sequence[str]], Outcome]) -> Outcome:
    """Does a verb on all items, as one step. Returns the outcome of all: its `ids` are those of the first part.

    `named` is read once, from its beginning: its ids may be made as they are read. Stops between two parts if
    `desk.goes_on` says so. Raises what `do` raises; after a TriageError nothing was done.
    """
    if len(named) <= PART or within_a_step():
        return do(named)
    joined = _Joined()
    done, left = 0, iter(named)
    with shared_step() as op_id:
        while done < len(named) and (desk.goes_on is None or desk.goes_on(done)):
            part = list(islice(left, PART))
            try:
                joined.add(do(part))
            except TriageError:
                from commtui.activity.undo import take_back  # it is rarely needed

                take_back(desk, op_id)
                raise
            done += len(part)
    desk.store.flush()
    return joined.outcome(stopped=done < len(named))


class _Joined:
    """The outcome of parts. Parts that changed something count, or all where none did."""

    def __init__(self) -> None:
        self._first: Outcome | None = None
        self._last: Outcome | None = None
        self._items = self._people = 0
        self._skipped: list[Skipped] = []

    def add(self, part: Outcome) -> None:
        """Takes in the next part."""
        self._skipped += part.skipped
        if self._first is None or (part.op_id and not self._first.op_id):
            self._first, self._last = part, part
            self._items, self._people = len(part.ids), part.more + 1
        elif bool(part.op_id) == bool(self._first.op_id):
            self._last = part
            self._items, self._people = self._items + len(part.ids), self._people + part.more + 1

    def outcome(self, stopped: bool) -> Outcome:
        """Returns the outcome of all."""
        first, last = self._first or Outcome(verb=""), self._last or Outcome(verb="")
        later = last.last_leaves_at or (last.leaves_at if last.leaves_at != first.leaves_at else None)
        return replace(
            first,
            total=self._items,
            more=self._people - 1 if first.author else 0,
            last_leaves_at=later,
            skipped=tuple(self._skipped),
            stopped=stopped,
        )
