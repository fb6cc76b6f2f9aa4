"""Which row of a list is the first visible one. Pure functions of places.

`at` is the cursor's place, `page` the rows that have room, `count` all there are, `height` the line in which the
cursor's row stands where there is room.
"""

from __future__ import annotations

from typing import Final

CONTEXT: Final = 2
"""Rows that stay visible when a page turns."""


def in_sight(top: int, at: int, page: int, count: int) -> int:
    """The same top, or that of another page where the cursor is not visible."""
    context = CONTEXT if page > 3 * CONTEXT else 0
    if at < top:
        return max(0, at - page + 1 + context)
    if at >= top + page:
        return max(0, min(at - context, count - page))
    return top


def is_squeezed(top: int, at: int, page: int, height: int) -> bool:
    """Whether there was too little room for the cursor's row to stand at its height."""
    return page == 1 or at - top != height


def after_news(before: int, at: int, page: int, count: int, height: int) -> int:
    """The top once the cursor's place is `at`, `before` being the last one: its row stays at its height, but a list at
    its beginning stays there. No line is empty while rows are above."""
    if before <= height and at < page:
        return 0
    return in_sight(max(0, min(at - height, count - page)), at, page, count)


def after_resize(top: int, at: int, page: int, count: int, height: int, follows: bool) -> int:
    """The top once another number of rows has room. The cursor's row is back at its height as soon as it can be, and a
    list that was squeezed shows all rows above it where these have room. No line is empty while rows are above.

    `follows`: the cursor is to be visible. No page turns for it: what takes a line or two gives them back soon.
    """
    if is_squeezed(top, at, page, height):
        top = 0 if at < page else at - height
    top = max(0, min(top, count - page))
    return min(max(top, at - page + 1), at) if follows else top
