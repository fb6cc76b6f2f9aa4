"""Counts of what a handle did."""

from __future__ import annotations


class Counters:
    """What this handle has done; for tests and reports."""

    __slots__ = ("bytes_written", "cuts", "flushes", "rebases", "reloads", "transactions", "writes")

    def __init__(self) -> None:
        self.transactions = self.writes = self.bytes_written = self.flushes = self.cuts = self.reloads = (
            self.rebases
        ) = 0
