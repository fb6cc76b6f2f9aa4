"""The machine of an item, driven by chance: whatever servers, clocks, kills and restores do, never two without a word.

The server's claims (`proofs`) are true; everything else about it may be anything. A person's word is a retry or a
release: each may cost one copy, since the person was asked to look before.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from commtui.activity.errors import TriageError
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.abilities import Proofs, Visibility
from commtui.model.records import LookAlike, Media, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import Absence, AnswerLost, Malformed, Profile, RateLimited, Refused, Sent, Unreachable
from commtui.networks.demo import Demo
from commtui.outgoing import changes, rescheduling
from commtui.triage.backup import backup, restore
from tests.sync.bench import Bench, deliver_for

EVERY = tuple(Visibility)
KEPT = 3600.0
FATES = ("arrives", "lost", "arrives, lost", "arrives later, lost", "unreachable", "limited", "refused", "odd")
DELAY = 200.0
"""Seconds until what arrives later is there."""


class Server:
    """What is out, by key; what the server shows of it, and what it proves."""

    def __init__(self, honours: bool, lists: bool, rewrites: bool) -> None:
        self.honours, self.lists, self.rewrites = honours, lists, rewrites
        self.proofs = Proofs(
            key=EVERY if honours else (), key_seconds=int(KEPT) - 600, listed=EVERY if lists and not rewrites else ()
        )
        self.shows, self.down = True, False
        self.copies: list[tuple[str, datetime, str]] = []
        self.fates: list[str] = []

    def publish(self, key: str, at: datetime) -> str:
        """The id of the post; a copy, unless the key is known."""
        for other, since, remote_id in self.copies:
            if self.honours and other == key and abs((at - since).total_seconds()) < KEPT:
                return remote_id
        self.copies.append((key, at, f"s{len(self.copies)}"))
        return self.copies[-1][2]


class Faulty(Demo):
    """The demo, but what it is sent goes to `server`."""

    server: Server

    async def check(self) -> Profile:
        profile = await super().check()
        return replace(profile, capabilities=replace(profile.capabilities, proofs=self.server.proofs))

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        now = self._login.clock.now()
        fate = self.server.fates.pop(0) if self.server.fates else "arrives"
        if fate == "unreachable" or self.server.down:
            raise Unreachable("down")
        if fate == "limited":
            raise RateLimited("slowly", 30.0)
        if fate == "refused":
            raise Refused("no")
        if fate == "lost":
            raise AnswerLost("cut")
        at = now + timedelta(seconds=DELAY if "later" in fate else 0)
        remote_id = self.server.publish(item.key, at)
        if fate == "odd":
            raise Malformed("odd")
        if "lost" in fate:
            raise AnswerLost("cut")
        return Sent(remote_id, None, now)

    async def find(self, item: Outgoing, taken: Any = ()) -> Sent | Absence:
        now, server = self._login.clock.now(), self.server
        if server.down:
            raise Unreachable("down")
        shown = [copy for copy in server.copies if copy[1] <= now and copy[2] not in taken]
        if not server.lists and not server.shows:
            return Absence(complete=True)
        if server.rewrites:
            alike = (LookAlike(remote_id=name, url=None, text="", created_at=at) for _, at, name in shown)
            return Absence(complete=True, look_alikes=tuple(alike))
        for key, at, remote_id in shown:
            if key == item.key:
                return Sent(remote_id, None, at)
        return Absence(complete=True)


class Machine(RuleBasedStateMachine):
    """One post, one server, one home at a time."""

    @initialize(honours=st.booleans(), lists=st.booleans(), rewrites=st.booleans())
    def begin(self, honours: bool, lists: bool, rewrites: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.loop = asyncio.new_event_loop()
        self.server = Server(honours, lists, rewrites)
        self.bench = Bench(self.folder / "home")
        self.words: Counter[str] = Counter()
        self.homes = 0
        self._connect()
        self.key = posts.write_post(self.bench.desk, "gm", ["brand"])[0][0].key
        self.a_backup_is_made()

    def _connect(self) -> None:
        bench, server = self.bench, self.server

        async def connect(wanted: Account) -> Demo:
            network = await Bench._connect(bench, wanted)
            network.__class__ = type("OfThisServer", (Faulty,), {"server": server})
            return network

        bench.engine.connect = connect
        self.runner = bench.runner()

    @property
    def item(self) -> Outgoing:
        return next(item for item in self.bench.store.all(Outgoing) if item.key == self.key)

    @rule(
        seconds=st.sampled_from([5, 12, 301, 700, 4000, 90_000]),
        fates=st.lists(st.sampled_from(FATES), max_size=3),
        shows=st.booleans(),
        down=st.sampled_from([False, False, False, True]),
    )
    def time_passes(self, seconds: int, fates: list[str], shows: bool, down: bool) -> None:
        self.server.fates, self.server.shows, self.server.down = list(fates), shows, down
        self.loop.run_until_complete(deliver_for(self.bench, self.runner, seconds))

    @rule(hours=st.sampled_from([-26, -1, 1, 26]))
    def our_clock_jumps(self, hours: int) -> None:
        if not self.server.copies:  # what the server's key remembers is measured by the same clock here
            self.bench.clock.advance(hours * 3600)

    @precondition(lambda self: self.item.state in (OutgoingState.SCHEDULED, OutgoingState.RETRYING))
    @rule(acted=st.booleans())
    def killed_while_sending(self, acted: bool) -> None:
        if self.item.doubts:  # delivery would have looked first
            return
        begun = self.bench.engine.ledger.begin(self.item)
        assert begun is not None
        if acted:
            self.server.publish(self.key, self.bench.clock.now())
        self.bench.store.close()
        self.bench.restart()
        self._connect()
        self.bench.engine.recover()

    @rule()
    def a_backup_is_made(self) -> None:
        self.homes += 1
        self.copy = self.folder / f"copy{self.homes}"
        backup(self.bench.desk, self.bench.home, self.copy)

    @rule()
    def the_backup_is_restored(self) -> None:
        self.homes += 1
        home = Home.at(self.folder / f"home{self.homes}")
        home.prepare()
        restore(home, self.copy)
        self.bench.store.close()
        self.bench.home = home
        self.bench.restart()
        self._connect()

    @rule(verb=st.sampled_from(["retry", "release", "hold", "recall", "discard", "confirm", "publish"]))
    def a_person_acts(self, verb: str) -> None:
        item = self.item
        try:
            getattr(rescheduling if verb == "publish" else changes, verb)(self.bench.desk, [item.id])
        except TriageError:
            return
        if verb in ("retry", "release") or (verb == "publish" and item.state is not OutgoingState.SCHEDULED):
            self.words[verb] += 1

    @invariant()
    def never_two_without_a_word(self) -> None:
        if hasattr(self, "server"):
            copies = [copy for copy in self.server.copies if copy[0] == self.key]
            assert len(copies) <= 1 + self.words.total(), (copies, self.item)

    @invariant()
    def none_is_said_to_be_out_that_is_not(self) -> None:
        if hasattr(self, "server") and self.item.state is OutgoingState.SENT and self.item.reason != "confirmed":
            assert self.item.remote_id in [copy[2] for copy in self.server.copies]

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.bench.store.close()
            self.loop.close()
            shutil.rmtree(self.folder)


Machine.TestCase.settings = settings(
    max_examples=80, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMachine = pytest.mark.slow(Machine.TestCase)
