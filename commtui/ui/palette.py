"""Leaves Textual's command palette out of a start: the program has its own, and turns Textual's off.

`textual.app` imports it, and with it fields, lists and trees that no first row needs: a tenth of the start's imports.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Final

PALETTE: Final = "textual.command"


class _Absent(ModuleType):
    """Has an empty class under each name that is imported from it: Textual names them, and makes none of them."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = type(name, (), {})
        setattr(self, name, kind)
        return kind


def leave_palette_out() -> None:
    """For who imports `textual.app` next. What is imported already stays as it is."""
    sys.modules.setdefault(PALETTE, _Absent(PALETTE))
