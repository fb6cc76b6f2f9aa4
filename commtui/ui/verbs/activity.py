"""The activity pane: what enter opens there, and what undo takes back."""

from __future__ import annotations

from functools import partial

from commtui.activity import resolve, undo
from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import WouldSend
from commtui.model import ids
from commtui.model.log_records import LogEntry
from commtui.model.records import Act, Outgoing
from commtui.sentences.outcomes import sentence
from commtui.store.errors import StoreError
from commtui.ui.dialogs.activity import ActivityScreen
from commtui.ui.dialogs.step_actions import Answer, Place
from commtui.ui.host import Host
from commtui.ui.own_store import FEW
from commtui.ui.panes.pane import Name
from commtui.ui.text.naming import ScreenNaming, error_sentence
from commtui.ui.verbs import focus, many, person, prompts, targets


def open_activity(host: Host, words: str = "") -> None:
    """Shows what was done, by whom and in which process, newest first; `words`: only what has all of these."""
    go_to(host, Place(words, 0))


def go_to(host: Host, place: Place) -> None:
    """Shows the activity as it was left at a place."""
    host.push(ActivityScreen(host.snapshot, host.program.keymap, StepsOf(host), place, host.services.demo))


class StepsOf:
    """What is done with a step of the activity pane, as `StepActions`."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def open(self, entry: LogEntry, place: Place) -> Answer:
        """Opens the first item of the step that is still there."""
        host = self._host
        for item in entry.ids:
            if item[:1] == ids.PERSON and host.desk.store.people.newest(item) is not None:
                return Answer(then=partial(person.go_to, host, item))
            try:
                found = _place_of(host, item)
            except (TriageError, StoreError):  # it was removed since: perhaps another one is there
                continue
            if found is not None:
                focus.open_item(host, *found)
                host.session.opened_from = lambda: go_to(host, place)
                return Answer()
        return Answer("nothing to open: " + ("it is gone" if entry.ids else "this step is about no item"), bad=True)

    def undo(self, entry: LogEntry, agreed: tuple[str, ...] = ()) -> Answer:
        """Takes the step back, after a question where it would schedule something."""
        host = self._host
        host.renew()
        log = host.desk.store.log
        count = many.size_of(len(log.parts(entry.op_id)), log.step(entry.op_id))
        if count > FEW or host.session.running is not None:
            return Answer(then=lambda: host.run(lambda *_: _undo_many(host, entry.op_id, count)))
        try:
            outcome = undo.undo_step(host.desk, entry.op_id, agreed)
        except WouldSend as error:
            question = targets.again_question(host, "undo", error.ids)
            return Answer(question + prompts.YES, question=True, ids=error.ids)
        except (TriageError, StoreError) as error:
            return Answer(error_sentence(error, host.desk, host.key_of), bad=True)
        host.follow()
        refused = outcome.undone is not None and bool(outcome.undone.why_not)
        return Answer(sentence(outcome, ScreenNaming(host.desk, host.key_of)), bad=refused)


def _undo_many(host: Host, op_id: str, count: int, agreed: tuple[str, ...] = ()) -> None:
    """Takes back a step on many items beside the screen, after a question where it would schedule some.

    Raises NotDone while another one on many runs.
    """

    def work(desk: Desk) -> Outcome:
        return undo.undo_step(desk, op_id, agreed)

    def ask(error: Exception) -> bool:
        if not isinstance(error, WouldSend):
            return False
        ids = error.ids
        question = targets.again_question(host, "undo", ids)
        prompts.confirm(host, question, lambda: _undo_many(host, op_id, count, ids))
        return True

    many.in_thread(host, "undo", count, work, stops=False, refused=ask)


def _place_of(host: Host, item: str) -> tuple[Name, str] | None:
    """The pane and the id of what the reader shows for an item; None where it shows nothing. Raises TriageError."""
    store = host.desk.store
    if item[:1] == ids.ACT:
        act = store.get(Act, item)
        return _place_of(host, act.of) if act and act.of else None
    if item[:1] == ids.POST:
        variants = store.outgoing.of_post(item)
        return ("posts", variants[0].id) if variants else None
    if item[:1] == ids.VARIANT:
        return ("posts", item) if store.get(Outgoing, item) else None
    if item[:1] in (ids.REPLY, ids.MENTION, ids.CONVERSATION):
        return "mentions", resolve.conversation(store, item).id
    return None
