"""How the shell names things in sentences: by ids, authors and commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.cli.output import say
from commtui.model import times
from commtui.model.ids import CAMPAIGN, CONVERSATION, PERSON
from commtui.model.records import Conversation
from commtui.sentences import outcomes

NAMED_MOST = 3
"""How many conversations are named; the others are counted."""
QUOTED = 30
"""The most characters of a text that a line quotes: it may be logged beside others."""
COMMANDS = {
    "assign-me": "`commtui assign {} me`",
    "split": "`commtui split {}`",
    "campaign resume": "`commtui campaign resume {}`",
    "delete": "`delete` in the inbox",
    "set-value": "give it by --set {}=VALUE",
}


def tell(desk: Desk, outcome: Outcome) -> None:
    """Says on stderr what a verb did."""
    say(outcomes.sentence(outcome, ShellNaming(desk)))


class ShellNaming:
    """Names for one person at one home."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def now(self) -> datetime:
        return self._desk.now

    @property
    def quoted(self) -> int:
        return QUOTED

    def items(self, ids: Sequence[str]) -> str:
        names = [self._name(item_id) for item_id in ids]
        if not all(item_id[:1] == CONVERSATION for item_id in ids):
            return ", ".join(names)
        more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
        return ", ".join(names[:NAMED_MOST]) + more

    def _name(self, item: str) -> str:
        if item[:1] == PERSON:
            mention = self._desk.store.people.newest(item)
            return f"{item} {mention.author}" if mention else item
        if item[:1] == CAMPAIGN:
            return self._desk.store.campaigns.names().get(item, item)
        if item[:1] != CONVERSATION:
            return item
        conversation = self._desk.store.get(Conversation, item)
        return f"{item} {conversation.author}" if conversation else item

    def person(self, handle: str) -> str:
        return handle

    def time(self, moment: datetime) -> str:
        return times.echo(moment, self._desk.zone, self._desk.now)

    def way(self, verb: str, item: str = "") -> str:
        return COMMANDS[verb].format(item)
