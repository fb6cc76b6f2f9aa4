"""What items and campaigns are called on the screen: in words, never by our ids."""

from __future__ import annotations

from commtui.activity.desk import Desk
from commtui.model.ids import ACT, CAMPAIGN, POST, SERIES
from commtui.model.records import Act, Conversation, Mention, Outgoing, Series
from commtui.model.text import one_line, phrase


def name_of(desk: Desk, identity: str) -> str:
    """The thing with that id in a few words; the id itself where it is gone."""
    if identity[:1] == CAMPAIGN:
        return desk.store.campaigns.names().get(identity, identity)
    if identity[:1] == SERIES:
        series = desk.store.get(Series, identity)
        return f"{phrase(one_line(series.text), 40)!r}" if series else identity
    mention = desk.store.get(Conversation, identity) or desk.store.get(Mention, identity)
    if mention is not None:
        return f"{mention.author}'s {phrase(one_line(mention.text), 30)!r}"
    act = desk.store.get(Act, identity) if identity[:1] == ACT else None
    if act is not None:
        return f"the {act.kind.value} of {name_of(desk, act.of)}" if act.of else f"the {act.kind.value}"
    if identity[:1] == POST:
        item = next(iter(desk.store.outgoing.of_post(identity)), None)
    else:
        item = desk.store.get(Outgoing, identity)
    return f"{phrase(one_line(item.text), 40)!r}" if item else identity


def answered_author(desk: Desk, item: Outgoing) -> str:
    """The author of what a reply answers; empty for a post."""
    mention = desk.store.get(Mention, item.in_reply_to) if item.in_reply_to else None
    return mention.author if mention else ""


def without_host(handle: str) -> str:
    """`@user` of `@user@host`."""
    user, at, _ = handle.removeprefix("@").partition("@")
    return f"@{user}" if at or handle.startswith("@") else handle
