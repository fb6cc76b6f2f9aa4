"""A plug-in's network does in its thread what it likes: the engine's loop turns, and each call ends with an error."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.model.abilities import Capabilities, Limits
from commtui.model.records import ActKind, Via
from commtui.networks import isolation
from commtui.networks.base import (
    AnswerLost,
    Batch,
    EventKind,
    Incoming,
    Login,
    Malformed,
    Profile,
    Refused,
    Sent,
    Status,
    Thread,
    Unreachable,
    Unsupported,
)
from commtui.networks.isolation import Isolated
from commtui.networks.plugin_thread import ABANDONED_MOST, PluginExit
from tests.networks.tools import CLOCK, act, outgoing

NOW = datetime(2026, 11, 23, tzinfo=UTC)
STATUS = Status("1", "@ada@x.example", "Ada", "hello", "9", NOW)
MENTION = Incoming(EventKind.MENTION, Via.MENTION, STATUS, "1")
PROFILE = Profile("brand", "@brand", "Brand", Limits(), Capabilities())
SENT = Sent("77", None, NOW)
LOGIN = Login("a1", "", "brand", lambda: "", lambda name, value: None, lambda name: None, CLOCK)


class Plugin:
    """A network whose methods give or do what `does` says, by the method's name."""

    name, title, capabilities, needs_token = "odd", "Odd", Capabilities(), False

    def __init__(self, login: Login, does: dict[str, Any]) -> None:
        self.does, self.threads = does, set[str]()

    def _do(self, method: str, otherwise: Any) -> Any:
        self.threads.add(threading.current_thread().name)
        action = self.does.get(method, otherwise)
        return action() if callable(action) else action

    async def check(self) -> Any:
        return self._do("check", PROFILE)

    async def fetch(self, cursor: str | None, since: datetime) -> Any:
        yield self._do("fetch", Batch((MENTION,), "c1"))
        yield self._do("second", Batch((), "c2"))

    async def thread(self, remote_id: str, most: int = 20) -> Any:
        return self._do("thread", Thread((), ()))

    async def send(self, item: Any, media: Any) -> Any:
        return self._do("send", SENT)

    async def find(self, item: Any, taken: Any = ()) -> Any:
        return self._do("find", None)

    async def upload(self, media: Any) -> Any:
        return self._do("upload", media)

    async def act(self, act: Any) -> Any:
        return self._do("act", None)

    async def stream(self) -> Any:
        yield self._do("stream", None)

    async def aclose(self) -> None:
        self._do("aclose", None)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "network odd"]


def none_left() -> None:
    """Waits until the threads of all connections have ended."""
    end = time.monotonic() + 30
    while threads() and time.monotonic() < end:
        time.sleep(0.01)
    assert threads() == []


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "BEAT", 0.02)
    none_left()


def isolated(**does: Any) -> Isolated:
    class Odd(Plugin):
        def __init__(self, login: Login) -> None:
            super().__init__(login, does)

    return Isolated(Odd, LOGIN)  # type: ignore[arg-type]


def run(network: Isolated, job: Callable[[Isolated], Any]) -> Any:
    async def whole() -> Any:
        try:
            return await job(network)
        finally:
            await network.aclose()

    return asyncio.run(whole())


async def everything(network: Isolated) -> list[Batch]:
    return [batch async for batch in network.fetch(None, NOW)]


CALLS: dict[str, Callable[[Isolated], Any]] = {
    "check": lambda network: network.check(),
    "thread": lambda network: network.thread("1"),
    "send": lambda network: network.send(outgoing("odd", "x"), ()),
    "find": lambda network: network.find(outgoing("odd", "x")),
    "act": lambda network: network.act(act("odd", ActKind.MUTE, "9")),
    "fetch": everything,
}


def raises(error: BaseException) -> Callable[[], Any]:
    def action() -> Any:
        raise error

    return action


def test_what_a_plug_in_gives_comes_through_from_a_thread_of_its_own() -> None:
    seen: list[str] = []
    network = isolated(check=lambda: seen.append(threading.current_thread().name) or PROFILE)

    async def job(network: Isolated) -> None:
        assert await network.check() == PROFILE
        assert await everything(network) == [Batch((MENTION,), "c1"), Batch((), "c2")]
        assert await network.send(outgoing("odd", "x"), ()) == SENT
        assert await network.find(outgoing("odd", "x")) is None
        assert [event async for event in network.stream()] == [None]

    run(network, job)
    assert seen == ["network odd"]


@pytest.mark.parametrize("method", CALLS)
def test_a_blocked_call_stops_neither_the_loop_nor_the_next_connection(method: str) -> None:
    released = threading.Event()
    network = isolated(**{method: released.wait})

    async def job(network: Isolated) -> None:
        turns = 0

        async def turning() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0.001)
                turns += 1

        task = asyncio.create_task(turning())
        with pytest.raises(AnswerLost if method in ("send", "act") else Unreachable, match="stands still"):
            await CALLS[method](network)
        task.cancel()
        assert turns > 20
        other = "check" if method == "thread" else "thread"
        await CALLS[other](network)

    try:
        run(network, job)
    finally:
        released.set()


def test_a_network_that_keeps_standing_still_is_set_apart() -> None:
    released = threading.Event()
    network = isolated(check=released.wait)

    async def job(network: Isolated) -> None:
        for _ in range(ABANDONED_MOST):
            with pytest.raises(Unreachable, match="stands still at"):
                await network.check()
        for _ in range(5):
            with pytest.raises(Unreachable, match="set apart"):
                await network.check()
        assert len(threads()) == ABANDONED_MOST
        released.set()
        none_left()
        with pytest.raises(Malformed):
            await network.check()

    run(network, job)


def test_python_code_that_runs_for_ever_is_ended() -> None:
    def for_ever() -> None:
        while True:
            pass

    async def job(network: Isolated) -> None:
        with pytest.raises(Unreachable, match="stands still"):
            await network.check()

    run(isolated(check=for_ever), job)
    none_left()


def test_a_call_that_only_waits_ends_after_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "CALL_BEATS", 5)
    network = isolated()

    async def for_ever(*given: Any) -> Any:
        await asyncio.sleep(600)

    async def job(network: Isolated) -> None:
        worker = network._begun()
        with pytest.raises(Unreachable, match="takes too long"):
            await network._call("check", for_ever, 5)
        assert not worker.is_abandoned
        assert await network.check() == PROFILE

    run(network, job)


EXITS = (SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError(), GeneratorExit())


@pytest.mark.parametrize("error", EXITS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("method", CALLS)
def test_what_would_end_a_program_or_a_task_is_a_fault(method: str, error: BaseException) -> None:
    async def job(network: Isolated) -> None:
        with pytest.raises((PluginExit, RuntimeError)):
            await CALLS[method](network)
        assert asyncio.current_task().cancelling() == 0

    run(isolated(**{method: raises(error)}), job)


@pytest.mark.parametrize(
    "error", [Refused("no"), ZeroDivisionError("boom"), Unsupported("none")], ids=lambda e: type(e).__name__
)
def test_other_errors_come_through(error: Exception) -> None:
    async def job(network: Isolated) -> None:
        for method in ("check", "fetch"):
            with pytest.raises(type(error)):
                await CALLS[method](network)

    run(isolated(check=raises(error), fetch=raises(error)), job)


def test_a_task_of_the_plug_in_s_own_that_exits_leaves_the_others_alone() -> None:
    tasks: list[asyncio.Task[None]] = []

    def begin() -> Profile:
        async def exits() -> None:
            sys.exit(4)

        tasks.append(asyncio.ensure_future(exits()))
        return PROFILE

    async def job(network: Isolated) -> None:
        assert await network.check() == PROFILE
        assert await network.thread("1") == Thread((), ())

    run(isolated(check=begin), job)


WRONG: tuple[Any, ...] = (
    None,
    42,
    "x",
    object(),
    replace(PROFILE, user=5),
    replace(PROFILE, limits=7),
    replace(SENT, at=None),
    replace(SENT, at=NOW.replace(tzinfo=None)),
    replace(SENT, remote_id=object()),
)


@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("method", ["check", "send", "thread", "fetch"])
def test_what_is_not_what_was_promised_is_malformed(method: str, value: Any) -> None:
    async def job(network: Isolated) -> None:
        with pytest.raises(AnswerLost if method == "send" else Malformed):
            await CALLS[method](network)

    run(isolated(**{method: lambda: value}), job)


def test_an_item_that_is_none_costs_itself() -> None:
    bad = (
        42,
        None,
        replace(MENTION, kind="x"),
        replace(MENTION, status=5),
        replace(MENTION, status=replace(STATUS, created_at="now")),
    )
    batch = Batch((MENTION, *bad, MENTION), "c1", 2)  # type: ignore[arg-type]

    async def job(network: Isolated) -> None:
        assert (await everything(network))[0] == Batch((MENTION, MENTION), "c1", 2 + len(bad))

    run(isolated(fetch=lambda: batch), job)


def test_closing_ends_in_time_and_ends_the_thread() -> None:
    released = threading.Event()
    network = isolated(aclose=released.wait)

    async def job() -> None:
        await network.check()
        with pytest.raises(Unreachable):
            await network.aclose()

    asyncio.run(job())
    released.set()
    run(isolated(), lambda network: network.check())
    none_left()
