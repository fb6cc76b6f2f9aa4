"""What the contract suite stands on: hooks that each network fills in, and tools for its tests."""

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
MOST_BATCHES: Final = 500


def picture() -> bytes:
    """A PNG of one red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


class Bench:
    """What a network's author fills in: `network`, and the three hooks that raise NotImplementedError here."""

    network: ClassVar[type[Network]]
    oldest_first: ClassVar[bool] = True
    """Whether a fetch brings what is older before what is newer, as everything of ours does."""
    wrong_token: ClassVar[str | None] = "wrong"  # noqa: S105  no secret: it is refused
    """A token that the server refuses; None where there is no such thing."""
    unknown_id: ClassVar[str] = "999999999999999999"
    """A well-formed remote_id that nothing has."""

    # -- hooks -----------------------------------------------------------------------------------------------------

    def make_login(self, token: str | None = None) -> Login:
        """A login for the account of ours; with `token` instead of its own, if one is given."""
        raise NotImplementedError

    def say(self, text: str, in_reply_to: str | None = None) -> str:
        """Somebody else mentions us, in answer to `in_reply_to` if given; the remote_id of what they wrote."""
        raise NotImplementedError

    def answers_to(self, remote_id: str) -> Sequence[str]:
        """The remote_ids of the direct answers to `remote_id`, as the other account sees them."""
        raise NotImplementedError

    def settle(self) -> None:
        """Waits until the server has worked off what it was told. Nothing by default."""

    # -- tools -----------------------------------------------------------------------------------------------------

    def run(self, job: Callable[[Network], Awaitable[T]], token: str | None = None) -> T:
        """Runs a job with a network made on the loop and closed at its end; the time limit ends what hangs."""

        async def whole() -> T:
            network = self.network(self.make_login(token))
            try:
                async with asyncio.timeout(60):
                    return await job(network)
            finally:
                await network.aclose()

        return asyncio.run(whole())

    def since(self) -> datetime:
        """Where a first sync begins."""
        return self.make_login().clock.now() - timedelta(days=FIRST_SYNC_DAYS)

    async def batches(self, network: Network, cursor: str | None = None) -> list[Batch]:
        """All batches after `cursor`; fails if they never end."""
        found: list[Batch] = []
        async for batch in network.fetch(cursor, self.since()):
            found.append(batch)
            assert len(found) < MOST_BATCHES, "a fetch that does not end"
        return found

    async def in_step(self, network: Network) -> str | None:
        """The cursor of a login that has seen everything."""
        found = await self.batches(network)
        return found[-1].cursor if found else None

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
        """Does the job where the login has the ability; where it has not, the job must raise Unsupported."""
        profile = await network.check()
        if getattr(profile.capabilities, ability):
            return await job()
        with pytest.raises(Unsupported):
            await job()
        return None


def mentions_in(batches: list[Batch]) -> list[Status]:
    """The mentions among what came; asserts that every item has what its kind promises."""
    items: list[Incoming] = [item for batch in batches for item in batch.items]
    found = [item for item in items if item.kind == EventKind.MENTION]
    assert all(item.status for item in found), "a mention without its status"
    assert all(item.remote_id or item.status for item in items if item.kind != EventKind.ENGAGEMENT)
    return [item.status for item in found if item.status]


def assert_sound(status: Status) -> None:
    """A record that the store can take."""
    assert isinstance(status.remote_id, str) and status.remote_id
    assert isinstance(status.text, str)
    assert status.author.startswith("@") and set("@.") & set(status.author[1:]), "neither @user@host nor @a.domain"
    assert status.author_id
    assert status.created_at.tzinfo is not None and status.created_at.utcoffset() is not None
    assert status.created_at.astimezone(UTC) > datetime(2000, 1, 1, tzinfo=UTC)
    assert status.in_reply_to is None or isinstance(status.in_reply_to, str)
    assert isinstance(status.visibility, Visibility)
