"""A text as it came from a network, before it is anything of ours."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.clock import AwareDatetime
from commtui.model.content import Media, Poll
from commtui.model.strings import Address, Id, Opaque, Text


class Status(Struct, frozen=True):
    """A text on the network, ours or another's, as it came: text already plain (networks/html.py)."""

    remote_id: Id
    author: Id
    author_name: str
    author_id: Id
    text: Text
    created_at: AwareDatetime
    url: Address | None = None
    uri: Address | None = None
    """Its lasting address, where its id may change."""
    in_reply_to: Id | None = None
    root: Id | None = None
    others: tuple[Id, ...] = ()
    """Handles (`@user@host`) of those whom it names beside us and its author."""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: Id | None = None
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    labels: tuple[str, ...] = ()
    edited: bool = False
    ours: bool = False
    bot: bool = False
    """Its author is marked as a bot."""
    pending: bool = False
    """An answer that others see when we accept it."""
    extra: Mapping[Opaque, Opaque] = {}
