"""What is fetched of an attachment, and why it could not be."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

MOST_DOWNLOADED: Final = 64 * 1024 * 1024
"""Bytes of a file that is saved."""
MOST_SHOWN: Final = 16 * 1024 * 1024
"""Bytes of a picture that is shown."""

Problem = Literal["address", "not-public", "unreachable", "status", "type", "size", "time"]


class Fetched(NamedTuple):
    """A file as it came from the web."""

    body: bytes
    mime: str
    """Its type as the server gave it, by the name of model/media_types.py."""


class NotFetched(Exception):
    """A file did not come. `detail`: the host's or the server's word, the type, or the limit in bytes or seconds."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail
