"""What a thread lacks, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.model.records import Above

ABOVE: Final[Mapping[Above, str]] = {
    Above.WHOLE: "",
    Above.GONE: "what stood above is deleted, blocked or hidden",
    Above.UNASKED: "what stands above is not fetched yet",
}
"""What to say above the first text of a thread; empty if it lacks nothing."""
