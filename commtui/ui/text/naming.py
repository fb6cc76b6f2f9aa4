"""How the screen names things in sentences: by authors, the beginnings of texts, and the keys of the preset in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.model import ids as identity
from commtui.model import times
from commtui.model.records import Conversation
from commtui.sentences import errors
from commtui.sentences.store import explain
from commtui.store.errors import StoreError
from commtui.ui.text.names import name_of, without_host

NAMED_MOST: Final = 3
"""How many authors are named; the others are counted."""


class ScreenNaming:
    """Names for one person at one screen. `key_of`: the key of a command, as people read it; `quoted`: see Naming."""

    def __init__(self, desk: Desk, key_of: Callable[[str], str], quoted: int = 30) -> None:
        self._desk, self._key_of, self._quoted = desk, key_of, quoted

    @property
    def now(self) -> datetime:
        return self._desk.now

    @property
    def quoted(self) -> int:
        return self._quoted

    def items(self, ids: Sequence[str]) -> str:
        if all(item[:1] == identity.CONVERSATION for item in ids):
            more = f" and {len(ids) - NAMED_MOST} more" if len(ids) > NAMED_MOST else ""
            return ", ".join(self._author(item) for item in ids[:NAMED_MOST]) + more
        if all(item[:1] == identity.PERSON for item in ids):
            return " and ".join(self._person(item) for item in ids)
        return name_of(self._desk, ids[0]) if len(ids) == 1 else f"{len(ids)} items"

    def _author(self, conversation_id: str) -> str:
        conversation = self._desk.store.get(Conversation, conversation_id)
        return self.person(conversation.author) if conversation else conversation_id

    def _person(self, person_id: str) -> str:
        mention = self._desk.store.people.newest(person_id)
        return self.person(mention.author) if mention else person_id

    def person(self, handle: str) -> str:
        return without_host(handle)

    def time(self, moment: datetime) -> str:
        """A moment in the person's zone, which is not named: `Fri 27 Nov 09:00`."""
        return times.echo(moment, self._desk.zone, self._desk.now).rsplit(" ", 1)[0]

    def way(self, verb: str, item: str = "") -> str:
        if verb == "set-value":
            return "type one"
        if verb == "assign-me":
            return f"{self._key_of('assign')} me enter"
        if verb == "campaign resume":
            return f"`commtui campaign resume {item}`"
        return self._key_of(verb)


def error_sentence(error: Exception, desk: Desk, key_of: Callable[[str], str]) -> str:
    """The line for an error of a verb, of the store or of the screen."""
    if isinstance(error, TriageError):
        return errors.sentence(error, ScreenNaming(desk, key_of))
    return explain(error, brief=True) if isinstance(error, StoreError) else str(error)
