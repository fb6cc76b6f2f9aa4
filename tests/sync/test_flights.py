"""What other engines left `sending`: one of this machine that has ended, one that may still run, one of elsewhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.marketing import posts
from commtui.model.records import Act, ActKind, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import Sent
from commtui.outgoing import acts
from commtui.sync.flights import LONGEST, engine_name, has_ended, recover
from tests.sync.bench import Bench, deliver_for, run, synced


def of_process(pid: int, host: str | None = None) -> str:
    """The name of an engine of another process, which runs now."""
    started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return f"{host or socket.gethostname()} {pid} {started} abcd1234"


def ended_process() -> str:
    """The name of an engine whose process has ended."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = of_process(child.pid)
    assert not has_ended(name)
    child.communicate()
    return name


def begun(bench: Bench, engine: str) -> Outgoing:
    """A post that an engine of that name is sending."""
    post = posts.write_post(bench.desk, "gm", ["brand"])[0][0]
    bench.clock.advance(11)
    item = bench.engine.ledger.begin(bench.item(post))
    assert item is not None
    with bench.store.write() as write:
        write.put(replace(item, engine=engine))
    return bench.item(item)


def test_an_engine_has_ended_if_its_process_has_and_nobody_knows_of_another_machines() -> None:
    assert has_ended(engine_name())  # one of this very process: it has one at a time
    assert has_ended(ended_process())
    assert has_ended("")
    assert not has_ended(of_process(os.getppid()))
    assert has_ended(of_process(os.getppid()).replace(" abcd", "0 abcd"))  # the number was given to another process
    assert not has_ended("elsewhere 1 1 abcd1234")


def test_the_flight_of_an_engine_that_has_ended_is_read_back_at_once(bench: Bench) -> None:
    item = begun(bench, ended_process())
    recover(bench.engine.ledger)
    now = bench.item(item)
    assert (now.state, now.reason, now.doubts) == (OutgoingState.UNKNOWN, Reason.STOPPED, 1)
    assert now.doubtful_since == item.sending_since


@pytest.mark.parametrize("engine", ["elsewhere 1 1 abcd1234", of_process(os.getppid())], ids=["machine", "process"])
def test_another_engines_flight_is_left_alone_for_a_while_and_never_sent_again(bench: Bench, engine: str) -> None:
    async def job() -> None:
        runner = await synced(bench)
        item = begun(bench, engine)
        recover(bench.engine.ledger)
        assert bench.item(item).state is OutgoingState.SENDING
        bench.clock.advance(LONGEST.total_seconds() + 1)
        recover(bench.engine.ledger)
        now = bench.item(item)
        assert (now.state, now.reason) == (OutgoingState.UNKNOWN, Reason.OTHER_ENGINE)
        sent = []

        async def send(*given: object) -> Sent:
            sent.append(given)
            return Sent("s", None, bench.clock.now())

        setattr(bench.network, "send", send)  # noqa: B010  mypy refuses the assignment
        await deliver_for(bench, runner, 4 * 86_400)  # the demo's key proves for ever
        now = bench.item(item)
        assert (now.state, now.reason, sent) == (OutgoingState.UNKNOWN, Reason.OTHER_ENGINE, [])

    run(job())


def test_the_other_engines_answer_counts_though_its_flight_was_taken_for_lost(bench: Bench) -> None:
    item = begun(bench, "elsewhere 1 1 abcd1234")
    bench.clock.advance(LONGEST.total_seconds() + 1)
    recover(bench.engine.ledger)
    bench.engine.ledger.accept(item, Sent("late", None, bench.clock.now()))
    assert (bench.item(item).state, bench.item(item).remote_id) == (OutgoingState.SENT, "late")


def test_an_engines_own_flight_is_no_business_of_its_housekeeping(bench: Bench) -> None:
    item = begun(bench, bench.engine.ledger.engine)
    bench.clock.advance(86_400)
    recover(bench.engine.ledger)
    assert bench.item(item).state is OutgoingState.SENDING


def test_a_flight_that_began_in_the_future_is_settled_too(bench: Bench) -> None:
    item = begun(bench, "elsewhere 1 1 abcd1234")
    bench.clock.advance(-timedelta(days=1).total_seconds())  # our clock was a day ahead then
    recover(bench.engine.ledger)
    assert bench.item(item).state is OutgoingState.UNKNOWN


def test_an_act_of_an_ended_engine_is_done_again_and_a_report_is_not(bench: Bench) -> None:
    async def job() -> None:
        await synced(bench)
        mention = bench.mentions()[-1]
        for kind, state in ((ActKind.FAVOURITE, OutgoingState.RETRYING), (ActKind.REPORT, OutgoingState.UNKNOWN)):
            (identity,) = acts.act(bench.desk, kind, mention.id).ids
            bench.clock.advance(11)
            act = bench.store.get(Act, identity)
            assert act is not None
            bench.engine.ledger.begin(act)
            bench.restart()
            bench.engine.recover()
            act = bench.store.get(Act, identity)
            assert act is not None and act.state is state

    run(job())
