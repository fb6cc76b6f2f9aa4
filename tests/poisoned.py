"""A home whose every record has given strings in every field, written past the clean: as if somebody had forgotten it.

Nothing that commtui writes is like that. So what comes out of such a home shows what the gates of output do alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from msgspec import Struct

from commtui.config.edit import add_account
from commtui.config.paths import Home
from commtui.model import ids
from commtui.model.abilities import Limits
from commtui.model.clock import SystemClock
from commtui.model.records import (
    AccountState,
    Act,
    Activity,
    Campaign,
    Context,
    Conversation,
    Engagement,
    Link,
    Mention,
    Note,
    Outgoing,
    Person,
    Request,
    RuleRun,
    RuleState,
    Series,
    Via,
)
from commtui.model.states import ConversationStatus, Health, OutgoingState
from commtui.store import codec
from commtui.store.store import Store
from tests.nasty import filled
from tests.triage.desks import BRAND

NOW = SystemClock().now()
SOON = {"scheduled_at": NOW + timedelta(days=1), "next_try_at": NOW + timedelta(days=1)}


def poison(home: Home, text: Callable[[], str]) -> list[str]:
    """Fills a new home; returns the ids that commands can name. Only what ties records together is as it must be.

    Themes, saved replies and secrets have files with such names, each of which somebody is told of.
    """
    home.config.write_text('paused = true\nme = "me"\nteammates = ["anna"]\nzone = "Europe/Berlin"\n')
    add_account(home, BRAND)
    name_files(home, text)
    store = Store(home.data)
    records = list(_records(text))
    with patch.object(codec, "cleaned", lambda record: record), store.write() as write:
        for record in records:
            write.put(record)
        for number in range(3):
            named = tuple(record.id for record in records[:number])
            write.log(filled(Activity, text, op_id=f"op{number}", ids=named, changes=(), undoes=None, at=NOW))
        write.log(filled(Activity, text, op_id="op-with-changes", ids=(), undoes=None, at=NOW))
    store.close()
    return [record.id for record in records if record.id[0] in ids.MENTION + ids.CONVERSATION + ids.REPLY + ids.VARIANT]


def name_files(home: Home, text: Callable[[], str]) -> None:
    """Makes files that are wrong, and saved replies that are right but for their names."""
    folders = {
        home.themes: ((".toml", "name = 1"), (".toml", "name = "), (".yaml", "- none"), (".yml", "scheme: x")),
        home.replies: ((".md", ""), (".md", "Hello {nme}"), (".md", "---\n"), (".md", "Thanks!")),
        home.secrets: ((".token", "x"),) * 4,
    }
    for folder, files in folders.items():
        for number, (ending, body) in enumerate(files):
            name = text().replace("/", "").replace("\0", "").encode("utf-8", "surrogateescape")[:200]
            for begin in (b"%d" % number + name, b"\xff\xe9 %d" % number):
                path = os.fsencode(folder) + b"/" + begin + ending.encode()
                with open(path, "w", opener=lambda path, flags: os.open(path, flags, 0o644)) as file:
                    file.write(body)


def _records(text: Callable[[], str]) -> Iterator[Any]:
    ours = {"account": BRAND.id, "network": "demo", "created_at": NOW}
    campaign = ids.fresh(ids.CAMPAIGN)
    series = ids.fresh(ids.SERIES)
    yield filled(Series, text, id=series, created_at=NOW, made_until=NOW, ends_at=None, campaign=campaign)
    yield filled(Campaign, text, id=campaign, created_at=NOW, zone="Europe/Berlin", ended_at=None)
    for via in Via:
        mention_id, conversation_id = ids.fresh(ids.MENTION), ids.fresh(ids.CONVERSATION)
        tied = {**ours, "conversation": conversation_id}
        yield filled(Mention, text, id=mention_id, via=via, **tied)
        yield filled(
            Conversation, text, id=conversation_id, account=BRAND.id, network="demo", status=ConversationStatus.OPEN,
            newest=mention_id, since=NOW, newest_at=NOW, snoozed_until=None, done_at=None, folded_into=None, draft=None,
            muted=False, campaign=campaign,
        )  # fmt: skip
        yield filled(Context, text, id=ids.fresh(ids.CONTEXT), **tied)
        yield filled(Note, text, id=ids.fresh(ids.NOTE), conversation=conversation_id, at=NOW)
        yield filled(RuleRun, text, id=ids.fresh(ids.RULE_RUN), conversation=conversation_id, at=NOW, fault={})
    for state in OutgoingState:
        times = {"state": state, "sent_at": NOW, "sending_since": None, "typed_at": None, **SOON}
        reply = {"conversation": conversation_id, "in_reply_to": mention_id}
        yield filled(Outgoing, text, id=ids.fresh(ids.REPLY), **ours, **times, **reply)
        post = {"conversation": None, "in_reply_to": None, "campaign": campaign, "series": series}
        yield filled(Outgoing, text, id=ids.fresh(ids.VARIANT), **ours, **times, **post)
        act = {"of": mention_id, "state": state, "scheduled_at": NOW + timedelta(days=1)}
        yield filled(Act, text, id=ids.fresh(ids.ACT), next_try_at=None, sending_since=None, **ours, **act)
    yield filled(
        AccountState, text, id=BRAND.id, network="demo", health=Health.OFFLINE, since=NOW, synced_at=NOW,
        limits=filled(Limits, text, counting="characters"),
    )  # fmt: skip
    yield filled(Engagement, text, id=ids.fresh(ids.ENGAGEMENT), account=BRAND.id, last_at=NOW)
    yield filled(RuleState, text, id=ids.fresh(ids.RULE), since=NOW, last_at=NOW, last_fault={})
    yield filled(Person, text, id=ids.fresh(ids.PERSON), erased_at=None)
    yield filled(Link, text, id=ids.fresh(ids.LINK), at=NOW)
    yield filled(Request, text, id=ids.fresh(ids.REQUEST), asked_at=NOW, answered_at=NOW)


def kinds_written() -> set[type[Struct]]:
    """The kinds of records that such a home has."""
    return {type(record) for record in _records(lambda: "x")}
