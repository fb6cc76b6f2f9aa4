"""Roles to styles. A role never says anything that the words and symbols of its row don't say."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style

from commtui.config.theme import COLOUR, Theme
from commtui.model.text import plain_address
from commtui.ui.painter.colour import READABLE, TRUE, Depth, contrast, convert, rgb

RoleStyles = Mapping[str, Style]


class Roles(dict[str, Style]):
    """The style of each role. `link ADDRESS` is the role `link` that leads there, where links are wanted."""

    links = True

    def __missing__(self, role: str) -> Style:
        name, _, address = role.partition(" ")
        if not address:
            raise KeyError(role)
        return self[name] + Style(link=plain_address(address)) if self.links else self[name]


def styles_of(theme: Theme, links: bool = True) -> RoleStyles:
    """The style of each role under a theme."""
    back = theme.background
    words = _mixed(theme.foreground, back, 0.72)
    dim = _mixed(theme.foreground, back, 0.55)

    def on(colour: str, bold: bool = False, ground: str = back) -> Style:
        return Style(color=_readable(colour, ground), bgcolor=ground, bold=bold)

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
        "title": on(theme.foreground, True, theme.panel),
        "title-here": on(back, True, theme.primary),
        "bar": on(theme.foreground, ground=theme.panel),
        "bar-late": on(theme.warning, True, theme.panel),
        "bar-dim": on(_mixed(theme.foreground, theme.panel, 0.65), ground=theme.panel),
    }
    roles = Roles(styles | {f"{role}-pointed": _cursor(theme, style) for role, style in styles.items()})
    roles.links = links
    return roles


def _cursor(theme: Theme, style: Style) -> Style:
    """The style of a text in the cursor's row, which has one colour and one ground. Reversed: seen without colours."""
    ground = _colour_or(theme.variables.get("block-cursor-background", ""), theme.primary)
    text = _colour_or(theme.variables.get("block-cursor-foreground", ""), theme.background)
    return Style(color=ground, bgcolor=_readable(text, ground), bold=style.bold, reverse=True)


def _colour_or(value: str, other: str) -> str:
    return value if COLOUR.fullmatch(value) else other


def _readable(colour: str, ground: str) -> str:
    """The colour, moved towards black or white until it can be read on `ground`; both `#rrggbb`."""
    back = _number(ground)
    end = max((TRUE, TRUE + 0xFFFFFF), key=lambda pole: contrast(pole, back))
    target, share = "#{:02x}{:02x}{:02x}".format(*rgb(end)), 1.0
    readable = colour
    while contrast(_number(readable), back) < READABLE and share > 0:
        share -= 0.05
        readable = _mixed(colour, target, max(share, 0.0))
    return readable


def _number(colour: str) -> int:
    return TRUE + int(colour[1:], 16)


def _mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour in another, both `#rrggbb`; the palette's nearest to it, which takes half of the bytes."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in pairs)
    near = convert(TRUE + (red << 16 | green << 8 | blue), Depth.PALETTE)
    return "#{:02x}{:02x}{:02x}".format(*rgb(near or 0))
