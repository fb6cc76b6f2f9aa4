"""Guesses languages in a process of its own, which may crash, grow or hang alone. A script of system/languages.py.

A line on stdin is a JSON list of texts; a line on stdout is the list of their codes, each empty where the library is
not sure. Imports nothing of commtui, and py3langid beside msgspec. Ends with its stdin.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Final

import msgspec

CERTAINTY: Final = 0.6
"""What a guess needs (0 to 1): at most one in a hundred is wrong then (docs/decisions/0009-languages.md)."""
MEMORY: Final = 2 << 30
"""Bytes of address space; it takes about 120 MB of memory."""


def main() -> None:
    """Answers line by line."""
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS has no limit of the address space; a lower one may be set already
            pass
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # else NumPy reserves memory for a thread of each core
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what the library prints is no answer
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True, min_confidence=CERTAINTY)
    for line in sys.stdin.buffer:
        codes = [identifier.classify(text)[0] for text in msgspec.json.decode(line, type=list[str])]
        answers.write(msgspec.json.encode(["" if code == "und" else code for code in codes]) + b"\n")


if __name__ == "__main__":
    main()
