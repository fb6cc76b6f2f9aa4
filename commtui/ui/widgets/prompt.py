"""A question on one line, with the answer typed behind it. Nothing blinks; a letter typed costs one cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from textual import events
from textual.widget import Widget

from commtui.model.text import clean, one_line
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.cells import cells_of, ending, wrap
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.line_edit import LineEdit
from commtui.ui.widgets.lines import Lines

Complete = Callable[[str], tuple[str, str, bool]]
"""What is typed -> the text that tab makes of it, what is shown above it, and whether that is an error."""

NO_ANSWER: Final = "! only these keys answer:"


class Prompt(Lines, can_focus=True):
    """Hidden until `ask` or `choose`; calls `then(answer)` at enter, nothing at escape, and `ended` in both cases.

    While it is there, what it stands `over` is hidden.
    """

    DEFAULT_CSS = "Prompt { height: 1; display: none; }"

    def __init__(self, ended: Callable[[], None], demo: bool = False, over: Sequence[Widget] = ()) -> None:
        super().__init__(classes="bottom")
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._ended = ended
        self._over = over
        self._question = ""
        self._line = LineEdit()
        self._then: Callable[[str], None] = lambda answer: None
        self._keys: Mapping[str, Callable[[], None]] | None = None
        """For `choose`: what each key does."""
        self._left: Callable[[], None] = lambda: None
        self._stays = False
        self._note = ""
        """What stands above the question: what is wrong with the last answer, or what may follow."""
        self._note_is_bad = False
        self._complete: Complete | None = None

    def ask(
        self,
        question: str,
        then: Callable[[str], None],
        text: str = "",
        left: Callable[[], None] = lambda: None,
        earlier: Sequence[str] = (),
        complete: Complete | None = None,
    ) -> None:
        """Asks for a text; `text` stands there already, and what is typed takes its place. `left` is called at escape,
        `complete` at tab. Up and down recall the `earlier` answers."""
        self._question, self._then, self._keys = question, then, None
        self._line, self._complete = LineEdit(text, earlier, selected=True), complete
        self._left, self._note = left, ""
        self._open()

    def again(self, problem: str) -> None:
        """Asks the last question again, the answer still there: what is wrong stands above until the next key."""
        self._note, self._note_is_bad = f"! {problem}", True
        self._line.begin_again()
        self._open()

    def choose(
        self,
        question: str,
        keys: Mapping[str, Callable[[], None]],
        stays: bool = False,
        problem: str = "",
        left: Callable[[], None] = lambda: None,
    ) -> None:
        """Asks for one key; any other one ends it and calls `left`, or where it `stays`, only escape does. What is
        wrong stands above the keys."""
        self._question, self._line, self._keys = question, LineEdit(), keys
        self._left, self._stays = left, stays
        self._note, self._note_is_bad = problem and f"! {problem}", True
        self._open()

    def _open(self) -> None:
        self._fit()
        for widget in self._over:
            widget.display = False
        self.display = True
        self.focus()
        self.refresh()

    def close(self) -> None:
        """Goes away."""
        self.display = False
        for widget in self._over:
            widget.display = True
        self._ended()

    def leave(self) -> None:
        """Goes away without an answer, as escape does."""
        self.close()
        self._left()

    @property
    def answer(self) -> str:
        """What is typed so far."""
        return self._line.text

    # what it says

    def _room(self) -> int:
        return max(1, (self.size.width or self.app.size.width) - 2 - 6 * len(self._begin))

    def _note_lines(self) -> list[str]:
        """The note, in as many lines as a third of the screen has."""
        return _broken(self._note, self._room())[: max(2, self.app.size.height // 3)] if self._note else []

    def _question_lines(self) -> list[str]:
        """The question in as many lines as it takes, for keys; a text is typed on one, its help above if need be."""
        width = self._room()
        if self._keys is not None:
            return _broken(self._question, width)
        # what stands in brackets helps: beside the answer, else above it where the screen isn't low
        question, _, help_ = self._question.partition(" (")
        if not help_ or cells_of(self._question) + 20 <= width:
            return [self._question]
        if self.app.size.height >= 16:
            return [*_broken(help_.removesuffix(")"), width), question]
        empty = help_.removesuffix(")").rpartition("; ")[2]
        short = f"{question} ({empty})"  # what an empty answer means
        return [short if empty.startswith("empty:") and cells_of(short) + 8 <= width else question]

    def _fit(self) -> None:
        self.styles.height = len(self._note_lines()) + len(self._question_lines())

    def line(self, y: int) -> Pieces:
        width, lines, note = self.size.width, self._question_lines(), self._note_lines()
        if y < len(note):
            role = "bar-late" if self._note_is_bad else "bar-dim"
            return filled([*self._begin, (role, f" {note[y]}")], width)
        y -= len(note)
        if self._keys is not None:
            return filled([*self._begin, ("soon", f" {lines[y] if y < len(lines) else ''}")], width)
        if y < len(lines) - 1:
            return filled([*self._begin, ("bar-dim", f" {lines[y]}")], width)
        return self._answer_line(f" {lines[-1]}: ".replace(" : ", ":"), width)

    def _answer_line(self, question: str, width: int) -> Pieces:
        """The question and as much before the cursor as there is room for."""
        room = max(8, width - cells_of(question) - 1 - 6 * len(self._begin))
        before, after = ending(self._line.before, room), self._line.after
        role = "plain-pointed" if self._line.selected else "plain"
        pieces = [("soon", question), (role, before), ("plain-pointed", after[:1] or " "), ("plain", after[1:])]
        return filled([*self._begin, *pieces], width)

    # keys

    def press_at(self, x: int, y: int) -> None:
        """Presses the key that stands with its word at that place; nothing where none does."""
        lines, y = self._question_lines(), y - len(self._note_lines())
        if self._keys is None or not 0 <= y < len(lines):
            return
        at = 1 + sum(cells_of(text) for _, text in self._begin)
        for part in lines[y].split("  "):
            action = self._keys.get(part.partition(" ")[0].partition("/")[0])  # of two keys the first
            if action is not None and at <= x < at + cells_of(part):
                self._take(action)
                return
            at += cells_of(part) + 2

    def _take(self, action: Callable[[], None]) -> None:
        self.close()
        action()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self._keys is None:
            self.insert(one_line(clean(event.text)))

    def insert(self, text: str) -> None:
        """Puts a text before the cursor."""
        self._line.insert(text)
        self.refresh()

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._keys is not None:
            action = self._keys.get(event.character or event.key)
            if action is None and self._stays and event.key != "escape":
                if not self._note:
                    self._note, self._note_is_bad = NO_ANSWER, True
                    self._open()
                return
            self._take(action or self._left)
            return
        if self._note:
            self._note = ""
            self._fit()
        if event.key == "escape" or (event.key == "backspace" and not self._line.text):
            self.leave()
        elif event.key == "enter":
            self.close()
            self._then(self._line.text)
        elif text := typed(event):
            self._line.insert(text)
        elif event.key == "tab" and self._complete is not None:
            text, self._note, self._note_is_bad = self._complete(self._line.before)
            self._line.replace_before(text)
            self._fit()
        else:
            self._line.edit(event.key)
        self.refresh()


def _broken(question: str, width: int) -> list[str]:
    """In lines broken where two spaces stand, so that a key keeps its word; between words where that is not enough."""
    lines = [""]
    for part in question.split("  "):
        longer = f"{lines[-1]}  {part}" if lines[-1] else part
        if cells_of(longer) <= width:
            lines[-1] = longer
        else:
            lines += wrap(part.strip(), width)
    return [line for line in lines if line]
