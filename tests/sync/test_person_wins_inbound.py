"""While a fetch waits for a network, a person acts on what it is about: what was acknowledged stands, at every await.

The awaits are read from the source: a test fails for one at which no person acts.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.community import conversations
from commtui.model.records import Conversation, Mention
from commtui.networks.mastodon import streaming
from commtui.networks.mastodon.client import Mastodon
from commtui.sync import checking, inbound
from commtui.sync.runner import Runner
from tests.servers.quirks import QuirkServer
from tests.sync.bench import run
from tests.sync.on_server import OnServer
from tests.sync.person import Person, Place, awaits

MODULES = (inbound, checking)
Verb = Callable[[Desk, str], Any]


def tag(desk: Desk, mention: str) -> None:
    conversations.tag(desk, [mention], "kept")


def assign(desk: Desk, mention: str) -> None:
    conversations.assign(desk, [mention], "ann")


def note(desk: Desk, mention: str) -> None:
    conversations.note(desk, [mention], "kept")


def mute(desk: Desk, mention: str) -> None:
    conversations.mute(desk, [mention])


def snooze(desk: Desk, mention: str) -> None:
    conversations.snooze(desk, [mention], "2d")


def done(desk: Desk, mention: str) -> None:
    conversations.done(desk, [mention])


STANDS: dict[Verb, Callable[[OnServer, Conversation], bool]] = {
    tag: lambda bench, conversation: conversation.tags == ("kept",),
    assign: lambda bench, conversation: conversation.assignee == "ann",
    note: lambda bench, conversation: [
        found.text for found in bench.store.notes.of_conversation(conversation.id)
    ] == ["kept"],
    mute: lambda bench, conversation: conversation.muted,
    snooze: lambda bench, conversation: conversation.snoozed_until is not None,
    done: lambda bench, conversation: conversation.status == "done",
}  # fmt: skip
OFF_THE_QUEUE = (mute, snooze, done)
"""Only what is open is looked at again."""
REOPENED_BY_NEWS = (snooze, done)
"""A new mention in the conversation wakes and opens it, whatever was said before."""


class Batches:
    """What a fetch brings; a person has time before and after each batch, and while it is closed."""

    def __init__(self, batches: Any, person: Person) -> None:
        self._batches, self._person = batches, person

    def __aiter__(self) -> Batches:
        return self

    async def __anext__(self) -> Any:
        self._person.moment()
        batch = await anext(self._batches)
        self._person.moment()
        return batch

    async def aclose(self) -> None:
        self._person.moment()
        await self._batches.aclose()


class Watched:
    """A network at which a person has time to act before and after each call, and each batch."""

    def __init__(self, network: Any, person: Person) -> None:
        self._network, self._person = network, person

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._network, name)
        if name not in ("check", "thread", "look_up"):
            return real

        async def call(*given: Any, **more: Any) -> Any:
            self._person.moment()
            result = await real(*given, **more)
            self._person.moment()
            return result

        return call

    def fetch(self, *given: Any) -> Batches:
        return Batches(self._network.fetch(*given), self._person)


class WatchedHints:
    """A guess at languages that takes time, in which a person acts."""

    def __init__(self, person: Person) -> None:
        self._person = person

    async def of(self, items: object) -> dict[str, str]:
        self._person.moment()
        return {}


class Fetched:
    """Three mentions, of which one is deleted, one edited, and one answered through a stranger: all in one fetch."""

    def __init__(self, folder: Path, server: QuirkServer) -> None:
        self.bench = OnServer(folder, server)
        self.server = server

    async def fetch(self, at: int, verb: Verb, about: int) -> None:
        """Fetches while a person acts on mention number `about`."""
        bench, server = self.bench, self.server
        rows = [server.mention("ada", f"number {number} and some words") for number in range(3)]
        await bench.fetched()
        self.first = {mention.remote_id: mention.id for mention in bench.mentions()}
        names = [self.first[row.id] for row in rows]
        server.delete(rows[0], tell=False)
        server.edit(rows[1], "@brand shorter", tell=False)
        between = server.post("eve@far.example", "between", rows[2])
        server.mention("grace", "through a stranger", between)
        self.person = Person(bench, at, lambda desk: verb(desk, names[about]), MODULES)

        async def connect(account: Any) -> Any:
            return Watched(bench.connected(account), self.person)

        bench.engine.connect = connect
        hints: Any = WatchedHints(self.person)
        bench.engine.hints = hints
        runner = await bench.fetched(minutes=11)
        bench.clock.advance(400)
        await runner.look_at(self.conversation(names[1]))
        bench.store.poll()
        self.of = self.conversation(names[about])
        deleted, edited = (bench.store.get(Mention, name) for name in names[:2])
        assert deleted is not None and (deleted.deleted or (about == 0 and verb in OFF_THE_QUEUE))
        assert edited is not None and edited.edited
        assert self.conversation(names[2]).mentions == 2
        self.person.desk.store.close()

    def conversation(self, mention: str) -> Conversation:
        found = self.bench.store.get(Mention, mention)
        assert found is not None
        conversation = self.bench.store.get(Conversation, found.conversation)
        assert conversation is not None
        return elder(self.bench.store, conversation)


Server = Callable[..., QuirkServer]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "about"),
    [
        pytest.param(verb, about, id=f"{verb.__name__}-{name}")
        for verb in STANDS
        for about, name in enumerate(("deleted", "edited", "joined"))
        if name != "joined" or verb not in REOPENED_BY_NEWS
    ],
)
def test_what_a_person_was_told_is_done_stands(tmp_path: Path, quirks: Server, verb: Verb, about: int) -> None:
    async def job() -> None:
        undisturbed = Fetched(tmp_path / "undisturbed", quirks("sparse"))
        await undisturbed.fetch(0, verb, about)
        assert undisturbed.person.moments > 6
        for at in range(1, undisturbed.person.moments + 1):
            tried = Fetched(tmp_path / str(at), quirks("sparse"))
            await tried.fetch(at, verb, about)
            assert tried.person.acknowledged and STANDS[verb](tried.bench, tried.of), (at, tried.of)
            tried.bench.store.close()

    run(job())


def test_every_await_of_a_fetch_is_among_them(tmp_path: Path, quirks: Server) -> None:
    seen: set[Place] = set()

    async def job() -> None:
        fetched = Fetched(tmp_path, quirks("sparse"))
        await fetched.fetch(0, tag, 0)
        seen.update(fetched.person.seen)

    run(job())
    assert awaits(MODULES) <= seen


def test_a_stream_holds_no_record_and_writes_none() -> None:
    """It says that something may have come; only a fetch writes."""
    code = [inspect.getsource(streaming), *(inspect.getsource(way) for way in (Mastodon.stream, Runner._stream_loop))]
    for source in code:
        names = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(textwrap.dedent(source)))
            if isinstance(node, ast.Attribute | ast.Name)
        }
        assert not names & {"store", "write", "put", "state", "Conversation", "Mention", "keep_batch"}, names
