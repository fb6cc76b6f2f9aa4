"""Why an attachment was not fetched."""

from __future__ import annotations

from commtui.model.attachments import NotFetched
from commtui.model.text import message_line


def not_fetched(error: NotFetched) -> str:
    """Returns why, in words that follow `not downloaded: `."""
    detail = message_line(error.detail)
    match error.problem:
        case "address":
            return "it has no web address"
        case "not-public" | "unreachable":
            return detail
        case "status":
            return f"the server answered {detail}"
        case "type":
            return f"it is {detail}: only images, videos and sounds are fetched"
        case "size":
            return f"it is larger than {int(detail) // (1024 * 1024)} MB"
        case "time":
            return f"it did not arrive within {detail} s"
