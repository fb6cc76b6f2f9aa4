"""Several items of one account at once: a slow one stops no other, and the order is kept where it matters."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commtui.community import replies
from commtui.marketing import posts
from commtui.model.records import Media, Outgoing
from commtui.model.states import Health, OutgoingState
from commtui.networks.base import LoginRefused
from commtui.outgoing import acts
from commtui.outgoing.form import Form
from commtui.sync.deliveries import AT_ONCE
from commtui.sync.delivery import Delivery
from tests.sync.bench import Bench, run, synced


class SlowNetwork:
    """Makes a method of the bench's network wait until it is released; `begun` has the texts in the order of calls."""

    def __init__(self, bench: Bench, method: str, *slow: str) -> None:
        self.begun: list[str] = []
        self.released = asyncio.Event()
        real = getattr(bench.network, method)

        async def call(given: Any, *more: Any) -> Any:
            text = given.text if isinstance(given, Outgoing) else given.alt
            self.begun.append(text)
            if text in slow:
                await self.released.wait()
            return await real(given, *more)

        setattr(bench.network, method, call)


def write(bench: Bench, text: str, *media: Media) -> Outgoing:
    bench.clock.advance(0.01)
    return posts.write_post(bench.desk, text, ["brand"], form=Form(media=media))[0][0]


async def running(bench: Bench) -> tuple[asyncio.Event, asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(bench.engine.run(stop))
    await bench.clock.run(1)
    return stop, task


@pytest.mark.parametrize("method", ["upload", "send"])
def test_a_slow_item_does_not_stop_the_others_of_its_account(tmp_path: Path, method: str) -> None:
    bench = Bench(tmp_path)
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG" + b"x" * 100)

    async def job() -> None:
        stop, task = await running(bench)
        slow = SlowNetwork(bench, method, "slow")
        first = write(bench, "slow", Media(url=str(picture), alt="slow"))
        others = [write(bench, f"quick {number}") for number in range(AT_ONCE + 2)]
        await bench.clock.run(60)
        assert {bench.item(other).state for other in others} == {OutgoingState.SENT}
        assert bench.item(first).state is (OutgoingState.SENDING if method == "send" else OutgoingState.SCHEDULED)
        assert slow.begun.count("slow") == 1
        slow.released.set()
        await bench.clock.run(1)
        assert bench.item(first).state is OutgoingState.SENT
        stop.set()
        await bench.ended(task)

    run(job())


def test_items_that_are_not_slow_leave_in_their_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def job() -> None:
        stop, task = await running(bench)
        network = SlowNetwork(bench, "send")
        for number in range(12):
            write(bench, f"post {number}")
        await bench.clock.run(12)
        assert network.begun == [f"post {number}" for number in range(12)]
        stop.set()
        await bench.ended(task)

    run(job())


def test_two_answers_in_one_conversation_leave_one_after_the_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def job() -> None:
        stop, task = await running(bench)
        network = SlowNetwork(bench, "send", "first")
        mention = bench.mentions()[-1]
        for text in ("first", "second"):
            bench.clock.advance(0.01)
            replies.reply(bench.desk, mention.id, text)
        await bench.clock.run(60)
        assert network.begun == ["first"]
        network.released.set()
        await bench.clock.run(1)
        assert network.begun == ["first", "second"]
        stop.set()
        await bench.ended(task)

    run(job())


def test_no_more_than_a_few_items_are_delivered_at_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    texts = [f"post {number}" for number in range(AT_ONCE + 3)]

    async def job() -> None:
        stop, task = await running(bench)
        network = SlowNetwork(bench, "send", *texts)
        for text in texts:
            write(bench, text)
        await bench.clock.run(120)
        assert network.begun == texts[:AT_ONCE]
        network.released.set()
        await bench.clock.run(1)
        assert network.begun == texts
        stop.set()
        await bench.ended(task)

    run(job())


def test_an_engine_that_stops_records_what_was_being_sent(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def job() -> None:
        stop, task = await running(bench)
        SlowNetwork(bench, "send", "one", "two")
        items = [write(bench, text) for text in ("one", "two")]
        await bench.clock.run(30)
        stop.set()
        await bench.ended(task)
        assert [bench.item(item).state for item in items] == [OutgoingState.UNKNOWN] * 2

    run(job())


def test_a_round_waits_for_all_that_it_began(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def job() -> None:
        runner = bench.runner()
        assert await runner.fetch()
        network = SlowNetwork(bench, "send", "slow")
        items = [write(bench, text) for text in ("slow", "quick")]
        bench.clock.advance(11)
        task = asyncio.create_task(runner.deliver())
        await bench.clock.run(60)
        assert not task.done()
        network.released.set()
        await bench.ended(task)
        assert [bench.item(item).state for item in items] == [OutgoingState.SENT] * 2

    run(job())


def test_a_login_refused_to_a_slow_item_is_the_account_s_health(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def job() -> None:
        stop, task = await running(bench)
        network = SlowNetwork(bench, "send", "slow")
        [runner] = bench.engine.runners.values()
        slow, honest = bench.network.send, runner.session.connect

        async def refuse(*given: Any) -> Any:
            raise LoginRefused("no longer")

        async def refuse_later(item: Outgoing, media: Any) -> Any:
            await slow(item, media)
            await refuse()

        async def connect(account: Any) -> Any:
            network = await honest(account)
            network.check = refuse
            return network

        bench.network.send, runner.session.connect = refuse_later, connect
        item = write(bench, "slow")
        await bench.clock.run(30)
        network.released.set()
        await bench.clock.run(1)
        state = runner.session.state()
        assert (state.health, state.error) == (Health.REFUSED, "no longer")
        assert bench.item(item).state is OutgoingState.RETRYING
        stop.set()
        await bench.ended(task)

    run(job())


def test_an_item_that_a_try_leaves_as_it_was_waits_a_minute(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    async def nothing(delivery: Delivery, item: Outgoing) -> None:
        tries.append(item.id)

    monkeypatch.setattr(Delivery, "deliver", nothing)

    async def job() -> None:
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "thanks")
        act = acts.favourite(bench.desk, bench.mentions()[-1].id).ids[0]
        bench.clock.advance(11)
        await runner.deliver()
        await runner.deliver()
        assert sorted(tries) == sorted([reply.id, act])
        assert runner.next_due() == bench.clock.now() + timedelta(minutes=1)
        bench.clock.advance(61)
        await runner.deliver()
        assert len(tries) == 4 and bench.item(reply).state is OutgoingState.SCHEDULED

    run(job())
