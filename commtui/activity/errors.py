"""What a verb can answer instead of doing it: one line for a person each."""

from __future__ import annotations


class TriageError(Exception):
    """A verb was not carried out, and nothing has changed; `str()` says why and what can be done."""


class UnknownId(TriageError):
    """No such item."""


class AmbiguousId(TriageError):
    """A prefix that several ids share."""

    def __init__(self, text: str, candidates: list[str], more: int = 0) -> None:
        others = f" and {more:,} more" if more else ""
        super().__init__(f"{text} could be any of: {', '.join(candidates)}{others}")
        self.candidates = candidates


class Usage(TriageError):
    """A value that does not fit: the way it is said is wrong, not the state of things."""


class Taken(TriageError):
    """Somebody else has it."""

    def __init__(self, identity: str, author: str, who: str) -> None:
        super().__init__(f"{identity} {author} is {who}'s; `commtui assign {identity} me` takes it over")
        self.author, self.who = author, who


class Unasked(TriageError):
    """A step back would put these on their way, and nobody was asked."""

    def __init__(self, ids: tuple[str, ...], step: str) -> None:
        super().__init__(f"that would send {', '.join(ids)}")
        self.ids = ids
        self.step = step
        """op_id of the step that would be taken back."""
