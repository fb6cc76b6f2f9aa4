"""What a theme is: colours by the names of Textual's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Theme(Struct, frozen=True):
    """The colours (`#rrggbb`) of a theme; the names are those of textual.theme.Theme."""

    name: str
    primary: str
    secondary: str
    warning: str
    error: str
    success: str
    accent: str
    foreground: str
    background: str
    surface: str
    panel: str
    dark: bool
    variables: Mapping[str, str] = {}
    """Textual's own variables, such as `footer-key-foreground`; a value is a colour or words."""
