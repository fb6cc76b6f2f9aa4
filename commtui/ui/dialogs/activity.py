"""The activity: the log of every step, newest first, followed while it grows; a step can be opened and taken back."""

from __future__ import annotations

from typing import Final

from commtui.activity.passive_log import PROGRAM
from commtui.activity.recent import RecentSteps
from commtui.model.log_records import LogEntry
from commtui.sentences.steps import step_words
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.dialogs.step_actions import Answer, Place, StepActions
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.activity_row import about, activity_row
from commtui.ui.text.rows import Pieces

BEGUN: Final = "begin"
"""The event that is not listed: what became of it follows. What the program did to no item is not listed either."""


class ActivityScreen(ListScreen[None]):
    """Ends when a step is opened, or by the keys that lead back."""

    def __init__(
        self, snapshot: Snapshot, keymap: Keymap, actions: StepActions, place: Place, demo: bool = False
    ) -> None:
        """`place`: what is listed, and the step that the cursor points to; 0: the newest."""
        super().__init__("activity", snapshot, keymap, self._none, demo)
        self._actions = actions
        self._words, self._back_to = place.words, place.number
        self._read_for: RecentSteps | None = None
        """The list that older steps are being read for."""
        self._steps = self._begun()

    def _none(self) -> str:
        if self._steps.has_more:
            return "looking ..."
        return "no step has these words" if self._words else "nothing was done yet"

    def _begun(self) -> RecentSteps:
        return RecentSteps(self.snapshot.desk.store.log, self._matches)

    def on_mount(self) -> None:
        self._name_words()
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        self.call_after_refresh(self._look)

    # what is read

    def _matches(self, entry: LogEntry) -> bool:
        if entry.who == PROGRAM and (entry.verb.endswith(BEGUN) or not entry.ids):
            return False
        if not self._words:
            return True
        text = f"{entry.who} {step_words(entry)} {entry.verb} {about(self.snapshot.desk, entry)}".casefold()
        command = entry.process.command if entry.process else ""
        return all(word in f"{text} {command}" for word in self._words.casefold().split())

    def _look(self) -> None:
        """Reads older steps where there are none below what is in sight."""
        if self._read_for is not self._steps and self._wants_more:
            self._read_for = self._steps
            self._read_on(self._steps)

    @property
    def _wants_more(self) -> bool:
        steps, rows = self._steps, self.rows
        if self._back_to:
            return steps.has_more
        return steps.has_more and len(steps.numbers) < max(rows.at, rows.top) + 2 * rows.page

    def _read_on(self, steps: RecentSteps) -> None:
        """Reads a page, and after the loop had its turn the next one; other words end it."""
        if steps is not self._steps:
            return
        steps.read_older()
        self.rows.show(list(steps.numbers), set() if steps.numbers else None)
        if self._back_to and steps.numbers and steps.numbers[-1] <= self._back_to:
            self.rows.move_to_number(self._back_to)
            self._back_to = 0
        if self._wants_more:
            self.call_later(self._read_on, steps)
        else:
            self._read_for = None

    def follow(self) -> None:
        changed = self._steps.read_newer()
        if changed:
            self.rows.show(list(self._steps.numbers), changed)

    def on_rows_moved(self) -> None:
        self._look()

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        step = self._steps.at(number)
        if step is None:
            return ()
        desk = self.snapshot.desk
        return activity_row(desk, step, self.snapshot.row_context(width), pointed, desk.store.log.process)

    def _name_words(self) -> None:
        self.show_title("Activity", *((("bar-late", f" with: {self._words} "),) if self._words else ()))

    # keys

    def own_keys(self) -> Keys:
        return {"open": self._open, "undo": self._undo, "filter": self._ask_words, "search": self._ask_words}

    @property
    def _entry(self) -> LogEntry | None:
        number = self.rows.number
        step = None if number is None else self._steps.at(number)
        return step.entry if step else None

    def _open(self) -> None:
        entry = self._entry
        if entry is None:
            return
        answer = self._actions.open(entry, Place(self._words, self.rows.number or 0))
        if answer.text or answer.then:
            self._answer(entry, answer)
        else:
            self.dismiss(None)

    def _undo(self) -> None:
        entry = self._entry
        if entry is not None:
            self._answer(entry, self._actions.undo(entry))

    def _answer(self, entry: LogEntry, answer: Answer) -> None:
        if answer.then is not None:
            self.dismiss(None)
            self.app.call_later(answer.then)
            return
        if answer.question:
            ids = answer.ids
            self.ask_yes(answer.text, lambda: self._answer(entry, self._actions.undo(entry, ids)))
        else:
            self.say(answer.text, answer.bad)

    def _ask_words(self) -> None:
        self.ask_line("words", self._narrow, self._words)

    def _narrow(self, words: str) -> None:
        """Shows the steps that have all these words; all where there are none."""
        self._words, self._back_to = words.strip(), 0
        self._steps = self._begun()
        self._name_words()
        self.rows.show([], None)
        self._look()
