"""One round of all accounts, side by side, and what it came to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any

from commtui.model.clock import to_iso
from commtui.sync.runner import Runner


async def sync_round(runners: Sequence[Runner]) -> list[dict[str, Any]]:
    """Fetches and delivers once for each account; the rows of `commtui sync --json`. Raises StoreError."""
    before = [_counts(runner) for runner in runners]
    await each(runner.round() for runner in runners)
    return [account_row(runner, *counts) for runner, counts in zip(runners, before, strict=True)]


async def each(works: Iterable[Awaitable[None]]) -> None:
    """Waits for all of them, and raises the first error only then: no account's error ends another's work."""
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def _counts(runner: Runner) -> tuple[int, int, int, int]:
    session = runner.session
    return session.new, session.sent, session.failed, session.skipped


def account_row(runner: Runner, new: int = 0, sent: int = 0, failed: int = 0, skipped: int = 0) -> dict[str, Any]:
    """An account's row of `commtui sync --json`, counted from the given numbers on."""
    session = runner.session
    state = session.state()
    return {
        "account": session.account.name,
        "new": session.new - new,
        "sent": session.sent - sent,
        "failed": session.failed - failed,
        "error": state.error,
        "health": state.health.value,
        "more": runner.has_more,
        "left_out": state.left_out,
        "skipped": session.skipped - skipped,
        "missed_since": to_iso(session.missed_since) if session.missed_since else None,
    }
