"""How many bytes a frame costs: for what happens in a session, no more than what changed, and a little."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.ui.painter.abilities import Abilities
from tests.painter import frames
from tests.painter.reference import Terminal
from tests.painter.test_diff import Painted, run

WIDTH, HEIGHT = 80, 14
TEXT = "when does the next release land, thanks for fixing that crash: déjà vu, café naïve, see you there"
WORDS = TEXT.split()


def row(n, cursor=False):
    """A row as a list draws it: a mark, a name, a text; the cursor's row by a sign and a reversed name."""
    chance = random.Random(n)
    name = f"@user{n * 7919 % 1000}".ljust(16)
    text = " ".join(chance.choices(WORDS, k=8))[: WIDTH - 19].ljust(WIDTH - 19)
    return [("> " if cursor else "  ", ""), (name, "7" if cursor else ""), (" " + text, "")]


def drawn(rows):
    return "".join(
        f"\x1b[{y + 1};1H" + "".join(f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text for text, sgr in parts) + "\n"
        for y, parts in enumerate(rows)
    )


def page(first, cursor, status="12 mentions"):
    middle = [row(first + n, first + n == cursor) for n in range(HEIGHT - 2)]
    return [[("Mentions".ljust(WIDTH), "1")], *middle, [(status.ljust(WIDTH), "")]]


def along(x, to):
    """The fewest bytes from one column of a row to another (test_moves.py searches for shorter ones)."""
    far = abs(to - x)
    back = far if to < x else 99
    return min(back, 1 if not to else 99, (3 + (len(str(far)) if far > 1 else 0)) if far else 0, 3 + len(str(to + 1)))


def row_floor(old, new):
    """(cells, gaps, first, end): the bytes of the cells that differ; the fewest for going over those between them that
    don't; the first and the end of what differs. An end of blanks is erased by three bytes where that is less."""
    dirty = [x for x in range(len(new)) if old[x] != new[x]]
    if not dirty:
        return None
    cells = sum(len(new[x][0].encode()) for x in dirty)
    gaps, last = 0, dirty[0]
    for x in dirty[1:]:
        if x > last + 1:
            gaps += min(sum(len(cell[0].encode()) for cell in new[last + 1 : x]), along(last + 1, x))
        last = x
    return cells, gaps, dirty[0], last + 1


def floor(pairs):
    """(cells, moves, rows) of a frame of these (y, old row, new row): the fewest bytes that any program needs to turn
    the ones into the others row after row, the styles apart, and how many rows differ."""
    total = moves = rows = 0
    at = None
    for y, old, new in pairs:
        found = row_floor(old, new)
        if found is None:
            continue
        cells, gaps, first, end = found
        total += cells
        down = 4 if at is None else min(y - at[0], 4) + along(at[1], first)
        moves += gaps + down
        at, rows = (y, end), rows + 1
    return total, moves, rows


def least(old, new):
    """(cells, moves, rows) of the cheapest way: in place, or after the best scroll of any rows by any distance."""
    blank = [(" ", None, None, frozenset(), "")] * len(old[0])
    rows = range(len(old))
    ways = [floor([(y, old[y], new[y]) for y in rows])]
    cost = {}
    for by in (n for n in range(-len(old) + 1, len(old)) if n):
        source = {y: old[y + by] if 0 <= y + by < len(old) else blank for y in rows}

        def changed(y, was):
            key = id(was), y
            if key not in cost:
                cost[key] = (row_floor(was, new[y]) or (0, 0))[:2]
            return sum(cost[key])

        def about(pane, by=by, source=source):
            inner = [
                changed(y, source[y] if pane[0] <= y + by <= pane[1] else blank) for y in rows[pane[0] : pane[1] + 1]
            ]
            return sum(inner) + sum(changed(y, old[y]) for y in rows if not pane[0] <= y <= pane[1])

        # The rough count finds the margins; the way itself is counted whole.
        panes = [(top, bottom) for top in rows for bottom in range(top + abs(by), len(old))]
        best = min(panes, key=about, default=None)
        if best:
            top, bottom = best
            inside = {y: source[y] if top <= y + by <= bottom else blank for y in range(top, bottom + 1)}
            ways.append(floor([(y, inside.get(y, old[y]), new[y]) for y in rows]))
    return min(ways, key=lambda way: way[0] + way[1])


STEPS = st.one_of(
    st.tuples(st.just("move"), st.integers(-3, 3)),
    st.tuples(st.just("scroll"), st.integers(-12, 12)),
    st.tuples(st.just("status"), st.integers(0, 99999)),
    st.tuples(st.just("jump"), st.integers(0, 5000)),
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=6))
def test_a_list_s_frames_cost_what_changed_and_a_little(steps):
    painted = Painted(WIDTH, HEIGHT, Abilities(newline="crlf"))
    first, cursor, status = 100, 103, "12 mentions"
    expected = Terminal(WIDTH, HEIGHT)
    painted.feed(drawn(page(first, cursor)))
    for kind, amount in steps:
        if kind == "move":
            cursor = min(max(cursor + amount, first), first + HEIGHT - 3)
        elif kind == "scroll":
            first, cursor = max(0, first + amount), max(0, cursor + amount)
        elif kind == "jump":
            first, cursor = amount, amount + 5
        else:
            status = f"{amount} mentions"
        before = painted.terminal.seen()
        text = painted.feed(drawn(page(first, cursor, status)))
        expected.feed(drawn(page(first, cursor, status)).removesuffix("\n"))
        assert painted.terminal.seen() == expected.seen()
        wire = len(text.encode()) + text.count("\n")
        cells, moves, touched = least(before, painted.terminal.seen())
        # What no program can do without, and 72 bytes for the margins of a scroll, for styles and the cursor.
        assert wire <= cells + moves + 72, (kind, amount, text)
        if touched <= 2:
            assert wire <= 1.15 * cells + 48, (kind, amount, text)


def test_the_first_frame_of_a_list_costs_its_texts_and_a_little():
    painted = Painted(WIDTH, HEIGHT, Abilities(newline="crlf"))
    rows = page(0, 0)
    text = painted.feed(drawn(rows))
    assert (
        len(text.encode()) <= 1.15 * sum(len(part.rstrip().encode()) for line in rows for part, _ in line) + 12 * HEIGHT
    )


@settings(max_examples=120, deadline=None)
@given(st.tuples(st.integers(20, 60), st.integers(4, 12)), frames.steps(frames.SIMPLE))
def test_no_frame_costs_more_than_textual_s(size, steps):
    for _, _, _, text, whole in run(size, steps, Abilities(newline="crlf")):
        assert len(text.encode()) <= len(whole.encode()) + 12


def test_a_letter_typed_costs_a_letter():
    painted = Painted(WIDTH, HEIGHT, Abilities(newline="crlf"))
    painted.feed("\x1b[5;1H" + "Hello".ljust(WIDTH) + "\x1b[5;6H")
    assert painted.feed("\x1b[5;1H" + "Hello!".ljust(WIDTH) + "\x1b[5;7H") == "!"
