"""Every move of the cursor is the shortest that there is, by a search over all that a terminal can be told."""

import heapq

import pytest

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.pen import Pen
from commtui.ui.painter.styles import Styles

WIDTH, HEIGHT = 112, 24


def steps(y, x, down_in_column):
    """(bytes, y, x): where one control or sequence leads. A line feed is two bytes where the tty adds the return."""
    if x:
        yield 1, y, x - 1
        yield 1, y, 0
    if y + 1 < HEIGHT:
        yield 2, y + 1, 0
        if down_in_column:
            yield 1, y + 1, x
    for to in range(HEIGHT):
        if to != y:
            far = abs(to - y)
            yield 3 + (len(str(far)) if far > 1 else 0), to, x
    for to in range(WIDTH):
        if to != x:
            far = abs(to - x)
            yield 3 + (len(str(far)) if far > 1 else 0), y, to
            yield 3 + len(str(to + 1)), y, to


def absolute(y, x):
    row = len(str(y + 1)) if y else 0
    return 3 + row if not x else 4 + row + len(str(x + 1))


def shortest(start, down_in_column=True):
    """The fewest bytes from `start` to each place."""
    best = {(y, x): absolute(y, x) for y in range(HEIGHT) for x in range(WIDTH)}
    best[start] = 0
    heap = [(cost, *place) for place, cost in best.items()]
    heapq.heapify(heap)
    while heap:
        cost, y, x = heapq.heappop(heap)
        if cost > best[y, x]:
            continue
        for more, to_y, to_x in steps(y, x, down_in_column):
            if cost + more < best[to_y, to_x]:
                best[to_y, to_x] = cost + more
                heapq.heappush(heap, (cost + more, to_y, to_x))
    return best


@pytest.mark.slow
@pytest.mark.parametrize("down_in_column", [True, False])
@pytest.mark.parametrize("start", [(3, 7), (12, 64), (0, 0)])
def test_no_move_is_longer_than_the_shortest_one(start, down_in_column):
    best = shortest(start, down_in_column)
    longer = {}
    for (y, x), least in best.items():
        pen = Pen(Abilities(newline="crlf", vertical_tab=down_in_column), WIDTH, start[0], start[1], Styles().plain)
        pen.move(y, x)
        if pen.size != least:
            longer[y, x] = ("".join(pen.parts), least)
    assert longer == {}


def floor(runs):
    """The fewest bytes, the texts apart, to write runs (y, x, cells) in this order, from an unknown place."""
    total, at = 0, None
    for y, x, cells in runs:
        total += absolute(y, x) if at is None else shortest(at)[y, x]
        at = y, x + cells
    return total


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "step", "cells", "each"),
    [
        (0, 0, 1, 2),
        (4, 0, 3, 4),
        (4, 0, 9, 5),
        (40, 0, 30, 6),
        (4, 9, 9, 1),
        (4, 10, 9, 4),
        (40, 0, 9, 5),
        (4, 0, 100, 5),
    ],
)
def test_what_a_row_costs_at_least_is_what_the_architecture_page_says(first, step, cells, each):
    rows = 6
    runs = [(y, first + step * y, cells) for y in range(rows)]
    assert floor(runs) - absolute(0, first) == each * (rows - 1)
