"""Steps that start and stop the clock of a conversation, taken in the store and, beside it, by the rules alone."""

from datetime import timedelta

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
from tests.triage.desks import conversation_of, desk_on, sent

HOUR = timedelta(hours=1)
LEVELS = (ServiceLevel("all", first=8 * HOUR, next=4 * HOUR),)
STEPS = st.tuples(
    st.sampled_from(
        ("write", "bot", "done", "reopen", "snooze", "until answer", "answer", "recall", "mute and back", "undo")
    ),
    st.integers(1, 200),
)
"""A step, and the minutes before it."""


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


class Walk:
    """A conversation of a new desk to which steps are taken; `arrive` takes in a mention."""

    def __init__(self, folder, arrive, begins_with_a_bot):
        self.clock, self.known, self._arrive = FakeClock(), Reference(), arrive
        self.desk = desk_on(folder, self.clock, service_levels=LEVELS)
        self.one = arrive(self.desk, "0", bot=begins_with_a_bot)
        (self.known.bot if begins_with_a_bot else self.known.write)(self.desk.now)

    def wait(self, minutes):
        self.clock.advance(minutes * 60)
        self.known.look(self.desk.now)

    def take(self, steps):
        """Takes the steps; gives each once it is taken."""
        for number, (step, minutes) in enumerate(steps, 1):
            self.wait(minutes)
            _take(self.desk, self.known, self.one, step, str(number), self._arrive)
            yield step


def _take(desk, known, one, step, name, arrive):
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
