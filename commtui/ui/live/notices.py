"""New mentions call the person: one notice for a batch, by bell or notification, as the config wants it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from commtui.activity import resolve
from commtui.model.records import Conversation, Mention
from commtui.store.store import Changed
from commtui.triage.query import status_of

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

QUIET: Final = 2.0
"""Seconds after a notice in which others are gathered into one: a first sync brings fifty batches."""
LOOKED_AT: Final = 100
"""Mentions of a batch that are looked at; where there are more, the number is not told."""


class Notices:
    """Sees every change that the screen takes in; only what others said to us makes it call."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._told: set[int] = set()
        self._gathered = 0
        self._quiet = False

    def see(self, changes: Changed, opened: int) -> None:
        """Calls if there are new mentions among the changes. `opened`: how many more conversations are open now,
        for when the store can't tell what changed."""
        wanted = self._inbox.desk.settings.notify
        if not (wanted.bell or wanted.osc9 or wanted.osc777) or "mentions" not in changes:
            return
        numbers = changes["mentions"]
        self._gathered += max(0, opened) if numbers is None else self._new(numbers)
        if self._gathered and not self._quiet:
            self._call()

    def _new(self, numbers: set[int]) -> int:
        found = [number for number in sorted(numbers - self._told)[:LOOKED_AT] if self._is_new(number)]
        self._told.update(found)
        return len(found)

    def _is_new(self, number: int) -> bool:
        """Whether somebody waits for us because of it: what was only edited, deleted or moved calls nobody."""
        store, now = self._inbox.services.store, self._inbox.setting.now
        mention = store.at(Mention, number)
        held = store.get(Conversation, mention.conversation) if mention else None
        if mention is None or held is None or mention.edited or mention.deleted:
            return False
        held = resolve.elder(store, held)
        return held.unread and not held.muted and mention.created_at >= held.since and status_of(held, now) == "open"

    def _call(self) -> None:
        from commtui.ui.painter.clipboard import Notice, notice

        inbox, wanted = self._inbox, self._inbox.desk.settings.notify
        count, self._gathered = self._gathered, 0
        many = str(count) if count < LOOKED_AT else "many"
        body = f"{many} new mention{'' if count == 1 else 's'}, {inbox.standing.open} open"
        kind: Notice = "osc777" if wanted.osc777 else "osc9" if wanted.osc9 else "bell"
        inbox.inbox_app.to_terminal(notice(kind, "commtui", body, os.environ))
        self._quiet = True
        inbox.set_timer(QUIET, self._over)

    def _over(self) -> None:
        self._quiet = False
        if self._gathered:
            self._call()
