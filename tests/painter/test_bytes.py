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


def changed_bytes(old, new):
    """(bytes, rows): the UTF-8 bytes of the cells that differ after the best scroll of any rows by any distance, and in
    how many rows they stand."""

    def differ(one, other):
        found = sum(len(cell[0].encode()) for was, cell in zip(one, other, strict=True) if was != cell)
        return found, found > 0

    def total(pairs):
        return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)

    blank = [(" ", None, None, frozenset(), "")] * len(old[0])
    stay = [differ(old[y], new[y]) for y in range(len(old))]
    fresh = [differ(blank, row) for row in new]
    best = total(stay)
    for by in (n for n in range(-len(old) + 1, len(old)) if n):
        moved = [differ(old[y + by], new[y]) if 0 <= y + by < len(old) else (0, False) for y in range(len(old))]
        for top in range(len(old)):
            for bottom in range(top + abs(by), len(old)):
                inner = [moved[y] if top <= y + by <= bottom else fresh[y] for y in range(top, bottom + 1)]
                best = min(best, total([*stay[:top], *inner, *stay[bottom + 1 :]]))
    return best


STEPS = st.one_of(
    st.tuples(st.just("move"), st.integers(-3, 3)),
    st.tuples(st.just("scroll"), st.integers(-12, 12)),
    st.tuples(st.just("status"), st.integers(0, 99999)),
    st.tuples(st.just("jump"), st.integers(0, 5000)),
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
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
        cells, touched = changed_bytes(before, painted.terminal.seen())
        # To go to another row and to another style costs what it costs: twelve bytes for each row beyond the second.
        assert wire <= 1.15 * cells + 48 + 12 * max(0, touched - 2), (kind, amount, text)


def test_the_first_frame_of_a_list_costs_its_texts_and_a_little():
    painted = Painted(WIDTH, HEIGHT, Abilities(newline="crlf"))
    rows = page(0, 0)
    text = painted.feed(drawn(rows))
    assert (
        len(text.encode()) <= 1.15 * sum(len(part.rstrip().encode()) for each in rows for part, _ in each) + 12 * HEIGHT
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
