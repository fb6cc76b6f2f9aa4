"""A library of our own in the place of py3langid: for tests of what it costs when a library fails."""

from __future__ import annotations

import os
from pathlib import Path

_LIBRARY = """
import os, signal, sys, time

MODEL_FILE = ""
{before}

class LanguageIdentifier:
    @classmethod
    def from_model_file(cls, path, **options):
        return cls()

    def classify(self, text):
        {answer}
"""
HANGS = "time.sleep(600)"
ENDS = "os._exit(7)"
RAISES = "raise RuntimeError('no')"
CRASHES = "os.kill(os.getpid(), signal.SIGSEGV)"
KILLS_THE_PROGRAM = "os.kill(os.getppid(), signal.SIGKILL)"
SAYS_GERMAN = 'return "de", 0.9'


def write_library(folder: Path, answer: str, before: str = "") -> Path:
    """Writes a py3langid that does `before` when it is imported, and answers so; returns the folder to import from."""
    package = folder / "py3langid"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("")
    (package / "langid.py").write_text(_LIBRARY.format(answer=answer, before=before))
    return folder


def children() -> set[int]:
    """The processes that this one has begun and that have not ended, or were not waited for."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended in between
            continue
        if parent == os.getpid():
            found.add(int(path.parent.name))
    return found
