"""Requests of other processes and of the screen, answered by whoever runs the engine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from commtui.activity.requests import CONTEXT, SYNC
from commtui.model.clock import Clock
from commtui.model.records import Conversation, Request
from commtui.store.errors import StoreError
from commtui.store.store import Store
from commtui.sync.faults import FAULTS
from commtui.sync.rounds import sync_round
from commtui.sync.runner import Runner

log = logging.getLogger("commtui.engine")
STALE = timedelta(hours=1)
"""After it nobody waits for an answer."""


class Requests:
    """Answers each request once, in a task of its own."""

    def __init__(self, store: Store, clock: Clock, runners: Mapping[str, Runner]) -> None:
        self.store = store
        self.clock = clock
        self.runners = runners
        self.written = True
        """Whether a request may have been written since the last look."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        """Answers that are not written yet: they wait for room on the disk."""

    def answer_new(self) -> None:
        """Begins to answer what was asked since the last call; writes finished answers. Raises StoreError."""
        self._write_answers()
        if not self.written:
            return
        self.written = False
        for request in self.store.all(Request):
            if self.clock.now() - request.asked_at > STALE:
                with self.store.write() as write:
                    write.remove(Request, request.id)
            elif request.answered_at is None and request.id not in self._answers and request.id not in self._tasks:
                task = asyncio.create_task(self._answer(request), name=f"request {request.id}")
                self._tasks[request.id] = task
                task.add_done_callback(partial(self._forget, request.id))

    async def finish(self) -> None:
        """Waits for the answers that were begun."""
        await asyncio.gather(*self._tasks.values())

    def cancel(self) -> None:
        """Leaves what is not answered to the next engine."""
        for task in self._tasks.values():
            task.cancel()

    def _forget(self, identity: str, _: asyncio.Task[None]) -> None:
        self._tasks.pop(identity, None)

    async def _answer(self, request: Request) -> None:
        answer: dict[str, Any] = {}
        try:
            if request.what == SYNC:
                answer = {"accounts": await sync_round(list(self.runners.values()))}
            elif request.what == CONTEXT:
                conversation = self.store.get(Conversation, request.argument or "")
                runner = self.runners.get(conversation.account) if conversation else None
                if conversation is not None and runner is not None:
                    await runner.look_at(conversation)
            self._answers[request.id] = answer
            self._write_answers()
        except StoreError as error:
            log.error("%s", error)
        except FAULTS:  # who asked is answered all the same
            log.exception("a fault of commtui's own at the answer to a request")
            self._answers[request.id] = answer

    def _write_answers(self) -> None:
        for identity, answer in list(self._answers.items()):
            with self.store.write() as write:
                request = write.get(Request, identity)
                if request is not None:
                    write.put(replace(request, answered_at=self.clock.now(), answer=answer))
            del self._answers[identity]
