"""The sentence of a thread whose parents are not complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.model.records import Above

ABOVE: Final[Mapping[Above, str]] = {
    Above.WHOLE: "",
    Above.GONE: "an earlier text is deleted, blocked or hidden",
    Above.UNASKED: "the earlier texts are not fetched yet",
}
"""The line above the first text of a thread; empty if its parents are complete."""
