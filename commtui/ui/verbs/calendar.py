"""The calendar's screen, and what it does with posts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import undo
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import WouldSend
from commtui.model import ids
from commtui.model.calendar import day_of
from commtui.outgoing import rescheduling
from commtui.outgoing.several import do_where_possible
from commtui.sentences.outcomes import sentence
from commtui.store.errors import StoreError
from commtui.triage.verbs import VERBS
from commtui.ui.dialogs.calendar import CalendarScreen
from commtui.ui.dialogs.calendar_actions import CalendarPlace
from commtui.ui.dialogs.step_actions import Answer
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.naming import ScreenNaming, error_sentence
from commtui.ui.text.rows import short_time
from commtui.ui.verbs import focus, prompts, targets, writing


def open_calendar(host: Host) -> None:
    """Shows the week of today."""
    go_to(host, CalendarPlace(day_of(host.desk.now, host.desk.zone)))


def go_to(host: Host, place: CalendarPlace) -> None:
    """Shows the calendar as it was left at a place."""
    question = VERBS["reschedule"].question
    keymap, demo = host.program.keymap, host.services.demo
    host.push(CalendarScreen(host.snapshot, keymap, ActionsOf(host), place, question, demo))


class ActionsOf:
    """What is done with posts on the calendar's screen, as `CalendarActions`."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def open(self, identity: str, place: CalendarPlace) -> None:
        host = self._host
        focus.open_item(host, "posts", identity)
        host.session.opened_from = lambda: go_to(host, place)

    def edit(self, identity: str) -> None:
        host = self._host
        focus.go_to_pane(host, "posts")
        host.panes.rows.move_to_number(ids.number(identity))
        host.run(lambda *_: writing.edit_one(host, identity))

    def compose(self, at: datetime | None, accounts: Sequence[str]) -> None:
        self._host.run(lambda host, _: writing.compose_at(host, at, accounts))

    def go_to_pane(self, command: str) -> None:
        self._host.do(command)

    def do(self, verb: str, identities: Sequence[str], agreed: bool = False) -> Answer:
        entry, host = VERBS[verb], self._host

        def act() -> Answer:
            if entry.confirm and not agreed:
                able = targets.able(host, identities, entry.event)
                return _question(f"{entry.confirm} {targets.named(host, able)}?")
            return self._done(do_where_possible(host.desk, identities, entry.event, entry.resolved()))

        return self._tried(act)

    def reschedule(self, identities: Sequence[str], at: str, agreed: bool = False) -> Answer:
        host = self._host

        def act() -> Answer:
            moments = [when.at for when in rescheduling.times_of(host.desk, identities, at).values()]
            targets.check_each(host, identities, "reschedule")
            resting = targets.resting(host, identities)
            if resting and not agreed:
                time = short_time(min(moments), host.snapshot.row_context(0))
                return _question(f"send {time}: {targets.named(host, resting)}?")
            return self._done(rescheduling.reschedule(host.desk, identities, at))

        return self._tried(act)

    def duplicate(self, identity: str) -> Answer:
        def act() -> Answer:
            done = self._done(VERBS["duplicate"].call(self._host.desk, [identity]))
            return replace(done, text=f"{done.text}, without a time: pane {self._host.key_of('pane-posts')}")

        return self._tried(act)

    def undo(self, agreed: tuple[str, ...] = ()) -> Answer:
        host = self._host

        def act() -> Answer:
            step = undo.last_step(host.desk, "undo")
            if step is None or not step.ids or any(item[:1] not in (ids.POST, ids.VARIANT) for item in step.ids):
                return Answer("your last step was not about posts: undo it outside of here", bad=True)
            try:
                return self._done(undo.undo(host.desk, agreed, step.op_id))
            except WouldSend as error:
                question = targets.again_question(host, "undo", error.ids)
                return Answer(question + prompts.YES, question=True, ids=error.ids)

        return self._tried(act)

    def _tried(self, act: Callable[[], Answer]) -> Answer:
        """What becomes of it; what it can't do is said."""
        host = self._host
        host.renew()
        try:
            return act()
        except (TriageError, StoreError, NotDone) as error:
            return Answer(error_sentence(error, host.desk, host.key_of), bad=True)

    def _done(self, outcome: Outcome) -> Answer:
        host = self._host
        host.follow()
        refused = outcome.undone is not None and bool(outcome.undone.why_not)
        return Answer(sentence(outcome, ScreenNaming(host.desk, host.key_of)), bad=refused)


def _question(text: str) -> Answer:
    return Answer(text + prompts.YES, question=True)
