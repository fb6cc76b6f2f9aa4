"""What stands above a status in its thread."""

from __future__ import annotations

from commtui.networks.base import Status


def parents(status: Status, above: list[Status], most: int) -> tuple[tuple[Status, ...], bool]:
    """The chain above a status, oldest first, at most `most`; and whether one of it is not there."""
    by_id = {parent.remote_id: parent for parent in above}
    chain: list[Status] = []
    wanted = status.in_reply_to
    while wanted is not None and len(chain) < most:
        parent = by_id.pop(wanted, None)
        if parent is None:
            return tuple(reversed(chain)), True
        chain.append(parent)
        wanted = parent.in_reply_to
    return tuple(reversed(chain)), False
