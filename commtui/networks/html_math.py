"""Formulas of MathML as text: their source where they have it, else what they show with marks that keep its meaning.

A fraction is `a/b`, a power `x^2`, an index `x_1`, a root `√(x)`; what belongs together stands in brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

DEEPEST: Final = 40
"""Levels that are followed; elements deeper than that are taken for parts of this one, so that work stays linear."""

_BETWEEN: Final[dict[str, Sequence[str]]] = {
    "mfrac": ("/",),
    "msup": ("^",),
    "mover": ("^",),
    "msub": ("_",),
    "munder": ("_",),
    "msubsup": ("_", "^"),
    "munderover": ("_", "^"),
    "mmultiscripts": ("_", "^"),
    "mroot": ("^(1/",),
    "mtable": ("; ",),
    "mtr": (", ",),
    "mfenced": (", ",),
}
"""What stands before the second child, the third and so on; then again from the first of these."""
_AROUND: Final = {"msqrt": ("√(", ")"), "mroot": ("", ")"), "mfenced": ("(", ")"), "mtable": ("[", "]")}
_ATOMS: Final = frozenset(("mi", "mn", "mo", "mtext", "ms"))
_GROUPED: Final = frozenset(_BETWEEN) - {"mtable", "mtr", "mfenced"}
"""Elements of which each child is one operand."""
_EMPTY: Final = frozenset(("mspace", "mprescripts", "none", "maligngroup", "malignmark"))
_UNREAD: Final = frozenset(("annotation", "annotation-xml"))


class _Element(Struct):
    """An element that is open: how many children it has, and what ends it."""

    name: str
    children: int = 0
    end: str = ""


class Formula:
    """Takes the tags and texts between <math> and </math>; `text()` is what the formula says."""

    def __init__(self, alttext: str) -> None:
        self._source = alttext.strip()
        self._shown: list[str] = []
        self._open: list[_Element] = []
        self._unread = ""
        """The annotation that is open."""
        self._tex: list[str] | None = None
        """The source in TeX, while it is read."""

    def open(self, name: str, encoding: str) -> None:
        """An opening tag; `encoding`: that attribute of an annotation."""
        if self._unread:
            return
        if name in _UNREAD:
            self._unread = name
            is_tex = encoding.lower().rpartition("/")[2].removeprefix("x-") in ("tex", "latex")
            self._tex = [] if is_tex and not self._source else None
            return
        if name in _EMPTY or len(self._open) >= DEEPEST:
            return
        begin, end = _AROUND.get(name, ("", ""))
        parent = self._open[-1] if self._open else None
        if parent is not None:
            between = _BETWEEN.get(parent.name)
            if parent.children and between:
                self._shown.append(between[(parent.children - 1) % len(between)])
            parent.children += 1
            if parent.name in _GROUPED and name not in _ATOMS and not begin:
                begin, end = "(", ")" + end
        self._shown.append(begin)
        self._open.append(_Element(name, end=end))

    def close(self, name: str) -> None:
        """A closing tag; one that closes nothing is passed over."""
        if self._unread:
            if name == self._unread:
                self._source = self._source or "".join(self._tex or ()).strip()
                self._unread, self._tex = "", None
            return
        if any(element.name == name for element in self._open):
            while True:
                element = self._open.pop()
                self._shown.append(element.end)
                if element.name == name:
                    return

    def said(self, text: str) -> None:
        """A text between tags."""
        if self._tex is not None:
            self._tex.append(text)
        elif not self._unread:
            words = " ".join(text.split())
            inside = self._open[-1].name if self._open else ""
            self._shown.append(f" {words} " if words and inside == "mtext" else words)

    def text(self) -> str:
        """Its source, else what it shows."""
        tex = "".join(self._tex or ()).strip()
        while self._open:
            self._shown.append(self._open.pop().end)
        return self._source or tex or " ".join("".join(self._shown).split())
