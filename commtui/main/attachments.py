"""Attachments for the screen, which must not talk to networks itself."""

from __future__ import annotations

from commtui.model.attachments import Fetched


def fetch(address: str, most: int) -> Fetched:
    """The file at an address of the public web, of at most `most` bytes; for a thread of its own. Raises NotFetched."""
    import asyncio

    from commtui.networks import attachments

    return asyncio.run(attachments.fetch(address, most))
