"""Fifty mentions to zero, and the keys that it takes: the README's table. tests/whole/test_fifty.py presses them."""

from __future__ import annotations

from typing import Final

from docs.generate.jobs import Command, Job, Text, presses, rows

C, T = Command, Text
ORDER: Final = "4711"
SUNDAY: Final = "Yes, from ten to four on Sundays."
RUTH: Final = "So sorry, Ruth. A new parcel leaves today."
STEPS: Final = (
    Job("ten mentions of a spammer: muted, tagged, gone", 3, (C("mark-author"), C("quiet"), "s")),
    Job("sixteen crashes: one saved reply, with the name of each", 6,
        (C("mark-words"), T("crash"), "enter", C("saved"), "o", "enter", "y")),
    Job("twelve who praise: a macro tags and thanks each", 5,
        (C("mark-words"), T("love"), "enter", C("saved"), T("praised"), "enter", "y")),
    Job("seven who say good morning: done at once", 3, (C("mark-words"), T("morning"), "enter", C("done"))),
    Job("one of them asked something: undone, and done by a filter without that one", 6,
        (C("undo"), C("filter"), T("morning -sunday"), "enter", C("mark-all"), C("done"), "esc")),
    Job("an answer to the one who asked", 3, (C("reply"), T(SUNDAY), "esc", "y")),
    Job("a person who wrote twice: all that they wrote, and back", 2, (C("person"), C("back"))),
    Job("the two are merged", 4, (C("mark"), C("mark"), C("merge"))),
    Job("one answer to both", 4, (C("up"), C("reply"), T(RUTH), "esc", "y")),
    Job("a saved reply that asks for the number of the order", 4,
        (C("saved"), T("shipping"), "enter", T(ORDER), "enter", "y")),
    Job("an invoice is assigned to a teammate, who answers it from a shell of her own", 3, (C("assign"), "k", "enter")),
    Job("the next, an idea, is snoozed until tomorrow", 3, (C("down"), C("snooze"), "enter")),
)  # fmt: skip


def table() -> str:
    """The steps, with the keys of the default preset, their number, and that of all."""
    whole = sum(presses(step) for step in STEPS)
    lines = ["| fifty mentions | keys | presses beside the text |", "|---|---|---|"]
    return "\n".join([*lines, *rows(STEPS), f"| **none is left** | | **{whole}** |"])
