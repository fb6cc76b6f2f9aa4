"""Says what rules notify of: on the message line, and by the terminal as the config's [notify] says."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Final

from commtui.model.records import Conversation, RuleRun
from commtui.ui.host import Host
from commtui.ui.text.names import without_host

RECENT: Final = timedelta(minutes=10)
"""Older runs are not told: their records change when conversations are joined or archived."""


class RuleWatch:
    """Each run is told once, by each screen that is open when it is made."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._told: set[int] = set()

    def see(self, numbers: set[int] | None) -> None:
        """Looks at runs that changed; None: the store cannot tell which, and the log has them."""
        new = sorted((numbers or set()) - self._told)
        self._told.update(new)
        store, after = self._host.desk.store, self._host.desk.now - RECENT
        runs = [run for number in new if (run := store.at(RuleRun, number)) and run.notice and run.at > after]
        if runs:
            self._tell(runs)

    def _tell(self, runs: list[RuleRun]) -> None:
        from commtui.ui.painter.clipboard import Notice, notice

        host, wanted = self._host, self._host.desk.settings.notify
        conversation = host.desk.store.get(Conversation, runs[-1].conversation)
        whom = f": {without_host(conversation.author)}" if conversation else ""
        more = f" and {len(runs) - 1} more" if len(runs) > 1 else ""
        words = f"rule {runs[-1].rule}: {runs[-1].notice}{whom}{more}"
        host.status.tell_surely(words)
        kind: Notice = "osc777" if wanted.osc777 else "osc9" if wanted.osc9 else "bell" if wanted.bell else "none"
        if kind != "none":
            host.program.to_terminal(notice(kind, "commtui", words, os.environ))
