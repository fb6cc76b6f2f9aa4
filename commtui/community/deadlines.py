"""When our answer to a conversation is due, computed at each write of it, and anew when hours or levels change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.config.service_levels import WorkingHours
from commtui.config.settings import Settings
from commtui.config.working_hours import fingerprint, known_hours
from commtui.model import ids
from commtui.model.hours import Hours
from commtui.model.records import Conversation
from commtui.model.service_levels import deadline_of
from commtui.store.store import Store

AT_ONCE: Final = 200
"""How many conversations are computed anew in one transaction."""


class _Rules(Struct, frozen=True):
    """What the deadlines are computed by."""

    settings: Settings
    hours: Hours
    names: dict[str, str]
    """Account id -> its name in the config."""
    due_by: str
    has_marks: bool
    """Whether a level is for people with a mark."""


class Deadlines:
    """Computes deadlines by the config as it is when they are: `settings` is asked each time."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._kept: _Rules | None = None
        self._unreadable: set[int] = set()
        """Conversations (doc_ids) that `renew_some` could not read: they stay as they are."""

    def __call__(self, conversation: Conversation, is_vip: Callable[[Conversation], bool]) -> Conversation:
        """Returns the conversation with its deadline. `is_vip`: called only where a level is for a mark."""
        rules = self._rules()
        found = deadline_of(
            conversation,
            rules.settings.service_levels,
            rules.hours,
            account_name=rules.names.get(conversation.account, ""),
            has_answer=conversation.answered,
            by_bot=conversation.by_bot,
            vip=rules.has_marks and is_vip(conversation),
        )
        return replace(
            conversation,
            due_at=found.due_at if found else None,
            risk_at=found.risk_at if found and rules.settings.has_service_levels else None,
            due_by=rules.due_by,
        )

    def load(self) -> None:
        """Reads the hours, and the holidays of a country where the config names one."""
        self._rules()

    def renew_some(self, store: Store) -> bool:
        """Computes some deadlines anew that are of other hours or levels. Returns whether there may be more.

        From then on the store computes by these. Raises StoreError."""
        store.deadlines = self
        others = store.conversations.computed_otherwise(self._rules().due_by, AT_ONCE + len(self._unreadable))
        names = {
            ids.from_number(ids.CONVERSATION, number): number for number in others if number not in self._unreadable
        }
        if not names:
            return False
        with store.write(durable=False) as write:
            records = store.get_each(Conversation, names)
            write.put_each(Conversation, records)  # which computes them
        self._unreadable.update(number for name, number in names.items() if name not in records)
        return True

    def renew(self, store: Store) -> None:
        """Computes all deadlines anew that are of other hours or levels. Raises StoreError."""
        while self.renew_some(store):
            pass

    def _rules(self) -> _Rules:
        settings = self._settings()
        if self._kept is None or self._kept.settings is not settings:
            hours = Hours() if settings.hours == WorkingHours() else known_hours(settings)
            names = {account.id: account.name for account in settings.accounts}
            has_marks = any(level.marks for level in settings.service_levels)
            self._kept = _Rules(settings, hours, names, fingerprint(settings, hours.zone), has_marks)
        return self._kept
