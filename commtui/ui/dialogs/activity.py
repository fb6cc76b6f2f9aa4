"""The activity: the log of every step, newest first, followed while it grows; a step can be opened and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from commtui.activity.passive_log import PROGRAM
from commtui.activity.recent import RecentSteps
from commtui.model.log_records import LogEntry
from commtui.model.text import clean, one_line
from commtui.sentences.steps import step_words
from commtui.store.changes import Changes
from commtui.ui.dialogs.help import HelpScreen
from commtui.ui.dialogs.step_actions import Answer, Place, StepActions
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.activity_row import about, activity_row
from commtui.ui.text.key_hints import key_line
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.line_edit import LineEdit
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.rows import Rows

BEGUN: Final = "begin"
"""The event that is not listed: what became of it follows. What the program did to no item is not listed either."""


class ActivityScreen(Screen[None], inherit_bindings=False):
    """Ends when a step is opened, or by the keys that lead back."""

    class Changed(Message):
        """Something was written, by whichever thread or process."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, ActivityScreen.Changed)

    AUTO_FOCUS = ""

    def __init__(
        self, snapshot: Snapshot, keymap: Keymap, actions: StepActions, place: Place, demo: bool = False
    ) -> None:
        """`place`: what is listed, and the step that the cursor points to; 0: the newest."""
        super().__init__()
        self._snapshot = snapshot
        self._keymap = keymap
        self._actions = actions
        self._words, self._back_to = place.words, place.number
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._line: LineEdit | None = None
        """The words that are being typed."""
        self._asked: tuple[LogEntry, tuple[str, ...]] | None = None
        """The step that is taken back at a yes."""
        self._read_for: RecentSteps | None = None
        """The list that older steps are being read for."""
        self._end_watch: Callable[[], None] = lambda: None
        self.title_line, self.foot = OneLine(), OneLine()
        self.rows = Rows(self._row, lambda width: [(("read", f"  {self._none}"),)])
        self._steps = self._begun()

    @property
    def _none(self) -> str:
        if self._steps.has_more:
            return "looking ..."
        return "no step has these words" if self._words else "nothing was done yet"

    def _begun(self) -> RecentSteps:
        return RecentSteps(self._snapshot.desk.store.log, self._matches)

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._end_watch = self._snapshot.desk.store.observe(self._see)
        self._show_title()
        self._show_keys()
        self.call_after_refresh(self._look)

    def on_unmount(self) -> None:
        self._end_watch()

    def _see(self, changes: Changes) -> None:
        """Called after each change, in any thread."""
        self.post_message(self.Changed())

    # what is read

    def _matches(self, entry: LogEntry) -> bool:
        if entry.who == PROGRAM and (entry.verb.endswith(BEGUN) or not entry.ids):
            return False
        if not self._words:
            return True
        text = f"{entry.who} {step_words(entry)} {entry.verb} {about(self._snapshot.desk, entry)}".casefold()
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

    def on_activity_screen_changed(self) -> None:
        changed = self._steps.read_newer()
        if changed:
            self.rows.show(list(self._steps.numbers), changed)

    def on_rows_moved(self) -> None:
        self._look()

    def _row(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        step = self._steps.at(number)
        if step is None:
            return ()
        desk = self._snapshot.desk
        return activity_row(desk, step, self._snapshot.row_context(width), pointed, desk.store.log.process)

    # what stands above and below

    def _show_title(self) -> None:
        words: Pieces = (("bar-late", f" with: {self._words} "),) if self._words else ()
        self.title_line.say((*self._begin, ("title-here", " Activity "), *words), "bar")

    def _show_keys(self) -> None:
        entries = key_line("activity", self._keymap.shown, self.app.size.width)
        self.foot.say((("bar", "".join(entry for _, entry in entries)),), "bar")

    def _say(self, text: str, bad: bool = False) -> None:
        self.foot.say((("bar-late" if bad else "bar", f" {'! ' if bad else ''}{text}"),), "bar", most=3)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_keys)
        self.call_after_refresh(self._look)

    # keys

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._line is not None:
            self._type(self._line, event)
            return
        asked, self._asked = self._asked, None
        self._show_keys()
        if asked is not None:
            if event.key == "y":
                self._answer(asked[0], self._actions.undo(*asked))
            return
        action = self._keys.get(self._keymap.command_of.get(event.key, ""))
        if action is not None:
            action()

    @property
    def _keys(self) -> Mapping[str, Callable[[], object]]:
        rows = self.rows
        page = rows.page
        back = {command: lambda: self.dismiss(None) for command in ("back", "escape", "quit", "activity")}
        return {
            **back,
            "down": lambda: rows.move_to(rows.at + 1),
            "up": lambda: rows.move_to(rows.at - 1),
            "half-page-down": lambda: rows.scroll_page(page // 2),
            "half-page-up": lambda: rows.scroll_page(-(page // 2)),
            "page-down": lambda: rows.scroll_page(page),
            "page-up": lambda: rows.scroll_page(-page),
            "first": lambda: rows.move_to(0),
            "last": lambda: rows.move_to(len(rows.numbers) - 1),
            "open": self._open,
            "undo": self._undo,
            "filter": self._ask_words,
            "search": self._ask_words,
            "help": lambda: self.app.push_screen(HelpScreen(self._keymap, demo=bool(self._begin))),
        }

    def click(self, y: int, opens: bool) -> None:
        """Points to the row in line `y` of the list; opens it, if wanted."""
        place = self.rows.place_at(y)
        if place is not None and self._line is None and self._asked is None:
            self.rows.move_to(place)
            if opens:
                self._open()

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
            self._asked = entry, answer.ids
        self._say(answer.text, answer.bad)

    def _ask_words(self) -> None:
        self._line = LineEdit(self._words, selected=True)
        self._show_typed(self._line)

    def _show_typed(self, line: LineEdit) -> None:
        self.foot.say(
            (
                ("title-here", " words: "),
                ("bar", " "),
                ("bar-pointed" if line.selected else "bar", line.before),
                ("bar-pointed", line.after[:1] or " "),
                ("bar", line.after[1:]),
            ),
            "bar",
        )

    def _type(self, line: LineEdit, event: events.Key) -> None:
        if event.key in ("escape", "ctrl+c", "enter"):
            self._line = None
            self._show_keys()
            if event.key == "enter":
                self._narrow(line.text)
            return
        if text := typed(event):
            line.insert(text)
        else:
            line.edit(event.key)
        self._show_typed(line)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self._line is not None:
            self._line.insert(one_line(clean(event.text)))
            self._show_typed(self._line)

    def _narrow(self, words: str) -> None:
        """Shows the steps that have all these words; all where there are none."""
        self._words, self._back_to = words.strip(), 0
        self._steps = self._begun()
        self._show_title()
        self.rows.show([], None)
        self._look()
