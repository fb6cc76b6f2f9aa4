"""A text written in the person's own editor, above a scissors line with what it is about."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from commtui.cli.services import CliError

SCISSORS = "# ------------------------ >8 ------------------------"
BELOW = "# Your text stands above that line; what is below it is not sent."


class NotSaved(CliError):
    """The editor was left without saving: nothing is to happen. `text` is what was there before."""


def compose(start: str, about: list[str], environ: Mapping[str, str]) -> str:
    """What the person wrote, without white space at its end. Blocks until the editor ends.

    Raises NotSaved when the editor failed or nothing was saved, CliError when it can't be started.
    """
    with tempfile.TemporaryDirectory(prefix="commtui-") as folder:
        path = Path(folder) / "text.md"
        below = [SCISSORS, BELOW, *(f"# {line}".rstrip() for line in about)]
        path.write_text("\n".join([start, "", *below]) + "\n", encoding="utf-8")
        os.utime(path, ns=(0, 0))
        command = _command(environ)
        try:
            code = subprocess.call([*command, str(path)])
        except OSError as error:
            raise CliError(f"cannot start the editor {command[0]!r}: {error.strerror}; set EDITOR") from None
        if code:
            raise NotSaved(f"the editor ended with {code}: nothing was changed")
        if path.stat().st_mtime_ns == 0:
            raise NotSaved("nothing was saved in the editor: nothing was changed")
        try:
            written = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise CliError("what the editor wrote is not UTF-8 text: nothing was changed") from None
    return above(written)


def above(written: str) -> str:
    """The text above the scissors line; all of it where the line is gone."""
    kept: list[str] = []
    for line in written.splitlines():
        if line.rstrip() == SCISSORS:
            break
        kept.append(line)
    return "\n".join(kept).rstrip()


def _command(environ: Mapping[str, str]) -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        try:
            found = shlex.split(environ.get(variable, ""))
        except ValueError:
            raise CliError(f"{variable} is not a command: its quotes don't match") from None
        if found:
            return found
    for name in ("sensible-editor", "nano", "vi"):
        if shutil.which(name):
            return [name]
    raise CliError("no editor was found: set EDITOR, or give the text on the command line")
