"""The composer: the thread that is answered, the text below it, and a review before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from textual import events
from textual.app import ComposeResult
from textual.message import Message

from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import ChangedMeanwhile, OtherText
from commtui.store.errors import StoreError
from commtui.ui.composer.buffer import Position
from commtui.ui.composer.draft import Draft
from commtui.ui.composer.elsewhere import LOOK, Elsewhere
from commtui.ui.composer.foot import WIDE, foot_line
from commtui.ui.composer.review import Review
from commtui.ui.composer.saving import Saving
from commtui.ui.composer.send_many import send_many
from commtui.ui.composer.surroundings import Surroundings
from commtui.ui.composer.tail import Rule, Tail
from commtui.ui.composer.text_box import TextBox
from commtui.ui.own_store import FEW
from commtui.ui.services import Services
from commtui.ui.terminal.editor import EditorFailed, edited
from commtui.ui.text.cells import TEXT_MOST
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.lines import Box, OneLine
from commtui.ui.widgets.prompt import Prompt

LOW = 16
"""Rows of the terminal below which the thread makes room for the review."""
AGAIN: Final = {OtherText: "; y sends this one, too", ChangedMeanwhile: "; y puts this one in its place"}
"""After which errors of `send` it may be asked for again."""


class Composer(Box):
    """It is mounted once; `open` shows a draft in it. With `Closed` it has hidden itself.

    `foot` and `prompt` belong to it, but stand at the bottom of the screen, over its whole width.
    """

    class Saved(Message):
        """The draft is stored. `place` opens it again after a hang-up."""

        def __init__(self, place: dict[str, Any]) -> None:
            super().__init__()
            self.place = place

    class Closed(Message):
        """The person decided. `outcome` is that of the verb; `sent`: it was to send the text."""

        def __init__(self, outcome: Outcome, sent: bool) -> None:
            super().__init__()
            self.outcome, self.sent = outcome, sent

    DEFAULT_CSS = """
    Composer {
        display: none;
        #answered { max-height: 50%; }
        #attached { max-height: 25vh; }
    }
    """

    def __init__(self, surroundings: Surroundings, services: Services, must_wait: Callable[[], bool]) -> None:
        """`must_wait`: see Saving."""
        super().__init__()
        self._surroundings, self._services, self._elsewhere = surroundings, services, Elsewhere(services)
        self._demo = demo = services.demo
        self._draft: Draft | None = None
        self._saving = Saving(self, services, must_wait)
        self.problem = ""
        """What went wrong with the last thing done here, until the next letter."""
        self.heading, self.others = OneLine(), OneLine()
        self.answered = Tail(self._thread)
        self.answered.id = "answered"
        self.rule = Rule()
        self.text_box = TextBox(self._text_changed)
        self.attached = Tail(lambda width: [Part("files", lambda: self._draft.attached() if self._draft else [])])
        self.attached.id = "attached"
        self.foot = OneLine(classes="bottom")
        self.foot.display = False
        self.prompt = Prompt(self._prompt_ended, demo)
        self.mounted = asyncio.Event()
        """Set when it can be opened."""
        self.review = Review(self, demo)

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.others
        yield self.answered
        yield self.rule
        yield self.text_box
        yield self.attached

    @property
    def draft(self) -> Draft:
        """What is being written. Only while the composer is open."""
        assert self._draft is not None
        return self._draft

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self._draft is not None

    def open(self, draft: Draft) -> None:
        """Shows a draft and focuses its text."""
        self._draft, self.problem = draft, ""
        self._saving.begin(draft)
        self.prompt.display, self.foot.display = False, True
        self.answered.renew()
        self.attached.renew()
        self.text_box.load(draft.text)
        if draft.begins_above:
            self.text_box.move(Position(0, 0))
        self.heading.say((("title-here", f" {draft.title()} "),), "title-here")
        self._elsewhere.opened(draft)
        self._show_others()
        self.show_foot()
        self._fit()
        self.display = True
        self._focus_text()
        if draft.is_whole:
            self.ask()

    def _focus_text(self) -> None:
        self.text_box.focus(scroll_visible=False)
        self._show_cursor(True)

    def _show_cursor(self, shown: bool) -> None:
        """The cursor while the text is focused, else its end: nothing is to be sent that was not in sight."""
        self.text_box.shows_cursor, self.text_box.shows_end = shown, not shown
        self._surroundings.show_cursor(shown)
        self.text_box.follow()

    # what is shown

    def _thread(self, width: int) -> list[Part]:
        return self._draft.context(self._surroundings.row_context(min(width, TEXT_MOST))) if self._draft else []

    def _fit(self) -> None:
        """On a low terminal the thread makes room for the review: the end of what is sent must be in sight."""
        room = not (self.prompt.display and self.app.size.height < LOW)
        thread = bool(self.answered.lines_at(max(1, self.size.width or self.app.size.width)))
        for widget in (self.answered, self.rule):
            if widget.display != (thread and room):
                widget.display = thread and room

    def _show_others(self) -> None:
        """Looks who else works on it."""
        if self._elsewhere.look():
            self._write_others()

    def _write_others(self) -> None:
        """Says who else works on it, under the title."""
        words = self._elsewhere.words
        if words or self.others.display:
            self.others.display = bool(words)
            width = self.size.width or self.app.size.width
            self.others.say((("late", f" {words}"),), most=3, width=width)

    def show_foot(self) -> None:
        """Writes the last line: the length, and the keys or what went wrong."""
        lengths = self.draft.lengths(self.text_box.text)
        pieces = foot_line(lengths, self.problem, self._demo, self.app.size.width >= WIDE)
        self.foot.say(pieces, "bar", most=4 if self.problem else 1)

    def say(self, pieces: Pieces) -> None:
        """Writes facts of the review on the last line."""
        self.foot.say(pieces, "bar", most=3)
        self._fit()

    def complain(self, problem: str) -> None:
        """Says what went wrong until the next letter."""
        self.problem = problem
        self.show_foot()

    def on_resize(self) -> None:
        if self.is_open:
            self._fit()
            self._write_others()
            if not self.prompt.display:
                self.show_foot()

    # the draft

    def _text_changed(self) -> None:
        self.problem = ""
        self.show_foot()
        self._saving.soon()

    def save(self, anyway: bool = False) -> bool:
        """Stores the draft if its text differs from what is stored, or `anyway`; False, and a word, if that fails."""
        return self._saving.now(anyway)

    @property
    def typed(self) -> str:
        """The text as it is now."""
        return self.text_box.text

    def has_not_stored(self, error: Exception) -> None:
        """Says that the draft is not stored."""
        self.complain(f"the draft is not saved: {self.sentence(error)}")

    def has_stored(self) -> None:
        """The draft is stored: others may see it."""
        self._elsewhere.opened(self.draft)
        self._show_others()
        self.post_message(self.Saved(self.draft.place()))

    def on_mount(self) -> None:
        self.mounted.set()
        self.set_interval(LOOK, self._show_others)

    def on_unmount(self) -> None:
        self.save()
        self._elsewhere.closed()

    # the review

    def ask(self) -> None:
        """Asks on one line what becomes of the text; where that is asked already, goes back to the text."""
        if self.prompt.display:
            self.prompt.leave()
            return
        stored = self.save()
        self._show_others()
        self.attached.renew()
        self._show_cursor(False)
        self.review.ask("" if stored else self.problem)

    def _prompt_ended(self) -> None:
        self._focus_text()
        self.show_foot()
        self._fit()

    def send(self) -> None:
        """Schedules it; many texts in a thread."""
        draft, text = self.draft, self.typed
        if draft.count > FEW:
            self.run_worker(send_many(self, self._services, draft, text), group="send", exclusive=True)
        else:
            self.finish(lambda: draft.send(text), sent=True)

    def keep(self) -> None:
        """Leaves it as a draft."""
        if self.save():
            self.finish(lambda: self.draft.kept(self.text_box.text))
        else:
            self.review.ask(self.problem)

    def discard(self) -> None:
        """Throws it away."""
        self.finish(self.draft.discard)

    def sentence(self, error: Exception) -> str:
        """The line for an error of a verb or of the store."""
        return self._surroundings.error_sentence(error)

    def finish(self, verb: Callable[[], Outcome], sent: bool = False) -> None:
        """Closes with what a verb returns; asks again, with its error, if it raises one."""
        self._saving.wait()
        try:
            outcome = verb()
        except (TriageError, StoreError) as error:
            self.review.ask(self.sentence(error) + AGAIN.get(type(error), ""))
            return
        self._saving.end()
        self._draft = None
        self._elsewhere.closed()
        self._surroundings.show_cursor(False)
        self.text_box.shows_cursor = self.display = self.foot.display = False
        self.post_message(self.Closed(outcome, sent))

    # keys

    async def _on_key(self, event: events.Key) -> None:
        event.stop()  # no key of a text that is being written is a command
        event.prevent_default()
        if event.key in ("escape", "ctrl+c"):
            self.ask()
        elif event.key == "ctrl+e":
            self._open_editor()

    def _open_editor(self) -> None:
        """Opens $EDITOR on the text; the program waits until it ends."""
        self.save()
        try:
            text = edited(self.app, self.text_box.text)
        except EditorFailed as error:
            self.complain(str(error))
            return
        self.text_box.text = text
        self.save()
