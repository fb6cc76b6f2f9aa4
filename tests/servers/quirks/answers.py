"""What becomes of a request that changes something, and of its answer."""

from __future__ import annotations

from collections.abc import Callable

from tests.servers.quirks import show
from tests.servers.quirks.calls import Answer, Call, Problem
from tests.servers.quirks.things import Status

NOT_DONE = frozenset(("503 before", "429 before", "reset before", "older, not done"))
"""The server does nothing."""
HTML = b"<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>We'll be back</h1></body></html>"


def answered(call: Call, kinds: list, do: Callable[[], Answer]) -> Answer:
    """Does it, or not, and gives the answer that is next in `kinds`, which loses it. Raises Problem."""
    kind = kinds.pop(0) if kinds else "right"
    call.request.outcome = kind
    before = _older(call) if kind.startswith("older") else None
    answer = Answer() if kind in NOT_DONE else do()
    if kind == "right":
        return answer
    if kind in ("drop", "reset before"):
        return Answer(cut_after=-1)
    if kind == "cut":
        answer.cut_after = 9
        return answer
    if kind == "502":
        raise Problem(502, "Bad gateway")
    if kind == "500":
        raise Problem(500, "")
    if kind.startswith("503"):
        raise Problem(503, "upstream timed out", {"Retry-After": "1"})
    if kind == "429 before":
        raise Problem(429, "rate limit reached")
    if kind == "html":
        return Answer(HTML, headers={"Content-Type": "text/html"})
    if kind == "empty":
        return Answer(b"")
    other = before or _others(call)
    return answer if other is None else Answer(show.status(call.world, other, call.user))


def _older(call: Call) -> Status | None:
    """The newest status of the user so far."""
    return next((row for row in reversed(call.world.statuses_of(call.user.acct)) if row.reblog is None), None)


def _others(call: Call) -> Status | None:
    """The newest status of anybody else."""
    return next((row for row in reversed(call.world.statuses) if row.account is not call.user), None)
