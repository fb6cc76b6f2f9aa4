"""The pen: writes cells of rows onto a terminal whose cursor and style it follows, and counts the bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from itertools import compress, count
from operator import is_not

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cell, Row
from commtui.ui.painter.moves import absolute, along, steps
from commtui.ui.painter.styles import Style


class Pen:
    """`y`, `x`, `style`: the terminal's cursor and style, None where it isn't known. `parts`: the text so far."""

    def __init__(self, abilities: Abilities, width: int, y: int | None, x: int | None, style: Style | None) -> None:
        self._can, self.width = abilities, width
        self.y, self.x, self.style = y, x, style
        self.parts: list[str] = []

    def copy(self) -> Pen:
        """A pen that goes on from here without touching this one."""
        other = Pen(self._can, self.width, self.y, self.x, self.style)
        other.parts = list(self.parts)
        return other

    @property
    def size(self) -> int:
        """Bytes on the wire so far."""
        text = "".join(self.parts)
        bytes_ = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        return bytes_ + text.count("\n") if self._can.newline == "crlf" else bytes_

    def erasable(self, cell: Cell) -> bool:
        """Whether erasing leaves just this cell."""
        style = cell[2]
        if cell[0] != " " or style.attributes or style.link:
            return False
        return style.background is None or self._can.erase_colour

    def clear(self, style: Style) -> None:
        """Clears the screen in the style's background."""
        self.use_style(style)
        self.parts.append("\x1b[2J")

    def use_style(self, style: Style) -> None:
        """Takes a style for what is written next."""
        now = self.style
        if now is style:
            return
        if now is None:
            link = f"\x1b]8;;{style.link}\x1b\\" if style.link else ""
            self.parts.append(f"{link}\x1b[;{style.sgr}m" if style.sgr else f"{link}\x1b[m")
        else:
            self.parts.append(now.to(style))
        self.style = style

    def scroll(self, top: int, bottom: int, by: int, height: int, plain: Style | None) -> None:
        """Moves rows top to bottom (0-based, inclusive) up by `by`, down if negative; what comes in are blanks in the
        plain style, or if that is None in whatever background."""
        if plain is not None and (self.style is None or self.style.background is not None):
            # New rows take the pen's background, but not on every terminal.
            self.use_style(plain)
        times = "" if abs(by) == 1 else str(abs(by))
        if bottom == height - 1 and top:
            self.move(top, 0)
            self.parts.append(f"\x1b[{times}{'M' if by > 0 else 'L'}")
            return
        whole = not top and bottom == height - 1
        if not whole:
            self.parts.append(f"\x1b[{top + 1 if top else ''};{bottom + 1}r")
            self.y = self.x = 0
        if self._can.scroll_up_down:
            self.parts.append(f"\x1b[{times}{'S' if by > 0 else 'T'}")
        else:
            self.move(top, 0)
            self.parts.append(f"\x1b[{times}{'M' if by > 0 else 'L'}")
        if not whole:
            self.parts.append("\x1b[r")
            self.y = self.x = 0

    def move(self, y: int, x: int) -> None:
        """Moves the cursor by the fewest bytes."""
        now_y, now_x = self.y, self.x
        if now_y == y and now_x == x:
            return
        self.y, self.x = y, x
        if now_y is None:
            self.parts.append(absolute(y, x))
        elif now_y == y:
            self.parts.append(along(now_x, x))
        else:
            ways = [absolute(y, x)]
            down = y - now_y
            step = "\v" * down if self._can.vertical_tab and 0 < down < 4 else steps(down, "B", "A")
            if now_x is not None:
                ways.append(step + along(now_x, x))
            if now_x is not None or step[0] == "\v":
                ways.append(step + along(None, x))
            if 0 < down < 4 and self._can.newline:
                if self._can.newline == "crlf":
                    ways.append("\n" * down + along(0, x))
                elif now_x is not None:
                    ways.append("\n" * down + along(now_x, x))
            extra = self._can.newline == "crlf"
            self.parts.append(min(ways, key=lambda way: len(way) + extra * way.count("\n")))

    def rows(self, was: list[Row], rows: list[Row], changed: list[int]) -> None:
        """Writes what differs in the changed rows, row by row."""
        for y in changed:
            self._row(y, was[y], rows[y], None)

    def columns(self, was: list[Row], rows: list[Row], changed: list[int]) -> bool:
        """The same style by style: where rows are made of the same few styles, a move is shorter than a change of style
        and back. Gives False, with nothing written, where there is nothing to win."""
        styles: Counter[Style] = Counter()
        for y in changed:
            styles.update({cell[2] for cell in compress(rows[y], map(is_not, was[y], rows[y]))})
        if not 1 < len(styles) <= 8:
            return False
        # The blanks between texts belong to the first style that they look the same in.
        order = [style for style, _ in styles.most_common()]
        order.sort(key=lambda style: style.blank is style)
        left, now = set(order), {y: was[y] for y in changed}
        for style in order:
            if style not in left:
                continue
            together = {style, style.blank} & left
            left -= together
            for y in changed:
                now[y] = self._row(y, now[y], rows[y], together)
        return True

    def _row(self, y: int, old: Row, new: Row, only: Set[Style] | None) -> Row:
        """Writes what differs, or only what differs in these styles; gives the row that the terminal then has."""
        dirty = [x for x in compress(count(), map(is_not, old, new)) if old[x] != new[x]]
        if only is not None:
            dirty = [x for x in dirty if new[x][2] in only]
        if not dirty:
            return old
        if any(old[x][3] or new[x][3] or new[x][1] != 1 for x in dirty):
            dirty = _whole(dirty, old, new)
        tail = self._tail(new)
        start = position = dirty[0]
        end = dirty[-1] + 1
        # Where the rest of the row is blank, erasing to the end is three bytes.
        erase = -1
        if end - max(tail, start) > 3:
            erase = next(x for x in dirty if x >= tail)
            if end - erase > 3:
                dirty = dirty[: dirty.index(erase)]
            else:
                erase = -1
        runs: list[tuple[int, int]] = []
        if dirty:
            start = position = dirty[0]
            for x in dirty[1:]:
                if x != position + 1:
                    runs.append((start, position + 1))
                    start = x
                position = x
            runs.append((start, position + 1))
        for index, (start, end) in enumerate(runs):
            if self.y == y and self.x is not None and 0 < start - self.x <= 8:
                self._bridge(y, new, start)
            else:
                self.move(y, start)
            more = index + 1 < len(runs) or erase >= 0
            self._run(y, new, start, end, more, new[runs[index + 1][0]][2] if index + 1 < len(runs) else None)
        if erase >= 0:
            style = new[erase][2]
            if self.y == y and self.x is not None and 0 < erase - self.x <= 8:
                self._bridge(y, new, erase)
            else:
                self.move(y, erase)
            self._use_blank(style)
            self.parts.append("\x1b[K")
        if only is None:
            return new
        after = list(old)
        for x in dirty:
            after[x] = new[x]
        if erase >= 0:
            after[erase:] = new[erase:]
        return after

    def _tail(self, new: Row) -> int:
        """Where the blanks at the row's end begin that erasing would leave; the width if there are none."""
        last, x = new[-1], len(new)
        if self.erasable(last):
            while x and (new[x - 1] is last or new[x - 1] == last):
                x -= 1
        return x

    def _use_blank(self, style: Style) -> None:
        if self.style is None or self.style.blank is not style:
            self.use_style(style)

    def _bridge(self, y: int, new: Row, x: int) -> None:
        """Over cells that are right already: by writing them again where that is shorter than moving."""
        assert self.x is not None
        gap = new[self.x : x]
        step = along(self.x, x)
        if len(gap) < len(step) or self.style is not new[x][2]:
            style, cost = self.style, 0
            for text, _, style_there, reach in gap:
                if reach or not text or style is None:
                    cost = 99
                    break
                if style_there is not style and not (text == " " and style.blank is style_there):
                    cost += len(style.to(style_there))
                    style = style_there
                cost += len(text) if text.isascii() else len(text.encode())
            after = new[x][2]
            if style is not None and self.style is not None and cost < 99:
                cost += len(style.to(after)) - len(self.style.to(after))
            if cost <= len(step):
                self._run(y, new, self.x, x, True)
                return
        self.move(y, x)

    def _run(self, y: int, new: Row, start: int, end: int, more: bool, then: Style | None = None) -> None:
        """Writes cells start to end of the row. `more`: the row goes on behind them; `then`: in which style."""
        parts, x = self.parts, start
        while x < end:
            if self.x != x:
                self.move(y, x)
            cell = new[x]
            text, width, style, reach = cell
            if reach or width == 2:
                self.use_style(style)
                if reach and width > 1 and x + width < self.width:
                    # A terminal that takes it for narrower would let show what stood behind.
                    parts.append(" " * width + "\b" * width)
                parts.append(text)
                x += width
                self.x = None if reach or x >= self.width else x
                continue
            stop = x + 1
            while stop < end and (new[stop] is cell or new[stop] == cell):
                stop += 1
            now = self.style
            if now is not style and (text != " " or now is None or now.blank is not style):
                after = new[stop][2] if stop < end else then
                if text == " " and after is not None and after.blank is style:
                    # The next text's style serves for the blanks before it: their background is its own.
                    style = after
                self.use_style(style)
            if stop - x > 4:
                self._many(x, stop, cell, more or stop < end)
            else:
                parts.append(text * (stop - x))
                self.x = stop if stop < self.width else None
            x = stop

    def _many(self, x: int, stop: int, cell: Cell, more: bool) -> None:
        """The same cell from `x` to `stop`: written, erased or repeated, whichever is shortest."""
        text, times = cell[0], stop - x
        best, after = text * times, stop
        if self.erasable(cell):
            # The cursor stays where it is: what comes next moves it, once.
            erase = f"\x1b[{times}X"
            if len(erase) * (1 + more) < times:
                best, after = erase, x
        elif self._can.repeat and len(text) == 1:
            again = f"{text}\x1b[{times - 1}b"
            if len(again.encode()) < len(best.encode()):
                best = again
        self.parts.append(best)
        self.x = after if after < self.width else None


def _start(row: Row, x: int) -> int:
    """Where the character begins whose cell this is."""
    while x and not row[x][1]:
        x -= 1
    return x


def _whole(dirty: list[int], old: Row, new: Row) -> list[int]:
    """The cells to be written, with both halves of wide ones and all that a disputed one might have run over."""
    out = set(dirty)
    for x in dirty:
        start = _start(new, x)
        out.update(range(start, start + new[start][1]))
    reaching = sorted(x for x in out if old[x][3] or new[x][3])
    if reaching:
        reached = 0
        for x in range(reaching[0], len(new)):
            if x in out or x < reached:
                out.add(x)
                out.add(_start(new, x))
                reached = max(reached, x + old[x][3], x + new[x][3], x + new[x][1])
    return sorted(out)
