"""Rows as pieces of text with roles: pure functions, without a screen. A role is a name for a style (see colours.py).

Every meaning is a word or a symbol; roles only repeat it in colour. All symbols are ASCII: no terminal
disputes their width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from rich.cells import cell_len

from commtui.model import times
from commtui.triage.query import QueryContext
from commtui.ui.text.cells import cells_of, cut_words, fit, roomy

Piece = tuple[str, str]
"""A role and a text without new lines."""
Pieces = tuple[Piece, ...]
MARKS: Final[Mapping[str, str]] = {"image": "[i]", "video": "[v]", "audio": "[a]", "poll": "[p]"}
"""Kind of what stands beside a text -> its mark in a row; any other kind is a file, `[f]`."""
TEXT_LEAST: Final = 12
"""Cells of a row that are left to the text before labels behind it are left out."""


class RowContext(Struct, frozen=True):
    """What rows are written with, beside their records."""

    query: QueryContext
    zone: str
    width: int
    many_accounts: bool = False
    """More than one login is configured: rows name theirs."""
    writing: str = ""
    """The id of the item, the post or the conversation whose draft is in the composer."""
    ours: tuple[str, ...] = ()
    """Our handles, `@user@host`: a text that begins with them says nothing by it."""
    languages: bool = False
    """The language of each mention is shown: the config asks for hints at it."""

    @property
    def now(self) -> datetime:
        """The moment that ages are counted from."""
        return self.query.now

    def account(self, identity: str, other: str) -> str:
        """The name of an account in the config; `other` where it is there no more."""
        return self.query.account_names.get(identity, other)


def lead(pointed: bool, marked: bool) -> Piece:
    """The first two cells of a row: the cursor and the mark."""
    return "plain", (">" if pointed else " ") + ("x" if marked else " ")


def under_cursor(role: str, pointed: bool) -> str:
    """The role of a piece at the head of a row: that of the cursor's row has one colour, and no bold letters."""
    return "plain-pointed" if pointed else role


def whole(row: Pieces) -> Pieces:
    """A row that is all in the colour of the cursor's."""
    return (("plain-pointed", "".join(text for _, text in row)),)


def account_columns(width: int) -> int:
    """The cells of an account's name in a row of that width; 0 where it has no room."""
    return 0 if width < 50 else 5 if width < 70 else 7


def marks_of(kinds: Sequence[str]) -> list[str]:
    """The marks of files and of a poll, each once: `[i]`."""
    return list(dict.fromkeys(MARKS.get(kind, "[f]") for kind in kinds))


def short_time(at: datetime, context: RowContext) -> str:
    """A moment in the person's zone, which is not named: `Fri 27 Nov 09:00`."""
    return times.echo(at, context.zone, context.now).rsplit(" ", 1)[0]


def near_time(at: datetime, context: RowContext) -> str:
    """The same, shorter: `18:47` today, `Sat 10:00` within the next days, else `27 Nov 09:00`."""
    return times.near(at, context.zone, context.now)


def with_text(
    head: Sequence[Piece],
    text: Piece,
    labels: Sequence[Piece],
    width: int,
    last: Piece | None = None,
    text_least: int = TEXT_LEAST,
) -> Pieces:
    """A row: its head, the text cut behind a word, and labels at its right end. Those that have no room beside
    `text_least` cells of the text are left out, the first ones first; `last`, a label behind them, only where it has no
    room itself."""
    shown, room = [*labels, *([last] if last else [])], width - sum(cells_of(words) for _, words in head)
    least = min(text_least, cells_of(text[1]))
    while shown and _labels_width(shown) > room - (0 if shown == [last] else least):
        del shown[0]
    room -= _labels_width(shown)
    pieces = [*head, (text[0], fit(cut_words(text[1], room), room))]
    for role, words in shown:
        pieces += [("plain", " "), (role, words)]
    return filled(pieces, width)


def _labels_width(labels: Sequence[Piece]) -> int:
    return sum(1 + cells_of(words) for _, words in labels)


def filled(pieces: list[Piece], width: int, has_room: bool = False) -> Pieces:
    """The pieces in exactly `width` cells: what is too much is cut behind a word, what is missing are spaces.

    `has_room`: they need no more room for wide marks (cells.roomy).
    """
    row: list[Piece] = []
    left = width
    for role, words in pieces:
        text = words if has_room else roomy(words)
        size = cell_len(text)
        if size >= left:
            if left > 0:
                row.append((role, fit(text if size == left else cut_words(text, left), left)))
            return tuple(row)
        row.append((role, text))
        left -= size
    row.append(("plain", " " * left))
    return tuple(row)
