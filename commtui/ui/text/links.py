"""Links in a text: each part of a wrapped one leads to the whole address (OSC 8), where the terminal knows links."""

from __future__ import annotations

from commtui.model.links import links
from commtui.ui.painter.cells import RESERVE
from commtui.ui.text.cells import wrap
from commtui.ui.text.rows import Piece, Pieces


def linked(text: str, width: int) -> list[Pieces]:
    """The lines of a text as `wrap` breaks them, with the role `link ADDRESS` on links."""
    spans = links(text)
    lines: list[Pieces] = []
    at = 0
    for line in wrap(text, width):
        begin = text.find(line, at)
        if not spans or begin < 0:
            lines.append((("plain", line),))
            continue
        at = begin + len(line)
        pieces: list[Piece] = []
        done = begin
        for start, end in spans:
            if start < at and end > begin:
                first, last = max(start, begin), min(end, at)
                pieces += [
                    ("plain", text[done:first]),
                    (f"link {text[start:end].replace(RESERVE, '')}", text[first:last]),
                ]
                done = last
        pieces.append(("plain", text[done:at]))
        lines.append(tuple(piece for piece in pieces if piece[1]) or (("plain", ""),))
    return lines
