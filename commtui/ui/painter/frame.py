"""What Textual writes, turned into a grid of cells: the frame that ought to be on the terminal.

Known: text, line feeds and the like, cursor moves, SGR, OSC 8, erasing. The alternate screen and synchronized output
are noted. Of everything else only what Textual itself says to a terminal is passed on, in order: modes, questions about
them, kitty's keys, the bell. What is drawn may hold words from anywhere, and no sequence in them reaches the terminal;
what the program has to say to it comes by `pass_on`.
"""

from __future__ import annotations

import re

from commtui.ui.painter.cells import Cells, Row
from commtui.ui.painter.styles import Style, Styles

# A line as Textual writes it: a cursor move, then text with SGR. The bulk of all that comes.
_LINE = re.compile("\x1b\\[([0-9]*)(?:;([0-9]*))?H((?:[^\x00-\x1f\x7f-\x9f]+|\x1b\\[[0-9;:]*m)*)")
_TOKEN = re.compile(
    "(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    "|\x1b\\[(?P<sgr>[0-9;:]*)m"
    "|\x1b\\[(?P<csi>[0-9;]*)(?P<final>[A-HJKXdf`])"
    "|\x1b\\]8;[^;\x00-\x1f\x7f]*;(?P<link>[^\x00-\x1f\x7f-\x9f]*)(?:\x07|\x1b\\\\)"
    "|(?P<control>[\n\r\b])"
    "|\x1b\\[\\?(?P<mode>[0-9;]+)(?P<set>[hl])"
    "|(?P<string>\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[P_^X](?:[^\x1b]|\x1b\x1b|\x1b(?!\\\\))*+\x1b\\\\)"
    "|(?P<other>\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]|[\x07\x0e\x0f])"
    "|(?P<junk>[\x00-\x1f\x7f-\x9f])"
)
# What Textual writes: modes, questions about them, kitty's keys, the whole screen as margins, the bell.
_TEXTUAL_S = re.compile(
    "\x1b\\[\\?(?:7|25|47|1000|1002|1003|1004|1006|1015|1016|1047|1049|2004|2026|2048)(?:[hl]|\\$p)"
    "|\x1b\\[(?:[>=][0-9]*(?:;[0-9]*)?|<)u|\x1b\\[r|\x07"
).fullmatch
_PART = re.compile("([^\x1b]+)|\x1b\\[([0-9;:]*)m")
_CACHED_ROWS = 1024
_WAITING_PASSES = 256


class Frame:
    """The grid that Textual has drawn. `rows[y]` is never changed in place: a new list says that the row is new.

    `passes`: texts for the terminal itself, oldest first. `alternate`: the alternate screen is on. `cleared`: it was
    switched on since the last frame was written, so that what it shows is unknown. `drawn`: there was a frame.
    """

    def __init__(self, width: int, height: int, styles: Styles, cells: Cells) -> None:
        self.styles, self.cells = styles, cells
        self.x = self.y = 0
        self.style: Style = styles.plain
        self.passes: list[str] = []
        self.synchronizes = False
        self.alternate = False
        self.cleared = False
        self.drawn = False
        self._lines: dict[str, Row] = {}
        self.width = self.height = 0
        self.rows: list[Row] = []
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Rows are cut or filled up with blanks."""
        blank = self._blanks(1, self.styles.plain)
        rows = [row[:width] + blank * (width - len(row)) for row in self.rows[:height]]
        for row in rows:
            if width < self.width:
                self._end_whole(row)
        self.rows = rows + [blank * width for _ in range(height - len(rows))]
        self.width, self.height = width, height

    def take_passes(self) -> str:
        """What waits for the terminal itself, and nothing of it twice."""
        passes = "".join(self.passes)
        self.passes.clear()
        return passes

    def feed(self, data: str) -> None:
        """Takes in what Textual wrote; a sequence is never split over two calls."""
        position, end = 0, len(data)
        match_line, match_token = _LINE.match, _TOKEN.match
        while position < end:
            line = match_line(data, position)
            if line:
                row, column, text = line.groups()
                self.y, self.x = int(row or 1) - 1, int(column or 1) - 1
                if text:
                    self._line(text)
                position = line.end()
                continue
            token = match_token(data, position)
            if token is None:
                # A sequence without its end: nothing that a terminal should see.
                break
            position = token.end()
            self._token(token)

    def _line(self, text: str) -> None:
        row = self._lines.get(text)
        if row is None:
            start, lead, row = self.style, "", []
            style = start
            for match in _PART.finditer(text):
                part, sgr = match.groups()
                if part is None:
                    style = self.styles.apply(style, sgr)
                    continue
                marks, cells = self.cells.of(part, style)
                if marks:
                    if row:
                        at = len(row) - 1
                        while at and not row[at][1]:
                            at -= 1
                        row[at] = self.cells.joined(row[at], marks)
                    else:
                        lead += marks
                row += cells
            self.style = style
            if lead:
                self._join(lead)
            elif start is style is self.styles.plain:
                if len(self._lines) >= _CACHED_ROWS:
                    self._lines.clear()
                self._lines[text] = row
        elif self.style is not self.styles.plain:
            # Cached lines begin in the plain style.
            del self._lines[text]
            return self._line(text)
        self._put(row)
        return None

    def _put(self, new: Row) -> None:
        """Puts cells at the cursor and moves it behind them."""
        self.drawn = True
        x, y = self.x, self.y
        self.x = x + len(new)
        if y >= self.height or x >= self.width or not new:
            return
        if self.x > self.width:
            new = new[: self.width - x]
            self._end_whole(new)
        old = self.rows[y]
        after = x + len(new)
        if old[x:after] == new:
            return
        if not x and after == self.width:
            # The list that is cached for this text: the same line elsewhere is the same object.
            self.rows[y] = new
            return
        row = [*old[:x], *new, *old[after:]]
        # Half of a wide character left behind is no character.
        if x and old[x][1] == 0 and new[0][1]:
            at = x - 1
            while at and not old[at][1]:
                at -= 1
            row[at:x] = self._blanks(x - at, old[at][2])
        at = after
        while at < self.width and old[at][1] == 0:
            row[at] = self._blanks(1, old[at][2])[0]
            at += 1
        self.rows[y] = row

    def _end_whole(self, row: Row) -> None:
        """Part of a wide character at a row's end that was cut is no character."""
        at = len(row) - 1
        while at > 0 and not row[at][1]:
            at -= 1
        if at >= 0 and at + row[at][1] > len(row):
            row[at:] = self._blanks(len(row) - at, row[at][2])

    def _join(self, marks: str) -> None:
        if self.y >= self.height or not 0 < self.x <= self.width:
            return
        row = list(self.rows[self.y])
        at = self.x - 1
        while at and row[at][1] == 0:
            at -= 1
        row[at] = self.cells.joined(row[at], marks)
        self.rows[self.y] = row

    def _blanks(self, count: int, style: Style) -> Row:
        return self.cells.of(" ", style)[1] * count

    def _token(self, token: re.Match[str]) -> None:
        kind, text = token.lastgroup, token[0]
        if kind == "text":
            lead, row = self.cells.of(text, self.style)
            if lead:
                self._join(lead)
            self._put(row)
        elif kind == "sgr":
            self.style = self.styles.apply(self.style, token["sgr"])
        elif kind == "final":
            self._move(token["csi"], token["final"])
        elif kind == "link":
            self.style = self.styles.link(self.style, token["link"])
        elif kind == "control":
            if text == "\n":
                # The terminal's line discipline turns it into a new line.
                self.y, self.x = min(self.y + 1, self.height - 1), 0
            elif text == "\r":
                self.x = 0
            else:
                self.x = max(0, min(self.x, self.width) - 1)
        elif kind == "set":
            self._mode(token["mode"], token["set"] == "h", text)
        elif kind == "other":
            self._pass(text)

    def _mode(self, mode: str, on: bool, text: str) -> None:
        if mode == "2026":
            # Whoever writes decides around which frames it pays; that Textual uses it says that the terminal has it.
            self.synchronizes = True
            return
        if mode in ("1049", "1047", "47"):
            self.alternate = on
            self.cleared = self.cleared or on
        self._pass(text)

    def _pass(self, text: str) -> None:
        """Passes on what Textual itself may say; nothing else that is drawn."""
        if _TEXTUAL_S(text):
            self.pass_on(text)

    def pass_on(self, text: str) -> None:
        """Hands what the program says to the terminal itself on: a copy, a notice.

        A bell or notice that still waits is not said twice, and a stopped terminal makes no endless list of them."""
        if text == "\x07" or text.startswith("\x1b]"):
            kind = text[: text.find(";") + 1] or text
            self.passes = [waiting for waiting in self.passes if not waiting.startswith(kind)]
        elif len(self.passes) >= _WAITING_PASSES:
            del self.passes[0]
        self.passes.append(text)

    def _move(self, parameters: str, final: str) -> None:
        words = parameters.split(";")
        first = int(words[0] or 0)
        step = max(1, first)
        if final in "Hf":
            self.y = max(1, first) - 1
            self.x = max(1, int(words[1] or 0) if len(words) > 1 else 1) - 1
        elif final == "A":
            self.y = max(0, self.y - step)
        elif final == "B":
            self.y = min(self.height - 1, self.y + step)
        elif final == "C":
            self.x = min(self.width - 1, self.x + step)
        elif final == "D":
            self.x = max(0, min(self.x, self.width - 1) - step)
        elif final in "EF":
            self.y = min(self.height - 1, self.y + step) if final == "E" else max(0, self.y - step)
            self.x = 0
        elif final in "G`":
            self.x = step - 1
        elif final == "d":
            self.y = step - 1
        else:
            self._erase(first, final)

    def _erase(self, first: int, final: str) -> None:
        x, y = min(self.x, self.width - 1), min(self.y, self.height - 1)
        style = self.styles.get(None, self.style.background, 0, "")
        if final == "X":
            spans = [(y, x, min(self.width, x + max(1, first)))]
        else:
            spans = [(y, 0 if first else x, x + 1 if first == 1 else self.width)]
            if final == "J":
                whole = range(self.height) if first >= 2 else range(y + 1, self.height) if first == 0 else range(y)
                spans += [(row, 0, self.width) for row in whole]
        before = self.x, self.y
        for row, start, end in spans:
            self.y, self.x = row, start
            self._put(self._blanks(end - start, style))
        self.x, self.y = before
