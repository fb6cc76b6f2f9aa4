"""Bell or notification for new mentions, one for a batch, as the config says."""

from __future__ import annotations

import os
from typing import Final

from commtui.activity import resolve
from commtui.model.conversations import is_muted
from commtui.model.records import Conversation, Mention
from commtui.store.changes import Changes
from commtui.triage.query import status_of
from commtui.ui.host import Host

PAUSE: Final = 2.0
"""Seconds after a notice in which others are gathered into one: a first sync brings fifty batches."""
MENTIONS_READ: Final = 100
"""Mentions of a batch that are read; where there are more, the number is left out."""


class Notices:
    """Looks at every change that the screen follows; only new mentions cause a notice."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._counted: set[int] = set()
        """Mentions that were counted for a notice."""
        self._gathered = 0
        self._pausing = False

    def see(self, changes: Changes, opened: int) -> None:
        """Sends a notice if there are new mentions among the changes.

        `opened`: how many more conversations are open now, for when the store can't tell what changed.
        """
        wanted = self._host.desk.settings.notify
        if not (wanted.bell or wanted.osc9 or wanted.osc777) or changes.mentions == set():
            return
        numbers = changes.mentions
        self._gathered += max(0, opened) if numbers is None else self._new(numbers)
        if self._gathered and not self._pausing:
            self._call()

    def _new(self, numbers: set[int]) -> int:
        new = [number for number in sorted(numbers - self._counted)[:MENTIONS_READ] if self._is_new(number)]
        self._counted.update(new)
        return len(new)

    def _is_new(self, number: int) -> bool:
        """Whether its author waits for an answer: an edited, deleted or moved mention causes no notice."""
        store, now = self._host.services.store, self._host.snapshot.now
        mention = store.at(Mention, number)
        conversation = store.get(Conversation, mention.conversation) if mention else None
        if mention is None or conversation is None or mention.edited or mention.deleted:
            return False
        conversation = resolve.elder(store, conversation)
        if not conversation.unread or is_muted(conversation, now) or mention.created_at < conversation.since:
            return False
        return status_of(conversation, now) == "open"

    def _call(self) -> None:
        from commtui.ui.painter.clipboard import Notice, notice

        host, wanted = self._host, self._host.desk.settings.notify
        count, self._gathered = self._gathered, 0
        many = str(count) if count < MENTIONS_READ else "many"
        body = f"{many} new mention{'' if count == 1 else 's'}, {host.snapshot.standing.open} open"
        kind: Notice = "osc777" if wanted.osc777 else "osc9" if wanted.osc9 else "bell"
        host.program.to_terminal(notice(kind, "commtui", body, os.environ))
        self._pausing = True
        host.set_timer(PAUSE, self._over)

    def _over(self) -> None:
        self._pausing = False
        if self._gathered:
            self._call()
