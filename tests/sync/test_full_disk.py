"""The engine on a disk that fills up: says so, loses nothing, sends nothing twice, goes on when there is room."""

from __future__ import annotations

import asyncio
import logging
import subprocess

import pytest

from commtui.community import conversations, replies
from commtui.model import ids
from commtui.model.records import Note, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.demo import Demo
from commtui.store.errors import StoreFull
from tests.programs import no_mount
from tests.sync.bench import Bench, run
from tests.whole.test_full_disk import Disk


@pytest.fixture
def small(tmp_path):
    """(bench whose store has a small disk of its own, that disk)."""
    data = tmp_path / "home" / "data"
    data.mkdir(parents=True, mode=0o700)
    disk = Disk(data)
    if not disk.mounted:
        no_mount()
    bench = Bench(tmp_path / "home", pace=30)
    try:
        yield bench, disk
    finally:
        bench.store.close()
        subprocess.run(["umount", "-l", str(data)], check=True)


def fill(bench, disk):
    """No room, not even in the journal's last page: what was acknowledged meanwhile."""
    disk.fill()
    kept = []
    for size in (2000, 500, 100, 1, 1):
        for _ in range(20):
            note = Note(
                id=ids.fresh(ids.NOTE), conversation="c0000000000", who="me", at=bench.clock.now(), text="x" * size
            )
            try:
                with bench.store.write() as write:
                    write.put(note)
            except StoreFull:
                break
            kept.append(note.id)
    return kept


def all_of(bench):
    return {mention.id for mention in bench.mentions()}


def test_a_running_engine_says_that_there_is_no_room_and_goes_on_when_there_is(small, caplog):
    bench, disk = small
    caplog.set_level(logging.ERROR)

    async def job():
        stop = asyncio.Event()
        engine = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(5)
        before, mention = all_of(bench), bench.mentions()[-1]
        conversations.tag(bench.desk, [mention.id], "kept")
        reply, _ = replies.reply(bench.desk, mention.id, "thanks")
        notes, since = fill(bench, disk), bench.clock.now()
        with pytest.raises(StoreFull):
            replies.reply(bench.desk, mention.id, "never acknowledged" * 100)
        await bench.clock.run(200)
        assert not engine.done()
        assert bench.item(reply).state is OutgoingState.SCHEDULED
        assert all_of(bench) == before
        assert "disk is full" in caplog.text and "a fault of commtui's own" not in caplog.text
        until = bench.clock.now()
        disk.make_room()
        await bench.clock.run(120)
        assert bench.item(reply).state is OutgoingState.SENT
        assert before < all_of(bench)
        assert [
            mention for mention in bench.mentions() if since < mention.created_at < until
        ]  # they came late, not never
        assert all(bench.store.get(Note, note) for note in notes)
        assert [item.text for item in bench.store.all(Outgoing)] == ["thanks"]
        stop.set()
        await bench.clock.run(2)
        await engine

    run(job())


@pytest.mark.parametrize(
    ("restarted", "way"),
    [(False, ["scheduled", "sending", "sent"]), (True, ["scheduled", "sending", "unknown", "sent"])],
    ids=["the same engine knows the answer", "after a restart it is read back"],
)
def test_what_left_while_the_disk_filled_up_is_not_sent_again(small, monkeypatch, restarted, way):
    bench, disk = small
    sends, real = [], Demo.send

    async def send(network, item, media):
        sends.append(item.id)
        answer = await real(network, item, media)
        fill(bench, disk)
        return answer

    monkeypatch.setattr(Demo, "send", send)

    async def job():
        bench.engine.recover()
        runner = bench.runner()
        assert await runner.fetch()
        mention = bench.mentions()[-1]
        reply, _ = replies.reply(bench.desk, mention.id, "thanks, once")
        bench.clock.advance(11)
        with pytest.raises(StoreFull):
            await runner.deliver()
        assert bench.item(reply).state is OutgoingState.SENDING  # the network has it; the disk doesn't know
        with pytest.raises(StoreFull):
            await runner.deliver()
        disk.make_room()
        if restarted:
            await runner.stop()
            bench.store.close()
            bench.restart()
            bench.engine.recover()
            runner = bench.runner()
        await runner.deliver()
        assert bench.item(reply).state is OutgoingState.SENT
        thread = await bench.network.thread(mention.remote_id)
        assert [status.remote_id for status in thread.descendants if status.ours] == [bench.item(reply).remote_id]
        assert sends == [reply.id]
        states = [change.after["state"] for step in bench.store.log.steps({reply.id}) for change in step.changes
                  if change.id == reply.id and change.after and "state" in change.after]  # fmt: skip
        assert states[-len(way) :] == way

    run(job())
