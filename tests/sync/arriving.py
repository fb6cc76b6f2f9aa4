"""Mentions that come in by the transaction of `sync`, and rules with them, without a network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commtui.community.deadlines import Deadlines
from commtui.config.rules import Rule, read_rules
from commtui.config.settings import Account, Settings
from commtui.model import ids
from commtui.model.clock import Clock
from commtui.model.records import Conversation, Mention, RuleRun, Via
from commtui.networks.base import Batch, EventKind, Incoming, Network
from commtui.store.store import Store
from commtui.sync.inbound import keep_batch
from commtui.sync.session import Session
from tests.triage.desks import BRAND, conversation_of, settings, status


def rule(name: str, *then: str, **keys: Any) -> Rule:
    """A rule as the config has it."""
    return read_rules([{"name": name, "then": list(then), **keys}])[0]


async def _unconnected(account: Account) -> Network:
    raise AssertionError("no network is asked here")


class Arrivals:
    """A home's store, into which batches come."""

    def __init__(self, store: Store, clock: Clock, *rules: Rule, **fields: Any) -> None:
        self.settings: Settings = settings(rules=rules, **fields)
        self.store, self.clock = store, clock
        store.deadlines = Deadlines(lambda: self.settings)
        self.count = 0
        self.session = Session(BRAND, store, clock, lambda: self.settings, _unconnected)

    @property
    def desk(self) -> Any:
        return self.session.desk

    def item(self, text: str = "hello", ago: float = 0, **fields: Any) -> Incoming:
        """The next mention, `ago` minutes old."""
        self.count += 1
        via = fields.pop("via", Via.MENTION)
        remote_id = fields.pop("remote_id", str(self.count))
        at = self.clock.now() - timedelta(minutes=ago)
        return Incoming(EventKind.MENTION, via, status(remote_id, at, text, **fields), at=at)

    def come(self, *items: Incoming) -> list[Mention]:
        """Keeps a batch; returns the records of its mentions."""
        keep_batch(self.session, Batch(items, f"cursor {self.count}"), first=False)
        return [self.mention(item.status.remote_id) for item in items if item.status]

    def comes(self, text: str = "hello", ago: float = 0, **fields: Any) -> Conversation:
        """One mention comes; returns its conversation."""
        [mention] = self.come(self.item(text, ago, **fields))
        return conversation_of(self.desk, mention)

    def mention(self, remote_id: str) -> Mention:
        found = self.store.get(Mention, ids.mention_id("demo", BRAND.id, remote_id))
        assert found is not None
        return found

    def runs(self) -> list[RuleRun]:
        """All runs, the oldest first."""
        return sorted(self.store.all(RuleRun), key=lambda run: (run.at, run.event))


def arrivals_in(folder: Any, clock: Clock, *rules: Rule, **fields: Any) -> Arrivals:
    """Arrivals on a new store."""
    return Arrivals(Store(folder), clock, *rules, **fields)
