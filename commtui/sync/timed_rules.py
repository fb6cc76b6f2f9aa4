"""Runs the rules on time: those on who has waited too long for us, once each, late after a downtime.

What is due next is found in the store's order of waits, from where a rule was left. What changed since is looked at by
itself: a conversation that is opened again may have waited for long. So a turn costs what is due, not what is open.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from commtui.activity.desk import Desk
from commtui.config.settings import Settings
from commtui.model.clock import Clock, from_iso, to_iso
from commtui.model.conversations import queue_of
from commtui.model.hours import Hours
from commtui.model.ids import CONVERSATION, from_number
from commtui.model.records import Conversation, RuleRun, RuleState
from commtui.model.rules import Trigger, due_at, run_id, state_id, wait_event
from commtui.model.states import Queue
from commtui.store.changes import Changes, Numbers
from commtui.store.store import Store
from commtui.triage.rule_book import Ready, hours_of, ready
from commtui.triage.rules import Running, note_rules

log = logging.getLogger("commtui.rules")
WAITING: Final = (Queue.OPEN, Queue.SNOOZED)
"""Where somebody waits for us: to snooze a conversation answers nobody."""
AT_ONCE: Final = 50
"""Conversations that rules run on in one transaction."""
LOOKED_AT: Final = 200
"""Conversations that a turn looks at in each order of waits, and among those that changed."""


class _Place:
    """How far a rule has come in one order of waits."""

    def __init__(self, first: str) -> None:
        self.reached = first
        """Whoever has waited since before this moment (ISO 8601) was looked at."""
        self.seen: set[int] = set()
        """Those who wait since that very moment and were looked at."""
        self.next_at = ""
        """When the next one is due (ISO 8601); empty: it is to be read. `9` sorts after every time: nobody is."""


class _Wait:
    """A rule on time and how far it has come."""

    def __init__(self, rule: Ready, order: int, first: str, hours: Hours | None) -> None:
        self.rule, self.order, self.first, self._hours = rule, order, first, hours
        self.places = {queue: _Place(first) for queue in WAITING}

    def due(self, since: str) -> datetime | None:
        """When somebody has waited as long as the rule says; None: it has no part in that wait, or is never due."""
        after = self.rule.rule.after
        if after is None or since < self.first:
            return None
        return due_at(from_iso(since), after, self._hours)


Found = tuple[datetime, int, _Wait, int, str]
"""When it was due, the rule's place in the file, the rule, the conversation's doc_id, and since when it waits."""


class TimedRules:
    """`see` may be called from any thread; the rest on the engine's."""

    def __init__(self, store: Store, clock: Clock, settings: Callable[[], Settings]) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._followed: Settings | None = None
        self._waits: list[_Wait] = []
        self._lock = threading.Lock()
        self._changed: Numbers = set()

    def see(self, changes: Changes) -> None:
        """Takes in what changed in the store."""
        numbers = changes.conversations
        if numbers != set():
            with self._lock:
                both = Changes(conversations=self._changed)
                both.add(Changes(conversations=numbers))
                self._changed = both.conversations

    def begin_anew(self) -> None:
        """The next turn looks at everybody who waits: after the clock was set."""
        self._followed = None

    def turn(self) -> bool:
        """Runs what is due, at most what LOOKED_AT allows. Returns whether there may be more. Raises StoreError."""
        settings = self._settings()
        if self._followed is not settings:
            self._follow(settings)
        if not self._waits:
            with self._lock:
                self._changed = set()
            return False
        now = self._clock.now()
        found, more = self._among_changed(now)
        for wait in self._waits:
            for queue, place in wait.places.items():
                some, is_more = self._next(wait, queue, place, now)
                found, more = [*found, *some], more or is_more
        found = sorted((each for each in found if not self._has_run(each)), key=lambda each: each[:2])
        for begin in range(0, len(found), AT_ONCE):
            self._run(found[begin : begin + AT_ONCE], settings, now)
        return more

    def _follow(self, settings: Settings) -> None:
        """Takes up the rules of the config as it is now."""
        if self._followed is not None and _followed(self._followed) == _followed(settings):
            self._followed = settings
            return
        note_rules(self._desk(settings))
        for rule in ready(settings):
            if rule.problem is not None:
                log.warning("rule %s cannot be followed: %s", rule.rule.name, rule.problem)
        self._waits = []
        for order, rule in enumerate(ready(settings)):
            state = self._store.get(RuleState, state_id(rule.rule.name))
            if rule.rule.on is Trigger.UNANSWERED and rule.terms is not None and state is not None:
                hours = hours_of(settings) if rule.rule.working_time else None
                self._waits.append(_Wait(rule, order, to_iso(state.since), hours))
        self._followed = settings

    def _desk(self, settings: Settings) -> Desk:
        return Desk(self._store, self._clock, settings, settings.me)

    def _among_changed(self, now: datetime) -> tuple[list[Found], bool]:
        """What is due among the conversations that changed; and whether some were left for the next turn."""
        with self._lock:
            changed, self._changed = self._changed, set()
            if changed is not None and len(changed) > LOOKED_AT:
                some = set(sorted(changed)[:LOOKED_AT])
                changed, self._changed = some, changed - some
            left = self._changed != set()
        if changed is None:
            for wait in self._waits:
                wait.places = {queue: _Place(wait.first) for queue in WAITING}
            return [], True
        found: list[Found] = []
        for number in changed:
            queue = self._store.conversations.queue(number)
            if queue not in WAITING:
                continue
            since = self._store.conversations.since(number)
            for wait in self._waits:
                due = wait.due(since)
                if due is None:
                    continue
                if due <= now:
                    found.append((due, wait.order, wait, number, since))
                else:
                    place = wait.places[queue]
                    place.next_at = min(place.next_at, to_iso(due))
        return found, left

    def _next(self, wait: _Wait, queue: Queue, place: _Place, now: datetime) -> tuple[list[Found], bool]:
        """What is due behind the place that a rule has come to; and whether there may be more."""
        if place.next_at > to_iso(now):
            return [], False
        most = LOOKED_AT + len(place.seen)
        found: list[Found] = []
        rows = self._store.conversations.waiting_from(queue, place.reached, most)
        for number, since in rows:
            if since == place.reached and number in place.seen:
                continue
            due = wait.due(since)
            if due is not None and due > now:
                place.next_at = to_iso(due)
                return found, False
            if since != place.reached:
                place.reached, place.seen = since, set()
            place.seen.add(number)
            if due is not None:
                found.append((due, wait.order, wait, number, since))
        is_more = len(rows) == most
        place.next_at = "" if is_more else "9"
        return found, is_more

    def _has_run(self, found: Found) -> bool:
        """Whether a rule has run for the wait; looked up again in the transaction in which it does."""
        _, _, wait, number, since = found
        rule, conversation = wait.rule.rule, from_number(CONVERSATION, number)
        event = wait_event(from_iso(since))
        return self._store.get(RuleRun, run_id(rule.name, conversation, rule.on, event)) is not None

    def _run(self, found: list[Found], settings: Settings, now: datetime) -> None:
        with self._store.write() as write:
            running = Running(self._desk(settings), write)
            for _, _, wait, number, _ in found:
                conversation = self._store.at(Conversation, number)
                if conversation is None or queue_of(conversation) not in WAITING:
                    continue
                due = wait.due(to_iso(conversation.since))
                if due is not None and due <= now:
                    running.on_wait(wait.rule, conversation, due)
            running.keep_states()


def _followed(settings: Settings) -> tuple[object, ...]:
    """What the rules on time go by."""
    return settings.rules, settings.hours, settings.zone, settings.teammates, settings.me
