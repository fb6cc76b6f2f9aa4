"""Finds the campaign that somebody names: by its name in any capitals, by its id, or by the unique beginning of one."""

from __future__ import annotations

from commtui.activity.errors import AmbiguousId, UnknownName
from commtui.model import ids
from commtui.model.records import Campaign
from commtui.model.text import clean, one_line
from commtui.store.store import Store


def campaign(store: Store, given: str) -> Campaign:
    """Returns the campaign. Raises UnknownName, AmbiguousId."""
    name = one_line(clean(given)).strip()
    found = store.campaigns.named(name)
    if found is not None:
        return found
    if name[:1] == ids.CAMPAIGN and ids.prefix_range(name) is not None:
        matches = store.with_prefix(name.lower())
        if len(matches) > 1:
            raise AmbiguousId(name, matches)
        found = store.get(Campaign, matches[0]) if matches else None
    if found is None:
        raise UnknownName("campaign", given, list(store.campaigns.names().values()))
    return found
