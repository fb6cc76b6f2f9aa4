"""The list of likes, boosts and follows, and what is opened from it."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.errors import TriageError
from commtui.model.clock import from_iso, to_iso
from commtui.model.ids import REPLY
from commtui.store.errors import StoreError
from commtui.triage.engagement import Engaged
from commtui.ui.dialogs.engagement import EngagementScreen, Of
from commtui.ui.host import Host
from commtui.ui.text.naming import error_sentence
from commtui.ui.verbs import copying, focus
from commtui.ui.widgets.status_bar import Tell


def open_engagement(host: Host) -> None:
    """Shows what people did with our posts. What came since the last look is told apart."""
    session = host.session
    seen_at = from_iso(session.engagement_seen) if session.engagement_seen else None
    session.engagement_seen = to_iso(host.desk.now)
    host.remember()
    go_to(host, seen_at)


def go_to(host: Host, seen_at: datetime | None, at: Of | None = None) -> None:
    """Shows the list. `seen_at`: when it was last looked at; `at`: the post that the cursor points to."""

    def ended(_: None) -> None:
        host.session.engagement_seen = to_iso(host.services.desk().now)  # what came while it was open was seen, too
        host.remember()

    actions = ActionsOf(host, seen_at)
    host.push(EngagementScreen(host.snapshot, host.program.keymap, actions, seen_at, at, host.services.demo), ended)


class ActionsOf:
    """What is done with a row of the list, as `EngagementActions`."""

    def __init__(self, host: Host, seen_at: datetime | None) -> None:
        self._host, self._seen_at = host, seen_at

    def open_link(self, row: Engaged, say: Tell) -> None:
        host = self._host

        def tell(text: str, bad: bool = False) -> None:
            if host.status.in_sight:  # a browser failed after the list had ended
                host.tell(text, bad)
            else:
                say(text, bad)

        copying.open_address(host, row.url or "", tell)

    def open_post(self, row: Engaged) -> str:
        host, seen_at = self._host, self._seen_at
        if row.post is None:
            return "that post was not written in commtui" + (f": {row.url}" if row.url else "")
        host.renew()
        try:
            focus.open_item(host, "replies" if row.post[:1] == REPLY else "posts", row.post)
        except (TriageError, StoreError) as error:
            return error_sentence(error, host.desk, host.key_of)
        host.session.opened_from = lambda: go_to(host, seen_at, (row.account, row.target))
        return ""
