"""Runs the rules of the config: on new mentions, and on waits that have become too long.

Each rule runs once for an event, which a RuleRun records in the transaction of what it does. All that match run, in the
file's order, and a later one sees what an earlier one did. One that fails changes nothing and costs itself alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from commtui.activity.desk import Desk, one_step
from commtui.activity.errors import TriageError
from commtui.activity.resolve import elder
from commtui.community.saved_replies import filled
from commtui.model.conversations import is_muted
from commtui.model.hours import is_worked
from commtui.model.records import Conversation, Mention, RuleRun, RuleState
from commtui.model.rules import Trigger, actor, next_in_turn, run_id, state_id, wait_event
from commtui.store.errors import StoreError
from commtui.store.write import Write
from commtui.triage import query
from commtui.triage.lines import Line
from commtui.triage.rule_book import NOTIFY, TURNS, Ready, hours_of, ready
from commtui.triage.verbs import VERBS
from commtui.triage.views import query_context

log = logging.getLogger("commtui.rules")
STEP: Final = "rule"
"""The verb of a rule's step in the log."""


def run_on_mentions(desk: Desk, write: Write, mentions: Iterable[Mention]) -> list[RuleRun]:
    """Runs the rules on mentions that came in, within the transaction that brings them. Returns what was run."""
    book = [rule for rule in ready(desk.settings) if rule.rule.on is Trigger.MENTION and rule.terms is not None]
    if not book:
        return []
    running = Running(desk, write)
    for mention in mentions:
        running.on_mention(book, mention)
    running.keep_states()
    return running.runs


def note_rules(desk: Desk) -> None:
    """Stores when each rule of the config was first seen, and which the config has no longer. Raises StoreError."""
    known, now = {state.name: state for state in desk.store.all(RuleState)}, desk.now
    names = {rule.name for rule in desk.settings.rules}
    changed = [replace(state, absent=True) for state in known.values() if state.name not in names and not state.absent]
    for name in names:
        state = known.get(name)
        if state is None:
            changed.append(RuleState(id=state_id(name), name=name, since=now))
        elif state.absent or state.since > now:  # by a clock that has been set back since
            changed.append(replace(state, absent=False, since=now))
    if changed:
        with desk.store.write() as write:
            for state in changed:
                write.put(state)


class Running:
    """Rules that run within one transaction. `again`: events count that have had their run, for a trial."""

    def __init__(self, desk: Desk, write: Write, *, again: bool = False) -> None:
        self.desk, self._write, self._again = desk, write, again
        self.runs: list[RuleRun] = []
        self.states: dict[str, RuleState] = {}
        """By the rules' names, as they are once this is kept."""
        self._context = query_context(desk)
        self._failed: set[str] = set()

    def on_mention(self, book: Sequence[Ready], mention: Mention) -> None:
        """Runs all rules that match a new mention, in their order."""
        said = "\n".join((mention.author, mention.author_name, mention.spoiler, mention.text)).casefold()
        chosen = [rule for rule in book if all(word in said for word in rule.words)]
        conversation = self._conversation(mention.conversation) if chosen else None
        for rule in chosen:
            if conversation is None:
                return
            if self._matches(rule, conversation, mention, mention.created_at):
                conversation = self._run(rule, conversation, mention, mention.id)

    def on_wait(self, rule: Ready, conversation: Conversation, due: datetime) -> None:
        """Runs a rule on a conversation that waits too long since `due`, if it matches."""
        newest = self.desk.store.get(Mention, conversation.newest)
        if newest is None or (not self._again and self._ran_before_folding(rule, conversation)):
            return
        if self._matches(rule, conversation, None, due):
            self._run(rule, conversation, newest, wait_event(conversation.since))

    def _ran_before_folding(self, rule: Ready, conversation: Conversation) -> bool:
        """Whether a rule ran for this wait when its mention stood in a conversation that was folded into this one."""
        event = wait_event(conversation.since)
        return any(
            self._write.get(RuleRun, run_id(rule.rule.name, folded, rule.rule.on, event)) is not None
            for folded in self.desk.store.conversations.folded_into(conversation.id)
        )

    def keep_states(self) -> None:
        """Stores how often each rule ran, and whose turn was last."""
        for state in self.states.values():
            self._write.put(state)

    def _conversation(self, identity: str) -> Conversation | None:
        found = self.desk.store.get(Conversation, identity)
        return elder(self.desk.store, found) if found and found.folded_into else found

    def _matches(self, rule: Ready, conversation: Conversation, mention: Mention | None, at: datetime) -> bool:
        try:
            if not query.matches_conversation(
                rule.terms or (),
                conversation,
                self._context,
                lambda: self.desk.store.mentions.of_conversation(conversation.id),
                mention,
            ):
                return False
            hours = rule.rule.hours
            return not hours or is_worked(hours_of(self.desk.settings), at) == (hours == "open")
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - a fault in one rule must keep out neither the mention nor other rules
            self._log_once(rule, "a fault of commtui's own at its conditions", with_trace=True)
            return False

    def _run(self, rule: Ready, conversation: Conversation, mention: Mention, event: str) -> Conversation | None:
        """Runs a rule for an event, unless it has. Returns the conversation as it is then."""
        trigger = rule.rule.on
        identity = run_id(rule.rule.name, conversation.id, trigger, event)
        if not self._again and self._write.get(RuleRun, identity) is not None:
            return conversation
        state = self._state(rule.rule.name)
        run = RuleRun(
            id=identity,
            rule=rule.rule.name,
            conversation=conversation.id,
            trigger=trigger.value,
            event=event,
            mention=mention.id,
            at=self.desk.now,
            why=rule.why,
        )
        try:
            run, state = self._do(rule, run, state, conversation, mention)
            state = replace(state, last_fault={}) if state.last_fault else state
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the rule fails alone and the mention stays
            expected = isinstance(error, TriageError)
            self._log_once(rule, str(error) if expected else "a fault of commtui's own", with_trace=not expected)
            run = replace(run, fault=fault_of(error))
            state = replace(state, failed=state.failed + 1, last_fault=run.fault)
        self.states[rule.rule.name] = replace(state, runs=state.runs + 1, last_at=run.at)
        self._write.put(run)
        self.runs.append(run)
        return self._conversation(conversation.id) if run.op_id else conversation

    def _do(
        self, rule: Ready, run: RuleRun, state: RuleState, conversation: Conversation, mention: Mention
    ) -> tuple[RuleRun, RuleState]:
        """Does what a rule says, as one step of it; returns the run and the state after it. Raises TriageError."""
        if rule.problem is not None:
            raise rule.problem
        desk = replace(self.desk, who=actor(rule.rule.name))
        did: list[Line] = []
        notice = ""
        with one_step(desk, STEP, (conversation.id,), undoable=False) as step:
            for line in rule.lines:
                if line.verb == NOTIFY:
                    notice = line.value or rule.rule.name
                elif line == Line("assign", TURNS):
                    if conversation.assignee is not None:  # who has it keeps it
                        continue
                    line = Line("assign", next_in_turn(rule.turns, state.turn))
                    state = replace(state, turn=line.value)
                    self._call(desk, line, conversation, mention)
                else:
                    self._call(desk, line, conversation, mention)
                did.append(line)
            step.detail = "; ".join(map(str, did))
            op_id = step.op_id if step.changed else ""
        if notice and is_muted(conversation, self.desk.now):
            after = self._conversation(conversation.id)
            notice = notice if after is not None and not is_muted(after, self.desk.now) else ""
        if notice and not self._again:
            log.info("rule %s: %s: %s", rule.rule.name, notice, conversation.id)
        return replace(run, op_id=op_id, did="; ".join(map(str, did)), notice=notice), state

    def _call(self, desk: Desk, line: Line, conversation: Conversation, mention: Mention) -> None:
        verb = VERBS[line.verb]
        if not line.value:
            verb.call(desk, [conversation.id])
            return
        value = filled(self.desk, line.value, mention) if "{" in line.value else line.value
        me = self.desk if line.verb == "assign" else desk  # `me` is the config's, as everywhere
        verb.call(me, [conversation.id], value)

    def _state(self, name: str) -> RuleState:
        """What is known of a rule, as this transaction leaves it."""
        known = self.states.get(name) or self._write.get(RuleState, state_id(name))
        return known or RuleState(id=state_id(name), name=name, since=self.desk.now)

    def _log_once(self, rule: Ready, words: str, *, with_trace: bool) -> None:
        """Logs that a rule failed, once in a transaction; of a trial nothing."""
        if rule.rule.name not in self._failed and not self._again:
            self._failed.add(rule.rule.name)
            log.warning("rule %s failed: %s", rule.rule.name, words, exc_info=with_trace)


def fault_of(error: Exception) -> dict[str, Any]:
    """Returns an error as a run keeps it: its type, and its fields or its text. See `sentences.rules`."""
    fields = error.fields() if isinstance(error, TriageError) else {"text": str(error)}
    plain = {name: value if isinstance(value, (str, int)) else _plain(value) for name, value in fields.items()}
    return {"error": type(error).__name__, "fields": plain}


def _plain(value: Any) -> Any:
    return [str(part) for part in value] if isinstance(value, (list, tuple)) else str(value)
