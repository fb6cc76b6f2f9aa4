"""Removes secrets from the log: those that this process has read, and what looks like one."""

from __future__ import annotations

import logging
import re

from commtui.model.text import shown
from commtui.system.masking import REPLACEMENT, mask

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


def redact(text: str) -> str:
    """`text` without secrets, and without what would act or hide on the terminal in which the log is read."""
    text = mask(text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{REPLACEMENT}", text)
    return shown(text)


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
            record.exc_text = _indented(redact(record.exc_text))
        if record.stack_info:
            record.stack_info = _indented(redact(record.stack_info))
        return True


def _indented(lines: str) -> str:
    """The lines, none of which looks like an entry of its own: an error's words may have come from a server."""
    return "  " + lines.replace("\n", "\n  ")
