"""Waits for a file descriptor."""

from __future__ import annotations

import select


def readable(descriptor: int, seconds: float) -> bool:
    """Whether something can be read within `seconds`. Unlike select(), it takes descriptors of 1024 and more."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
