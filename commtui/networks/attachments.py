"""Attachments of messages, fetched when a person asks for one: from the public web, bounded, of media types only."""

from __future__ import annotations

from typing import Final

import httpx

from commtui.model.attachments import Fetched, NotFetched
from commtui.model.media_types import TYPES, common_name
from commtui.networks import public_web
from commtui.networks.base import Malformed

SECONDS: Final = 60.0
"""The longest time of a download in all, however slowly it arrives."""
ACCEPT: Final = "image/*, video/*, audio/*"
MEDIA: Final = frozenset(TYPES.values()) - {"image/svg+xml"}
"""Types that are taken. SVG is a document with scripts to the program that opens it."""


async def fetch(address: str, most: int, seconds: float = SECONDS) -> Fetched:
    """The file at an address, of at most `most` bytes. Raises NotFetched."""
    try:
        page = await public_web.get(address, most + 1, seconds, ACCEPT)
    except public_web.NotPublic as error:
        raise NotFetched("not-public", str(error)) from error
    except TimeoutError as error:
        raise NotFetched("time", f"{seconds:.0f}") from error
    except (httpx.InvalidURL, UnicodeError) as error:
        raise NotFetched("address") from error
    except (httpx.HTTPError, Malformed, OSError) as error:
        raise NotFetched("unreachable", str(error) or type(error).__name__) from error
    if page.status != 200:
        raise NotFetched("status", str(page.status))
    mime = common_name(page.kind)
    if mime not in MEDIA:
        raise NotFetched("type", mime or "of no type")
    if len(page.body) > most:
        raise NotFetched("size", str(most))
    return Fetched(page.body, mime)
