"""The painter's text makes of a terminal what Textual's would have made of it, cell by cell and style by style."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from tests.painter import frames
from tests.painter.reference import DISPUTED, Terminal

ABILITIES = [
    Abilities(newline="crlf"),
    Abilities(newline="lf", repeat=True),
    Abilities(erase_colour=False, scroll_up_down=False, vertical_tab=False),
]
SIZES = st.tuples(st.integers(2, 40), st.integers(2, 12))


class Painted:
    """A screen fed as Textual feeds its driver, and a terminal that gets what the painter makes of it."""

    def __init__(self, width, height, abilities, widths=None):
        styles = Styles()
        self.screen = Frame(width, height, styles, Cells())
        self.painter = Painter(abilities, styles.plain)
        self.terminal = Terminal(width, height, widths, abilities.newline == "crlf", abilities.erase_colour)

    def resize(self, width, height):
        self.screen.resize(width, height)
        self.painter.forget()
        self.terminal.resize(width, height)

    def feed(self, data):
        self.screen.feed(data)
        text = self.painter.paint(self.screen.rows, self.screen.width, (self.screen.y, self.screen.x))
        self.terminal.feed(text)
        return text


def run(size, steps, abilities, widths=None):
    """Yields (frame, painted, expected terminal, the painter's text, Textual's text) after every step."""
    frame = frames.Frame(*size)
    painted = Painted(size[0], size[1], abilities, widths)
    expected = Terminal(*size)
    before = None
    for step in [("same", 0, 0, 0, []), *steps]:
        if step[0] == "resize":
            size = 2 + step[2] % 39, 2 + step[1] % 11
            for screen in (frame, painted, expected):
                screen.resize(*size)
            before = None
        frame.step(step)
        cursor = (step[1] % frame.height, step[2] % frame.width)
        drawn = frame.drawn(before, cursor)
        before = list(frame.rows)
        expected.feed(drawn)
        text = painted.feed(drawn)
        yield frame, painted, expected, text, drawn


@settings(max_examples=300, deadline=None)
@given(SIZES, frames.steps(frames.ALL), st.sampled_from(ABILITIES))
def test_every_frame_looks_as_textual_drew_it(size, steps, abilities):
    for _, painted, expected, _, _ in run(size, steps, abilities):
        assert painted.terminal.seen() == expected.seen()
        assert (painted.terminal.y, painted.terminal.x) == (expected.y, expected.x)


@settings(max_examples=300, deadline=None)
@given(
    SIZES,
    frames.steps(frames.ALL),
    st.sampled_from(ABILITIES),
    st.fixed_dictionaries({cluster: st.sampled_from([1, 2, 3, 4]) for cluster in DISPUTED}),
)
def test_a_terminal_with_other_widths_has_all_the_rest_where_it_belongs(size, steps, abilities, widths):
    # A cluster cannot take more than two columns for each of its characters.
    widths = {cluster: min(width, 2 * len(cluster.strip("\ufe0f\u20e3"))) for cluster, width in widths.items()}
    for frame, painted, expected, _, _ in run(size, steps, abilities, widths):
        for row, seen, wanted in zip(frame.rows, painted.terminal.seen(), expected.seen(), strict=True):
            for x, cell in enumerate(row):
                if cell[0] in DISPUTED or (cell[0] == "" and row[x - 1][0] in DISPUTED):
                    continue
                assert seen[x] == wanted[x], (x, row)


@settings(max_examples=150, deadline=None)
@given(SIZES, frames.steps(frames.SIMPLE), st.sampled_from(ABILITIES))
def test_a_frame_that_is_drawn_again_costs_nothing(size, steps, abilities):
    for frame, painted, _, _, _ in run(size, steps, abilities):
        cursor = (painted.screen.y, painted.screen.x)
        assert painted.feed(frame.drawn(None, cursor)) == ""


@pytest.mark.parametrize("abilities", ABILITIES)
def test_a_pane_that_scrolls_by_one_row_costs_one_row(abilities):
    painted = Painted(80, 24, abilities)
    line = "{:>5} somebody@example.org wrote a text that is quite unlike the others: {:<9}"
    rows = [line.format(n, n * n * 7919)[:80].ljust(80) for n in range(100)]

    def page(first):
        head = "\x1b[1;1H" + "Mentions".ljust(80)
        body = "".join(f"\x1b[{n + 2};1H{rows[first + n]}\n" for n in range(22))
        return head + body + "\x1b[24;1H" + "status".ljust(80) + "\x1b[1;1H"

    expected = Terminal(80, 24)
    painted.feed(page(0))
    for first in (1, 2, 1, 0, 5):
        text = painted.feed(page(first))
        expected.feed(page(first))
        far = 5 if first == 5 else 1
        assert len(text) < 80 * far + 40
        assert painted.terminal.seen() == expected.seen()
