"""Textual's own themes (nord, gruvbox, ...) as themes of commtui. Imports Textual only when one is asked for."""

from __future__ import annotations

from msgspec import convert

from commtui.config.theme import COLOUR, Theme

_COLOURS = [field for field in Theme.__struct_fields__ if field not in ("name", "dark", "variables")]


def bundled_themes() -> dict[str, Theme]:
    """All of them by name, but those that leave the colours to the terminal (`ansi-dark`, `ansi-light`)."""
    from textual.theme import BUILTIN_THEMES

    themes: dict[str, Theme] = {}
    for name, theme in BUILTIN_THEMES.items():
        generated = theme.to_color_system().generate()
        colours = {field: generated[field].lower() for field in _COLOURS}
        if all(COLOUR.fullmatch(colour) for colour in colours.values()):
            themes[name] = convert({"name": name, "dark": theme.dark, **colours}, Theme)
    return themes
