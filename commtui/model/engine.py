"""Who runs the workers of a home, as one process sees it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class EngineState(Struct, frozen=True):
    """`starting`: not yet known; `here`: this process; `elsewhere`: the holder of the lock; `failed`: starts again."""

    where: Literal["starting", "here", "elsewhere", "failed"]
    command: str = ""
    """The holder's command, such as `commtui run`; empty where it could not be read."""
    pid: int | None = None
    host: str = ""
    error: str = ""
    """The name of the exception that ended the engine here."""
