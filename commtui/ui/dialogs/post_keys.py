"""What the keys of the calendar do with the post under its cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from commtui.marketing.calendar import Entry
from commtui.model.states import OutgoingState
from commtui.ui.dialogs.calendar_actions import CalendarActions
from commtui.ui.dialogs.step_actions import Answer

NO_POST: Final = "no post here"
NEXT_SLOT: Final = "next slot"
"""The WHEN that moves a post to the next slot that is free."""


class Screen(Protocol):
    """The calendar, as these keys see it."""

    @property
    def entry(self) -> Entry | None:
        """The post that the cursor points to."""
        ...

    def say(self, text: str, bad: bool = False) -> None: ...

    def ask_yes(self, question: str, then: Callable[[], None], late: bool = False) -> None: ...

    def ask_line(self, question: str, take: Callable[[str], None], text: str = "") -> None: ...

    def leave(self) -> None:
        """Ends the calendar."""
        ...


class PostKeys:
    """`question`: what is asked for another time of a post."""

    def __init__(self, screen: Screen, actions: CalendarActions, question: str) -> None:
        self._screen, self._actions, self._question = screen, actions, question

    def keys(self) -> Mapping[str, Callable[[], object]]:
        """Command -> what its key does."""
        return {
            "snooze": self._ask_time,
            "reschedule": self._ask_time,
            "later": partial(self._move, "+15m"),
            "earlier": partial(self._move, "-15m"),
            "search-next": partial(self._move, NEXT_SLOT),
            "hold": self._hold,
            "duplicate": self._duplicate,
            "recall": partial(self._do, "recall"),
            "reply": self._edit,
            "edit": self._edit,
            "undo": self._undo,
        }

    def _waiting(self) -> list[str]:
        """The variants of the post that are not out; says so where there is none."""
        entry = self._screen.entry
        if entry is None:
            self._screen.say(NO_POST)
            return []
        waiting = [item.id for item in entry.items if item.state is not OutgoingState.SENT]
        if not waiting:
            self._screen.say("already sent", bad=True)
        return waiting

    def _edit(self) -> None:
        if chosen := self._waiting():
            self._screen.leave()
            self._actions.edit(chosen[0])

    def _ask_time(self) -> None:
        if chosen := self._waiting():
            self._screen.ask_line(self._question, partial(self._reschedule, chosen))

    def _reschedule(self, chosen: Sequence[str], at: str) -> None:
        if at.strip():
            agree = partial(self._actions.reschedule, chosen, at, agreed=True)
            self._answer(self._actions.reschedule(chosen, at), agree)

    def _move(self, by: str) -> None:
        if chosen := self._waiting():
            self._reschedule(chosen, by)

    def _hold(self) -> None:
        """Holds the post; one that is held is released, after a question."""
        entry = self._screen.entry
        self._do("release" if entry is not None and entry.state is OutgoingState.HELD else "hold")

    def _do(self, verb: str) -> None:
        if chosen := self._waiting():
            self._answer(self._actions.do(verb, chosen), partial(self._actions.do, verb, chosen, agreed=True))

    def _duplicate(self) -> None:
        """Makes a new draft of the post, also of one that is out."""
        entry = self._screen.entry
        if entry is None:
            self._screen.say(NO_POST)
        else:
            answer = self._actions.duplicate(entry.first.id)
            self._screen.say(answer.text, answer.bad)

    def _undo(self) -> None:
        answer = self._actions.undo()
        self._answer(answer, partial(self._actions.undo, answer.ids))

    def _answer(self, answer: Answer, agreed: Callable[[], Answer]) -> None:
        """Says what became of an action, or asks; `agreed` does it after a yes."""
        if answer.question:
            self._screen.ask_yes(answer.text, lambda: self._answer(agreed(), agreed))
        elif answer.text:
            self._screen.say(answer.text, answer.bad)
