"""Roles to styles. A role never says anything that the words and symbols of its row don't say."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style

from commtui.config.themes import Theme
from commtui.ui.painter.colour import TRUE, Depth, convert, rgb

RoleStyles = Mapping[str, Style]


class Roles(dict[str, Style]):
    """The style of each role. `link ADDRESS` is the role `link` that leads there, where links are wanted."""

    links = True

    def __missing__(self, role: str) -> Style:
        name, _, address = role.partition(" ")
        if not address:
            raise KeyError(role)
        return self[name] + Style(link=address) if self.links else self[name]


def styles_of(theme: Theme, links: bool = True) -> RoleStyles:
    """The style of each role under a theme."""
    back = theme.background
    words = _mixed(theme.foreground, back, 0.72)
    dim = _mixed(theme.foreground, back, 0.55)

    def on(colour: str, bold: bool = False) -> Style:
        return Style(color=colour, bgcolor=back, bold=bold)

    styles = {
        "plain": on(theme.foreground),
        "read": on(words),
        "dim": on(dim),
        "unread": on(theme.foreground, True),
        "author": on(theme.primary),
        "ours": on(theme.success),
        "late": on(theme.warning),
        "error": on(theme.error, True),
        "soon": on(theme.accent),
        "mine": on(theme.success),
        "assignee": on(theme.secondary),
        "tag": on(theme.secondary),
        "note": on(theme.warning),
        "link": on(theme.primary),
        "title": Style(color=theme.foreground, bgcolor=theme.panel, bold=True),
        "title-here": Style(color=back, bgcolor=theme.primary, bold=True),
        "bar": Style(color=theme.foreground, bgcolor=theme.panel),
        "bar-late": Style(color=theme.warning, bgcolor=theme.panel, bold=True),
        "bar-dim": Style(color=_mixed(theme.foreground, theme.panel, 0.65), bgcolor=theme.panel),
    }
    reverse = Style(reverse=True)
    roles = Roles(styles | {f"{role}-pointed": style + reverse for role, style in styles.items()})
    roles.links = links
    return roles


def _mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour in another, both `#rrggbb`; the palette's nearest to it, which takes half of the bytes."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in pairs)
    near = convert(TRUE + (red << 16 | green << 8 | blue), Depth.PALETTE)
    return "#{:02x}{:02x}{:02x}".format(*rgb(near or 0))
