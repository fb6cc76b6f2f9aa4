"""Campaigns: a small table, found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model.facets import packed, unpacked
from commtui.model.states import Queue
from commtui.store.reader import Reader
from commtui.store.schema import campaign_key

if TYPE_CHECKING:
    from commtui.model.records import Campaign, Conversation


class Campaigns:
    """All campaigns, those included that have ended."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def all(self) -> list[Campaign]:
        """Every campaign, in the order in which they were made."""
        from commtui.model.records import Campaign

        return sorted(self._reader.all(Campaign), key=lambda campaign: (campaign.created_at, campaign.name))

    def named(self, name: str) -> Campaign | None:
        """The campaign of a name, in whatever capitals."""
        from commtui.model.records import Campaign

        return next(iter(self._reader.find(Campaign, "_name", campaign_key(name))), None)

    def names(self) -> dict[str, str]:
        """The name of each campaign, by its id; without the types of records."""
        return {document["id"]: document["name"] for document in self._reader.db.table("campaigns")}

    def conversations(self, campaign: str) -> list[Conversation]:
        """The conversations of a campaign that no other one took in, archived ones too."""
        from commtui.model.records import Conversation

        numbers: list[int] = []
        for archived in (False, True):
            for name in self._reader.db.counts("conversations", "_facets", archived=archived):
                facets = unpacked(str(name))
                if facets.campaign == campaign and facets.queue != Queue.FOLDED:
                    numbers += self._reader.db.having("conversations", "_facets", packed(facets), archived=archived)
        return list(self._reader.records(Conversation, numbers))
