"""The clock of a conversation after any sequence of steps, compared with the list of what started and stopped it."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity.undo import undo
from commtui.community import conversations, replies
from commtui.config.service_levels import ServiceLevel
from commtui.model.records import Outgoing
from commtui.model.service_levels import Event, waits
from commtui.model.states import ConversationStatus
from commtui.outgoing import changes
from commtui.sync.consequences import mark_answered
from tests.clock import FakeClock
from tests.triage.desks import arrive, conversation_of, desk_on, sent

HOUR = timedelta(hours=1)
LEVELS = (ServiceLevel("all", first=8 * HOUR, next=4 * HOUR),)
STEPS = ("write", "bot", "done", "reopen", "snooze", "until answer", "answer", "recall", "mute and back", "undo")


class Reference:
    """What started and stopped the clock, by the rules as docs/service-levels.md has them."""

    def __init__(self):
        self.events = []
        self.open, self.bots_only, self.wakes = False, False, None

    def look(self, now):
        if self.wakes is not None and self.wakes <= now:  # reopened at the end of its snooze
            self.reopened(self.wakes)
            self.wakes = None

    def reopened(self, at):
        if not self.bots_only:
            self.events.append((at, Event.REOPENED))

    def write(self, now):
        self.events.append((now, Event.INBOUND))
        self.open, self.bots_only, self.wakes = True, False, None

    def bot(self, now):
        self.bots_only = self.bots_only or not self.open
        self.open = True

    def close(self, now, event):
        if self.open or event is Event.SENT:
            self.events.append((now, event))
        self.open, self.wakes = False, None

    def reopen(self, now):
        if not self.open or self.wakes is not None:
            self.reopened(now)
        self.open, self.wakes = True, None

    def snooze(self, now, until):
        if self.open and self.wakes is None:
            return
        self.open, self.wakes = until is not None, until

    def due(self):
        if not self.open or self.bots_only:
            return None
        found = waits(self.events)
        answered = any(event is Event.SENT for _, event in self.events)
        since = self.wakes or found[-1].since
        return since + (4 if answered else 8) * HOUR


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 200)), max_size=8), st.booleans())
def test_what_is_due_follows_from_what_started_and_stopped_the_clock(steps, begins_with_a_bot):
    with tempfile.TemporaryDirectory() as folder:
        clock, known = FakeClock(), Reference()
        desk = desk_on(Path(folder), clock, service_levels=LEVELS)
        one = arrive(desk, "0", bot=begins_with_a_bot)
        known.bot(desk.now) if begins_with_a_bot else known.write(desk.now)
        for number, (step, minutes) in enumerate(steps, 1):
            clock.advance(minutes * 60)
            known.look(desk.now)
            take(desk, known, one, step, str(number))
            assert conversation_of(desk, one).due_at == known.due(), step
        desk.store.close()


def take(desk, known, one, step, name):
    """Takes a step, in the store and by the rules."""
    if step in ("write", "bot"):
        arrive(desk, name, answers="0", bot=step == "bot")
        known.bot(desk.now) if step == "bot" else known.write(desk.now)
    elif step == "done":
        conversations.done(desk, [one.id])
        known.close(desk.now, Event.DONE)
    elif step == "reopen":
        conversations.reopen(desk, [one.id])
        known.reopen(desk.now)
    elif step == "snooze":
        conversations.snooze(desk, [one.id], "2h")
        known.snooze(desk.now, desk.now + 2 * HOUR)
    elif step == "until answer":
        conversations.snooze(desk, [one.id], "answer")
        known.snooze(desk.now, None)
    elif step == "answer":
        item, _ = replies.reply(desk, one.id, "Hello")
        assert conversation_of(desk, one).due_at is None
        with desk.store.write() as write:
            mark_answered(desk.store, write, sent(desk, item, f"r{name}"))
        known.close(desk.now, Event.SENT)
    elif step == "recall":  # a reply that was never sent: everything is as before
        replies.reply(desk, one.id, "Hello")
        undo(desk)
        (draft,) = (item for item in desk.store.all(Outgoing) if item.state == "draft")
        changes.discard(desk, [draft.id])
    elif step == "mute and back":
        conversations.mute(desk, [one.id])
        assert conversation_of(desk, one).due_at is None
        conversations.unmute(desk, [one.id])
    else:
        conversations.tag(desk, [one.id], f"x{name}")
        is_done = conversation_of(desk, one).status is ConversationStatus.DONE
        (conversations.reopen if is_done else conversations.done)(desk, [one.id])
        undo(desk)
        undo(desk)
