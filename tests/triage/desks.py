"""A desk on a real store with a clock that stands still, and mentions that come in as batches do."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.community import intake
from commtui.community.deadlines import Deadlines
from commtui.community.joining import Owner
from commtui.config.settings import Account, Settings
from commtui.model import ids
from commtui.model.incoming import Status
from commtui.model.records import Conversation, Mention, Outgoing, Via
from commtui.model.states import OutgoingState
from commtui.store.store import Store
from tests.clock import FakeClock

BRAND = Account(name="brand", network="demo", user="brand@demo.example")
OTHER = Account(name="other", network="demo", user="other@demo.example")
OWNER = Owner(BRAND.id, "demo")


def settings(**fields: Any) -> Settings:
    return replace(
        Settings(me="me", teammates=("anna", "ben"), zone="Europe/Berlin", accounts=(BRAND, OTHER)), **fields
    )


def desk_on(folder: Path, clock: FakeClock | None = None, who: str = "me", **fields: Any) -> Desk:
    chosen = settings(**fields)
    store = Store(folder)
    store.deadlines = Deadlines(lambda: chosen)
    return Desk(store, clock or FakeClock(), chosen, who)


def status(remote_id: str, at: datetime, text: str = "hello", answers: str | None = None, **fields: Any) -> Status:
    values = {
        "remote_id": remote_id,
        "author": "@ada@example.org",
        "author_name": "Ada",
        "author_id": "ada-1",
        "text": text,
        "created_at": at,
        "in_reply_to": answers,
        "url": f"https://example.org/{remote_id}",
    }
    return Status(**{**values, **fields})


def arrive(
    desk: Desk, remote_id: str, text: str = "hello", answers: str | None = None, ago: float = 0, **fields: Any
) -> Mention:
    """Takes in a mention that is `ago` minutes old; returns its record."""
    via, noticed, guess = fields.pop("via", Via.MENTION), fields.pop("noticed", None), fields.pop("guess", "")
    arrived = status(remote_id, desk.now - timedelta(minutes=ago), text, answers, **fields)
    with desk.store.write() as write:
        intake.add_mention(desk.store, write, OWNER, arrived, via, desk.now, noticed, guess)
    return mention(desk, remote_id)


def mention(desk: Desk, remote_id: str) -> Mention:
    found = desk.store.get(Mention, ids.mention_id("demo", BRAND.id, remote_id))
    assert found is not None
    return found


def conversation_of(desk: Desk, item: Mention | Outgoing | str) -> Conversation:
    """The conversation of a mention, an outgoing item or an id, as it is now."""
    identity = item if isinstance(item, str) else item.conversation
    assert identity is not None
    found = desk.store.get(Conversation, identity)
    while found is not None and found.folded_into:
        found = desk.store.get(Conversation, found.folded_into)
    assert found is not None
    return found


def sent(desk: Desk, item: Outgoing, remote_id: str) -> Outgoing:
    """As delivery leaves an item that is out."""
    new = replace(item, state=OutgoingState.SENT, remote_id=remote_id, sent_at=desk.now)
    with desk.store.write() as write:
        write.put(new)
    return new
