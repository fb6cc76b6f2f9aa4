"""Hints at the language of what comes in, where the network names none: `detect_language` in the config.

A hint is worth less than the mention: a library that is missing, fails, or takes too long costs the hint alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from commtui.model.clock import Clock
from commtui.model.languages import is_enough, is_told, words_of
from commtui.networks.base import EventKind, Incoming
from commtui.sync.time_limits import TimeIsUp, within
from commtui.system.languages import Guesser, NotGuessed, has_library

log = logging.getLogger("commtui.sync")
SECONDS: Final = 10.0
"""What a batch may wait for its hints."""
PAUSE: Final = 600.0
"""Seconds without hints after a failure."""
IDLE: Final = 120.0
"""Seconds after which a process that guesses nothing ends: it has about 120 MB."""


class LanguageHints:
    """Of one engine, for all of its accounts. Lives on the engine's loop."""

    def __init__(self, clock: Clock, is_wanted: Callable[[], bool]) -> None:
        self._clock, self._is_wanted = clock, is_wanted
        self._guesser = Guesser()
        self._not_before = clock.monotonic()
        self._misses_library = False
        self._idle: asyncio.Task[None] | None = None

    async def of(self, items: Iterable[Incoming]) -> Mapping[str, str]:
        """The languages of mentions of a batch, by their remote ids, without those that nobody can tell.

        Empty where the config asks for no hints.
        """
        if not self._is_wanted():
            await self.close()
            return {}
        texts = {
            item.status.remote_id: words
            for item in items
            if item.kind is EventKind.MENTION and item.status is not None
            if not item.status.ours and not is_told(item.status.language)
            if is_enough(words := words_of(item.status.text))
        }
        if not texts or self._clock.monotonic() < self._not_before or not self._has_library():
            return {}
        try:
            codes = await within(self._clock, SECONDS, self._guesser.guess(list(texts.values())))
        except (NotGuessed, TimeIsUp) as error:
            self._not_before = self._clock.monotonic() + PAUSE
            why = f"no answer within {SECONDS:.0f} s" if isinstance(error, TimeIsUp) else str(error)
            log.warning("languages are not guessed for the next %.0f minutes: %s", PAUSE / 60, why)
            return {}
        self._stop_waiting()
        self._idle = asyncio.create_task(self._end_when_idle())
        return {remote_id: code for remote_id, code in zip(texts, codes, strict=True) if code}

    async def close(self) -> None:
        """Ends what guesses."""
        self._stop_waiting()
        await self._guesser.close()

    async def _end_when_idle(self) -> None:
        await self._clock.sleep(IDLE)
        await self._guesser.close()

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _has_library(self) -> bool:
        if not has_library():
            if not self._misses_library:
                log.warning("languages are not guessed: the extra `languages` is not installed")
            self._misses_library = True
            return False
        self._misses_library = False
        return True
