"""The list of likes, boosts and follows, and what is opened from it."""

from __future__ import annotations

from commtui.model.clock import from_iso, to_iso
from commtui.model.ids import REPLY
from commtui.triage.engagement import Engaged
from commtui.ui.dialogs.engagement import EngagementScreen, Opened
from commtui.ui.host import Host
from commtui.ui.verbs import copying, focus


def open_engagement(host: Host) -> None:
    """Shows what people did with our posts. What came since the last look is told apart."""
    session = host.session
    seen_at = from_iso(session.engagement_seen) if session.engagement_seen else None
    session.engagement_seen = to_iso(host.desk.now)
    host.remember()

    def ended(opened: Opened | None) -> None:
        session.engagement_seen = to_iso(host.services.desk().now)  # what came while it was open was seen, too
        host.remember()
        if opened is not None:
            command, row = opened
            host.run(lambda *_: (_to_post if command == "campaign" else _open_link)(host, row))

    host.push(EngagementScreen(host.snapshot, host.program.keymap, seen_at, host.services.demo), ended)


def _to_post(host: Host, row: Engaged) -> None:
    if row.post is None:
        host.tell("that post was not written in commtui" + (f": {row.url}" if row.url else ""))
    elif row.post[:1] == REPLY:
        focus.open_item(host, "replies", row.post)
    else:
        focus.open_item(host, "posts", row.post)


def _open_link(host: Host, row: Engaged) -> None:
    copying.open_address(host, row.url or "")
