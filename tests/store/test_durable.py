"""What is on disk when a call returns: every verb, draft and step of delivery; only batches of mentions may wait.

Nobody can see that without a power cut: counted is what was given to fdatasync, to the last byte of the journal.
"""

import inspect
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

import commtui
from commtui.model.abilities import Limits
from commtui.model.records import AccountState, Act, ActKind, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.demo import Demo
from commtui.store import check
from commtui.store.errors import StoreError
from commtui.sync import inbound
from commtui.triage import (
    acting,
    answering,
    drafting,
    handoff,
    marking,
    outbox,
    posting,
    quieting,
    requests,
    saved,
    undo,
)
from commtui.triage.errors import TriageError
from tests.sync.bench import Bench, run
from tests.triage.bench import arrive, desk_on, mention


class Disk:
    """How much of each file was flushed."""

    def __init__(self, monkeypatch) -> None:
        self.flushed: dict[int, int] = {}
        self.calls = 0
        real = os.fdatasync

        def fdatasync(fd):
            here = os.fstat(fd)
            real(fd)
            self.calls += 1
            self.flushed[here.st_ino] = max(here.st_size, self.flushed.get(here.st_ino, 0))

        monkeypatch.setattr(os, "fdatasync", fdatasync)

    def has(self, store) -> bool:
        """Whether all that was written to the journal is on it."""
        here = os.fstat(store.db.journal.log.fd)
        return self.flushed.get(here.st_ino) == here.st_size


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


@pytest.fixture
def desk(tmp_path, disk):
    desk = desk_on(tmp_path / "data", macros={"thanks": ("tag praise", "reply Thank you!")})
    yield desk
    desk.store.close()


def reply(desk) -> str:
    """A scheduled one."""
    return answering.reply(desk, one(desk), "hello")[0].id


def one(desk) -> str:
    """A mention that waits."""
    return arrive(desk, "1", "where is it?").id


def post(desk) -> str:
    """A post that is being written."""
    return drafting.keep_post(desk, None, "news", ["brand", "other"])


def failed(desk) -> str:
    """A reply that its network refused."""
    given = desk.store.get(Outgoing, reply(desk))
    with desk.store.write() as write:
        write.put(replace(given, state=OutgoingState.FAILED))
    return given.id


def refused(desk) -> str:
    """An act that its network refused."""
    given = desk.store.get(Act, acting.act(desk, ActKind.FAVOURITE, one(desk)).ids[0])
    with desk.store.write() as write:
        write.put(replace(given, state=OutgoingState.FAILED))
    return given.id


def after(verb, made, *words):
    """(what is there before, what is called with it)"""
    return made, lambda desk, found: verb(desk, [found], *words)


def but(made, verb, *words):
    """What is there, and what was done with it already."""

    def prepared(desk):
        found = made(desk)
        verb(desk, [found], *words)
        return found

    return prepared


def drafted(desk) -> str:
    """A mention with a draft."""
    found = one(desk)
    answering.draft(desk, found, "half")
    return found


def undone(desk) -> None:
    """A step that was taken back."""
    marking.tag(desk, [one(desk)], "bug")
    undo.undo(desk)


VERBS = {
    marking.done: after(marking.done, one),
    marking.reopen: after(marking.reopen, but(one, marking.done)),
    marking.read: after(marking.read, one),
    marking.mute: after(marking.mute, one),
    marking.unmute: after(marking.unmute, but(one, marking.mute)),
    marking.assign: after(marking.assign, one, "anna"),
    marking.claim: after(marking.claim, one),
    marking.snooze: after(marking.snooze, one, "2h"),
    marking.snooze_until: after(marking.snooze_until, one, None),
    marking.tag: after(marking.tag, one, "bug"),
    marking.untag: after(marking.untag, but(one, marking.tag, "bug"), "bug"),
    marking.note: after(marking.note, one, "she called"),
    outbox.recall: after(outbox.recall, reply),
    outbox.discard: after(outbox.discard, reply),
    outbox.hold: after(outbox.hold, reply),
    outbox.hold_all: (reply, lambda desk, found: outbox.hold_all(desk)),
    outbox.release: after(outbox.release, but(reply, outbox.hold)),
    outbox.retry: after(outbox.retry, failed),
    outbox.reschedule: after(outbox.reschedule, reply, "2h"),
    outbox.edit: (reply, lambda desk, found: outbox.edit(desk, found, "better")),
    answering.draft: (one, lambda desk, found: answering.draft(desk, found, "half a thou")),
    answering.reply: (one, lambda desk, found: answering.reply(desk, found, "whole")),
    answering.drop_draft: (drafted, answering.drop_draft),
    drafting.keep_post: (post, lambda desk, found: drafting.keep_post(desk, found, "more news", ["brand"])),
    drafting.send_post: (post, drafting.send_post),
    drafting.discard_post: (post, drafting.discard_post),
    posting.write_post: (one, lambda desk, found: posting.write_post(desk, "news", ["brand", "other"])),
    acting.act: (one, lambda desk, found: acting.act(desk, ActKind.FAVOURITE, found)),
    acting.recall_act: (lambda desk: acting.act(desk, ActKind.FAVOURITE, one(desk)).ids[0], acting.recall_act),
    acting.retry: after(acting.retry, refused),
    quieting.spam: after(quieting.spam, one),
    quieting.silence: (one, lambda desk, found: quieting.silence(desk, ActKind.BLOCK, [found])),
    saved.run_macro: (one, lambda desk, found: saved.run_macro(desk, "thanks", [found])),
    handoff.to_post: (one, handoff.to_post),
    handoff.to_conversation: after(handoff.to_conversation, one, "praise"),
    undo.undo: (reply, lambda desk, found: undo.undo(desk)),
    undo.redo: (undone, lambda desk, found: undo.redo(desk)),
    requests.ask: (one, lambda desk, found: requests.ask(desk, requests.SYNC)),
}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}")
def test_a_verb_is_on_disk_by_one_flush_when_it_returns(desk, disk, verb):
    prepare, call = VERBS[verb]
    found = prepare(desk)
    counted, calls = desk.store.db.journal.counters, disk.calls
    before = counted.transactions, counted.flushes
    call(desk, found)
    assert disk.has(desk.store)
    assert (counted.transactions, counted.flushes) == (before[0] + 1, before[1] + 1)
    assert disk.calls == calls + 1


def test_every_verb_is_among_them():
    rooms = (acting, answering, drafting, handoff, marking, outbox, posting, quieting, saved, undo)
    verbs: set[object] = {
        function
        for room in rooms
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if function.__module__ == room.__name__
        and not name.startswith("_")
        and re.search("Outcome|-> '?Outgoing'?$", str(inspect.signature(function)))
        and next(iter(inspect.signature(function).parameters)) == "desk"
    }
    assert verbs - {outbox.change, outbox.fresh_start, marking.change} == VERBS.keys() - {
        drafting.keep_post,
        requests.ask,
    }


def test_a_reply_that_cannot_go_out_is_on_disk_as_a_draft(desk, disk):
    given = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(given.account, "brand", "demo", limits=Limits(characters=5)))
    with pytest.raises(TriageError, match="kept as draft"):
        answering.reply(desk, given.id, "too long")
    assert disk.has(desk.store)
    assert [item.text for item in desk.store.all(Outgoing)] == ["too long"]


def test_intent_is_on_disk_before_anything_leaves_and_the_outcome_before_the_next(tmp_path, disk, monkeypatch):
    bench = Bench(tmp_path)
    monkeypatch.setattr(bench.store.db.journal.flusher, "soon", lambda: None)
    seen = []

    def watched(name):
        real = getattr(Demo, name)

        async def asked(network, thing, *more):
            kept = bench.store.get(type(thing), thing.id)
            seen.append((name, kept.state.value, disk.has(bench.store)))
            return await real(network, thing, *more)

        monkeypatch.setattr(Demo, name, asked)

    watched("send")
    watched("act")

    async def job():
        runner = bench.runner()
        assert await runner.round()
        mention = bench.mentions()[-1]
        for words in ("thanks", "#refuse", "#lost", "#offline"):
            answering.reply(bench.desk, mention.id, words)
        acting.act(bench.desk, ActKind.FAVOURITE, mention.id)
        counted = bench.store.db.journal.counters
        for _ in range(12):
            before = counted.transactions, counted.flushes
            bench.clock.advance(11)
            await runner.deliver()
            assert counted.flushes - before[1] == counted.transactions - before[0]
            assert disk.has(bench.store)
        states = sorted(item.state.value for item in bench.store.all(Outgoing))
        assert states == ["failed", "sent", "sent", "sent"]

    run(job())
    assert {(state, there) for _, state, there in seen} == {("sending", True)}
    assert [name for name, *_ in seen].count("act") == 1


def test_of_an_engines_round_only_the_batches_wait_for_others(tmp_path, disk, monkeypatch):
    bench = Bench(tmp_path)
    waiting, batches = [], []
    monkeypatch.setattr(bench.store.db.journal.flusher, "soon", lambda: waiting.append(1))
    kept = inbound._keep
    monkeypatch.setattr(inbound, "_keep", lambda *given, **more: batches.append(1) or kept(*given, **more))
    counted = bench.store.db.journal.counters

    async def job():
        before = counted.transactions, counted.flushes
        assert await bench.runner().round()
        assert len(bench.mentions()) >= 38
        assert len(waiting) == len(batches) > 0
        assert counted.flushes - before[1] == counted.transactions - before[0] - len(batches)

    run(job())


def test_the_journal_that_a_repair_keeps_is_on_disk_before_the_repair_begins(desk, disk, monkeypatch):
    marking.tag(desk, [one(desk)], "bug")
    folder = desk.store.db.journal.folder
    desk.store.db.compact()
    marking.tag(desk, [mention(desk, "1").id], "late")
    desk.store.close()
    for name in folder.glob("snap-*"):
        name.unlink()
    disk.flushed.clear()  # a new file may get a removed one's number
    seen = []

    def repair(part, **_):
        for kept in part.glob("*.kept"):
            seen.append(disk.flushed.get(kept.stat().st_ino) == kept.stat().st_size > 0)
        raise StoreError("far enough")

    monkeypatch.setattr(check, "verify", repair)
    with pytest.raises(StoreError, match="far enough"):
        check.check(folder)
    assert seen == [True]


def test_no_other_place_asks_for_less():
    room = Path(commtui.__file__).parent
    found = {
        str(path.relative_to(room)): len(re.findall(r"durable=False|grouped=True", path.read_text()))
        for path in room.rglob("*.py")
        if "journal" not in path.parts and re.search(r"durable=False|grouped=True", path.read_text())
    }
    assert found == {"sync/inbound.py": 1, "triage/backup.py": 1}  # the second fills a home that nobody has yet
