"""The screen of a person: whom it is about, and what is done there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from commtui.activity import resolve_author, undo
from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Erased, Outcome
from commtui.community.erasing import erase
from commtui.model import ids
from commtui.outgoing.unsent_edits import FILE, UnsentEdits
from commtui.sentences.outcomes import sentence
from commtui.sentences.people import erased_words
from commtui.store.errors import StoreError
from commtui.triage.verbs import VERBS
from commtui.ui.dialogs.person import PersonScreen
from commtui.ui.dialogs.person_actions import Said
from commtui.ui.host import Host
from commtui.ui.own_store import on_own_store
from commtui.ui.text.naming import ScreenNaming, error_sentence
from commtui.ui.verbs import focus, targets


def open_person(host: Host, argument: str = "") -> None:
    """Shows the person who wrote what the cursor points to, or the one that is named.

    Raises UnknownPerson, UnknownId, AmbiguousId."""
    given = argument.strip()
    if not given:
        chosen = targets.conversations(host, one=True)
        if not chosen:
            return
        given = chosen[0]
    go_to(host, resolve_author.author(host.desk.store, given))


def go_to(host: Host, author: str, at: int = 0, back: Callable[[], None] | None = None) -> None:
    """Shows the person who an author is. `at`: the number of the conversation that the cursor points to. `back`: shows
    the screen on which the person was chosen."""
    actions = ActionsOf(host, back)
    screen = PersonScreen(host.snapshot, host.program.keymap, actions, author, at, host.services.demo)
    host.push(screen, lambda _: actions.ended())


class ActionsOf:
    """What is done on a person's screen, as `PersonActions`."""

    def __init__(self, host: Host, back: Callable[[], None] | None = None) -> None:
        self._host, self._back = host, back
        self._goes_on = False
        """Whether the screen ended for something else than to lead back."""

    def ended(self) -> None:
        """Called once the screen has ended."""
        if self._back is not None and not self._goes_on:
            self._back()

    def open(self, author: str, conversation: str) -> None:
        host, self._goes_on = self._host, True
        focus.open_item(host, "mentions", conversation)
        host.session.opened_from = lambda: go_to(host, author, ids.number(conversation), self._back)

    def change(self, author: str, verb: str, argument: str) -> Said:
        host = self._host
        host.renew()
        try:
            outcome = VERBS[verb].call(host.desk, author, argument)
        except (TriageError, StoreError) as error:
            return Said(error_sentence(error, host.desk, host.key_of), bad=True)
        host.follow()
        return self._said(outcome)

    def undo(self) -> Said:
        host = self._host
        host.renew()
        step = undo.last_step(host.desk, "undo")
        if step is None or not step.ids or step.ids[0][:1] != ids.PERSON:
            return Said("your last step was not about a person: undo it outside of here", bad=True)
        try:
            outcome = undo.undo(host.desk, step=step.op_id)
        except (TriageError, StoreError) as error:
            return Said(error_sentence(error, host.desk, host.key_of), bad=True)
        host.follow()
        return self._said(outcome)

    def _said(self, outcome: Outcome) -> Said:
        return Said(sentence(outcome, ScreenNaming(self._host.desk, self._host.key_of)))

    def erase(self, author: str) -> None:
        host, self._goes_on = self._host, True
        host.renew()
        host.tell("erasing ...")
        host.run_worker(_erased(host, author), group="erase", exclusive=False)


async def _erased(host: Host, author: str) -> None:
    """Erases in a thread: the whole file is written anew."""
    edits = UnsentEdits(host.services.home.state / FILE)

    def work(desk: Desk) -> Erased:
        erased = erase(desk, author)
        edits.forget(erased.texts)
        return erased

    try:
        erased = await asyncio.to_thread(on_own_store, host.services, host.desk, work)
    except (TriageError, StoreError) as error:
        host.status.tell_surely(error_sentence(error, host.desk, host.key_of))
        return
    host.follow(everything=True)
    host.tell(erased_words(erased))
