"""What became of replies, posts and acts, on the message line: a countdown that is over, and each failure once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commtui.activity import resolve
from commtui.activity.errors import TriageError
from commtui.model import ids
from commtui.model.records import Act, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.sentences.leaving import soon
from commtui.sentences.reasons import why
from commtui.sentences.steps import DONE
from commtui.sentences.undone import counted
from commtui.ui.host import Host
from commtui.ui.keys.table import BY_ID
from commtui.ui.own_store import FEW
from commtui.ui.text.names import answered_author, name_of, without_host
from commtui.ui.widgets.status_bar import Pending

ACTS_READ: Final = 100
_ON_ITS_WAY: Final = (OutgoingState.SCHEDULED, OutgoingState.SENDING, OutgoingState.RETRYING, OutgoingState.UNKNOWN)


class OutcomeWatch:
    """It owns which failures were shown, and how many of what the message speaks of are out."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._failures: set[str] = set()
        self._counted: tuple[str, ...] = ()
        """The ids that `_sent` is counted for."""
        self._sent: set[str] = set()

    # replies and posts

    def see(self, numbers: set[int] | None) -> None:
        """Looks at replies and posts that changed; None where the store can't tell which."""
        store, pending = self._host.desk.store, self._host.status.pending
        if numbers is None:
            items = [store.get(Outgoing, identity) for identity in pending.ids] if pending else []
        else:
            items = [store.at(Outgoing, number) for number in sorted(self._told_of(numbers))]
        for item in filter(None, items):
            if item.state is OutgoingState.FAILED:
                self._tell_failure(item)
                continue
            self._failures.discard(item.id)
            pending = self._spoken_of((item.id, item.conversation))
            if pending is not None:
                self._tell(item, pending)

    def _told_of(self, numbers: set[int]) -> Iterable[int]:
        """Those of many that something is said of: what failed, what had failed, and what the message speaks of."""
        if len(numbers) <= FEW:
            return numbers
        store, pending = self._host.desk.store, self._host.status.pending
        spoken_of = {ids.number(item) for item in self._failures}
        for item in pending.ids if pending else ():
            if item[:1] == ids.CONVERSATION:
                spoken_of.update(ids.number(reply.id) for reply in store.outgoing.of_conversation(item))
            else:
                spoken_of.add(ids.number(item))
        failed = numbers & store.outgoing.numbers_in([OutgoingState.FAILED])
        return {*(numbers & spoken_of), *sorted(failed)[:FEW]}

    def _tell(self, item: Outgoing, pending: Pending) -> None:
        """Says in place of the message what became of the item."""
        status, state = self._host.status, item.state
        if state is OutgoingState.SCHEDULED:
            if len(pending.ids) == 1 and pending.due not in (None, item.scheduled_at):
                status.forget()  # it was given another time elsewhere
        elif len(pending.ids) > 1 and state in (OutgoingState.SENDING, OutgoingState.SENT):
            if state is OutgoingState.SENT:
                status.tell(f"sent: {self._share(item.id, pending)}", pending=Pending(pending.ids))
        elif state is OutgoingState.SENT:
            self._tell_sent(item)
        elif state in _ON_ITS_WAY:
            self._tell_waiting(item)
        elif state in (OutgoingState.HELD, OutgoingState.SKIPPED) and why(item):
            way = f"{self._host.key_of('snooze')} on it: another time"
            if state is OutgoingState.HELD:
                way = f"{self._way('release')} sends it"
            status.tell(f"{state.value}: {self._name(item)}: {why(item)}; {way}", bad=True)
        else:
            status.forget()

    def _tell_sent(self, item: Outgoing) -> None:
        host = self._host
        link = f"; {host.key_of('open-link')}: open link" if item.url else ""
        author = answered_author(host.desk, item)
        name = f"to {without_host(author)}" if author else name_of(host.desk, item.id)
        host.status.tell(f"sent {name}{link}", link=item.id if item.url else "")

    def _tell_waiting(self, item: Outgoing) -> None:
        """Says of what is on its way how far it is."""
        name, again, ids = self._name(item), item.next_try_at, (item.id,)
        if item.state is OutgoingState.SENDING:
            self._host.status.tell(f"sending: {name}", pending=Pending(ids))
            return
        reason = why(item) or "no answer"
        if item.state is OutgoingState.UNKNOWN and again is None:
            self._host.status.tell(f"not known whether it is out: {name}: {reason}", bad=True, pending=Pending(ids))
            return

        def words() -> str:
            if item.state is OutgoingState.UNKNOWN:
                return f"not known yet whether it is out: {name}; the network is asked again"
            when = f"; next try {soon(again, self._host.desk.now)}" if again else ""
            return f"not sent yet: {name}: {reason}{when}"

        due = again if item.state is OutgoingState.RETRYING else None
        self._host.status.tell(words(), pending=Pending(ids, due, words))

    def _tell_failure(self, item: Outgoing) -> None:
        if item.id not in self._failures:
            self._failures.add(item.id)
            reason = why(item) or "no reason given"
            self._host.status.tell_surely(f"{self._name(item)} failed: {reason}; {self._way('retry')} tries again")

    def _name(self, item: Outgoing) -> str:
        desk = self._host.desk
        author = answered_author(desk, item)
        return f"reply to {without_host(author)}" if author else f"post {name_of(desk, item.id)}"

    # acts

    def see_acts(self, numbers: set[int] | None) -> None:
        """Looks at acts that changed, of many at some."""
        desk = self._host.desk
        for number in sorted(numbers or ())[:ACTS_READ]:
            act = desk.store.at(Act, number)
            if act is None:
                continue
            if act.state is OutgoingState.FAILED:
                reason = why(act) or "no reason given"
                self._host.tell(f"{name_of(desk, act.id)} failed: {reason}; {self._way('retry')} tries again", bad=True)
                continue
            mention = desk.store.get(Mention, act.of) if act.of else None
            pending = self._spoken_of((act.id, act.of, mention.conversation if mention else None))
            if pending is None:
                continue
            if act.state is OutgoingState.SENT:
                done = DONE.get(act.kind.value, f"done: {act.kind.value}")
                self._host.status.tell(f"{done} {self._whom(act)}", pending=Pending(pending.ids))
            elif act.state not in _ON_ITS_WAY:
                self._host.status.forget()

    def _whom(self, act: Act) -> str:
        desk = self._host.desk
        try:
            author = resolve.handle(desk.store, act.id)
        except TriageError:  # what it is about was removed since
            author = ""
        return without_host(author) if author else name_of(desk, act.of) if act.of else ""

    # both

    def _spoken_of(self, ids: Iterable[str | None]) -> Pending | None:
        """What the message speaks of, if one of these ids is among it."""
        status = self._host.status
        pending = status.pending if status.message else None
        return pending if pending is not None and not set(pending.ids).isdisjoint(ids) else None

    def _share(self, item: str, pending: Pending) -> str:
        """How many of what the message speaks of are out: `3 of 26 replies`."""
        if pending.ids != self._counted:
            self._counted, self._sent = pending.ids, set()
        self._sent.add(item)
        done, whole = len(self._sent), counted(pending.ids)
        return whole if done == len(pending.ids) else f"{done} of {whole}"

    def _way(self, command: str) -> str:
        """The keys that do a command of the leader's menu to the row of what is spoken of."""
        return f"{self._host.key_of('leader')} {BY_ID[command].leader} on it"
