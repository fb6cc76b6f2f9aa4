"""What the rules would do to what is stored: they run for real, in transactions of which nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.config.rules import Rule
from commtui.model.conversations import with_newest
from commtui.model.records import Conversation, Mention, RuleRun, RuleState
from commtui.model.rules import Trigger, due_at
from commtui.model.states import ConversationStatus, Priority, Queue
from commtui.store.write import Write
from commtui.triage.rule_book import Ready, hours_of, ready
from commtui.triage.rules import Running

AT_ONCE: Final = 50
"""Mentions of one transaction: other writers wait meanwhile."""
EVERYWHERE: Final = (Queue.OPEN, Queue.WAITING, Queue.SNOOZED, Queue.DONE, Queue.MUTED)
WAITING: Final = (Queue.OPEN, Queue.SNOOZED)


class Tried(NamedTuple):
    """A rule that would run, and when."""

    at: datetime
    run: RuleRun
    mention: Mention


class _NothingKept(Exception):
    """Ends a transaction of which nothing is kept."""


class Trial:
    """What the rules would do to the mentions that came since a moment, as if they came now, one after the other.

    Each conversation is taken as it came: open, with nobody, without tags. Rules on waits are tried on who waits now.
    """

    def __init__(self, desk: Desk, since: datetime) -> None:
        self._desk, self._since = desk, since
        self._book = [rule for rule in ready(desk.settings) if rule.terms is not None]
        self._states: dict[str, RuleState] = {}
        self._conversations: dict[str, Conversation] = {}
        """As the rules have left them so far."""
        self.mentions = 0
        """How many mentions were looked at."""

    def runs(self) -> Iterator[Tried]:
        """Yields what would be done, in the order in which it would be."""
        on_mention = [rule for rule in self._book if rule.rule.on is Trigger.MENTION]
        found = sorted(self._found())
        self.mentions = len(found)
        for begin in range(0, len(found), AT_ONCE):
            identities = [identity for _, identity in found[begin : begin + AT_ONCE]]
            records = self._desk.store.get_each(Mention, identities)
            yield from self._try(on_mention, [records[identity] for identity in identities if identity in records])
        for rule in self._book:
            if rule.rule.on is not Trigger.MENTION:
                yield from self._try_waits(rule)

    def _found(self) -> Iterator[tuple[datetime, str]]:
        """Yields when each mention came, and its id."""
        store = self._desk.store
        for queue in EVERYWHERE:
            for archived in (False, True):
                for number in store.conversations.newer_than(queue, self._since, archived=archived):
                    conversation = store.at(Conversation, number)
                    mentions = store.mentions.of_conversation(conversation.id) if conversation else []
                    for mention in mentions:
                        if mention.created_at >= self._since:
                            yield mention.created_at, mention.id

    def _try(self, book: Sequence[Ready], mentions: Sequence[Mention]) -> list[Tried]:
        tried: list[Tried] = []
        with suppress(_NothingKept), self._desk.store.write() as write:
            running = Running(self._desk, write, again=True)
            running.states = dict(self._states)
            for mention in mentions:
                self._arrive(write, mention)
                before = len(running.runs)
                running.on_mention(book, mention)
                tried += [Tried(mention.created_at, run, mention) for run in running.runs[before:]]
                conversation = write.get(Conversation, mention.conversation)
                if conversation is not None:
                    self._conversations[conversation.id] = conversation
            self._states = running.states
            raise _NothingKept
        return tried

    def _arrive(self, write: Write, mention: Mention) -> None:
        """Puts the conversation as it would be when the mention has come."""
        stored = write.get(Conversation, mention.conversation)
        if stored is None:
            return
        before = self._conversations.get(stored.id) or _as_it_came(stored)
        arrived = replace(with_newest(before, mention), unread=True, status=ConversationStatus.OPEN)
        write.put(replace(arrived, snoozed_until=None, snoozed_for_answer=False, done_at=None))

    def _try_waits(self, rule: Ready) -> Iterator[Tried]:
        """Yields what a rule would do to who waits now, since the trial's moment or later."""
        desk = self._desk
        due: list[tuple[datetime, Conversation]] = []
        for queue in WAITING:
            for number in desk.store.conversations.by_wait(queue):
                conversation = desk.store.at(Conversation, number)
                at = self._due(rule.rule, conversation) if conversation and conversation.since >= self._since else None
                if conversation is not None and at is not None and at <= desk.now:
                    due.append((at, conversation))
        due.sort(key=lambda pair: (pair[0], pair[1].id))
        for begin in range(0, len(due), AT_ONCE):
            yield from self._try_due(rule, due[begin : begin + AT_ONCE])

    def _due(self, rule: Rule, conversation: Conversation) -> datetime | None:
        """When a rule on waits is due for a conversation; None: never."""
        match rule.on:
            case Trigger.AT_RISK:
                return conversation.risk_at
            case Trigger.OVERDUE:
                return conversation.due_at
        hours = hours_of(self._desk.settings) if rule.working_time else None
        return due_at(conversation.since, rule.after, hours) if rule.after else None

    def _try_due(self, rule: Ready, due: Sequence[tuple[datetime, Conversation]]) -> list[Tried]:
        tried: list[Tried] = []
        with suppress(_NothingKept), self._desk.store.write() as write:
            running = Running(self._desk, write, again=True)
            running.states = dict(self._states)
            for at, conversation in due:
                before = len(running.runs)
                running.on_wait(rule, conversation, at)
                for run in running.runs[before:]:
                    newest = write.get(Mention, run.mention)
                    if newest is not None:
                        tried.append(Tried(at, run, newest))
            self._states = running.states
            raise _NothingKept
        return tried


def _as_it_came(conversation: Conversation) -> Conversation:
    """A conversation without what people and rules have made of it."""
    return replace(conversation, assignee=None, tags=(), priority=Priority.NORMAL, muted=False, muted_until=None)
