"""A plug-in's network in a thread of its own, with a loop of its own: whatever it does there, the engine goes on.

Each call has a time limit. A plug-in whose loop stands still is set apart: its thread is left alone, what was asked
fails, and the next call begins with a new thread. A call that raises SystemExit or cancels itself is a fault like any.
What no thread can keep from the others is code that ends the process (os._exit; see plugin_ends.py) or holds the
interpreter in C.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Coroutine, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec

from commtui.model.abilities import Capabilities
from commtui.model.records import Act, Media, Outgoing
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
    Unreachable,
)
from commtui.networks.plugin_thread import ABANDONED_MOST, Worker, abandoned

log = logging.getLogger(__name__)
T = TypeVar("T")
BEAT = 1.0
"""Seconds between two looks whether the plug-in's loop turns."""
BLOCKED_BEATS = 10
"""Looks without an answer after which it stands still."""
CALL_BEATS, UPLOAD_BEATS, CLOSE_BEATS = 120, 900, 5
"""The longest calls, in looks."""


class Isolated:
    """A network as the engine sees it; see `networks.base.Network`. Results are checked before they are used."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    capabilities: ClassVar[Capabilities] = Capabilities()
    needs_token: ClassVar[bool] = False

    def __init__(self, kind: type[Network], login: Login) -> None:
        self._kind, self._login = kind, login
        self._worker: Worker | None = None

    async def check(self) -> Profile:
        return _checked(await self._call("check", lambda network: network.check()), Profile)

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        return _checked(await self._call("thread", lambda network: network.thread(remote_id, most)), Thread)

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        return _checked(await self._call("look_up", lambda network: network.look_up(remote_ids)), Seen)

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        sent = await self._call("send", lambda network: network.send(item, media), lost=True)
        return _checked(sent, Sent, AnswerLost)

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence | None:
        found = await self._call("find", lambda network: network.find(item, taken))
        if isinstance(found, Absence):
            return _checked(found, Absence)
        return None if found is None else _checked(found, Sent)

    async def upload(self, media: Media) -> Media:
        uploaded = await self._call("upload", lambda network: network.upload(media), beats=UPLOAD_BEATS)
        return _checked(uploaded, Media, AnswerLost)

    async def act(self, act: Act) -> Sent | None:
        sent = await self._call("act", lambda network: network.act(act), lost=True)
        return None if sent is None else _checked(sent, Sent, AnswerLost)

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        batches = self._each("fetch", lambda network: network.fetch(cursor, since), CALL_BEATS)
        async with aclosing(batches):
            async for batch in batches:
                yield _checked_batch(batch)

    async def stream(self) -> AsyncIterator[None]:
        events = self._each("stream", lambda network: network.stream(), None)
        async with aclosing(events):
            async for _ in events:
                yield None

    async def aclose(self) -> None:
        """Closes it, in a few seconds at most."""
        worker, self._worker = self._worker, None
        if worker is None or worker.is_abandoned:
            return
        try:
            await self._call("aclose", lambda network: network.aclose(), CLOSE_BEATS, worker=worker)
        finally:
            if not worker.is_abandoned:
                worker.stop()

    async def _each(self, method: str, begin: Callable[[Network], Any], beats: int | None) -> AsyncGenerator[Any, None]:
        """What an asynchronous iterator of the plug-in's gives; `beats`: the limit of each step, None for none."""
        iterator: Any = None

        async def step(network: Network) -> tuple[Any, bool]:
            nonlocal iterator
            if iterator is None:
                iterator = begin(network).__aiter__()
            try:
                return await iterator.__anext__(), True
            except StopAsyncIteration:
                return None, False

        async def close(network: Network) -> None:
            if hasattr(iterator, "aclose"):
                await iterator.aclose()

        worker = self._begun()
        try:
            while True:
                value, is_one = await self._call(method, step, beats, worker=worker)
                if not is_one:
                    return
                yield value
        finally:
            if iterator is not None and not worker.is_abandoned:
                try:
                    await self._call(method, close, CLOSE_BEATS, worker=worker)
                except NetworkError as error:
                    log.warning("%s", error)

    def _begun(self) -> Worker:
        """The worker, begun where there is none. Raises Unreachable where too many stand still."""
        if self._worker is None or self._worker.is_abandoned:
            if abandoned[self._kind.name] >= ABANDONED_MOST:
                raise Unreachable(f"the plug-in {self._kind.name!r} stands still: set apart until commtui starts again")
            self._worker = Worker(self._kind, self._login)
            # one that nobody closes ends with the last reference to it
            weakref.finalize(self, self._worker.stop).atexit = False
        return self._worker

    async def _call(
        self,
        method: str,
        work: Callable[[Network], Coroutine[Any, Any, T]],
        beats: int | None = CALL_BEATS,
        *,
        lost: bool = False,
        worker: Worker | None = None,
    ) -> T:
        """Raises what the plug-in raises, and Unreachable (AnswerLost with `lost`) where it takes too long."""
        worker = worker or self._begun()
        asked = worker.ask(work, method)
        waiting = asyncio.wrap_future(asked)
        beat, missed, count, used = worker.beat(), 0, 0, worker.used()
        try:
            while not waiting.done() and missed < BLOCKED_BEATS and (beats is None or count < beats):
                await asyncio.wait([waiting], timeout=BEAT)
                count += 1
                missed = 0 if beat.done() else missed + 1
                if beat.done():
                    beat = worker.beat()
                if missed <= BLOCKED_BEATS // 2:
                    used = worker.used()
            if waiting.done():
                return await waiting
        finally:
            asked.cancel()
            waiting.cancel()
        if missed >= BLOCKED_BEATS:
            worker.abandon(used)
        what = "stands still" if worker.is_abandoned else "takes too long"
        error: type[NetworkError] = AnswerLost if lost else Unreachable
        raise error(f"the plug-in {self._kind.name!r} {what} at `{method}`")


def _checked(value: Any, kind: type[T], wrong: type[NetworkError] = Malformed) -> T:
    """`value` if it is a `kind` down to its last field. Raises `wrong` otherwise."""
    if not isinstance(value, kind):
        raise wrong(f"the plug-in gave {type(value).__name__} instead of {kind.__name__}")
    try:
        return msgspec.convert(msgspec.to_builtins(value), kind)
    except (TypeError, ValueError, RecursionError, OverflowError) as error:
        raise wrong(f"the plug-in gave a {kind.__name__} with a wrong field: {error}") from error


def _checked_batch(batch: Any) -> Batch:
    """The batch without the items that are none: each is counted and logged. Raises Malformed."""
    if not isinstance(batch, Batch) or not isinstance(batch.items, tuple | list):
        raise Malformed(f"the plug-in gave {type(batch).__name__} instead of Batch")
    items: list[Incoming] = []
    for item in batch.items:
        try:
            items.append(_checked(item, Incoming))
        except Malformed as error:
            log.warning("skipped a malformed item: %s", error)
    whole = _checked(msgspec.structs.replace(batch, items=()), Batch)
    return msgspec.structs.replace(whole, items=tuple(items), skipped=whole.skipped + len(batch.items) - len(items))
