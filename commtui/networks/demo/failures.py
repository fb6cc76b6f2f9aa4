"""Failures on demand: by a word in an outgoing text, or by the option `failures`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from commtui.networks.base import (
    AnswerLost,
    Gone,
    LoginRefused,
    Malformed,
    NetworkError,
    RateLimited,
    Refused,
    Unreachable,
)

LIMIT_SECONDS: Final = 5.0
OFFLINE_TRIES: Final = 2

WORDS: Final[dict[str, str]] = {
    "#refuse": "refused at every try",
    "#gone": "refused at every try: what it answers is not there any more",
    "#login": "the login is refused once, so the account waits for a person; then sent",
    "#offline": "not reachable twice, then sent",
    "#limit": "told to wait 5 seconds once, then sent",
    "#lost-not-sent": "the answer is lost and nothing was sent; five minutes later it is sent",
    "#lost": "it is out, but the answer is lost; reading back finds it",
    "#garbage": "it is out, but the answer makes no sense; reading back finds it",
}
"""Word in an outgoing text -> what it causes; of several words the first in this order counts."""

SENT_ALL_THE_SAME: Final = frozenset(("#lost", "#garbage"))
"""Words that fail after the text was sent."""


def error(name: str) -> NetworkError:
    """The error for the word `name` (without #). Raises ValueError for an unknown word."""
    match name:
        case "refuse":
            return Refused("the demo refuses this text: it says #refuse")
        case "gone":
            return Gone("what this answers or changes no longer exists (demo)")
        case "login":
            return LoginRefused("the demo does not accept the login: `commtui account check` looks again")
        case "offline":
            return Unreachable("the demo is offline for a moment: it will be tried again")
        case "limit":
            return RateLimited(f"the demo asks to wait for {LIMIT_SECONDS:.0f} s", LIMIT_SECONDS)
        case "lost" | "lost-not-sent":
            return AnswerLost("the demo's answer got lost: it may be out or not")
        case "garbage":
            return Malformed("the demo's answer makes no sense")
    raise ValueError(f"{name!r} is no failure; there are: {', '.join(word[1:] for word in WORDS)}")


def word_in(text: str) -> str | None:
    """The first word of WORDS that occurs in `text`; None: none does."""
    words = {word.rstrip(".,;:!?)").lower() for word in text.split()}
    return next((word for word in WORDS if word in words), None)


def fails_now(word: str, tried: int) -> bool:
    """Whether a text with `word` fails at this try, after `tried` earlier ones."""
    if word == "#offline":
        return tried < OFFLINE_TRIES
    if word in ("#login", "#limit", "#lost-not-sent", *SENT_ALL_THE_SAME):
        return tried < 1
    return True


class Planned:
    """The option `failures`: for a method's name the failure at its next requests, in turn; a bare word: at every one.

    `{"fetch": ["offline", "limit"], "check": "login"}`: two fetches fail and then none, every check fails. An empty
    string in a list is a request that goes well.
    """

    def __init__(self, failures: Mapping[str, Any] | None) -> None:
        self._always: dict[str, str] = {}
        self._turns: dict[str, list[str]] = {}
        for method, plan in (failures or {}).items():
            if isinstance(plan, str):
                self._always[method] = plan
            else:
                self._turns[method] = [str(word) for word in plan]

    def next(self, method: str) -> str | None:
        """The failure of this request (a word without #), or None. Uses up a turn."""
        if self._turns.get(method):
            return self._turns[method].pop(0).removeprefix("#") or None
        return self._always.get(method, "").removeprefix("#") or None
