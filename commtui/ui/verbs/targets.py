"""What a verb is applied to: the open thread, the marked rows, or the cursor's row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from commtui.activity import resolve
from commtui.activity.errors import TriageError
from commtui.activity.parts import MARKED_MOST
from commtui.model import ids
from commtui.model.states import LEAVING, TRANSITIONS, OutgoingState
from commtui.outgoing import several
from commtui.sentences.undone import counted
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.names import name_of


class Identities(Sequence[str]):
    """The ids of rows, made as they are read: of 300,000 marked ones that takes a second, which a thread has."""

    def __init__(self, numbers: Sequence[int], identity: Callable[[int], str]) -> None:
        self._numbers, self._identity = numbers, identity

    def where(self, wanted: Callable[[int], bool]) -> Identities:
        """Those of the rows that are wanted, by their numbers; no id is made for it."""
        return Identities([number for number in self._numbers if wanted(number)], self._identity)

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return map(self._identity, self._numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self._identity(number) for number in self._numbers[place]]
        return self._identity(self._numbers[place])


def conversations(host: Host, one: bool = False) -> Sequence[str]:
    """The conversations that a verb is applied to: the open thread's, else the marked rows', else the cursor's.

    `one`: for what is done to one at a time; marks stay then, and the message says so.
    """
    if host.panes.pane.name == "posts":
        host.tell("a post belongs to no conversation", bad=True)
        return []
    chosen = _chosen(host, one)
    if host.panes.pane.name == "replies" and len(chosen) <= MARKED_MOST:  # of more, a verb finds them in its thread
        return [resolve.conversation(host.services.store, identity).id for identity in chosen]
    return chosen


def outgoing(host: Host, one: bool = False) -> Sequence[str]:
    """The replies or posts that a verb is applied to; `one` as above."""
    if host.panes.pane.name == "mentions":
        keys = f"{host.key_of('pane-replies')}, {host.key_of('pane-posts')}"
        host.tell(f"works on replies and posts only (panes {keys})", bad=True)
        return []
    return _chosen(host, one)


def _chosen(host: Host, one: bool) -> Sequence[str]:
    chosen = pointed(host, one)
    if not chosen:
        host.tell("nothing is chosen: the pane is empty")
    return chosen


def pointed(host: Host, one: bool = False) -> Sequence[str]:
    """The ids of what is chosen, in whatever pane; empty, without a word, where nothing is. `one` as above. Raises
    NotDone while rows are being marked."""
    about, rows = host.thread.open_about, host.panes.rows
    if about or one:
        about = about or host.panes.pointed
        chosen = [about] if about else []
        marks = rows.marks
        others = len(marks) > 1 or (bool(marks) and host.panes.pane.identity(marks[0]) != about)
        host.session.passed_by = rows if others else None
        return chosen
    if host.session.marking:
        raise NotDone(f"not yet: marking {host.session.marking!r}")
    host.session.passed_by = None
    return Identities(rows.chosen(), host.panes.pane.identity)


def able(host: Host, chosen: Sequence[str], event: str) -> Sequence[str]:
    """Those of some replies and posts to which the event can happen: what a question is about.

    Raises WrongItemState where it can happen to none of them: nothing is to be asked then.
    """
    possible = host.desk.store.outgoing.numbers_in(TRANSITIONS[event])
    able_ids = _where(chosen, possible.__contains__)
    if able_ids:
        return able_ids
    several.check_possible(host.desk, chosen[0], event)
    return chosen


def check_each(host: Host, chosen: Sequence[str], event: str) -> None:
    """Raises WrongItemState for the first of some replies and posts to which the event can't happen."""
    possible = host.desk.store.outgoing.numbers_in(TRANSITIONS[event])
    for identity in _where(chosen, lambda number: number not in possible):
        several.check_possible(host.desk, identity, event)


def resting(host: Host, chosen: Sequence[str]) -> Sequence[str]:
    """Those of some replies and posts that are not sent by themselves: to give them a time is to publish them."""
    leaving = host.desk.store.outgoing.numbers_in(LEAVING)
    return _where(chosen, lambda number: number not in leaving)


def drafts(host: Host, chosen: Sequence[str]) -> Sequence[str]:
    """Those of some replies and posts that are drafts."""
    return _where(chosen, host.desk.store.outgoing.numbers_in([OutgoingState.DRAFT]).__contains__)


def _where(chosen: Sequence[str], wanted: Callable[[int], bool]) -> Sequence[str]:
    """Those of some ids whose numbers are wanted. It reads no record."""
    if isinstance(chosen, Identities):
        return chosen.where(wanted)
    return [identity for identity in chosen if wanted(ids.number(identity))]


def named(host: Host, identities: Sequence[str]) -> str:
    """What is asked about, in a few words."""
    return name_of(host.desk, identities[0]) if len(identities) == 1 else f"{len(identities)} items"


def again_question(host: Host, verb: str, identities: Sequence[str]) -> str:
    """What is asked before an undo or a redo that would schedule these items."""
    items = named(host, identities) if len(identities) == 1 else counted(identities)
    return f"{verb}: schedule {items} again?"


def point_to(host: Host, identities: Sequence[str]) -> None:
    """Puts the cursor on the first of these ids that has a row in its pane."""
    for identity in identities:
        row_id = identity
        if identity[:1] in (ids.CONVERSATION, ids.MENTION, ids.REPLY) and host.panes.pane.name == "mentions":
            try:
                row_id = resolve.conversation(host.services.store, identity).id
            except TriageError:
                continue
        elif identity[:1] not in (ids.REPLY, ids.VARIANT):
            continue
        if host.panes.rows.move_to_number(ids.number(row_id)):
            return


def repeat(host: Host, argument: str = "") -> None:
    """Does the last verb again, on what is chosen now."""
    if host.session.last_verb is None:
        host.tell("nothing to repeat yet")
        return
    command, value = host.session.last_verb
    host.run(host.action_of(command), value)
