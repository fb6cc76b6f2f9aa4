"""Out to the network, exactly once: intent on disk before anything leaves, the same key at every try,
and a lost answer is read back before a second one.

Only the holder of the engine lock runs this. It decides by the store alone, so that killing it changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.activity.resolve import elder
from commtui.community import intake, joining
from commtui.model.clock import to_iso
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.networks.base import (
    AnswerLost,
    Gone,
    LoginRefused,
    Malformed,
    Network,
    Refused,
    Sent,
    Status,
    Thread,
    Unreachable,
    Unsupported,
)
from commtui.sync.ledger import Ledger
from commtui.sync.readback import read_back
from commtui.sync.session import Session

log = logging.getLogger("commtui.delivery")
LATE_SPACING = timedelta(seconds=30)
"""Between late posts of one account: a restart never bursts."""


class Delivery:
    """One account's outgoing texts."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.store = session.store
        self.ledger = Ledger(session)
        self._last_late: datetime | None = None

    def now(self) -> datetime:
        """The present moment."""
        return self.session.clock.now()

    def due(self) -> list[Outgoing]:
        """What is to be done now, the longest due first."""
        found = []
        now = to_iso(self.now())
        for number in self.store.ordered(Outgoing, "_work", "due", "_due"):
            document = self.store.document("outgoing", number)
            if document is None:
                continue
            if document["_due"] > now:
                break
            item = self.store.at(Outgoing, number)
            if item is not None and item.account == self.session.account.id:
                found.append(item)
        return found

    def next_due(self) -> datetime | None:
        """When there is something to do next; None: nothing waits."""
        for number in self.store.ordered(Outgoing, "_work", "due", "_due"):
            item = self.store.at(Outgoing, number)
            if item is not None and item.account == self.session.account.id:
                return item.next_try_at or item.scheduled_at or item.created_at
        return None

    def recover(self) -> None:
        """What a killed engine left `sending` may be out or not: it is read back first."""
        for state in ("community", "marketing"):
            for item in self.store.sorted(Outgoing, "_state", f"{state}:sending", "_at"):
                if item.account == self.session.account.id:
                    self.ledger.put(item, "lose", next_try_at=self.now(), error="commtui ended while it was being sent")

    async def round(self) -> None:
        """Does all that is due. Raises LoginRefused: the items wait for the account."""
        for item in self.due():
            current = self.store.get(Outgoing, item.id)
            if current is None or current.state is not item.state:
                continue
            if current.state is OutgoingState.UNKNOWN:
                await read_back(self.ledger, current)
            else:
                await self._send(current)

    # sending

    async def _send(self, item: Outgoing) -> None:
        if self._stopped_as_late(item):
            return
        try:
            network = await self.session.open()
            if item.conversation and not item.force and await self._is_answered(network, item):
                return
            item = await self._upload(network, item)
        except LoginRefused:
            raise
        except (Unreachable, AnswerLost, Malformed) as error:
            self.ledger.later(item, error)
            return
        except Refused as error:
            self.ledger.refuse(item, error)
            return
        begun = self._begin(item)
        if begun is None:
            return
        try:
            sent = await network.send(begun, begun.media)
        except asyncio.CancelledError:
            self.ledger.put(begun, "lose", next_try_at=self.now(), error="commtui was stopped while it was being sent")
            raise
        except LoginRefused as error:
            self.ledger.put(begun, "delay", next_try_at=self.now(), error=str(error))
            raise
        except Unreachable as error:
            self.ledger.later(begun, error)
        except Refused as error:
            self.ledger.refuse(begun, error)
        except (AnswerLost, Malformed) as error:
            log.warning("%s: the answer to sending %s was lost: %s", self.session.account.name, begun.id, error)
            self.ledger.put(begun, "lose", next_try_at=self.now(), checks=0, error=str(error))
            lost = self.store.get(Outgoing, begun.id)
            if lost is not None and lost.state is OutgoingState.UNKNOWN:
                await read_back(self.ledger, lost)
        else:
            self.ledger.accept(begun, sent)

    def _stopped_as_late(self, item: Outgoing) -> bool:
        """The late policy of what is past its time, and the pause between late posts."""
        span = self.session.settings().overdue_post
        if item.conversation or item.hold_window or item.scheduled_at is None or item.scheduled_at > self.now() - span:
            return False
        if item.late == "hold":
            self.ledger.put(item, "stop", reason="late", next_try_at=None)
            return True
        if item.late == "skip":
            self.ledger.put(item, "skip", reason="late", next_try_at=None)
            return True
        if self._last_late is not None and self.now() < self._last_late + LATE_SPACING:
            self.ledger.keep(replace(item, next_try_at=self._last_late + LATE_SPACING))
            return True
        self._last_late = self.now()
        return False

    async def _is_answered(self, network: Network, item: Outgoing) -> bool:
        """Looks at the thread again: a newer answer of ours, written elsewhere, holds this one."""
        if item.in_reply_to_remote is None:
            return False
        try:
            thread = await network.thread(item.in_reply_to_remote)
        except Unsupported:
            return False
        except Gone as error:
            self.ledger.refuse(item, Gone(f"what it answers is gone: {error}"))
            return True
        if thread.status is not None and thread.status.edited:  # an edit may have told nobody
            with self.store.write() as write:
                intake.edited(self.store, write, self.session.owner, thread.status, self.now())
                passive_log.came(write, self.now(), passive_log.ARRIVE, (), self.session.account.name)
        newer = self._newer_answer(thread, item)
        if newer is None:
            return False
        text = item.text.strip()
        if item.tries and text and newer.text.strip().endswith(text):  # an earlier try that came through late
            begun = self._begin(item)
            if begun is not None:
                self.ledger.accept(begun, Sent(newer.remote_id, newer.url, newer.created_at))
            return True
        held = self.store.get(Conversation, item.conversation or "")
        with self.store.write() as write:
            if held is not None:
                joining.keep_context(self.store, write, self.session.owner, elder(self.store, held).id, newer)
        self.ledger.put(item, "stop", reason="newer answer", next_try_at=None)
        return True

    def _newer_answer(self, thread: Thread, item: Outgoing) -> Status | None:
        """An answer of ours to the same mention that this home neither wrote nor is about to send."""
        siblings = self.store.find(Outgoing, "conversation", item.conversation)
        known = {each.remote_id for each in siblings if each.remote_id}
        doubtful = tuple(each.text.strip() for each in siblings if each.state is OutgoingState.UNKNOWN and each.text)
        mention = self.store.get(Mention, item.in_reply_to or "")
        after = mention.created_at if mention else item.created_at
        for status in thread.descendants:
            if not status.ours or status.remote_id in known or status.created_at < after:
                continue
            if status.in_reply_to != item.in_reply_to_remote:
                continue
            if status.text.strip().endswith(doubtful):  # networks put the author's handle before it
                continue
            return status
        return None

    async def _upload(self, network: Network, item: Outgoing) -> Outgoing:
        for index, media in enumerate(item.media):
            if media.remote_id is None:
                done = await network.upload(media)
                item = replace(item, media=(*item.media[:index], done, *item.media[index + 1 :]))
                self.ledger.keep(item)
        return item

    def _begin(self, item: Outgoing) -> Outgoing | None:
        """Writes `sending` before anything leaves; None if a person changed the item meanwhile."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if current is None or current.state is not item.state or current.text != item.text:
                return None
            begun = replace(
                current,
                state=transition(current.state, "begin"),
                media=item.media,
                tries=current.tries + 1,
                sending_since=current.sending_since or self.now(),
                next_try_at=None,
            )
            write.put(begun)
            self.ledger.log(write, "begin", begun)
            return begun
