"""A text written in the person's editor, above a scissors line with what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from commtui.cli.services import CliError
from commtui.sentences.editor import explain
from commtui.system.editor import EditorError, edit

SCISSORS = "# ------------------------ >8 ------------------------"
BELOW = "# Your text stands above that line; what is below it is not sent."


def compose(text: str, about: list[str], environ: Mapping[str, str]) -> str:
    """`text` as the person left it, without white space at its end. Blocks until the editor ends.

    Raises CliError when the editor fails or is left without saving; it names the file that has what was saved.
    """
    below = [SCISSORS, BELOW, *(f"# {line}".rstrip() for line in about)]
    try:
        edited = edit("\n".join([text, "", *below]) + "\n", environ)
    except EditorError as error:
        raise CliError(explain(error)) from None
    if edited is None:
        raise CliError("nothing was saved in the editor: nothing was changed")
    return above_scissors(edited)


def above_scissors(text: str) -> str:
    """The text above the scissors line; all of it where the line is gone."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.rstrip() == SCISSORS:
            break
        lines.append(line)
    return "\n".join(lines).rstrip()
