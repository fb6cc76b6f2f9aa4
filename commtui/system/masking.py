"""The secrets that this process has read or sent, and what takes their place where somebody else says them.

A server may put the token that it was sent into an error, an address or a header. Whoever has a secret registers it:
the config for what it reads, the HTTP client for what it sends.
"""

from __future__ import annotations

import threading
from typing import Final

REPLACEMENT: Final = "[secret]"
SHORTEST: Final = 6
"""Shorter secrets stay: replacing them would replace words."""
UNMISTAKABLE: Final = 16
"""Characters from which on a secret is no word that people write: it is replaced in their texts as well."""

_known: dict[str, int] = {}
"""Each form of a secret -> the length of the secret itself."""
_lock = threading.Lock()


def register(secret: str) -> str:
    """Makes `mask` replace `secret` for the life of this process; returns it."""
    if len(secret) >= SHORTEST and secret not in _known:
        from urllib.parse import quote  # a command that reads no secret does without it

        # plain, as in hosts, as in addresses, as in repr, as in JSON, and as in the JSON of servers that escape slashes
        json = secret.replace("\\", "\\\\").replace('"', '\\"')
        forms = (
            secret,
            secret.lower(),
            quote(secret, safe=""),
            quote(secret),
            repr(secret)[1:-1],
            json,
            json.replace("/", "\\/"),
        )
        with _lock:
            _known.update(dict.fromkeys(forms, len(secret)))
    return secret


def known_secrets() -> set[str]:
    """The registered secrets, in every form that is replaced."""
    with _lock:
        return set(_known)


def mask(text: str, shortest: int = SHORTEST) -> str:
    """`text` without the registered secrets of at least `shortest` characters."""
    if not _known:
        return text
    with _lock:
        forms = [form for form, length in _known.items() if length >= shortest]
    present = [form for form in forms if form in text]
    for form in sorted(present, key=len, reverse=True):
        text = text.replace(form, REPLACEMENT)
    return text
