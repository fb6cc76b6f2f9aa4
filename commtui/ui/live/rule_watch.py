"""Says what rules notify of: on the message line, and by the terminal as the config's [notify] says."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Final

from commtui.model.records import Conversation, RuleRun
from commtui.ui.host import Host
from commtui.ui.text.names import without_host

RECENT: Final = timedelta(minutes=10)
"""Older runs are not told: their records change when conversations are joined or archived."""
MOST: Final = 20
"""Runs of one change that are looked at: of more, the newest are told, and the others not counted."""


class RuleWatch:
    """Each run is told once, by each screen that is open when it is made. `begun`: since when this one is."""

    def __init__(self, host: Host, begun: datetime) -> None:
        self._host, self._begun = host, begun
        self._told: set[str] = set()

    def see(self) -> None:
        """Looks for runs that notify, the newest first."""
        desk = self._host.desk
        runs = desk.store.rule_runs.notifying(max(self._begun, desk.now - RECENT), MOST)
        new = [run for run in runs if run.id not in self._told]
        self._told.update(run.id for run in new)
        if new:
            self._tell(new)

    def _tell(self, runs: list[RuleRun]) -> None:
        from commtui.ui.painter.clipboard import Notice, notice

        host, wanted = self._host, self._host.desk.settings.notify
        conversation = host.desk.store.get(Conversation, runs[0].conversation)
        whom = f": {without_host(conversation.author)}" if conversation else ""
        more = f" and {len(runs) - 1} more" if len(runs) > 1 else ""
        words = f"rule {runs[0].rule}: {runs[0].notice}{whom}{more}"
        host.status.tell_surely(words)
        kind: Notice = "osc777" if wanted.osc777 else "osc9" if wanted.osc9 else "bell" if wanted.bell else "none"
        if kind != "none":
            host.program.to_terminal(notice(kind, "commtui", words, os.environ))
