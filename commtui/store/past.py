"""What a report on the past reads: a few fields of every record, current and archived, in one pass over each table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from commtui.model import ids
from commtui.model.answers import StatusChange
from commtui.model.clock import AwareDatetime
from commtui.model.records import Conversation
from commtui.model.states import OutgoingState
from commtui.store import codec
from commtui.store.reader import Reader
from commtui.store.schema import LOG

R = TypeVar("R", bound=Struct)


class Message(Struct, frozen=True):
    """A mention, without its words."""

    id: str
    account: str
    network: str
    conversation: str
    author: str
    created_at: AwareDatetime
    author_id: str = ""
    bot: bool = False
    erased: bool = False


class Reply(Struct, frozen=True):
    """A reply or a post of ours, without its words."""

    id: str
    state: OutgoingState
    author: str = ""
    conversation: str | None = None
    sent_at: AwareDatetime | None = None


class _Fields(Struct, frozen=True):
    status: str | None = None
    since: AwareDatetime | None = None
    by_bot: bool | None = None


class _Change(Struct, frozen=True):
    id: str
    before: _Fields | None
    after: _Fields | None


class _Step(Struct, frozen=True):
    op_id: str
    at: AwareDatetime
    who: str
    verb: str
    changes: tuple[_Change, ...]
    undoes: str | None = None


class Past:
    """Every record of a kind, in the order of ids; of the log, in the order of steps. Damaged ones are left out."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def messages(self) -> Iterator[Message]:
        """Every mention."""
        return self._each("mentions", Message)

    def replies(self) -> Iterator[tuple[str, str, datetime, str]]:
        """The id of every reply that was sent, its conversation, when, and who wrote it."""
        for item in self._each("outgoing", Reply):
            if item.state is OutgoingState.SENT and item.conversation and item.sent_at:
                yield item.id, item.conversation, item.sent_at, item.author

    def conversations(self) -> Iterator[Conversation]:
        """Every conversation, folded ones too."""
        for _, raw in self._reader.each_document("conversations"):
            yield codec.from_json(Conversation, raw)

    def status_changes(self, program: str) -> Iterator[StatusChange]:
        """What the log has of changes of status. `program`: the `who` of what nobody did."""
        for _, raw in self._reader.each_document(LOG):
            if not any(name in raw for name in (b'"since"', b'"status"', b'"by_bot"')):
                continue
            step = msgspec.json.decode(raw, type=_Step)
            for change in step.changes:
                if change.id[:1] != ids.CONVERSATION or change.before is None or change.after is None:
                    continue
                if change.after != _Fields():
                    yield StatusChange(
                        step.op_id,
                        step.undoes,
                        step.at,
                        step.verb,
                        step.who == program,
                        change.id,
                        change.after.status,
                        change.after.since,
                        change.before.by_bot,
                    )

    def _each(self, table: str, kind: type[R]) -> Iterator[R]:
        decoder = msgspec.json.Decoder(kind)
        return (decoder.decode(raw) for _, raw in self._reader.each_document(table))
