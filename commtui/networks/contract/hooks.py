"""The hooks that a network's author implements for the contract suite, and the tools of its tests."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, TypeVar

import pytest

from commtui.model import ids
from commtui.model.abilities import Visibility
from commtui.model.records import Act, ActKind, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import (
    FIRST_SYNC_DAYS,
    Batch,
    EventKind,
    Incoming,
    Login,
    Network,
    Status,
    Unsupported,
)

T = TypeVar("T")
N = TypeVar("N", bound=Network)
MOST_BATCHES: Final = 500


def picture() -> bytes:
    """A PNG of one red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def run_on(kind: Callable[[Login], N], login: Login, job: Callable[[N], Awaitable[T]]) -> T:
    """Runs `job` on a loop of its own, with a network that is made there and closed at the end; at most 60 s."""

    async def run() -> T:
        network = kind(login)
        try:
            async with asyncio.timeout(60):
                return await job(network)
        finally:
            await network.aclose()

    return asyncio.run(run())


class Hooks:
    """Set `network`, and implement the three hooks that raise NotImplementedError."""

    network: ClassVar[type[Network]]
    oldest_first: ClassVar[bool] = True
    """Whether a fetch brings older items before newer ones, as our own networks do."""
    wrong_token: ClassVar[str | None] = "wrong"  # noqa: S105  no secret: it is refused
    """A token that the server refuses; None if there is none."""
    unknown_id: ClassVar[str] = "999999999999999999"
    """A well-formed remote_id that does not exist."""

    # -- hooks -----------------------------------------------------------------------------------------------------

    def make_login(self, token: str | None = None) -> Login:
        """A login for our account, with `token` in place of its own if one is given."""
        raise NotImplementedError

    def say(self, text: str, in_reply_to: str | None = None) -> str:
        """Lets the other account mention ours, in reply to `in_reply_to` if given; returns the remote_id."""
        raise NotImplementedError

    def answers_to(self, remote_id: str) -> Sequence[str]:
        """The remote_ids of the direct answers to `remote_id`, as the other account sees them."""
        raise NotImplementedError

    def settle(self) -> None:
        """Waits until the server has processed what it was sent. Does nothing by default."""

    # -- tools -----------------------------------------------------------------------------------------------------

    def run(self, job: Callable[[Network], Awaitable[T]], token: str | None = None) -> T:
        """Runs `job` with a network of the login, see `run_on`."""
        return run_on(self.network, self.make_login(token), job)

    def since(self) -> datetime:
        """The time at which a first sync begins."""
        return self.make_login().clock.now() - timedelta(days=FIRST_SYNC_DAYS)

    async def batches(self, network: Network, cursor: str | None = None) -> list[Batch]:
        """All batches after `cursor`; fails if they never end."""
        batches: list[Batch] = []
        async for batch in network.fetch(cursor, self.since()):
            batches.append(batch)
            assert len(batches) < MOST_BATCHES, "a fetch that does not end"
        return batches

    async def last_cursor(self, network: Network) -> str | None:
        """The cursor after everything that there is."""
        batches = await self.batches(network)
        return batches[-1].cursor if batches else None

    def reply_to(self, remote_id: str, text: str, key: str | None = None) -> Outgoing:
        """A reply as delivery hands it over."""
        return self.post(text, key, in_reply_to_remote=remote_id)

    def post(self, text: str, key: str | None = None, in_reply_to_remote: str | None = None) -> Outgoing:
        """A post as delivery hands it over, or a reply."""
        now = self.make_login().clock.now()
        return Outgoing(
            id=ids.fresh(ids.REPLY if in_reply_to_remote else ids.VARIANT),
            account=ids.account_id(self.network.name, "contract"),
            network=self.network.name,
            text=text,
            state=OutgoingState.SENDING,
            created_at=now,
            key=key or ids.fresh(ids.REPLY),
            in_reply_to_remote=in_reply_to_remote,
            visibility=Visibility.PUBLIC,
            scheduled_at=now,
            sending_since=now,
        )

    def act(self, kind: ActKind, target: str, text: str = "") -> Act:
        """An act as delivery hands it over."""
        now = self.make_login().clock.now()
        return Act(
            id=ids.fresh(ids.ACT),
            account=ids.account_id(self.network.name, "contract"),
            network=self.network.name,
            kind=kind,
            target=target,
            state=OutgoingState.SENDING,
            created_at=now,
            scheduled_at=now,
            text=text,
        )

    async def able(self, network: Network, ability: str, job: Callable[[], Awaitable[T]]) -> T | None:
        """Runs `job` if the login has the ability; else asserts that it raises Unsupported and returns None."""
        profile = await network.check()
        if getattr(profile.capabilities, ability):
            return await job()
        with pytest.raises(Unsupported):
            await job()
        return None


def mentions_in(batches: list[Batch]) -> list[Status]:
    """The statuses of the mentions in `batches`; asserts that every item has what its kind needs."""
    items: list[Incoming] = [item for batch in batches for item in batch.items]
    mentions = [item for item in items if item.kind == EventKind.MENTION]
    assert all(item.status for item in mentions), "a mention without its status"
    assert all(item.remote_id or item.status for item in items if item.kind != EventKind.ENGAGEMENT)
    return [item.status for item in mentions if item.status]


def assert_sound(status: Status) -> None:
    """Asserts that the store can hold the record."""
    assert isinstance(status.remote_id, str) and status.remote_id
    assert isinstance(status.text, str)
    assert status.author.startswith("@") and set("@.") & set(status.author[1:]), "neither @user@host nor @a.domain"
    assert status.author_id
    assert status.created_at.tzinfo is not None and status.created_at.utcoffset() is not None
    assert status.created_at.astimezone(UTC) > datetime(2000, 1, 1, tzinfo=UTC)
    assert status.in_reply_to is None or isinstance(status.in_reply_to, str)
    assert isinstance(status.visibility, Visibility)
