"""Random frames, drawn as Textual draws them: a cursor move, then segments, each with its SGR and a reset."""

from hypothesis import strategies as st

from tests.painter.reference import AGREED, DISPUTED

SGR = [
    "", "1", "2;3", "31", "97;44", "38;2;10;20;30", "38;2;10;20;30;48;2;200;200;210", "48;2;30;30;46", "4;38;5;208",
    "7", "1;9;48;5;17", "48;2;0;95;135", "53;21", "5;32",
]  # fmt: skip
LINKS = ["", "https://example.org/a"]
PLAIN = [*"ab .,x", "    ", "          "]


def segments(clusters):
    text = st.lists(st.sampled_from(clusters), min_size=1, max_size=14)
    link = st.sampled_from([0, 0, 0, 0, 1])
    return st.lists(st.tuples(text, st.integers(0, len(SGR) - 1), link), min_size=1, max_size=4)


def steps(clusters):
    """What happens to the frame: (kind, row, column, far, segments)."""
    kind = st.sampled_from(["line", "line", "line", "scroll", "scroll", "fill", "page", "same", "resize"])
    return st.lists(
        st.tuples(kind, st.integers(0, 30), st.integers(0, 60), st.integers(-3, 3), segments(clusters)),
        min_size=2,
        max_size=9,
    )


ALL = PLAIN + list(AGREED) + list(DISPUTED)
SIMPLE = PLAIN + list(AGREED)
WIDTHS = {**AGREED, **DISPUTED, "    ": 4, "          ": 10}


class Frame:
    """The frame as cells (cluster, SGR number, link number); "" is the second half of a wide one."""

    def __init__(self, width, height):
        self.resize(width, height)

    def resize(self, width, height):
        self.width, self.height = width, height
        self.rows = [[(" ", 0, 0)] * width for _ in range(height)]

    def line(self, y, x, parts):
        cells = []
        for clusters, sgr, link in parts:
            for cluster in clusters:
                if cluster.isspace():
                    cells += [(" ", sgr, link)] * len(cluster)
                else:
                    cells += [(cluster, sgr, link)] + [("", sgr, link)] * (WIDTHS.get(cluster, 1) - 1)
        row = self.rows[y]
        cells = cells[: self.width - x]
        if cells and x + len(cells) == self.width and WIDTHS.get(cells[-1][0], 1) == 2:
            cells[-1] = (" ", 0, 0)
        row = row[:x] + cells + row[x + len(cells) :]
        for at, cell in enumerate(row):
            # No half of a wide one.
            if cell[0] == "" and (at == 0 or WIDTHS.get(row[at - 1][0], 1) != 2):
                row[at] = (" ", *cell[1:])
            if WIDTHS.get(cell[0], 1) == 2 and (at + 1 == self.width or row[at + 1][0] != ""):
                row[at] = (" ", *cell[1:])
        self.rows[y] = row

    def step(self, step):
        kind, y, x, far, parts = step
        y, x = y % self.height, x % self.width
        if kind == "line":
            self.line(y, x, parts)
        elif kind == "fill":
            for row in range(self.height):
                self.line(row, 0, [*parts, ([" " * self.width], far % len(SGR), 0)])
        elif kind == "page":
            for row in range(self.height):
                # Rows unlike each other, so that scrolling pays.
                text = [chr(97 + (row * 7 + n * n * (row + 3) + y) % 26) for n in range(9 + row % 5)]
                self.line(row, 0, [(text, row % 3, 0), *parts, (text, 0, 0)])
        elif kind == "scroll":
            top, bottom = sorted((y, x % self.height))
            pane = self.rows[top : bottom + 1]
            if abs(far) < len(pane):
                fresh = [[(" ", 0, 0)] * self.width for _ in range(abs(far))]
                self.rows[top : bottom + 1] = pane[far:] + fresh if far > 0 else fresh + pane[: len(pane) + far]
            self.line(bottom, 0, parts)

    def drawn(self, since=None, cursor=(0, 0)):
        """Textual's bytes for the frame, or for the rows that are not those of `since`."""
        out = []
        for y, row in enumerate(self.rows):
            if since is not None and since[y] == row:
                continue
            out.append(f"\x1b[{y + 1};1H")
            at = 0
            while at < self.width:
                end = at
                while end < self.width and row[end][1:] == row[at][1:]:
                    end += 1
                text = "".join(cell[0] for cell in row[at:end])
                sgr, link = SGR[row[at][1]], LINKS[row[at][2]]
                if sgr:
                    text = f"\x1b[{sgr}m{text}\x1b[0m"
                out.append(f"\x1b]8;id=1-2;{link}\x1b\\{text}\x1b]8;;\x1b\\" if link else text)
                at = end
            if y < self.height - 1:
                out.append("\n")
        return "".join(out) + f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H"
