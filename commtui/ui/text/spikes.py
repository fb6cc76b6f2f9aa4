"""A spike in words."""

from __future__ import annotations

from commtui.model.spikes import WITHIN, Spike


def spike_words(spike: Spike) -> str:
    """`12 mentions in 5 minutes, usual is 1: "broken", "handle"`."""
    minutes = int(WITHIN.total_seconds() // 60)
    usual = "fewer than 1" if spike.usual < 1 else f"{spike.usual:.0f}"
    words = ", ".join(f'"{word}"' for word in spike.words)
    return f"{spike.arrivals} mentions in {minutes} minutes, usual is {usual}" + (f": {words}" if words else "")
