"""A question on one line, with the answer typed behind it. Nothing blinks; a letter typed costs one cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual import events
from textual.widget import Widget

from commtui.model.text import clean, one_line
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.cells import wrap
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines


class Prompt(Lines, can_focus=True):
    """Hidden until `ask`; calls `then(answer)` at enter, nothing at escape, and `ended` in both cases.
    While it is there, what it stands `over` is hidden."""

    DEFAULT_CSS = "Prompt { height: 1; display: none; }"

    def __init__(self, ended: Callable[[], None], demo: bool = False, over: Widget | None = None) -> None:
        super().__init__()
        self._over = over
        self._before: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._ended = ended
        self._question = ""
        self._text = ""
        self._at = 0
        self._then: Callable[[str], None] = lambda answer: None
        self._keys: dict[str, Callable[[], None]] | None = None
        self._left: Callable[[], None] = lambda: None
        self._stays = False
        self._told = ""
        self._earlier: list[str] = []
        self._back = 0
        self._complete: Callable[[str], tuple[str, str]] | None = None

    def ask(
        self,
        question: str,
        then: Callable[[str], None],
        text: str = "",
        left: Callable[[], None] = lambda: None,
        earlier: Sequence[str] = (),
        complete: Callable[[str], tuple[str, str]] | None = None,
    ) -> None:
        """Asks for a text; `text` stands there already. `left` is called at escape. Up and down recall the `earlier`
        answers; tab takes the text that `complete` makes of what is typed, and shows what it says beside."""
        self._earlier, self._back, self._complete = [*earlier, text], 0, complete
        self._question, self._then, self._text, self._at, self._keys = question, then, text, len(text), None
        self._left, self._told = left, ""
        self._open()

    def again(self, told: str) -> None:
        """Asks the last question again, the answer still there: what it is `told` stands above until the next key."""
        self._told = f"! {told}"
        self._back, self._earlier[-1:] = 0, [self._text]
        self._open()

    def choose(self, question: str, keys: dict[str, Callable[[], None]], stays: bool = False, told: str = "") -> None:
        """Asks for one key; any other one ends it without doing anything, or where it `stays`, only escape does.
        What it is `told` stands above the keys."""
        self._question, self._text, self._at, self._keys = question, "", 0, keys
        self._left, self._stays, self._told = lambda: None, stays, told and f"! {told}"
        self._open()

    def _problem(self) -> list[str]:
        """What is wrong with the last answer, or what may follow: as many lines as a third of the screen has."""
        return _broken(self._told, self._room())[: max(2, self.app.size.height // 3)] if self._told else []

    def _room(self) -> int:
        return max(1, (self.size.width or self.app.size.width) - 2 - 6 * len(self._before))

    def _asked(self) -> list[str]:
        """The question in as many lines as it takes, for keys; a text is typed on one, its help above if need be."""
        width = self._room()
        if self._keys is not None:
            return _broken(self._question, width)
        # what stands in brackets helps: beside the answer, else above it where the screen isn't low
        question, _, help_ = self._question.partition(" (")
        if not help_ or cell_len(self._question) + 20 <= width:
            return [self._question]
        return [*_broken(help_.removesuffix(")"), width), question] if self.app.size.height >= 16 else [question]

    def _open(self) -> None:
        self._fit()
        if self._over is not None:
            self._over.display = False
        self.display = True
        self.focus()
        self.refresh()

    def _fit(self) -> None:
        self.styles.height = len(self._problem()) + len(self._asked())

    def close(self) -> None:
        """Goes away."""
        self.display = False
        if self._over is not None:
            self._over.display = True
        self._ended()

    @property
    def answer(self) -> str:
        """What is typed so far."""
        return self._text

    def leave(self) -> None:
        """Goes away without an answer, as escape does."""
        self.close()
        self._left()

    def line(self, y: int) -> Pieces:
        width, lines, problem = self.size.width, self._asked(), self._problem()
        if y < len(problem):
            role = "bar-late" if self._told.startswith("!") else "bar-dim"
            return filled([*self._before, (role, f" {problem[y]}")], width)
        y -= len(problem)
        if self._keys is not None:
            said = lines[y] if y < len(lines) else ""
            return filled([*self._before, ("soon", f" {said}")], width)
        if y < len(lines) - 1:
            return filled([*self._before, ("bar-dim", f" {lines[y]}")], width)
        question = f" {lines[-1]}: ".replace(" : ", ":")
        room = max(8, width - cell_len(question) - 1 - 6 * len(self._before))
        begin = 0
        while cell_len(self._text[begin : self._at]) > room:
            begin += 1
        under = self._text[self._at : self._at + 1] or " "
        return filled(
            [
                *self._before,
                ("soon", question),
                ("plain", self._text[begin : self._at]),
                ("plain-pointed", under),
                ("plain", self._text[self._at + 1 :]),
            ],
            width,
        )

    def _insert(self, text: str) -> None:
        self._text = self._text[: self._at] + text + self._text[self._at :]
        self._at += len(text)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self._keys is None:
            self._insert(one_line(clean(event.text)))
            self.refresh()

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._keys is not None:
            do = self._keys.get(event.character or event.key)
            if do is None and self._stays and event.key != "escape":
                return
            self.close()
            if do:
                do()
            return
        if self._told:
            self._told = ""
            self._fit()
        if event.key == "escape":
            self.leave()
        elif event.key == "enter":
            self.close()
            self._then(self._text)
        elif text := typed(event):
            self._insert(text)
        else:
            self._edit(event.key)
        self.refresh()

    def _edit(self, key: str) -> None:
        before, after = self._text[: self._at], self._text[self._at :]
        if key == "backspace" and not self._text:
            self.leave()
        elif key == "backspace":
            self._text, self._at = before[:-1] + after, max(0, self._at - 1)
        elif key == "delete":
            self._text = before + after[1:]
        elif key == "left":
            self._at = max(0, self._at - 1)
        elif key == "right":
            self._at = min(len(self._text), self._at + 1)
        elif key == "home":
            self._at = 0
        elif key in ("end", "ctrl+e"):
            self._at = len(self._text)
        elif key == "ctrl+u":
            self._text, self._at = after, 0
        elif key == "ctrl+k":
            self._text = before
        elif key in ("up", "down"):
            self._recall(1 if key == "up" else -1)
        elif key == "tab" and self._complete is not None:
            self._text, self._told = self._complete(before)
            self._at = len(self._text)
            self._text += after
            self._fit()
        elif key == "ctrl+w":
            kept = before.rstrip().rpartition(" ")
            before = kept[0] + kept[1]
            self._text, self._at = before + after, len(before)

    def _recall(self, step: int) -> None:
        """An earlier answer, or a later one; the newest is what was being typed."""
        place = self._back + step
        if 0 <= place < len(self._earlier):
            if self._back == 0:
                self._earlier[-1] = self._text
            self._back = place
            self._text = self._earlier[-1 - place]
            self._at = len(self._text)


def _broken(question: str, width: int) -> list[str]:
    """In lines broken where two spaces stand, so that a key keeps its word; between words where that is not enough."""
    lines = [""]
    for part in question.split("  "):
        longer = f"{lines[-1]}  {part}" if lines[-1] else part
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += wrap(part.strip(), width)
    return [line for line in lines if line]
