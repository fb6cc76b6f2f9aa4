"""What changed in the store."""

from __future__ import annotations

from typing import Final

KEPT: Final = 10_000
"""Numbers of one kind that are kept; more count as "anything"."""

Numbers = set[int] | None
"""Doc_ids of what changed; None: anything may have changed."""


class Changes(dict[str, Numbers]):
    """What changed since somebody last looked, by kind of record."""

    @property
    def conversations(self) -> Numbers:
        return self.get("conversations", set())

    @property
    def mentions(self) -> Numbers:
        return self.get("mentions", set())

    @property
    def outgoing(self) -> Numbers:
        return self.get("outgoing", set())

    @property
    def acts(self) -> Numbers:
        return self.get("acts", set())

    @property
    def notes(self) -> Numbers:
        return self.get("notes", set())

    @property
    def requests(self) -> Numbers:
        return self.get("requests", set())

    @property
    def rule_runs(self) -> Numbers:
        return self.get("rule_runs", set())

    @property
    def only_said(self) -> bool:
        """Whether nothing but conversations and mentions changed."""
        return self.keys() <= {"conversations", "mentions"}

    def add(self, later: Changes) -> None:
        """Takes in what changed after that."""
        for name, numbers in later.items():
            before = self.get(name, set())
            both = None if numbers is None or before is None else before | numbers
            self[name] = None if both is None or len(both) > KEPT else both
