"""A setting as a row of the settings screen, and what is said of it below."""

from __future__ import annotations

from typing import Final

from commtui.config.setting_row import Described
from commtui.ui.text.cells import cut_words, fit
from commtui.ui.text.rows import Pieces, filled, lead, under_cursor

WHAT_FOLLOWS: Final = {
    "server": "its token goes to that server then",
    "user": "it is another account then; what this one brought stays here",
    "network": "it is another account then; what this one brought stays here",
}
"""Setting of an account -> what is said before it is changed."""

LOGIN: Final = frozenset((*WHAT_FOLLOWS, "token_env", "token_command", "token_file", "token_keyring"))
"""Settings of an account that it logs in by."""


def name_of(row: Described) -> str:
    """What a setting is called: `hold`, `notify.bell`, `brand: poll`."""
    return f"{row.account}: {row.key}" if row.account else row.key


def source_words(row: Described, file: str = "config") -> str:
    """Where its value comes from: `config:12`, `$TZ`, `default`."""
    if row.source == "config":
        return f"{file}:{row.line}" if row.line else file
    return f"${row.variable}" if row.source == "environment" else "default"


def settings_row(row: Described, widest: int, pointed: bool, width: int) -> Pieces:
    """The row in that width. `widest`: cells of the longest name."""
    name, source = min(widest, max(12, width // 2 - 6)), min(14, max(9, width // 5))
    room = max(4, width - name - source - 5)
    return filled(
        [
            lead(pointed, False),
            (under_cursor("plain", pointed), fit(name_of(row), name)),
            ("plain" if row.source == "default" else "soon", f" {fit(cut_words(row.value or '-', room), room)}"),
            ("dim", f" {fit(source_words(row), source)}"),
        ],
        width,
    )


def explained(row: Described, file: str) -> str:
    """What it does, its default, and where its value comes from."""
    where = f"from {source_words(row, file)}" if row.source != "default" else "the default is in force"
    return f"{row.help} Default: {row.default or 'none'}; {where}."


def changed(row: Described, is_default: bool, key: str) -> str:
    """What is said of it once it is written. `key` checks a login."""
    words = f"{name_of(row)} is {row.value or 'empty'} now" + (", the default" if is_default else "")
    return f"{words}; {key} checks the login" if row.account and row.key in LOGIN else words
