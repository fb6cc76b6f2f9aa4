"""A form as lines: labels, what is typed, what is wrong. Secrets are counted, never shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from commtui.model.text import number_of
from commtui.ui.text.cells import cut, ending, fit, wrap
from commtui.ui.text.rows import Pieces, filled

LABEL: Final = 14
"""Columns of a label, with the spaces around it."""


class Field(Struct, frozen=True):
    """Something that is asked for."""

    id: str
    label: str
    help: str = ""
    """Shown while it has the focus."""
    optional: str = ""
    """What holds where it is left empty."""
    options: tuple[tuple[str, str], ...] = ()
    """For a choice: ids and words; the first one is chosen at first."""
    is_secret: bool = False


class Typed(Struct, frozen=True):
    """A text and the cursor's place in it."""

    before: str = ""
    after: str = ""


class FormLines(Struct, frozen=True):
    """The lines of a form. `first` to `last`: those of the field that has the focus."""

    lines: list[Pieces]
    first: int
    last: int


def form_lines(
    fields: Sequence[Field], typed: Callable[[Field], Typed], focus: int, problem: str, width: int
) -> FormLines:
    """`problem` is about the field that has the focus."""
    lines: list[Pieces] = []
    first = last = 0
    for place, field in enumerate(fields):
        here = place == focus
        if here:
            first = len(lines)
        lines.append(_field_line(field, typed(field), here, width))
        if here:
            notes = [("error", f"! {problem}")] if problem else []
            notes += [("dim", field.help)] if field.help else []
            for role, note in notes:
                lines += [filled([(role, f"  {line}")], width) for line in wrap(note, max(10, width - 3))]
            last = len(lines) - 1
    return FormLines(lines, first, last)


def _field_line(field: Field, typed: Typed, here: bool, width: int) -> Pieces:
    label = ("plain", fit(f"{'>' if here else ' '} {field.label}", LABEL) + " ")
    room = max(4, width - LABEL - 2)
    if field.options:
        words = dict(field.options).get(typed.before) or field.options[0][1]
        shown = f"< {words} >" if here else words
        return filled([label, ("soon" if here else "plain", cut(shown, room))], width)
    text = typed.before + typed.after
    if field.is_secret:
        count = f"({number_of(len(text), 'character')}, not shown)" if text else ""
        cursor = [("plain-pointed", " "), ("dim", f" {count}")] if here else [("dim", count or "-")]
        return filled([label, *cursor], width)
    if not here:
        return filled([label, ("plain", cut(text, room)) if text else ("dim", field.optional or "-")], width)
    before = ending(typed.before, room - 1)
    pieces = [label, ("plain", before), ("plain-pointed", typed.after[:1] or " "), ("plain", typed.after[1:])]
    if not text and field.optional:
        pieces.append(("dim", f" ({field.optional})"))
    return filled(pieces, width)
