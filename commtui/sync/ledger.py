"""The one place where delivery writes. A write names its fields and is compared with the record as it is now.

Delivery works on a record that it read before it waited for a network. Meanwhile a person may have changed it. So no
record is put back whole: each method sets the fields of one step, in one transaction, if the record is still the one
that delivery read. If it is not, the person's change stands, the method returns None, and the next round works on the
new record. While an item is `sending` no verb changes it: then only the try is compared.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from msgspec.structs import replace

from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder
from commtui.model.clock import Clock
from commtui.model.records import Act, Activity, ActKind, Conversation, Media, Outgoing
from commtui.model.states import OutgoingState, Reason, transition
from commtui.networks.base import NetworkError, Sent
from commtui.networks.boundary import error_line
from commtui.store.errors import StoreError
from commtui.store.store import Store
from commtui.store.write import Write
from commtui.sync.backoff import backoff
from commtui.sync.due import items_sending

log = logging.getLogger("commtui.delivery")
TRIES_MOST = 20

Item = TypeVar("Item", bound=Outgoing | Act)
SENT_FROM = {
    OutgoingState.UNKNOWN: ("find",),
    OutgoingState.SCHEDULED: ("begin", "accept"),
    OutgoingState.RETRYING: ("begin", "accept"),
}
"""The events by which an item that turns out to be on the network already becomes `sent`."""


class Ledger:
    """The writes of delivery, for texts and acts of every account. One for each engine."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._unwritten: list[tuple[Outgoing | Act, str, dict[str, Any]]] = []
        """Outcomes that the store had no room for: they must be on disk before the next try."""

    # the steps of a try

    def begin(self, item: Item) -> Item | None:
        """Writes `sending` before anything leaves. Returns the record to send."""
        now = self.clock.now()
        since = item.sending_since or now
        return self._write(item, ("begin",), tries=item.tries + 1, sending_since=since, next_try_at=None, reason=None)

    def accept(self, item: Item, sent: Sent | None) -> Item | None:
        """The network has it, or has done it."""
        return self._write(item, ("accept",), **_sent_fields(item, sent))

    def accept_earlier_try(self, item: Outgoing, sent: Sent) -> Outgoing | None:
        """The network has it from a try whose answer was lost; it answers a retry that was asked for since."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if (
                current is None
                or current.state not in SENT_FROM
                or (current.text, current.key) != (item.text, item.key)
            ):
                log.warning("%s is out as %s, but was changed since: left so", item.id, sent.remote_id)
                return None
            return self._put(write, current, SENT_FROM[current.state], _sent_fields(current, sent), "find")

    def refuse(self, item: Item, error: NetworkError, reason: Reason | None = None) -> Item | None:
        """The network said no: the item is kept and waits for a person."""
        log.warning("%s was refused: %s", item.id, error)
        return self._write(item, ("refuse",), error=str(error), reason=reason, next_try_at=None)

    def try_later(self, item: Item, error: NetworkError) -> Item | None:
        """It did not arrive: tried again after a backoff that survives a restart; refused after TRIES_MOST tries."""
        if item.tries >= TRIES_MOST:
            return self.refuse(item, error, Reason.GIVEN_UP)
        wait = backoff(max(item.tries, 1), random.random(), error)
        log.info("%s waits %.0f s: %s", item.id, wait, error)
        return self.delay(item, str(error), self.clock.now() + timedelta(seconds=wait))

    def delay(self, item: Item, error: str, until: datetime) -> Item | None:
        """The next try is at `until`. A try that had not begun is counted here."""
        if item.state is OutgoingState.SENDING:
            return self._write(item, ("delay",), next_try_at=until, error=error)
        return self._write(item, (), next_try_at=until, error=error, tries=item.tries + 1)

    def lose(self, item: Outgoing, error: str | None, reason: Reason | None = None) -> Outgoing | None:
        """It may be out or not: `unknown`, to be read back at once."""
        return self._write(item, ("lose",), next_try_at=self.clock.now(), checks=0, error=error, reason=reason)

    # before a try

    def stop(self, item: Outgoing, event: str, reason: Reason) -> Outgoing | None:
        """A policy stops it: event `stop` (held) or `skip` (skipped)."""
        return self._write(item, (event,), reason=reason, next_try_at=None)

    def postpone(self, item: Outgoing, until: datetime) -> Outgoing | None:
        """Its turn comes later; nothing went wrong."""
        return self._write(item, (), next_try_at=until)

    def record_upload(self, item: Outgoing, media: Media, uploaded: Media) -> Outgoing | None:
        """Keeps the id of an uploaded file, so that no retry uploads it again; also where a person changed the rest."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if current is None:
                return None
            files = tuple(uploaded if file == media else file for file in current.media)
            saved = self._put(write, current, (), {"media": files})
            return saved if current == item else None

    # read-back

    def not_found(self, item: Outgoing) -> Outgoing | None:
        """The network does not have it: scheduled again, with the same key."""
        return self._write(item, ("miss",), next_try_at=self.clock.now(), checks=0, read_backs=0)

    def read_back_later(self, item: Outgoing, until: datetime, misses: int, error: str | None) -> Outgoing | None:
        """The next look is at `until`."""
        return self._write(item, (), next_try_at=until, checks=misses, read_backs=item.read_backs + 1, error=error)

    def ask_person(self, item: Outgoing, reason: Reason) -> Outgoing | None:
        """Nothing can tell whether it is out: it stays `unknown` until a person decides."""
        return self._write(item, (), next_try_at=None, reason=reason)

    # faults, restarts, full disks

    def recover(self) -> None:
        """Once, before an engine's first try: what is `sending` was left by an engine that was killed."""
        for item in items_sending(self.store):
            self._unsettled(item)

    def interrupted(self, item: Item) -> None:
        """The engine stops while the item is being sent."""
        self._unsettled(item)

    def fault(self, item: Item, fault: NetworkError) -> Outgoing | Act | None:
        """An error that nobody expected: the item waits as after an error of the network at the same moment."""
        current = self.store.get(type(item), item.id)
        if current is not None and current.state is OutgoingState.SENDING:
            return self.lose(current, str(fault)) if isinstance(current, Outgoing) else self.try_later(current, fault)
        if isinstance(item, Outgoing) and item.state is OutgoingState.UNKNOWN:
            wait = backoff(item.read_backs + 1, random.random())
            until = self.clock.now() + timedelta(seconds=wait)
            return self.read_back_later(item, until, item.checks, str(fault))
        return self.try_later(item, fault)

    def _unsettled(self, item: Outgoing | Act) -> None:
        """A try without an answer: a text may be out, an act is done again."""
        if isinstance(item, Outgoing):
            self.lose(item, None, Reason.STOPPED)
        else:
            self._write(item, ("delay",), next_try_at=self.clock.now(), error=None, reason=Reason.STOPPED)

    def write_pending(self) -> None:
        """Writes the outcomes that the store had no room for. Raises StoreError: nothing may be tried before."""
        while self._unwritten:
            item, event, fields = self._unwritten[0]
            self._compare_and_set(item, (event,), fields)
            del self._unwritten[0]

    # writing

    def _write(self, item: Item, events: tuple[str, ...], **fields: Any) -> Item | None:
        """The record after the change; None: it was changed since `item` was read, and was left alone."""
        try:
            return self._compare_and_set(item, events, fields)
        except StoreError:
            if item.state is OutgoingState.SENDING:
                self._unwritten.append((item, events[0], fields))
            raise

    def _compare_and_set(self, item: Item, events: tuple[str, ...], fields: Mapping[str, Any]) -> Item | None:
        with self.store.write() as write:
            current = write.get(type(item), item.id)
            if current is None or not _unchanged(current, item):
                log.info("%s was changed meanwhile (%s): left so", item.id, current.state if current else "gone")
                return None
            return self._put(write, current, events, fields)

    def _put(
        self, write: Write, current: Item, events: tuple[str, ...], fields: Mapping[str, Any], name: str = ""
    ) -> Item | None:
        """Sets fields and state of the current record. `name`: what the log calls it, if not the last event."""
        if fields.get("error"):
            fields = {**fields, "error": error_line(fields["error"])}
        state = current.state
        for event in events:
            state = transition(state, event)
        new = replace(current, state=state, **fields)
        write.put(new)
        if isinstance(new, Outgoing):
            self._reopen_conversation(write, new)
        elif state is OutgoingState.SENT:
            self._mirror(write, new)
        if events:
            self._log(write, name or events[-1], new)
        return write.get(type(current), current.id)

    def _reopen_conversation(self, write: Write, item: Outgoing) -> None:
        """A reply that was refused no longer answers its conversation."""
        if item.state is OutgoingState.FAILED and item.conversation:
            conversation = write.get(Conversation, item.conversation)
            if conversation is not None:
                reopen_unanswered(write, self.store, elder(self.store, conversation))

    def _mirror(self, write: Write, act: Act) -> None:
        """What an act did to a text of ours, on our copy of it."""
        item = write.get(Outgoing, act.of) if act.of else None
        if item is None:
            return
        if act.kind is ActKind.EDIT:
            write.put(replace(item, text=act.text))
        elif act.kind is ActKind.DELETE:
            write.put(replace(item, reason=Reason.DELETED))

    def _log(self, write: Write, event: str, item: Outgoing | Act) -> None:
        """One line for each change of state; the begin of an act is not worth one."""
        if isinstance(item, Act):
            if event == "begin":
                return
            event, ids = f"{item.kind.value} {event}", (item.id, *([item.of] if item.of else []))
        else:
            ids = (item.id,)
        write.log(
            Activity(
                op_id=uuid4().hex,
                at=self.clock.now(),
                who="commtui",
                verb=event,
                ids=ids,
                changes=tuple(write.changes),
                detail=item.reason or item.error or "",
            )
        )


def _unchanged(current: Outgoing | Act, item: Outgoing | Act) -> bool:
    """Whether the record is the one that delivery read."""
    if item.state is OutgoingState.SENDING:  # only the engine changes it now; intake may have moved its conversation
        return current.state is OutgoingState.SENDING and current.tries == item.tries
    return current == item


def _sent_fields(item: Outgoing | Act, sent: Sent | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"error": None, "next_try_at": None}
    if isinstance(item, Outgoing) and sent is not None:
        fields |= {
            "remote_id": sent.remote_id,
            "url": sent.url,
            "sent_at": sent.at,
            "reason": sent.note or None,
            "extra": {**item.extra, **sent.extra},
        }
    return fields
