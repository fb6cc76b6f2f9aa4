"""Styles of cells: what SGR and OSC 8 say, and the shortest way to say a change.

Styles are made by a `Styles`, which gives the same object for the same look, so that cells compare by identity.
"""

from __future__ import annotations

from commtui.ui.painter import colour
from commtui.ui.painter.colour import Depth

BOLD, DIM, ITALIC, UNDERLINE, BLINK, RAPID, REVERSE, CONCEAL, STRIKE = (1 << n for n in range(9))
DOUBLE, FRAME, CIRCLE, OVERLINE = (1 << n for n in range(9, 13))
_ON = {
    1: BOLD, 2: DIM, 3: ITALIC, 4: UNDERLINE, 5: BLINK, 6: RAPID, 7: REVERSE, 8: CONCEAL, 9: STRIKE,
    21: DOUBLE, 51: FRAME, 52: CIRCLE, 53: OVERLINE,
}  # fmt: skip
_OFF = {
    22: BOLD | DIM, 23: ITALIC, 24: UNDERLINE | DOUBLE, 25: BLINK | RAPID, 27: REVERSE, 28: CONCEAL, 29: STRIKE,
    54: FRAME | CIRCLE, 55: OVERLINE,
}  # fmt: skip
# What shows on a cell that holds a blank; without any of these only its background does.
_ON_BLANK = UNDERLINE | DOUBLE | REVERSE | STRIKE | OVERLINE | FRAME | CIRCLE
_MOST = 4096


class Style:
    """One look. `blank` is the style to which a blank in this style is equal to the eye."""

    __slots__ = ("attributes", "background", "blank", "changes", "foreground", "link", "sgr", "then")

    def __init__(self, foreground: int | None, background: int | None, attributes: int, link: str) -> None:
        self.foreground, self.background, self.attributes, self.link = foreground, background, attributes, link
        parts = [str(code) for code, bit in _ON.items() if attributes & bit]
        if foreground is not None:
            parts.append(colour.codes(foreground, False))
        if background is not None:
            parts.append(colour.codes(background, True))
        self.sgr = ";".join(parts)
        self.blank: Style = self
        self.changes: dict[Style, str] = {}
        self.then: dict[str, Style] = {}

    def to(self, other: Style) -> str:
        """The shortest text that turns this style into the other one."""
        known = self.changes.get(other)
        if known is None:
            known = self._to(other)
            if len(self.changes) > _MOST:
                self.changes.clear()
            self.changes[other] = known
        return known

    def _to(self, other: Style) -> str:
        text = ""
        if self.link != other.link:
            text = f"\x1b]8;;{other.link}\x1b\\"
        if self.sgr == other.sgr:
            return text
        parts = []
        gone, new = self.attributes & ~other.attributes, other.attributes & ~self.attributes
        for code, bits in _OFF.items():
            if gone & bits:
                parts.append(str(code))
                new |= other.attributes & bits
        parts += [str(code) for code, bit in _ON.items() if new & bit]
        if self.foreground != other.foreground:
            parts.append(colour.codes(other.foreground, False))
        if self.background != other.background:
            parts.append(colour.codes(other.background, True))
        change = ";".join(parts)
        reset = f";{other.sgr}" if other.sgr else ""
        return f"{text}\x1b[{min(change, reset, key=len)}m"


class Styles:
    """Makes styles at one colour depth, one object for each look."""

    def __init__(self, depth: Depth = Depth.TRUE, links: bool = True) -> None:
        self.depth, self.links = depth, links
        self._made: dict[tuple[int | None, int | None, int, str], Style] = {}
        self.plain = self.get(None, None, 0, "")

    def get(self, foreground: int | None, background: int | None, attributes: int, link: str) -> Style:
        if foreground is not None:
            foreground = colour.convert_text(foreground, background, self.depth)
        if background is not None:
            background = colour.convert(background, self.depth)
        key = (foreground, background, attributes, link if self.links else "")
        style = self._made.get(key)
        if style is None:
            if len(self._made) > _MOST:
                plain = self.plain
                self._made.clear()
                self._made[(None, None, 0, "")] = plain
                plain.then.clear()
                plain.changes.clear()
            style = self._made[key] = Style(*key)
            if not attributes & _ON_BLANK and (foreground is not None or attributes):
                style.blank = self.get(None, background, 0, key[3])
        return style

    def apply(self, style: Style, parameters: str) -> Style:
        """The style after `CSI parameters m`. Codes that aren't known are left out."""
        after = style.then.get(parameters)
        if after is None:
            after = self._apply(style, parameters)
            if len(style.then) > _MOST:
                style.then.clear()
            style.then[parameters] = after
        return after

    def link(self, style: Style, target: str) -> Style:
        """The style as a link that leads to `target`; empty for none."""
        return self.get(style.foreground, style.background, style.attributes, target)

    def _apply(self, style: Style, parameters: str) -> Style:
        fore, back, attributes = style.foreground, style.background, style.attributes
        words = parameters.split(";")
        position = 0
        while position < len(words):
            word = words[position]
            position += 1
            if ":" in word:
                # Colon forms stand in one word: 4:3, 38:2::r:g:b, 38:5:n.
                inner = word.split(":")
                if inner[0] == "4":
                    attributes = attributes | UNDERLINE if inner[1] != "0" else attributes & ~(UNDERLINE | DOUBLE)
                    continue
                parsed, _ = _colour([*inner[1:2], *inner[-3:]] if inner[1:2] == ["2"] else inner[1:])
                if inner[0] == "38":
                    fore = parsed
                elif inner[0] == "48":
                    back = parsed
                continue
            code = int(word or 0)
            if code == 0:
                fore = back = None
                attributes = 0
            elif code in _ON:
                attributes |= _ON[code]
            elif code in _OFF:
                attributes &= ~_OFF[code]
            elif 30 <= code <= 37 or 90 <= code <= 97:
                fore = code - 30 if code < 40 else code - 82
            elif 40 <= code <= 47 or 100 <= code <= 107:
                back = code - 40 if code < 50 else code - 92
            elif code == 39:
                fore = None
            elif code == 49:
                back = None
            elif code in (38, 48, 58):
                parsed, used = _colour(words[position:])
                position += used
                if code == 38:
                    fore = parsed
                elif code == 48:
                    back = parsed
        return self.get(fore, back, attributes, style.link)


def _colour(words: list[str]) -> tuple[int | None, int]:
    """The colour at the start of `5;n` or `2;r;g;b`, and how many words it took."""
    numbers = [int(word) if word.isdigit() else 0 for word in words[:4]]
    if len(numbers) >= 2 and numbers[0] == 5:
        return numbers[1] & 255, 2
    if len(numbers) == 4 and numbers[0] == 2:
        return colour.TRUE + ((numbers[1] & 255) << 16 | (numbers[2] & 255) << 8 | numbers[3] & 255), 4
    return None, len(numbers)
