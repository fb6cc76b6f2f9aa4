"""Says once that much more arrives than usual, which words the texts share, and the key that shows them."""

from __future__ import annotations

from typing import Final

from commtui.model.clock import to_iso
from commtui.model.spikes import WITHIN
from commtui.triage import spikes
from commtui.ui.host import Host
from commtui.ui.text.spikes import spike_words

PAUSE: Final = 2.0
"""Seconds between two looks: a crowd comes in many batches."""


class SpikeWatch:
    """It owns whether the present spike was told: another one is told after a look that finds none."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._told = False
        self._looked_at = float("-inf")
        self._waiting = False

    def see(self, numbers: set[int] | None) -> None:
        """Looks, if there are new mentions among the changes; None: there may be."""
        if numbers == set() or self._waiting:
            return
        wait = self._looked_at + PAUSE - self._host.desk.clock.monotonic()
        if wait > 0:
            self._waiting = True
            self._host.set_timer(wait, self._look)
        else:
            self._look()

    def _look(self) -> None:
        host, self._waiting = self._host, False
        self._looked_at = host.desk.clock.monotonic()
        spike = spikes.current(host.desk)
        if spike is not None and not self._told:
            since = (host.desk.now - WITHIN).replace(second=0, microsecond=0)
            host.session.spike_since = to_iso(since)[:16] + "Z"
            host.status.tell_surely(f"{spike_words(spike)}; {host.key_of('spike')} shows them")
        self._told = spike is not None
