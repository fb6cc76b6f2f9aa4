"""The composer: what is answered above, the text below, and a review on one line before anything leaves."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import TextArea

from commtui.activity.desk import Outcome
from commtui.activity.errors import TriageError
from commtui.community.concurrent_replies import Beside
from commtui.store.errors import StoreError
from commtui.ui.host import Host
from commtui.ui.letters.letter import Letter
from commtui.ui.reviewing import Review
from commtui.ui.terminal.editor import EditorFailed, edited
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.rows import Piece, Pieces
from commtui.ui.verbs.finish import finish
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.prompt import Prompt

SAVE_AFTER = 0.3
"""Seconds after which what was typed is written, also while the typing goes on."""


class Sheet(TextArea, inherit_bindings=True):
    """The text. `escape` is the screen's."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("ctrl+underscore", "undo", "undo typing", show=False),
    ]

    # the cursor is the text's colours reversed: turning that on and off is 9 bytes a letter, other colours are 36
    DEFAULT_CSS = """
    Sheet, Sheet:focus { border: none; padding: 0 1; height: 1fr; background: $background; color: $foreground; }
    Sheet .text-area--cursor, Sheet:focus .text-area--cursor {
        color: $foreground;
        background: $background;
        text-style: reverse;
    }
    """

    def on_key(self, event: events.Key) -> None:
        """Takes what TextArea leaves out: joiners, bidi marks, other spaces. It is asked before TextArea is."""
        text = typed(event)
        if text and not event.is_printable:
            event.stop()
            event.prevent_default()
            self.replace(text, *self.selection, maintain_selection_offset=False)

    def action_delete_to_start_of_line(self) -> None:
        """Deletes to the start of the line, as shells do; TextArea's own stops at the wrapped row's start."""
        line, column = self.selection.end
        start = (line, 0) if column else self.get_cursor_left_location()
        self.delete(start, (line, column), maintain_selection_offset=False)


class ComposerScreen(Screen[None]):
    """See the module. Ends itself and tells the inbox what was done."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("escape", "review", "end typing", show=False, priority=True),
        Binding("ctrl+e", "editor", "$EDITOR", show=False, priority=True),
        Binding("ctrl+c", "review", "end typing", show=False, priority=True),
    ]

    def __init__(self, host: Host, letter: Letter) -> None:
        super().__init__()
        self.host = host
        self.letter = letter
        self._saved = letter.text
        self._timer: Timer | None = None
        self.problem = ""
        """What went wrong with the last thing done here, until the next letter."""
        self._ended = False
        self.review = Review(self)

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
        self.attached = Detail(self.letter.attached, id="attached")
        self.attached.can_focus = False
        yield self.attached
        self.foot = OneLine()
        yield self.foot
        self.prompt = Prompt(self._prompt_ended, self.host.services.demo)
        yield self.prompt

    def _answered_lines(self, width: int) -> list[Pieces]:
        return self.letter.context(self.host.snapshot.row_context(width))

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
        # on a low screen the review needs the room: the end of what is about to leave must be in sight
        low = self.prompt.display and self.size.height < 16
        self.answered.display = not low
        self.between.display = bool(lines) and not low
        self.attached.styles.height = min(len(self.letter.attached(max(1, self.size.width))), max(1, room // 2))
        self.call_after_refresh(self._show_beside)

    def _show_beside(self) -> None:
        self.answered.show("answered")
        self.attached.show("attached")
        if self.prompt.display:
            self.call_after_refresh(self.sheet.scroll_end, animate=False)

    def refit(self) -> None:
        """After something was attached or taken away, or asked: the text's end stays in sight meanwhile."""
        self._fit()

    # what the lines say

    def show_lines(self) -> None:
        """Writes heading and foot."""
        from commtui.ui.text.rows import filled

        width = max(1, self.size.width)
        self.heading.say((("title-here", f" {self.letter.title()} "),), "title-here")
        self.between.say(tuple(filled([("dim", "- " * (width // 2))], width)))
        pieces: list[Piece] = [("bar-late", " DEMO ")] if self.host.services.demo else [("bar", " ")]
        for name, count, most in self.letter.lengths(self.sheet.text):
            over = most is not None and count > most
            # always as wide: what stands behind it must not move at the tenth letter
            words = f"{count}" if most is None else f"{count:>{len(str(most))}}/{most}"
            if over and most is not None:
                words += f" ({count - most} too many)"
            named = f" {name}" if len(self.letter.limits()) > 1 else ""
            pieces.append(("bar-late" if over else "bar", f"{words}{named}  "))
        if self.problem:
            pieces.append(("bar-late", f"! {self.problem}"))
        else:
            pieces.append(("bar-dim", "esc review and send   ctrl+e $EDITOR" if width >= 60 else "esc review"))
        self.foot.say(tuple(pieces), "bar", most=4 if self.problem else 1)

    # the draft

    def on_text_area_changed(self) -> None:
        self.problem = ""
        self.show_lines()
        if self.sheet.text != self._saved and self._timer is None:  # not put off by the next letter
            self._timer = self.set_timer(SAVE_AFTER, self.save)

    def save(self, anyway: bool = False) -> bool:
        """Writes the draft if its text differs from what is written, or `anyway`; False, and a word, if that fails."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        text = self.sheet.text
        if self._ended or (text == self._saved and not anyway and self.letter.stored(text)):
            return True
        try:
            self.letter.save(text)
        except (TriageError, StoreError) as error:
            self.complain(f"the draft is not saved: {error}")
            return False
        self._saved = text
        self.host.session.composing = self.letter.place()
        self.host.remember()
        return True

    def on_unmount(self) -> None:
        self.save()

    # ending

    def action_review(self) -> None:
        """Asks on one line what becomes of the text."""
        if self.prompt.display:
            self.prompt.leave()
            return
        kept = self.save()
        self.review.ask("" if kept else self.problem)

    def _prompt_ended(self) -> None:
        self.sheet.focus()
        self.show_lines()
        self._fit()
        self.call_after_refresh(self.sheet.scroll_cursor_visible)

    def send(self) -> None:
        """Puts it on its way."""
        self._close(lambda: self.letter.send(self.sheet.text), advance=True)

    def keep(self) -> None:
        """Leaves it as a draft."""
        if self.save():
            kept = bool(self.sheet.text.strip() or self.letter.media)
            self._close(lambda: Outcome("kept as a draft" if kept else "nothing was written"))
        else:
            self.review.ask(self.problem)

    def discard(self) -> None:
        """Throws it away."""
        self._close(self.letter.discard)

    def _close(self, act: Callable[[], Outcome], advance: bool = False) -> None:
        try:
            outcome = act()
        except Beside as other:
            self.review.ask(f"{other}; y sends this one, too")
            return
        except (TriageError, StoreError) as error:
            self.review.ask(str(error))
            return
        self._ended = True
        if self._timer is not None:
            self._timer.stop()
        host = self.host
        host.session.composing = None
        self.dismiss()
        host.snapshot.renew_desk()
        finish(host, outcome, advance=advance, keep_marks=True, undoes="recalls it" if advance else "undoes")
        host.remember(now=True)

    # the editor

    def action_editor(self) -> None:
        """Opens $EDITOR on the text; the screen stands still until it ends."""
        if self.prompt.display:
            return
        self.save()
        try:
            text = edited(self.app, self.sheet.text)
        except EditorFailed as error:
            self.complain(str(error))
            return
        self.sheet.text = text
        self.sheet.move_cursor(self.sheet.document.end)
        self.save()

    def complain(self, problem: str) -> None:
        """Says what went wrong until the next letter."""
        self.problem = problem
        self.show_lines()

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
