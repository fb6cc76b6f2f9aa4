"""One line of text as the rows of a column: where they begin, and which cell a character stands in. Pure functions.

A character has the cells that it is painted in: the room behind it (cells.room_behind) is a part of it.
"""

from __future__ import annotations

from commtui.ui.painter.cells import RESERVE, clusters
from commtui.ui.text.cells import room_behind


def painted(text: str) -> str:
    """The text as it is painted: with the room behind each character that needs some."""
    if text.isascii():
        return text
    return "".join(cluster + RESERVE * room_behind(cluster) for cluster, _ in clusters(text))


def row_starts(text: str, width: int, first: int = 0) -> list[int]:
    """The index at which each row begins, `first` being the first of them, with no row wider than `width` cells.

    A row breaks behind spaces, which may stand beyond its edge, and between wide characters; a word that is wider than
    a row is broken.
    """
    width = max(1, width)
    return _ascii_starts(text, width, first) if text.isascii() else _starts(text, width, first)


def _ascii_starts(text: str, width: int, first: int) -> list[int]:
    starts, at, end = [first], first, len(text)
    while end - at > width:
        edge = at + width
        if text[edge] == " ":
            after = edge
            while after < end and text[after] == " ":
                after += 1
        else:
            after = text.rfind(" ", at, edge) + 1
            if after <= at:
                after = edge
        if after >= end:
            break
        starts.append(after)
        at = after
    return starts


def _starts(text: str, width: int, first: int) -> list[int]:
    starts, begin, at = [first], first, first
    used = since_break = 0
    last_break = first
    for cluster, cells in clusters(text[first:]):
        room = room_behind(cluster)
        if used + cells + room > width and at > begin and not cluster.isspace():
            if last_break > begin and cells < 2:
                begin, used = last_break, since_break
            else:
                begin, used = at, 0
            starts.append(begin)
        at += len(cluster)
        used += cells + room
        since_break += cells + room
        if cluster == " " or cells == 2:
            last_break, since_break = at, 0
    return starts


def cells_before(text: str, index: int) -> int:
    """The cells that `text[:index]` fills."""
    before = text[:index]
    return index if before.isascii() else sum(cells + room_behind(cluster) for cluster, cells in clusters(before))


def index_at(text: str, cell: int) -> int:
    """The index of the character that stands in this cell; the text's length where it is shorter."""
    if text.isascii():
        return min(max(0, cell), len(text))
    at = used = 0
    for cluster, cells in clusters(text):
        used += cells + room_behind(cluster)
        if used > cell:
            break
        at += len(cluster)
    return at


def next_index(text: str, index: int) -> int:
    """The index behind the character that begins at `index`: an emoji sequence or a letter with its marks is one."""
    if text[index : index + 2].isascii():
        return min(index + 1, len(text))
    at = 0
    for cluster, _ in clusters(text):
        at += len(cluster)
        if at > index:
            break
    return at


def previous_index(text: str, index: int) -> int:
    """The index at which the character before `index` begins."""
    if text[max(0, index - 2) : index].isascii():
        return max(0, index - 1)
    at = 0
    for cluster, _ in clusters(text):
        if at + len(cluster) >= index:
            break
        at += len(cluster)
    return at
