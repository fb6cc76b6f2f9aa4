"""Those whom a mention names beside us and its author: an answer keeps them, unless its writer leaves them out."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity.errors import UnknownName

NOBODY = ("", "nobody", "none")
ALL = "all"


def without(others: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    """Returns the handles that stay when those named are left out; `all` names each. Raises UnknownName."""
    gone = {handle for name in left_out for handle in _named(others, name)}
    return tuple(handle for handle in others if handle not in gone)


def only(others: Sequence[str], kept: str) -> tuple[str, ...]:
    """Returns the handles that a text names, with or without their hosts; `all` names each. Raises UnknownName."""
    if kept.strip().lower() in NOBODY:
        return ()
    named = {handle for name in kept.replace(",", " ").split() for handle in _named(others, name)}
    return tuple(handle for handle in others if handle in named)


def _named(others: Sequence[str], given: str) -> list[str]:
    name = "@" + given.strip().removeprefix("@").lower()
    if name == f"@{ALL}":
        return list(others)
    found = [handle for handle in others if handle.lower() == name or handle.lower().startswith(f"{name}@")]
    if not found:
        raise UnknownName("participant", given, list(others))
    return found
