"""Where what a network gives enters: every string of it is cleaned here, whichever network it is, a plug-in's too.

Records are cleaned again when they are written (store/codec.py). Here it is done before anything is compared, shown or
logged, and here the secrets of this process are taken out, which a server may send back.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Collection, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, TypeVar, cast

from msgspec import MsgspecError, Struct, json
from msgspec.structs import replace

from commtui.model.abilities import Capabilities
from commtui.model.cleaning import NotText, cleaned
from commtui.model.length import COUNTINGS
from commtui.model.records import Act, Media, Outgoing
from commtui.model.text import clean, one_line, snippet
from commtui.networks import plugins
from commtui.networks.base import (
    Absence,
    AnswerLost,
    Batch,
    Incoming,
    Login,
    Malformed,
    Network,
    NetworkError,
    Profile,
    Seen,
    Sent,
    Thread,
)
from commtui.system.masking import UNMISTAKABLE, mask

log = logging.getLogger(__name__)

S = TypeVar("S", bound=Struct)
T = TypeVar("T")
MOST_OF_AN_ERROR = 500
"""Characters of an error's line."""


def connect(kind: type[Network], login: Login) -> Network:
    """The network of a login, behind the boundary: the only way in which one is made."""
    network = kind(login) if kind.name in plugins.OURS else _isolated(kind, login)
    return cast(Network, Boundary(network))  # its name is that of the instance, which it is made for


def _isolated(kind: type[Network], login: Login) -> Network:
    from commtui.networks.isolation import Isolated

    return Isolated(kind, login)


def error_line(error: object) -> str:
    """An error's words as one line that the store and a terminal can take: they may come from a server."""
    return snippet(one_line(clean(mask(_words(error)))), MOST_OF_AN_ERROR)


def _words(error: object) -> str:
    try:
        return str(error)
    except Exception as fault:  # noqa: BLE001 - an error's class may be a plug-in's, and raise anything
        return f"{type(error).__name__} (its words cannot be read: {type(fault).__name__})"


class Boundary:
    """A network whose answers are clean. What is no answer of the promised type is an error of the promised kind."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.name = network.name
        self.title = network.title
        self.capabilities: Capabilities = network.capabilities
        self.needs_token = network.needs_token

    async def check(self) -> Profile:
        profile = _answer(await _call(self._network.check()), Profile)
        if profile.limits.counting not in COUNTINGS:
            raise Malformed(f"the network counts texts by {profile.limits.counting!r}: {', '.join(COUNTINGS)}")
        return profile

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        async with aclosing(_each(self._network.fetch(cursor, since))) as batches:
            async for batch in batches:
                yield _batch(batch)

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        return _answer(await _call(self._network.thread(remote_id, most)), Thread)

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        return _answer(await _call(self._network.look_up(remote_ids)), Seen)

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        return _answer(await _call(self._network.send(item, media)), Sent, AnswerLost)

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence | None:
        found = await _call(self._network.find(item, taken))
        if isinstance(found, Absence):
            return _answer(found, Absence)
        return None if found is None else _answer(found, Sent)

    async def upload(self, media: Media) -> Media:
        return _answer(await _call(self._network.upload(media)), Media, AnswerLost)

    async def act(self, act: Act) -> Sent | None:
        done = await _call(self._network.act(act))
        return None if done is None else _answer(done, Sent, AnswerLost)

    async def stream(self) -> AsyncIterator[None]:
        async with aclosing(_each(self._network.stream())) as events:
            async for _ in events:
                yield None

    async def aclose(self) -> None:
        await _call(self._network.aclose())


async def _call(work: Awaitable[T]) -> T:
    """What a call gives; its errors of the network are cleaned."""
    try:
        return await work
    except NetworkError as error:
        raise _cleaned(error) from error.__cause__


async def _each(values: AsyncIterator[T]) -> AsyncGenerator[T]:
    """What an iterator of the network gives; it is closed at the end, and its errors are cleaned."""
    try:
        async for value in values:
            yield value
    except NetworkError as error:
        raise _cleaned(error) from error.__cause__
    finally:
        if isinstance(values, AsyncGenerator):
            await values.aclose()


def _cleaned(error: NetworkError) -> NetworkError:
    """The error, its words one clean line."""
    line = error_line(error)
    if _words(error) != line:
        error.args = (line,)
    return error


def _answer(value: Any, kind: type[S], wrong: type[NetworkError] = Malformed) -> S:
    """An answer of the promised kind, clean and without secrets. Raises `wrong` for anything else."""
    if not isinstance(value, kind):
        raise wrong(f"the network answered {type(value).__name__} instead of {kind.__name__}")
    try:
        return _without_secrets(cleaned(value))
    except (NotText, AttributeError, TypeError) as error:  # a plug-in's struct may hold anything
        raise wrong(f"the network answered a {kind.__name__} that cannot be read: {error_line(error)}") from error


def _batch(batch: Any) -> Batch:
    """A batch, clean. An item that cannot be read is left out, counted and logged."""
    if not isinstance(batch, Batch):
        raise Malformed(f"the network gave {type(batch).__name__} instead of a batch")
    items: list[Incoming] = []
    skipped = 0
    for item in batch.items:
        try:
            items.append(_answer(item, Incoming))
        except Malformed as error:
            skipped += 1
            log.warning("skipped a malformed item: %s", error)
    cursor = None if batch.cursor is None else mask(batch.cursor, UNMISTAKABLE)
    return cleaned(replace(batch, items=tuple(items), cursor=cursor, skipped=batch.skipped + skipped))


def _without_secrets(record: S) -> S:
    """The record without secrets of this process that are too long to be anybody's word."""
    raw = json.encode(record)
    text = raw.decode()
    masked = mask(text, UNMISTAKABLE)
    if masked == text:
        return record
    try:
        return json.decode(masked, type=type(record))
    except MsgspecError as error:
        raise Malformed("an answer with a secret of ours in it that cannot be read") from error
