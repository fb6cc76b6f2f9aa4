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


def compose(start: str, about: list[str], environ: Mapping[str, str]) -> str:
    """What the person wrote, without white space at its end. Blocks until the editor ends.

    Raises CliError when the editor can't be started, failed, or was left without saving; what was saved in one that
    failed stays in its file, which is named.
    """
    command = _command(environ)
    path = Path(tempfile.mkdtemp(prefix="commtui-")) / "text.md"
    below = [SCISSORS, BELOW, *(f"# {line}".rstrip() for line in about)]
    path.write_text("\n".join([start, "", *below]) + "\n", encoding="utf-8")
    os.utime(path, ns=(0, 0))
    try:
        code = subprocess.call([*command, str(path)])
        saved = path.exists() and path.stat().st_mtime_ns != 0
        written = path.read_bytes().decode() if saved else ""
    except OSError as error:
        raise CliError(f"cannot start the editor {command[0]!r}: {error.strerror}; set EDITOR") from None
    except UnicodeDecodeError:
        raise CliError(f"what the editor wrote is not UTF-8 text: nothing was changed; it is in {path}") from None
    if code and saved:
        raise CliError(f"the editor ended with {code}: nothing was changed; your text is in {path}")
    shutil.rmtree(path.parent, ignore_errors=True)
    if code:
        raise CliError(f"the editor ended with {code}: nothing was changed")
    if not saved:
        raise CliError("nothing was saved in the editor: nothing was changed")
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
