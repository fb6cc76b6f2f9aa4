"""What was said in a conversation: mentions, notes, and texts from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
