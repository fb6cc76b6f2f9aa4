"""How long to wait after an error."""

from __future__ import annotations

from commtui.networks.base import AnswerLost, NetworkError, Unreachable

FIRST_WAIT, LONGEST_WAIT = 5.0, 900.0
LONGEST_TOLD = 86_400.0
"""The longest wait, in seconds, that is taken from a server or a plug-in."""


def backoff(errors: int, jitter: float, error: NetworkError | None = None) -> float:
    """Seconds until the next try: what the server said, else doubling from 5 s to 15 min.

    `errors`: how many in a row. `jitter`: 0 to 1; spreads the tries of several accounts.
    """
    told = error.retry_after if isinstance(error, Unreachable | AnswerLost) else None
    if isinstance(told, int | float) and told >= 0:
        return min(told, LONGEST_TOLD) + jitter
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(max(errors - 1, 0), 20)) * (0.8 + 0.4 * jitter)
