"""The text that a key types, invisible characters included: Textual leaves these out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.events import Key


def typed(key: Key) -> str:
    """The text that a key press puts into a text; empty for a key that types none.

    `is_printable` is `str.isprintable`, which refuses joiners, bidi marks and tags (Cf), spaces but for U+0020 (Zs),
    and letters newer than Python's tables or of a private font (Cn, Co): typed Persian and emoji would lose parts.
    """
    character = key.character or ""
    if not character or key.is_printable:
        return character
    from unicodedata import category

    return character if len(character) == 1 and category(character) in ("Cf", "Zs", "Cn", "Co") else ""
