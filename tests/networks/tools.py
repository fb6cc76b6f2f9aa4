"""What the tests of every network need: a clock, items as delivery hands them over, what a fetch brought."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.clock import SystemClock
from commtui.model.records import Act, ActKind, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import Batch, EventKind
from commtui.outgoing import acts
from tests.triage.desks import arrive

CLOCK = SystemClock()


def outgoing(
    network: str,
    text: str,
    in_reply_to: str | None = None,
    key: str | None = None,
    *,
    now: datetime | None = None,
    **more: Any,
) -> Outgoing:
    """A reply, or a post without `in_reply_to`, as delivery hands it over."""
    now = now or CLOCK.now()
    return Outgoing(
        id=ids.fresh(ids.REPLY if in_reply_to else ids.VARIANT),
        account="a-brand",
        network=network,
        text=text,
        state=OutgoingState.SENDING,
        created_at=now,
        key=key or ids.fresh("k"),
        in_reply_to_remote=in_reply_to,
        **{"scheduled_at": now, "sending_since": now, **more},
    )


def act(network: str, kind: ActKind, target: str, text: str = "", *, now: datetime | None = None, **extra: Any) -> Act:
    """An act as delivery hands it over."""
    now = now or CLOCK.now()
    return Act(
        id=ids.fresh(ids.ACT),
        account="a-brand",
        network=network,
        kind=kind,
        target=target,
        state=OutgoingState.SENDING,
        created_at=now,
        scheduled_at=now,
        text=text,
        extra=extra,
    )


async def fetched(network: Any, cursor: str | None = None, days: float = 30) -> list[Batch]:
    """All batches."""
    since = network.login.clock.now() - timedelta(days=days)
    return [batch async for batch in network.fetch(cursor, since)]


def of(batches: Iterable[Batch], kind: EventKind = EventKind.MENTION) -> list[Any]:
    """The items of that kind, in the order in which they came."""
    return [item for batch in batches for item in batch.items if item.kind is kind]


def reported(desk: Desk, remote_id: str, author_id: str, comment: str, **fields: Any) -> Act:
    """The act that the verb `report` makes about a mention that came in."""
    mention = arrive(desk, remote_id, author_id=author_id, **fields)
    acts.report(desk, mention.id, comment)
    return desk.store.all(Act)[-1]
