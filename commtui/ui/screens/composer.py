"""The composer: what is answered above, the text below, and a review on one line before anything leaves."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import TextArea

from commtui.model.text import clean
from commtui.store.errors import StoreError
from commtui.triage import views
from commtui.triage.desk import Outcome
from commtui.triage.errors import TriageError
from commtui.ui.letters import Letter, PostLetter
from commtui.ui.rowtext import Piece, Pieces
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

SAVE_AFTER = 0.3
"""Seconds without a key until the draft is written."""


class Sheet(TextArea, inherit_bindings=True):
    """The text. `escape` is the screen's."""

    DEFAULT_CSS = "Sheet, Sheet:focus { border: none; padding: 0 1; height: 1fr; }"


class ComposerScreen(Screen[None]):
    """See the module. Ends itself and tells the inbox what was done."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("escape", "review", "end typing", show=False, priority=True),
        Binding("ctrl+e", "editor", "$EDITOR", show=False, priority=True),
        Binding("ctrl+c", "review", "end typing", show=False, priority=True),
    ]

    def __init__(self, inbox: InboxScreen, letter: Letter) -> None:
        super().__init__()
        self.inbox = inbox
        self.letter = letter
        self._saved = letter.text
        self._timer: Timer | None = None
        self._problem = ""
        self._ended = False

    def compose(self) -> ComposeResult:
        self.heading = OneLine()
        yield self.heading
        self.answered = Detail(self._answered_lines, id="answered")
        self.answered.can_focus = False
        yield self.answered
        self.between = OneLine()
        yield self.between
        self.sheet = Sheet(self.letter.text, soft_wrap=True, show_line_numbers=False, tab_behavior="indent")
        self.sheet.cursor_blink = False
        self.sheet.highlight_cursor_line = False
        yield self.sheet
        self.foot = OneLine()
        yield self.foot
        self.prompt = Prompt(self._prompt_ended, self.inbox.services.demo)
        yield self.prompt

    def _answered_lines(self, width: int) -> list[Pieces]:
        return self.letter.context(self.inbox.look(width))

    def on_mount(self) -> None:
        self.sheet.move_cursor(self.sheet.document.end)
        self.sheet.focus()
        self.show_lines()
        self._fit()

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """What is answered takes what it needs, up to half of the screen: its newest lines."""
        lines = len(self._answered_lines(max(1, self.size.width)))
        room = max(0, (self.size.height - 3) // 2)
        self.answered.styles.height = min(lines, room)
        self.between.display = bool(lines)
        self.call_after_refresh(self.answered.show, "answered")

    # what the lines say

    def show_lines(self) -> None:
        """Writes heading and foot."""
        from commtui.ui.rowtext import filled

        width = max(1, self.size.width)
        self.heading.say((("title-here", f" {self.letter.title()} "),), "title-here")
        self.between.say(tuple(filled([("dim", "- " * (width // 2))], width)))
        pieces: list[Piece] = [("bar-late", " DEMO ")] if self.inbox.services.demo else [("bar", " ")]
        for name, count, most in self._lengths():
            over = most is not None and count > most
            words = f"{count}" if most is None else f"{count}/{most}"
            if over and most is not None:
                words += f" ({count - most} too many)"
            named = f" {name}" if len(self.letter.limits()) > 1 else ""
            pieces.append(("bar-late" if over else "bar", f"{words}{named}  "))
        if self._problem:
            pieces.append(("bar-late", f"! {self._problem}"))
        else:
            pieces.append(("bar-dim", "esc review and send   ctrl+e $EDITOR"))
        self.foot.say(tuple(pieces), "bar")

    def _lengths(self) -> list[tuple[str, int, int | None]]:
        return self.letter.lengths(self.sheet.text)

    # the draft

    def on_text_area_changed(self) -> None:
        self._problem = ""
        self.show_lines()
        if self.sheet.text != self._saved:
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(SAVE_AFTER, self.save)

    def save(self) -> bool:
        """Writes the draft if it differs from what is written; False, and a word about it, if that fails."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        text = self.sheet.text
        if text == self._saved or self._ended:
            return True
        try:
            self.letter.save(text)
        except (TriageError, StoreError) as error:
            self._problem = f"the draft is not saved: {error}"
            self.show_lines()
            return False
        self._saved = text
        self.inbox.position.composing = self.letter.place()
        self.inbox.position.save_soon(self.inbox)
        return True

    def on_unmount(self) -> None:
        self.save()

    # ending

    def action_review(self) -> None:
        """Asks on one line what becomes of the text."""
        if self.prompt.display:
            self._reopen()
            return
        self.save()
        letter = self.letter
        keys: dict[str, Callable[[], None]] = {"e": self._reopen, "p": self._keep, "d": self._discard}
        words = []
        problem = letter.problem(self.sheet.text)
        if problem is None:
            keys["y"] = self._send
            words.append("y send")
        words.append("e go on")
        if letter.chooses_visibility:
            keys["v"] = self._visibility
            words.append("v visibility")
        if letter.chooses_accounts:
            keys |= {"a": self._accounts, "t": self._time}
            words += ["a accounts", "t time"]
        words += ["p keep", "d discard"]
        lengths = ", ".join(str(n) if most is None else f"{n}/{most}" for _, n, most in self._lengths())
        facts = [*letter.facts(), lengths]
        if problem:
            facts.insert(0, f"! {problem}")
        self.foot.say((("bar-late" if problem else "bar", " " + ", ".join(facts)),), "bar")
        self.prompt.choose("  ".join(words), keys)  # all of it has room in 80 columns

    def _prompt_ended(self) -> None:
        self.sheet.focus()
        self.show_lines()

    def _reopen(self) -> None:
        if self.prompt.display:
            self.prompt.close()

    def _again(self, change: Callable[[], object]) -> None:
        """Changes something about the letter and asks again."""
        try:
            change()
            self.letter.save(self.sheet.text)
            self.inbox.position.composing = self.letter.place()
        except (TriageError, StoreError) as error:
            self._problem = str(error)
        problem = self._problem
        self.show_lines()
        self.action_review()
        if problem:
            self.foot.say((("bar-late", f" ! {problem}"),), "bar")

    def _visibility(self) -> None:
        self._again(self.letter.next_visibility)

    def _accounts(self) -> None:
        letter = cast("PostLetter", self.letter)
        names = ", ".join(account.name for account in letter.desk().settings.accounts)
        self.prompt.ask(
            f"accounts ({names}; or all)",
            lambda text: self._again(lambda: letter.choose_accounts(text)),
            " ".join(letter.accounts),
        )

    def _time(self) -> None:
        letter = cast("PostLetter", self.letter)
        self.prompt.ask(
            "leaves at (2h, tomorrow 9am, fri 14:30; empty: now)",
            lambda text: self._again(lambda: letter.choose_time(text)),
        )

    def _send(self) -> None:
        self._close(lambda: self.letter.send(self.sheet.text), advance=True)

    def _keep(self) -> None:
        if self.save():
            kept = bool(self.sheet.text.strip())
            self._close(lambda: Outcome("kept as a draft" if kept else "nothing was written"))

    def _discard(self) -> None:
        self._close(self.letter.discard)

    def _close(self, act: Callable[[], Outcome], advance: bool = False) -> None:
        try:
            outcome = act()
        except (TriageError, StoreError) as error:
            self._problem = str(error)
            self.show_lines()
            return
        self._ended = True
        if self._timer is not None:
            self._timer.stop()
        inbox = self.inbox
        inbox.position.composing = None
        self.dismiss()
        inbox.desk = inbox.services.desk()
        inbox.setting = views.setting(inbox.desk)
        inbox.did(outcome, advance=advance, keep_marks=True, undoes="recalls it" if advance else "undoes")
        inbox.position.save_now(inbox)

    # the editor

    def action_editor(self) -> None:
        """Opens $EDITOR on the text; the screen stands still until it ends."""
        if self.prompt.display:
            return
        self.save()
        words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
        with tempfile.TemporaryDirectory(prefix="commtui-") as folder:
            path = Path(folder) / "text.md"
            path.write_text(self.sheet.text, encoding="utf-8")
            try:
                with self.app.suspend():
                    code = subprocess.call([*words, str(path)])  # an await in here would freeze the screen for good
            except (OSError, RuntimeError) as error:
                self._problem = f"{words[0]}: {getattr(error, 'strerror', None) or error}"
                self.show_lines()
                return
            if code:
                self._problem = f"{words[0]} ended with {code}: the text is as it was"
                self.show_lines()
                return
            text = clean(path.read_text(encoding="utf-8", errors="replace")).rstrip("\n")
        self.sheet.text = text
        self.sheet.move_cursor(self.sheet.document.end)
        self.save()

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
