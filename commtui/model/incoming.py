"""A text as it came from a network, before it is anything of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.content import Media, Poll


class Status(Struct, frozen=True):
    """A text on the network, ours or another's, as it came: text already plain (networks/html.py), not yet gated."""

    remote_id: str
    author: str
    author_name: str
    author_id: str
    text: str
    created_at: datetime
    url: str | None = None
    in_reply_to: str | None = None
    root: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: str | None = None
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    labels: tuple[str, ...] = ()
    edited: bool = False
    ours: bool = False
    extra: Mapping[str, str] = {}
