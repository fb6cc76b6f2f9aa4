"""Reads colour schemes of base16, of which there are hundreds (github.com/tinted-theming/home, `styling.md`).

They are flat YAML, so that no library is needed: `base0A: "f7ca88"`, in the older form or under `palette:`.
"""

from __future__ import annotations

import re

from commtui.config.theme import Theme

_LINE = re.compile(r"""^\s*["']?(base0[0-9A-Fa-f])["']?\s*:\s*["']?#?([0-9a-fA-F]{6})\b""", re.MULTILINE)
_VARIANT = re.compile(r"""^variant\s*:\s*["']?(dark|light)\b""", re.MULTILINE)
COLOURS = tuple(f"base0{digit}" for digit in "0123456789ABCDEF")


def base16_theme(name: str, text: str) -> Theme:
    """The theme of a scheme's text. Raises ValueError, which names the colours that are missing."""
    colours = {key[:5] + key[5].upper(): f"#{value.lower()}" for key, value in _LINE.findall(text)}
    missing = [key for key in COLOURS if key not in colours]
    if missing:
        raise ValueError("missing: " + ", ".join(missing))
    variant = _VARIANT.search(text)
    return Theme(
        name=name,
        primary=colours["base0D"],
        secondary=colours["base0C"],
        warning=colours["base0A"],
        error=colours["base08"],
        success=colours["base0B"],
        accent=colours["base09"],
        foreground=colours["base05"],
        background=colours["base00"],
        surface=colours["base01"],
        panel=colours["base02"],
        dark=variant[1] == "dark" if variant else _brightness(colours["base00"]) < _brightness(colours["base05"]),
    )


def _brightness(colour: str) -> int:
    return sum(int(colour[at : at + 2], 16) for at in (1, 3, 5))
