"""Campaigns with their figures, and the query that chooses among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from commtui.activity.desk import Desk
from commtui.activity.errors import BadQuery
from commtui.model.campaign_records import Campaign, CampaignState
from commtui.model.campaigns import Figures, figures
from commtui.model.query_terms import QueryError
from commtui.model.suggestions import nearest

STATES: Final = tuple(state.value for state in CampaignState)


class Counted(NamedTuple):
    """A campaign and what is counted of it."""

    campaign: Campaign
    figures: Figures


def counted(desk: Desk, campaign: Campaign) -> Counted:
    """Returns a campaign with its figures as they are now."""
    store = desk.store
    with store.view():
        items, conversations = store.outgoing.of_campaign(campaign.id), store.campaigns.conversations(campaign.id)
    return Counted(campaign, figures(campaign, items, conversations, desk.now, desk.settings.overdue_post))


def listed(desk: Desk, words: str = "") -> Iterator[Counted]:
    """Yields the campaigns that all words of a query are about, in the order in which they were made, those that have
    ended last. Each is counted when it is asked for. Raises BadQuery.

    A word is a part of what is written down about it; `is:` takes a state, `tag:` a tag.
    """
    terms = [_term(word[0], word.start()) for word in re.finditer(r"\S+", words.casefold())]
    found = [campaign for campaign in desk.store.campaigns.all() if all(_meets(campaign, *term) for term in terms)]
    found.sort(key=lambda campaign: campaign.state is CampaignState.DONE)
    return (counted(desk, campaign) for campaign in found)


def _term(word: str, at: int) -> tuple[str, str]:
    key, colon, value = word.partition(":")
    if not colon or key not in ("is", "tag"):
        return "", word
    if key == "is" and value not in STATES:
        raise BadQuery(QueryError("value", at, key, value, nearest(value, STATES), known=STATES))
    return key, value.lstrip("#")


def _meets(campaign: Campaign, key: str, value: str) -> bool:
    match key:
        case "is":
            return campaign.state == value
        case "tag":
            return value in campaign.tags
    texts = (campaign.name, campaign.intention, campaign.audience, campaign.message)
    return any(value in text.casefold() for text in texts)
