"""Blots secrets out of what is logged: those that were read in this process, and whatever looks like one."""

from __future__ import annotations

import logging
import re
import threading
from urllib.parse import quote

BLOT = "[secret]"
SHORTEST = 6
"""A shorter secret is not looked for: blotting it out would blot out words."""

_PATTERNS = (
    re.compile(r"(?i)(\bauthorization\\?[\"']?\s*[=:,]\s*b?\\?[\"']?(?:[a-z]+\s+)?)[^\s'\"\\,;)}]+"),
    re.compile(r"(?i)(\b(?:bearer|dpop)\s+)[^\s'\"\\,;)}]+"),
    # key=value, key: value and "key": "value", also inside a quoted JSON text
    re.compile(
        r"(?i)((?<![a-z])(?:access_?token|refresh_?token|client_?secret|access_?jwt|refresh_?jwt|app_?password|password"
        r"|api_?key)\\?[\"']?\s*[=:]\s*\\?[\"']?)[^\s\"'\\&,;}]+"
    ),
    # OAuth's code, only where an address or a form carries it: the word is common
    re.compile(r"(?i)([?&](?:code|token)=)[^\s\"'&]+"),
    re.compile(r"()\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"),  # a JSON web token
)
# escape codes and line breaks of a server must not act in the terminal of whoever reads the log
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}

_known: set[str] = set()
_lock = threading.Lock()


def register(secret: str) -> str:
    """Makes `secret` known to the filter, for the life of this process; gives it back."""
    if len(secret) >= SHORTEST:
        with _lock:
            # as it stands, as an address carries it, and as repr or JSON would write it
            _known.update((secret, quote(secret, safe=""), repr(secret)[1:-1]))
    return secret


def known_secrets() -> set[str]:
    """What `register` was given, in every form that is looked for."""
    with _lock:
        return set(_known)


def redact(text: str) -> str:
    """`text` without secrets and without control characters other than line breaks and tabs."""
    for secret in sorted(known_secrets(), key=len, reverse=True):
        text = text.replace(secret, BLOT)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{BLOT}", text)
    return text.translate(_CONTROLS)


class RedactFilter(logging.Filter):
    """For a handler: rewrites the record, its traceback included, so that no secret is left in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a mistaken format string must not lose the line
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
