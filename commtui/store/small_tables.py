"""The small tables: what the engine knows of accounts, what rules did, series, what front ends ask of the engine."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from commtui.model.clock import from_iso, to_iso
from commtui.model.states import Health
from commtui.store.reader import Reader

if TYPE_CHECKING:
    from commtui.model import records


class AccountSummary(NamedTuple):
    """How an account fares."""

    id: str
    health: Health
    since: datetime | None
    error: str | None
    synced_at: datetime | None
    filtered: int
    filtered_people: int


class Accounts:
    """What the engine knows of the accounts."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def summaries(self) -> dict[str, AccountSummary]:
        """How each account fares, by its id; without the types of records."""
        return {
            document["id"]: AccountSummary(
                document["id"],
                Health(document.get("health", Health.UNKNOWN.value)),
                _moment(document.get("since")),
                document.get("error"),
                _moment(document.get("synced_at")),
                document.get("filtered", 0),
                document.get("filtered_people", 0),
            )
            for document in self._reader.db.table("accounts")
        }


class RuleRuns:
    """What rules did."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.RuleRun]:
        """The runs on a conversation, oldest first."""
        from commtui.model.records import RuleRun

        return self._reader.ordered(RuleRun, "conversation", conversation, "at")

    def notifying(self, since: datetime, most: int) -> list[records.RuleRun]:
        """The newest runs that notify, since a moment, the newest first; at most so many."""
        from commtui.model.records import RuleRun

        bounds: dict[str, Any] = {"at_least": to_iso(since), "limit": most, "reverse": True}
        numbers = self._reader.db.ordered("rule_runs", "_notifies", "yes", "at", **bounds)
        return list(self._reader.records(RuleRun, numbers))


class AllSeries:
    """Series of posts, those included that have ended."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def all(self) -> list[records.Series]:
        """Every series, in the order in which they were made."""
        from commtui.model.records import Series

        return sorted(self._reader.all(Series), key=lambda series: (series.created_at, series.id))


class Requests:
    """What front ends ask of the engine."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def for_what(self, what: str) -> list[records.Request]:
        """The requests of a kind."""
        from commtui.model.records import Request

        return self._reader.find(Request, "what", what)


def _moment(text: str | None) -> datetime | None:
    return from_iso(text) if text else None
