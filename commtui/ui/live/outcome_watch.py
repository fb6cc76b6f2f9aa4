"""What became of replies and posts, on the message line: a countdown that is over, and each failure once."""

from __future__ import annotations

from typing import Final

from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.sentences.reasons import why
from commtui.ui.host import Host
from commtui.ui.keys.table import BY_ID
from commtui.ui.text.names import answered_author, name_of, without_host

_MOVED: Final = {OutgoingState.SENDING: "sending: {}", OutgoingState.SENT: "sent: {}"}


class OutcomeWatch:
    """It owns which failures were shown."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._failures: set[str] = set()

    def see(self, numbers: set[int] | None) -> None:
        """Looks at replies and posts that changed; None where the store can't tell which."""
        store, status = self._host.desk.store, self._host.status
        if numbers is None:
            items = [store.get(Outgoing, identity) for identity in status.countdown]
        else:
            items = [store.at(Outgoing, number) for number in sorted(numbers)]
        for item in filter(None, items):
            if item.state is OutgoingState.FAILED:
                self._tell_failure(item)
                continue
            self._failures.discard(item.id)
            in_sight = status.message and (item.id in status.countdown or item.conversation in status.countdown)
            if in_sight and item.state is not OutgoingState.SCHEDULED:
                message = _MOVED.get(item.state, "").format(self._name(item))
                status.tell(message, countdown=status.countdown)

    def _tell_failure(self, item: Outgoing) -> None:
        if item.id not in self._failures:
            self._failures.add(item.id)
            again = f"{self._host.key_of('leader')} {BY_ID['retry'].leader} on it tries again"
            reason = why(item) or "no reason given"
            self._host.status.tell_surely(f"{self._name(item)} failed: {reason}; {again}")

    def _name(self, item: Outgoing) -> str:
        desk = self._host.desk
        author = answered_author(desk, item)
        return f"reply to {without_host(author)}" if author else f"post {name_of(desk, item.id)}"
