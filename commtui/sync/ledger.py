"""What became of an outgoing item, written down: each change of state is a line of the log; a person's change wins."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder
from commtui.model.records import Activity, Conversation, Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.networks.base import NetworkError, Refused, Sent
from commtui.store.store import Write
from commtui.sync.session import Session, backoff

log = logging.getLogger("commtui.delivery")
TRIES_MOST = 20


class Ledger:
    """The writing half of delivery, for one account."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.store = session.store

    def now(self) -> datetime:
        """The present moment."""
        return self.session.clock.now()

    def accept(self, item: Outgoing, sent: Sent, event: str = "accept") -> None:
        """The network has it."""
        self.session.sent += 1
        log.info("%s: %s is out as %s", self.session.account.name, item.id, sent.remote_id)
        self.put(
            item,
            event,
            remote_id=sent.remote_id,
            url=sent.url,
            sent_at=sent.at,
            error=None,
            reason=sent.note or None,
            next_try_at=None,
            extra={**item.extra, **sent.extra},
        )

    def refuse(self, item: Outgoing, error: NetworkError) -> None:
        """The network said no: the text stays, and waits for a person."""
        self.session.failed += 1
        log.warning("%s: %s was refused: %s", self.session.account.name, item.id, error)
        self.put(item, "refuse", error=str(error), next_try_at=None)

    def later(self, item: Outgoing, error: NetworkError) -> None:
        """It surely did not leave: again after a backoff that survives a restart."""
        if item.tries >= TRIES_MOST:
            self.refuse(item, Refused(f"given up after {item.tries} tries: {error}"))
            return
        wait = backoff(max(item.tries, 1), random.random(), error)
        at = self.now() + timedelta(seconds=wait)
        log.info("%s: %s waits %.0f s: %s", self.session.account.name, item.id, wait, error)
        if item.state is OutgoingState.SENDING:
            self.put(item, "delay", next_try_at=at, error=str(error))
        else:
            self.keep(replace(item, next_try_at=at, error=str(error), tries=item.tries + 1))

    def keep(self, item: Outgoing) -> None:
        """Writes progress that is no change of state; a person's change since wins."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if current is not None and current.state is item.state:
                write.put(item)

    def put(self, item: Outgoing, event: str, **fields: Any) -> None:
        """A change of state, in the log; a reply that falls out reopens its conversation."""
        with self.store.write() as write:
            current = write.get(Outgoing, item.id)
            if current is None or current.state is not item.state:
                log.info("%s is %s by now: left so", item.id, current.state if current else "gone")
                return
            new = replace(current, state=transition(current.state, event), **fields)
            write.put(new)
            if new.state is OutgoingState.FAILED:
                self._reopen(write, new)
            self.log(write, event, new)

    def _reopen(self, write: Write, item: Outgoing) -> None:
        held = self.store.get(Conversation, item.conversation) if item.conversation else None
        if held is not None:
            reopen_unanswered(write, self.store, elder(self.store, held))

    def log(self, write: Write, event: str, item: Outgoing) -> None:
        """A line of the log: what this write changed."""
        write.log(
            Activity(
                op_id=uuid4().hex,
                at=self.now(),
                who="commtui",
                verb=event,
                ids=(item.id,),
                changes=tuple(write.changes),
                detail=item.error or item.reason or "",
            )
        )
