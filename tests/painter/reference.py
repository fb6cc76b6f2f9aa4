"""A terminal written for the tests, from the standards (ECMA-48, DEC VT510, xterm's ctlseqs); nothing is the painter's.

Text is cut by a list of clusters that the tests use, longest first, so that widths are what the test says they are:
`widths` may say that this terminal takes a cluster for wider or narrower than Textual does.
"""

import re

AGREED = {"界": 2, "語": 2, "가": 2, "😀": 2, "🚀": 2, "e\u0301": 1, "a\u0308\u0323": 1, "é": 1, "●": 1, "─": 1, "Ж": 1}
DISPUTED = {
    "👩\u200d💻": 2,
    "❤\ufe0f": 2,
    "🇩🇪": 2,
    "👍🏽": 2,
    "👨\u200d👩\u200d👧\u200d👦": 2,
    "1\ufe0f\u20e3": 2,
    "🫠": 2,
}
CLUSTERS = re.compile("|".join(map(re.escape, sorted([*AGREED, *DISPUTED], key=len, reverse=True))) + "|.", re.DOTALL)
TOKEN = re.compile(
    "\x1b\\[(?P<private>[?>=<]?)(?P<numbers>[0-9;]*)(?P<final>[@-~])|\x1b\\]8;[^;]*;(?P<link>[^\x1b\x07]*)(?:\x1b\\\\|\x07)"
    "|(?P<control>[\r\n\b\v])|(?P<text>[^\x00-\x1f\x7f]+)"
)
BLANK = (" ", None, None, frozenset(), "")
MARKED = {4, 7, 9, 21, 53}
OFF = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5, 6}, 27: {7}, 28: {8}, 29: {9}, 55: {53}}


def seen(cell):
    """What the eye sees of a cell: a blank shows its background, and more only with a line or reversed."""
    if cell and cell[0] == " " and not cell[3] & MARKED:
        return (" ", None, cell[2], frozenset(), cell[4])
    return cell


class Terminal:
    def __init__(self, width, height, widths=None, crlf=True, erase_colour=True):
        self.widths = {**AGREED, **DISPUTED, **(widths or {})}
        self.crlf, self.erase_colour = crlf, erase_colour
        self.resize(width, height)

    def resize(self, width, height):
        """Nobody knows what a terminal shows after a resize: here it is rubbish."""
        self.width, self.height = width, height
        self.grid = [[("?", 1, 2, frozenset({7}), "")] * width for _ in range(height)]
        self.x, self.y, self.top, self.bottom = 0, 0, 0, height - 1
        self.pen: tuple = (None, None, frozenset(), "")
        self.last = None
        self.full = False

    def seen(self):
        return [[seen(cell) for cell in row] for row in self.grid]

    def blank(self):
        return (" ", None, self.pen[1] if self.erase_colour else None, frozenset(), "")

    def feed(self, data):
        position = 0
        while position < len(data):
            token = TOKEN.match(data, position)
            assert token, repr(data[position : position + 20])
            position = token.end()
            if token["text"] is not None:
                for cluster in CLUSTERS.findall(token["text"]):
                    self.put(cluster)
            elif token["link"] is not None:
                self.pen = (*self.pen[:3], token["link"])
            elif token["control"]:
                self.control(token["control"])
            elif token["private"]:
                assert token["private"] == "?" and token["numbers"] == "2026", token[0]
            else:
                self.act(token["final"], [int(n or 0) for n in token["numbers"].split(";")])

    def put(self, cluster):
        width = self.widths.get(cluster, 1)
        fore, back, marks, link = self.pen
        row = self.grid[self.y]
        if self.x + width > self.width:
            # No wrapping; what has no room is not drawn.
            return
        for x in range(self.x, self.x + width):
            self.split(row, x)
        row[self.x] = (cluster, fore, back, marks, link)
        for x in range(self.x + 1, self.x + width):
            row[x] = ("", fore, back, marks, link)
        self.last = cluster
        # Autowrap is off: the cursor stays in the last column, and it is only safe to set it absolutely.
        self.full = self.x + width >= self.width
        self.x = min(self.x + width, self.width - 1)

    def split(self, row, x):
        """Overwriting one part of a wide character leaves blanks of the rest."""
        start = x
        while start and row[start][0] == "":
            start -= 1
        end = x + 1
        while end < self.width and row[end][0] == "":
            end += 1
        if end - start > 1:
            for at in range(start, end):
                row[at] = (" ", *row[at][1:])

    def control(self, control):
        if control == "\r":
            self.x, self.full = 0, False
        elif control == "\b":
            assert not self.full, "back from the last column"
            self.x = max(0, self.x - 1)
        elif control == "\v":
            # In the last column it stays there: only an absolute move may follow.
            assert self.y < self.height - 1, "a vertical tab that scrolls"
            self.y += 1
        else:
            assert self.y < self.height - 1, "a line feed that scrolls"
            self.y += 1
            if self.crlf:
                self.x, self.full = 0, False
            assert not self.full

    def act(self, final, numbers):
        first = max(1, numbers[0])
        if final == "m":
            self.style(numbers)
            return
        if final in "CD":
            assert not self.full, "relative to the last column"
        if final in "STLMX" or final in "JK":
            self.edit(final, numbers[0], first)
            return
        if final == "b":
            for _ in range(first):
                self.put(self.last)
            return
        if final == "r":
            self.top, self.bottom = first - 1, (numbers[1] if len(numbers) > 1 and numbers[1] else self.height) - 1
            assert self.top < self.bottom < self.height
            self.y = self.x = 0
        elif final == "H":
            self.y, self.x = first - 1, (max(1, numbers[1]) if len(numbers) > 1 else 1) - 1
        elif final == "G":
            self.x = first - 1
        elif final in "AB":
            assert not self.full
            self.y += first if final == "B" else -first
        elif final in "CD":
            self.x += first if final == "C" else -first
        else:
            raise AssertionError(final)
        assert 0 <= self.y < self.height and 0 <= self.x < self.width, (final, numbers)
        self.full = False

    def edit(self, final, zero, first):
        if final in "KX":
            assert zero == 0 or final == "X"
            end = self.width if final == "K" else min(self.width, self.x + first)
            for x in range(self.x, end):
                self.split(self.grid[self.y], x)
                self.grid[self.y][x] = self.blank()
            return
        if final == "J":
            assert zero == 2
            self.grid = [[self.blank()] * self.width for _ in range(self.height)]
            return
        top = self.top if final in "ST" else self.y
        assert self.top <= top <= self.bottom
        for _ in range(first):
            if final in "SM":
                del self.grid[top]
                self.grid.insert(self.bottom, [self.blank()] * self.width)
            else:
                del self.grid[self.bottom]
                self.grid.insert(top, [self.blank()] * self.width)

    def style(self, numbers):
        fore, back, before, link = self.pen
        marks = set(before)
        numbers = list(numbers)
        while numbers:
            code = numbers.pop(0)
            if code == 0:
                fore, back, marks = None, None, set()
            elif code in OFF:
                marks -= OFF[code]
            elif code in (38, 48):
                kind = numbers.pop(0)
                colour = self.palette(numbers.pop(0)) if kind == 5 else tuple(numbers.pop(0) for _ in range(3))
                fore, back = (colour, back) if code == 38 else (fore, colour)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                fore = code
            elif 40 <= code <= 47 or 100 <= code <= 107:
                back = code
            elif code == 39:
                fore = None
            elif code == 49:
                back = None
            else:
                assert code in (1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53), code
                marks.add(code)
        self.pen = (fore, back, frozenset(marks), link)

    @staticmethod
    def palette(number):
        if number < 16:
            return number
        if number >= 232:
            return (8 + 10 * (number - 232),) * 3
        levels = (0, 95, 135, 175, 215, 255)
        return tuple(levels[(number - 16) // step % 6] for step in (36, 6, 1))
