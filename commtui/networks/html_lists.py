"""What stands before the entries of a list: a bullet, or a number as the list counts."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from commtui.networks.html_tokens import number

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class List(Struct):
    """A list that is open. `next`: the number of its next entry; None: bullets."""

    next: int | None = None
    step: int = 1
    kind: str = "1"
    """1, a, A, i or I, as the attribute `type` has it."""

    def label(self, value: str) -> str:
        """What stands before the next entry; `value`: that attribute of it."""
        if self.next is None:
            return "-"
        given = number(value)
        count = self.next if given is None else given
        self.next = count + self.step
        return f"{_ordinal(count, self.kind)}."


def list_of(name: str, attributes: dict[str, str]) -> List:
    """The list of an opening tag. One that counts down from a number that is not given has bullets."""
    if name == "ul":
        return List()
    start, kind = number(attributes.get("start", "")), attributes.get("type", "1").strip()
    if "reversed" in attributes:
        return List(start, -1, kind)
    return List(1 if start is None else start, 1, kind)


def _ordinal(count: int, kind: str) -> str:
    if kind in ("a", "A") and count > 0:
        letters = ""
        while count > 0:
            count, letter = divmod(count - 1, 26)
            letters = chr(ord(kind) + letter) + letters
        return letters
    if kind in ("i", "I") and 0 < count < 4000:
        roman = ""
        for value, numeral in _ROMAN:
            times, count = divmod(count, value)
            roman += numeral * times
        return roman if kind == "i" else roman.upper()
    return str(count)
