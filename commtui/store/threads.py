"""What was said in a conversation, and the small tables: accounts and requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from commtui.model.clock import from_iso
from commtui.model.states import Health
from commtui.store.reader import Reader

if TYPE_CHECKING:
    from commtui.model import records


class Mentions:
    """What others said to us."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.Mention]:
        """The mentions of a conversation, oldest first."""
        from commtui.model.records import Mention

        return self._reader.ordered(Mention, "conversation", conversation, "created_at")

    def numbers_of(self, conversation: str) -> Sequence[int]:
        """The doc_ids of a conversation's mentions, oldest first; none of an archived one."""
        return self._reader.db.ordered("mentions", "conversation", conversation, "created_at")

    def answers_to(self, remote_id: str) -> list[records.Mention]:
        """The mentions that answer something, by its id on the network."""
        from commtui.model.records import Mention

        return self._reader.find(Mention, "in_reply_to", remote_id)


class Notes:
    """Internal notes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.Note]:
        """The notes on a conversation, oldest first."""
        from commtui.model.records import Note

        return self._reader.ordered(Note, "conversation", conversation, "at")


class Context:
    """What stands in a thread and is neither a mention nor written here."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.Context]:
        """The other texts of a conversation, oldest first."""
        from commtui.model.records import Context

        return self._reader.ordered(Context, "conversation", conversation, "created_at")


class AccountSummary(NamedTuple):
    """How an account fares."""

    id: str
    health: Health
    since: datetime | None
    error: str | None
    synced_at: datetime | None


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
            )
            for document in self._reader.db.table("accounts")
        }


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
