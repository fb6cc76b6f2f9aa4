"""The one place where delivery writes. A write names its fields and is compared with the record as it is now.

Delivery works on a record that it read before it waited for a network. Meanwhile a person may have changed it. So no
record is put back whole: each method sets the fields of one step, in one transaction, if the record is still the one
that delivery read. If it is not, the person's change stands, the method returns None, and the next round works on the
new record. While an item is `sending` no verb changes it: then only the try is compared.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec.structs import replace

from commtui.model.clock import Clock
from commtui.model.records import Act, ActKind, LookAlike, Media, Outgoing
from commtui.model.states import OutgoingState, Reason, transition
from commtui.networks.base import NetworkError, Sent
from commtui.networks.boundary import error_line
from commtui.outgoing.campaign_answers import name_campaign
from commtui.outgoing.dating import learn_dates
from commtui.store.errors import StoreError
from commtui.store.store import Store
from commtui.store.write import Write
from commtui.sync.backoff import backoff
from commtui.sync.consequences import log_step, mark_answered, mirror, renamed, reopen_conversation

log = logging.getLogger("commtui.delivery")
GIVE_UP_AFTER = timedelta(days=7)
"""For how long what provably did not arrive is tried again."""

SEEN_AGAIN = frozenset((ActKind.REPORT,))
"""Acts of which a repeat is another one."""

Item = TypeVar("Item", bound=Outgoing | Act)
SENT_FROM = {
    OutgoingState.SENDING: ("accept",),
    OutgoingState.UNKNOWN: ("find",),
    OutgoingState.SCHEDULED: ("begin", "accept"),
    OutgoingState.RETRYING: ("begin", "accept"),
}
"""The events by which an item that turns out to be on the network already becomes `sent`."""


class Ledger:
    """The writes of delivery, for texts and acts of every account. One for each engine."""

    def __init__(self, store: Store, clock: Clock, engine: str = "") -> None:
        self.store = store
        self.clock = clock
        self.engine = engine
        """The name of the engine that writes here (flights.py)."""
        self._unwritten: list[tuple[Outgoing | Act, str, dict[str, Any]]] = []
        """Outcomes that the store had no room for: they must be on disk before the next try."""

    # the steps of a try

    def begin(self, item: Item) -> Item | None:
        """Writes `sending` before anything leaves. Returns the record to send."""
        fields = {"tries": item.tries + 1, "sending_since": self.clock.now(), "engine": self.engine}
        return self._write(item, ("begin",), next_try_at=None, reason=None, **fields)

    def accept(self, item: Outgoing, sent: Sent) -> Outgoing | None:
        """The network has it. If another item of ours is that text already, the answer is none: `unknown`."""
        if is_anothers(self.store, item, sent):
            return self.lose(item, None, Reason.ANOTHERS)
        accepted = self._write(item, ("accept",), **_sent_fields(item, sent))
        # another engine took this try for lost meanwhile
        return accepted or self.accept_earlier_try(item, sent)

    def accept_act(self, act: Act, sent: Sent | None) -> Act | None:
        """The network has done it. `sent`: the text as an edit left it."""
        return self._write(act, ("accept",), **_sent_fields(act, sent))

    def accept_earlier_try(self, item: Outgoing, sent: Sent) -> Outgoing | None:
        """The network has it from a try whose answer was lost; it answers a retry that was asked for since."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if (
                current is None
                or current.state not in SENT_FROM
                or (current.text, current.key) != (item.text, item.key)
                or is_anothers(self.store, item, sent)
            ):
                log.warning("%s is out as %s, but was changed since: left so", item.id, sent.remote_id)
                return None
            return self._put(write, current, SENT_FROM[current.state], _sent_fields(current, sent), "find")

    def refuse(self, item: Item, error: NetworkError, reason: Reason | None = None) -> Item | None:
        """The network said no: the item is kept and waits for a person."""
        log.warning("%s was refused: %s", item.id, error)
        return self._write(item, ("refuse",), error=str(error), reason=reason, next_try_at=None)

    def try_later(self, item: Item, error: NetworkError) -> Item | None:
        """It did not arrive: tried again after a backoff that survives a restart, until none has for GIVE_UP_AFTER."""
        now = self.clock.now()
        if item.failing_since is not None and now - item.failing_since > GIVE_UP_AFTER:
            return self.refuse(item, error, Reason.GIVEN_UP)
        wait = backoff(max(item.tries, 1), random.random(), error)
        log.info("%s waits %.0f s: %s", item.id, wait, error)
        return self.delay(item, str(error), now + timedelta(seconds=wait))

    def delay(self, item: Item, error: str, until: datetime) -> Item | None:
        """The next try is at `until`. A try that had not begun is counted here."""
        since = item.failing_since or self.clock.now()
        if item.state is OutgoingState.SENDING:
            return self._write(item, ("delay",), next_try_at=until, error=error, failing_since=since)
        return self._write(item, (), next_try_at=until, error=error, failing_since=since, tries=item.tries + 1)

    def lose(self, item: Outgoing, error: str | None, reason: Reason | None = None) -> Outgoing | None:
        """It may be out or not: `unknown`, to be read back at once."""
        return self._write(item, ("lose",), error=error, **self._doubt(item, reason))

    def lose_act(self, act: Act, error: str | None) -> Act | None:
        """It may be done or not, and to do it again would be seen: a person decides."""
        return self._write(act, ("lose",), next_try_at=None, error=error, reason=Reason.UNANSWERED)

    def _doubt(self, item: Outgoing, reason: Reason | None) -> dict[str, Any]:
        """The fields of an item one more of whose tries may have arrived."""
        return {
            "doubts": item.doubts + 1,
            "doubtful_since": item.doubtful_since or item.sending_since,
            "resend": False,
            "read_backs": 0,
            "look_alikes": (),
            "next_try_at": self.clock.now(),
            "failing_since": None,
            "reason": reason,
        }

    # before a try

    def stop(self, item: Outgoing, event: str, reason: Reason) -> Outgoing | None:
        """A policy stops it: event `stop` (held) or `skip` (skipped)."""
        return self._write(item, (event,), reason=reason, next_try_at=None)

    def cut(self, item: Outgoing, parts: Sequence[Outgoing]) -> Outgoing | None:
        """It becomes the first of the posts of a thread, and the others are scheduled after it. Returns the first."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if current is None or not _unchanged(current, item):
                log.info("%s was changed meanwhile (%s): left so", item.id, current.state if current else "gone")
                return None
            for part in parts[1:]:
                write.put(part)
            return self._put(write, current, (), {"text": parts[0].text, "extra": parts[0].extra})

    def continues(self, item: Outgoing, remote_id: str) -> Outgoing | None:
        """The post before it in its thread is out as `remote_id`: that is what it answers."""
        return self._write(item, (), in_reply_to_remote=remote_id)

    def postpone(self, item: Item, until: datetime) -> Item | None:
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

    def not_there(self, item: Outgoing) -> Outgoing | None:
        """It is proven not to be there: scheduled again, with the same key."""
        return self._write(item, ("miss",), next_try_at=self.clock.now(), reason=None, look_alikes=())

    def doubt_again(self, item: Outgoing, reason: Reason, alike: tuple[LookAlike, ...]) -> Outgoing | None:
        """It was to be sent again, but is no longer proven not to be there."""
        return self._write(item, ("doubt",), next_try_at=self.clock.now(), reason=reason, look_alikes=alike)

    def stay_unknown(
        self, item: Outgoing, until: datetime | None, reason: str | None, alike: tuple[LookAlike, ...], error: object
    ) -> Outgoing | None:
        """It stays `unknown`. The next look is at `until`; None: there is none, a person decides."""
        fields = {"read_backs": item.read_backs + 1, "look_alikes": alike, "error": error and str(error)}
        return self._write(item, (), next_try_at=until, reason=reason, **fields)

    def supersede(self, act: Act) -> Act | None:
        """A later edit of the same text takes its place."""
        return self._write(act, ("supersede",), next_try_at=None, error=None, reason=Reason.SUPERSEDED)

    # faults, interrupted tries, full disks

    def fault(self, item: Item, fault: NetworkError) -> Outgoing | Act | None:
        """An error that nobody expected: the item waits as after an error of the network at the same moment."""
        current = self.store.get(type(item), item.id)
        if current is not None and current.state is OutgoingState.SENDING:
            return self.lose(current, str(fault)) if isinstance(current, Outgoing) else self.retry_act(current, fault)
        if isinstance(item, Outgoing) and item.state is OutgoingState.UNKNOWN:
            wait = backoff(item.read_backs + 1, random.random())
            until = self.clock.now() + timedelta(seconds=wait)
            return self.stay_unknown(item, until, item.reason, item.look_alikes, str(fault))
        return self.try_later(item, fault)

    def unsettled(self, item: Outgoing | Act, reason: Reason) -> None:
        """A try that ended without an answer: a text may be out, an act is done again if that harms nobody."""
        if isinstance(item, Outgoing):
            self.lose(item, None, reason)
        elif item.kind in SEEN_AGAIN:
            self.lose_act(item, None)
        else:
            self._write(item, ("delay",), next_try_at=self.clock.now(), error=None, reason=reason)

    def retry_act(self, act: Act, error: NetworkError) -> Act | None:
        """An act that may be done already is done again later, if that harms nobody."""
        return self.lose_act(act, str(error)) if act.kind in SEEN_AGAIN else self.try_later(act, error)

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
            reopen_conversation(self.store, write, new)
            if state is OutgoingState.SENT:
                mark_answered(self.store, write, new)
                name_campaign(self.store, write, new)
                learn_dates(write, new)
        elif state is OutgoingState.SENT:
            mirror(self.store, write, new)
        if events:
            log_step(write, name or events[-1], new, self.clock.now())
        return write.get(type(current), current.id)


def is_anothers(store: Store, item: Outgoing, sent: Sent) -> bool:
    """Whether another item of this account is out as that text."""
    others = store.outgoing.with_remote_id(sent.remote_id)
    return any(other.account == item.account and other.id != item.id for other in others)


def _unchanged(current: Outgoing | Act, item: Outgoing | Act) -> bool:
    """Whether the record is the one that delivery read."""
    if item.state is OutgoingState.SENDING:  # only the engine changes it now; intake may have moved its conversation
        return current.state is OutgoingState.SENDING and current.tries == item.tries
    return current == item


def _sent_fields(item: Outgoing | Act, sent: Sent | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"error": None, "next_try_at": None, "failing_since": None}
    if sent is None:
        return fields
    if isinstance(item, Act):
        return {**fields, "extra": {**item.extra, **renamed(item, sent)}}
    return {
        **fields,
        "look_alikes": (),
        "remote_id": sent.remote_id,
        "url": sent.url,
        "sent_at": sent.at,
        "reason": sent.note or None,
        "extra": {**item.extra, **sent.extra},
    }
