"""The language of texts, guessed by a library in a process of its own: the extra `languages`."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec

from commtui.model.facets import language

_MODULE: Final = "py3langid"
AT_ONCE: Final = 50
"""Texts that are asked about in one line."""
_SCRIPT: Final = Path(__file__).with_name("language_guesser.py")


class NotGuessed(Exception):
    """The process could not be started, ended, or answered what is no answer."""


def has_library() -> bool:
    """Whether languages can be guessed: imports nothing."""
    return importlib.util.find_spec(_MODULE) is not None


class Guesser:
    """Guesses languages. Its process begins with the first text, and ends at `close` or with this one."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()

    async def guess(self, texts: Sequence[str]) -> list[str]:
        """The code of each text's language, such as `de`; empty where the library is not sure. Raises NotGuessed.

        Where this fails or is cancelled the process is ended; the next call begins another one.
        """
        async with self._asking, AsyncExitStack() as failing:
            failing.push_async_callback(self._end)  # an answer that is still to come must not be taken for the next one
            codes = [
                code
                for begin in range(0, len(texts), AT_ONCE)
                for code in await self._ask(texts[begin : begin + AT_ONCE])
            ]
            failing.pop_all()
            return codes

    async def close(self) -> None:
        """Ends the process."""
        async with self._asking:
            await self._end()

    async def _ask(self, texts: Sequence[str]) -> list[str]:
        try:
            process = self._process or await self._begin()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(msgspec.json.encode(texts) + b"\n")
            await process.stdin.drain()
            answer = await process.stdout.readline()
            codes = msgspec.json.decode(answer, type=list[str])
        # it cannot begin, has ended, or gave no answer, or one too long
        except (OSError, RuntimeError, MemoryError, ValueError, msgspec.MsgspecError) as error:
            raise NotGuessed(f"{type(error).__name__}: {error}") from None
        if len(codes) != len(texts):
            raise NotGuessed(f"{len(texts)} texts got {len(codes)} answers")
        return [language(code) for code in codes]

    async def _begin(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(_SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            try:
                os.kill(process.pid, signal.SIGKILL)  # Process.kill would take its exit code from who waits for it
            except ProcessLookupError:  # it ended in between
                pass
        await process.wait()
