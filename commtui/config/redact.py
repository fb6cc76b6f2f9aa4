"""Removes secrets from the log: those that this process has read, and what looks like one."""

from __future__ import annotations

import logging
import re
import threading
from urllib.parse import quote

REPLACEMENT = "[secret]"
SHORTEST = 6
"""Shorter secrets stay: replacing them would replace words."""

_PATTERNS = (
    re.compile(r"(?i)(\bauthorization\\?[\"']?\s*[=:,]\s*b?\\?[\"']?(?:[a-z]+\s+)?)[^\s'\"\\,;)}]+"),
    re.compile(r"(?i)(\b(?:bearer|dpop)\s+)[^\s'\"\\,;)}]+"),
    # key=value, key: value and "key": "value", also inside a quoted JSON text
    re.compile(
        r"(?i)((?<![a-z])(?:access_?token|refresh_?token|client_?secret|access_?jwt|refresh_?jwt|app_?password|password"
        r"|api_?key)\\?[\"']?\s*[=:]\s*\\?[\"']?)[^\s\"'\\&,;}]+"
    ),
    # OAuth's code, only in an address or a form: the word is common
    re.compile(r"(?i)([?&](?:code|token)=)[^\s\"'&]+"),
    re.compile(r"()\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"),  # a JSON web token
)
# a server's control characters must not act on the terminal in which the log is read
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}

_known: set[str] = set()
_lock = threading.Lock()


def register(secret: str) -> str:
    """Makes the filter replace `secret` for the life of this process; returns it."""
    if len(secret) >= SHORTEST:
        with _lock:
            # plain, as in an address, and as in repr or JSON
            _known.update((secret, quote(secret, safe=""), repr(secret)[1:-1]))
    return secret


def known_secrets() -> set[str]:
    """The registered secrets, in every form that is replaced."""
    with _lock:
        return set(_known)


def redact(text: str) -> str:
    """`text` without secrets and without control characters other than line breaks and tabs."""
    for secret in sorted(known_secrets(), key=len, reverse=True):
        text = text.replace(secret, REPLACEMENT)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{REPLACEMENT}", text)
    return text.translate(_CONTROLS)


class RedactFilter(logging.Filter):
    """A filter for handlers: rewrites the record and its traceback without secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a wrong format string must not lose the line
            message = f"{record.msg} {record.args}"
        record.msg = redact(message).replace("\n", "\\n")
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
