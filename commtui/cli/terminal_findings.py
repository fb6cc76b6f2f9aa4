"""The check of `commtui doctor` on the terminal."""

from __future__ import annotations

import os
import shutil
import sys

from commtui.cli.services import Services
from commtui.config.check import Finding, Level


def terminal(services: Services) -> list[Finding]:
    """Checks the terminal that the screen would use."""
    term = services.environ.get("TERM", "")
    if not sys.stdout.isatty():
        return [Finding(Level.OK, "terminal", "stdout is no terminal: lines are not cut")]
    size = shutil.get_terminal_size()
    findings = []
    if term in ("", "dumb"):
        findings.append(
            Finding(Level.WARN, "terminal", f"TERM is {term or 'not set'}: plain lines instead of the screen")
        )
    if size.columns < 40 or size.lines < 12:
        findings.append(Finding(Level.WARN, "terminal", f"{size.columns}x{size.lines} is small", "40x12 is the least"))
    if (os.device_encoding(1) or "utf-8").lower().replace("_", "-") not in ("utf-8", "utf8"):
        findings.append(
            Finding(Level.WARN, "terminal", "its locale is not UTF-8", "set LANG to one that ends in .UTF-8")
        )
    colours = "no colours (NO_COLOR)" if services.environ.get("NO_COLOR") else "colours"
    return findings or [Finding(Level.OK, "terminal", f"{term}, {size.columns}x{size.lines}, {colours}")]
