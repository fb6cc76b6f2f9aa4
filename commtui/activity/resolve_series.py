"""Finds the series that somebody names: by its id, or by the unique beginning of one; a post of it is enough, too."""

from __future__ import annotations

from commtui.activity import resolve
from commtui.activity.errors import AmbiguousId, UnknownId
from commtui.model import ids
from commtui.model.records import Series
from commtui.store.store import Store


def series(store: Store, given: str) -> Series:
    """Returns the series. Raises UnknownId, AmbiguousId, WrongKind."""
    text = given.strip().lower()
    identity: str | None = text
    if text[:1] in (ids.POST, ids.VARIANT):
        identity = resolve.outgoing(store, text)[0].series
    elif text[:1] == ids.SERIES and ids.prefix_range(text) is not None:
        matches = store.with_prefix(text)
        if len(matches) > 1:
            raise AmbiguousId(text, matches)
        identity = matches[0] if matches else text
    found = store.get(Series, identity) if identity and identity[0] == ids.SERIES else None
    if found is None:
        raise UnknownId(given, "series")
    return found
