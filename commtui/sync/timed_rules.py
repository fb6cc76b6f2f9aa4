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
from commtui.model.conversations import queue_of, without_ended_mute
from commtui.model.hours import Hours
from commtui.model.ids import CONVERSATION, from_number
from commtui.model.records import Conversation, RuleRun, RuleState
from commtui.model.rules import Trigger, due_at, run_id, state_id, wait_event
from commtui.model.states import Queue
from commtui.store.changes import Changes, Numbers
from commtui.store.errors import StoreError
from commtui.store.store import Store
from commtui.store.waits import NEVER, Wait
from commtui.triage.rule_book import Ready, hours_of, ready
from commtui.triage.rules import Running, note_rules

log = logging.getLogger("commtui.rules")
WAITING: Final = (Queue.OPEN, Queue.SNOOZED)
"""Where somebody waits for us: to snooze a conversation answers nobody."""
AT_ONCE: Final = 50
"""Conversations that rules run on in one transaction."""
LOOKED_AT: Final = 200
"""Conversations that a turn looks at in each order of waits, and among those that changed."""


ORDERS: Final = {Trigger.UNANSWERED: Wait.SINCE, Trigger.AT_RISK: Wait.AT_RISK, Trigger.OVERDUE: Wait.DUE}
"""In which order of waits each kind of rule finds what is due."""


class _Place:
    """How far a rule has come in one order of waits."""

    def __init__(self, first: str) -> None:
        self.reached = first
        """All before this key were looked at."""
        self.seen: set[int] = set()
        """Those with that very key that were looked at."""
        self.next_at = ""
        """When the next one is due (ISO 8601); empty: it is to be read; NEVER: nobody is."""


class _Timed:
    """A rule on time and how far it has come."""

    def __init__(self, rule: Ready, place: int, first: str, hours: Hours | None) -> None:
        self.rule, self.place, self.first, self._hours = rule, place, first, hours
        self.order = ORDERS[rule.rule.on]
        self.places: dict[Queue, _Place] = {}
        self.begin_anew()

    def begin_anew(self) -> None:
        """Goes through its order from the beginning: nothing that is due before the rule was first seen is for it."""
        self.places = {queue: _Place(self.first) for queue in WAITING}

    def due(self, key: str, since: str) -> datetime | None:
        """When it is to run for who has a key in its order, and waits since then; None: it has no part in that wait, or
        is never due."""
        moment = key.partition(" ")[0]
        if since < self.first or moment >= NEVER:
            return None
        after = self.rule.rule.after
        return from_iso(moment) if after is None else due_at(from_iso(moment), after, self._hours)


Found = tuple[datetime, int, _Timed, int, str]
"""When it was due, the rule's place in the file, the rule, the conversation's doc_id, and since when it waits."""


class TimedRules:
    """`see` may be called from any thread; the rest on the engine's."""

    def __init__(self, store: Store, clock: Clock, settings: Callable[[], Settings]) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._followed: Settings | None = None
        self._timed: list[_Timed] = []
        self._lock = threading.Lock()
        self._changed: Numbers = set()
        self._unmuted: dict[int, str] = {}
        """The conversations whose mute has ended by itself, which no order has among the open ones, and when a rule on
        time is due next for each."""

    def see(self, changes: Changes) -> None:
        """Takes in what changed in the store."""
        numbers = changes.conversations
        if numbers != set():
            with self._lock:
                both = Changes(conversations=self._changed)
                both.add(Changes(conversations=numbers))
                self._changed = both.conversations

    def begin_anew(self) -> None:
        """The next turn looks at everybody who waits."""
        self._followed = None

    def turn(self) -> bool:
        """Runs what is due, at most what LOOKED_AT allows. Returns whether there may be more.

        Raises StoreError: the next turn finds again what was due.
        """
        try:
            return self._run_due()
        except StoreError:  # the places are past what did not run
            self.begin_anew()
            raise

    def _run_due(self) -> bool:
        settings = self._settings()
        if self._followed is not settings:
            self._follow(settings)
        if not self._timed:
            with self._lock:
                self._changed = set()
            return False
        now = self._clock.now()
        found, more = self._among_changed(now)
        found += self._among_unmuted(now)
        for timed in self._timed:
            for queue, place in timed.places.items():
                some, is_more = self._next(timed, queue, place, now)
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
        self._timed, self._unmuted = [], {}
        for place, rule in enumerate(ready(settings)):
            state = self._store.get(RuleState, state_id(rule.rule.name))
            if rule.rule.on in ORDERS and rule.terms is not None and state is not None:
                hours = hours_of(settings) if rule.rule.working_time else None
                self._timed.append(_Timed(rule, place, to_iso(state.since), hours))
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
            self._unmuted = {}
            for timed in self._timed:
                timed.begin_anew()
            return [], True
        found: list[Found] = []
        for number in changed:
            self._unmuted.pop(number, None)
            queue = self._store.conversations.queue(number, now)
            if queue not in WAITING:
                continue
            since = self._store.conversations.since(number)
            for timed in self._timed:
                due = timed.due(self._store.waits.key(timed.order, number), since)
                if due is None:
                    continue
                if due <= now:
                    found.append((due, timed.place, timed, number, since))
                else:
                    place = timed.places[queue]
                    place.next_at = min(place.next_at, to_iso(due))
        return found, left

    def _among_unmuted(self, now: datetime) -> list[Found]:
        """What is due among the conversations whose mute has ended: nothing was written for it."""
        ended, before = self._store.away.mute_ended(now, Queue.OPEN), self._unmuted
        self._unmuted = {number: before.get(number, "") for number in ended}
        found: list[Found] = []
        for number in [number for number, next_at in self._unmuted.items() if next_at <= to_iso(now)]:
            since = self._store.conversations.since(number)
            keys = [(timed, self._store.waits.key(timed.order, number)) for timed in self._timed]
            dues = [(due, timed) for timed, key in keys if (due := timed.due(key, since)) is not None]
            found += [(due, timed.place, timed, number, since) for due, timed in dues if due <= now]
            self._unmuted[number] = min((to_iso(due) for due, _ in dues if due > now), default=NEVER)
        return found

    def _next(self, timed: _Timed, queue: Queue, place: _Place, now: datetime) -> tuple[list[Found], bool]:
        """What is due behind the place that a rule has come to; and whether there may be more."""
        if place.next_at > to_iso(now):
            return [], False
        most = LOOKED_AT + len(place.seen)
        found: list[Found] = []
        rows = self._store.waits.from_key(timed.order, queue, place.reached, most)
        for number, key, since in rows:
            if key == place.reached and number in place.seen:
                continue
            if key >= NEVER:
                place.next_at = NEVER
                return found, False
            due = timed.due(key, since)
            if due is not None and due > now:
                place.next_at = to_iso(due)
                return found, False
            if key != place.reached:
                place.reached, place.seen = key, set()
            place.seen.add(number)
            if due is not None:
                found.append((due, timed.place, timed, number, since))
        is_more = len(rows) == most
        place.next_at = "" if is_more else NEVER
        return found, is_more

    def _has_run(self, found: Found) -> bool:
        """Whether a rule has run for the wait; looked up again in the transaction in which it does."""
        _, _, timed, number, since = found
        rule, conversation = timed.rule.rule, from_number(CONVERSATION, number)
        event = wait_event(from_iso(since))
        return self._store.get(RuleRun, run_id(rule.name, conversation, rule.on, event)) is not None

    def _run(self, found: list[Found], settings: Settings, now: datetime) -> None:
        with self._store.write() as write:
            running = Running(self._desk(settings), write)
            for _, _, timed, number, _ in found:
                conversation = self._store.at(Conversation, number)
                if conversation is None or queue_of(without_ended_mute(conversation, now)) not in WAITING:
                    continue
                key = self._store.waits.key(timed.order, number)
                due = timed.due(key, to_iso(conversation.since))
                if due is not None and due <= now:
                    running.on_wait(timed.rule, conversation, due)
            running.keep_states()


def _followed(settings: Settings) -> tuple[object, ...]:
    """What the rules on time go by."""
    return settings.rules, settings.hours, settings.zone, settings.teammates, settings.me
