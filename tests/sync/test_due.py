"""Each account reads its own due items, is woken by its own changes, and reads back once what a killed engine left."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from commtui.marketing import posts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.store.reader import Reader
from commtui.sync import due, engine, flights
from commtui.sync.ledger import Ledger
from commtui.sync.runner import Runner
from tests.sync.bench import Bench, account, run


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many items of each account were read."""
    counts: Counter[str] = Counter()
    real = Reader.at

    def at(reader: Reader, kind: type, number: int) -> object:
        record = real(reader, kind, number)
        if isinstance(record, Outgoing):
            counts[record.account] += 1
        return record

    monkeypatch.setattr(Reader, "at", at)
    return counts


def scheduled(bench: Bench, name: str, count: int, at: str) -> list[Outgoing]:
    """Posts of an account, to leave `at`."""
    return [posts.write_post(bench.desk, f"post {number}", [name], at=at)[0][0] for number in range(count)]


def test_an_account_reads_what_is_due_and_one_item_more_of_its_own(tmp_path: Path, read: Counter[str]) -> None:
    bench = Bench(tmp_path, account("brand"), account("other"))
    mine = scheduled(bench, "brand", 3, "1h")
    scheduled(bench, "brand", 50, "24h")
    scheduled(bench, "other", 20, "1h")
    bench.clock.advance(3600)
    read.clear()
    items = due.due_items(bench.store, mine[0].account, bench.clock.now())
    assert {item.id for item in items} == {item.id for item in mine}
    assert read == {mine[0].account: len(mine) + 1}
    read.clear()
    assert due.next_due(bench.store, mine[0].account) == mine[0].scheduled_at
    assert read == {mine[0].account: 1}


def test_a_round_of_one_account_reads_no_item_of_another(tmp_path: Path, read: Counter[str]) -> None:
    bench = Bench(tmp_path, account("brand"), account("other"))
    mine = scheduled(bench, "brand", 2, "1h")
    scheduled(bench, "brand", 50, "24h")
    scheduled(bench, "other", 20, "1h")
    runner = bench.runner("brand")
    bench.clock.advance(3600)
    read.clear()
    run(runner.deliver())
    assert [bench.item(item).state for item in mine] == [OutgoingState.SENT] * 2
    assert set(read) == {mine[0].account}
    assert read[mine[0].account] < 30


def test_a_change_wakes_the_account_that_it_is_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, *(account(f"brand{number}") for number in range(5)))
    rounds: Counter[str] = Counter()
    real = Runner.begin_deliveries

    async def deliver(runner: Runner) -> None:
        rounds[runner.session.account.name] += 1
        await real(runner)

    monkeypatch.setattr(Runner, "begin_deliveries", deliver)

    async def job() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(2)
        rounds.clear()
        scheduled(bench, "brand3", 1, "24h")
        await bench.clock.run(1)
        assert set(rounds) == {"brand3"}
        stop.set()
        await bench.ended(running)

    run(job())


def test_an_engine_settles_what_others_left_before_its_first_try_and_in_its_housekeeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    order: list[str] = []
    deliver = Runner.begin_deliveries

    def recovering(ledger: Ledger) -> None:
        order.append("recover")
        flights.recover(ledger)

    async def delivering(runner: Runner) -> None:
        order.append("deliver")
        await deliver(runner)

    monkeypatch.setattr(engine, "recover", recovering)
    monkeypatch.setattr(Runner, "begin_deliveries", delivering)

    async def job() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(200)
        stop.set()
        await bench.ended(running)

    run(job())
    assert order[0] == "recover"
    assert 1 < order.count("recover") <= 5  # a turn of housekeeping a minute looks again
    assert order.count("deliver") > 3


def test_what_is_being_sent_is_left_alone_by_the_rounds_of_its_own_engine(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    item = scheduled(bench, "brand", 1, "1h")[0]
    bench.clock.advance(3600)
    begun = bench.engine.ledger.begin(item)
    assert begun is not None
    run(bench.runner().deliver())
    assert bench.item(item).state is OutgoingState.SENDING
    assert bench.runner().next_due() is None
    bench.restart()
    bench.engine.recover()
    assert bench.item(item).state is OutgoingState.UNKNOWN
    assert bench.runner().next_due() == bench.clock.now()
