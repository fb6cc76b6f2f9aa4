"""What is on disk when a call returns: every verb, draft and step of delivery; only batches of mentions may wait.

Nobody can see that without a power cut: what was given to fdatasync is compared, to the last byte of SQLite's journal.
"""

import inspect
import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

import commtui
from commtui.activity import requests, undo
from commtui.activity.errors import TriageError
from commtui.community import conversations, muting, replies, reply_drafts
from commtui.marketing import post_drafts, posts
from commtui.model.abilities import Limits
from commtui.model.outgoing import after_restore
from commtui.model.records import AccountState, Act, ActKind, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.demo import Demo
from commtui.outgoing import acts, changes, rescheduling, several
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.sync import inbound
from commtui.triage import bridge, macros
from tests.sentences import refused
from tests.sync.bench import Bench, run
from tests.triage.desks import BRAND, arrive, desk_on


class Disk:
    """What was flushed of the store's journal, and how many transactions were committed."""

    def __init__(self, monkeypatch) -> None:
        self.flushed = b""
        self.calls = self.commits = 0
        fdatasync, run = os.fdatasync, Connection.run

        def flush(descriptor):
            journal = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
            fdatasync(descriptor)
            self.calls += 1
            self.flushed = journal

        def counted(connection, sql, *values):
            total = connection.total_changes
            if sql == "BEGIN IMMEDIATE":
                counts[connection] = total
            self.commits += sql == "COMMIT" and counts.pop(connection, total) != total
            return run(connection, sql, *values)

        counts: dict[Connection, int] = {}
        monkeypatch.setattr(os, "fdatasync", flush)
        monkeypatch.setattr(Connection, "run", counted)

    def has(self, store) -> bool:
        """Whether all that was written to the journal is on the disk."""
        return self.flushed == Path(f"{store.file}-wal").read_bytes() != b""


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
    return replies.reply(desk, one(desk), "hello")[0].id


def one(desk) -> str:
    """A mention that waits."""
    return arrive(desk, "1", "where is it?").id


def pending(desk) -> str:
    """An answer that waits for our approval."""
    return arrive(desk, "1", "may I?", pending=True).id


def filtering(desk) -> str:
    """An account whose server keeps something aside."""
    with desk.store.write() as write:
        write.put(AccountState(id=BRAND.id, name="brand", network="demo", filtered=2, filtered_people=1))
    return "brand"


def all_held(desk) -> None:
    """A scheduled reply, when everything was held."""
    reply(desk)
    changes.hold_all(desk)


def post(desk) -> str:
    """A post that is being written."""
    return post_drafts.store_post(desk, None, "news", ["brand", "other"])


def failed(desk) -> str:
    """A reply that its network refused."""
    given = desk.store.get(Outgoing, reply(desk))
    with desk.store.write() as write:
        write.put(replace(given, state=OutgoingState.FAILED))
    return given.id


def doubtful(desk) -> str:
    """A reply of which nobody knows whether it is out."""
    given = desk.store.get(Outgoing, reply(desk))
    with desk.store.write() as write:
        write.put(replace(given, state=OutgoingState.UNKNOWN))
    return given.id


def held_act(desk) -> str:
    """An act of a restored backup."""
    act = desk.store.get(Act, acts.act(desk, ActKind.FAVOURITE, one(desk)).ids[0])
    with desk.store.write() as write:
        write.put(after_restore(act))
    return act.id


def refused_act(desk) -> str:
    """An act that its network refused."""
    given = desk.store.get(Act, acts.act(desk, ActKind.FAVOURITE, one(desk)).ids[0])
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
    reply_drafts.draft(desk, found, "half")
    return found


def undone(desk) -> None:
    """A step that was taken back."""
    conversations.tag(desk, [one(desk)], "bug")
    undo.undo(desk)


VERBS = {
    conversations.done: after(conversations.done, one),
    conversations.reopen: after(conversations.reopen, but(one, conversations.done)),
    conversations.read: after(conversations.read, one),
    conversations.mute: after(conversations.mute, one),
    conversations.unmute: after(conversations.unmute, but(one, conversations.mute)),
    conversations.assign: after(conversations.assign, one, "anna"),
    conversations.claim: after(conversations.claim, one),
    conversations.snooze: after(conversations.snooze, one, "2h"),
    conversations.snooze_until: after(conversations.snooze_until, one, None),
    conversations.tag: after(conversations.tag, one, "bug"),
    conversations.prioritize: after(conversations.prioritize, one, "high"),
    conversations.untag: after(conversations.untag, but(one, conversations.tag, "bug"), "bug"),
    conversations.note: after(conversations.note, one, "she called"),
    changes.recall: after(changes.recall, reply),
    changes.discard: after(changes.discard, reply),
    changes.hold: after(changes.hold, reply),
    changes.hold_all: (reply, lambda desk, found: changes.hold_all(desk)),
    changes.release_all: (all_held, lambda desk, found: changes.release_all(desk)),
    changes.release: after(changes.release, but(reply, changes.hold)),
    changes.retry: after(changes.retry, failed),
    changes.confirm: after(changes.confirm, doubtful),
    rescheduling.reschedule: after(rescheduling.reschedule, reply, "2h"),
    rescheduling.publish: after(rescheduling.publish, reply),
    several.do_where_possible: (
        reply,
        lambda desk, found: several.do_where_possible(desk, [found], "hold", changes.hold),
    ),
    changes.edit: (reply, lambda desk, found: changes.edit(desk, found, "better")),
    reply_drafts.draft: (one, lambda desk, found: reply_drafts.draft(desk, found, "half a thou")),
    replies.reply: (one, lambda desk, found: replies.reply(desk, found, "whole")),
    replies.reply_to_each: (one, lambda desk, found: replies.reply_to_each(desk, [found], "whole")),
    replies.draft_for_each: (one, lambda desk, found: replies.draft_for_each(desk, [found], "half of each")),
    reply_drafts.drop_draft: (drafted, reply_drafts.drop_draft),
    post_drafts.store_post: (post, lambda desk, found: post_drafts.store_post(desk, found, "more news", ["brand"])),
    post_drafts.send_post: (post, post_drafts.send_post),
    post_drafts.discard_post: (post, post_drafts.discard_post),
    posts.write_post: (one, lambda desk, found: posts.write_post(desk, "news", ["brand", "other"])),
    acts.act: (one, lambda desk, found: acts.act(desk, ActKind.FAVOURITE, found)),
    acts.act_on_each: (one, lambda desk, found: acts.act_on_each(desk, ActKind.FAVOURITE, [found])),
    acts.favourite: (one, acts.favourite),
    acts.boost: (one, acts.boost),
    acts.mute_author: (one, acts.mute_author),
    acts.block: (one, acts.block),
    acts.report: (one, acts.report),
    acts.accept: (pending, acts.accept),
    acts.reject: (pending, acts.reject),
    acts.accept_filtered: (filtering, lambda desk, name: acts.accept_filtered(desk, name)),
    acts.release: after(acts.release, held_act),
    acts.recall: after(acts.recall, lambda desk: acts.act(desk, ActKind.FAVOURITE, one(desk)).ids[0]),
    acts.retry: after(acts.retry, refused_act),
    muting.spam: after(muting.spam, one),
    muting.act_on_authors: (one, lambda desk, found: muting.act_on_authors(desk, ActKind.BLOCK, [found])),
    macros.run_macro: (one, lambda desk, found: macros.run_macro(desk, "thanks", [found])),
    bridge.to_post: (one, bridge.to_post),
    bridge.to_conversation: after(bridge.to_conversation, one, "praise"),
    undo.undo: (reply, lambda desk, found: undo.undo(desk)),
    undo.undo_step: (reply, lambda desk, found: undo.undo_step(desk, desk.store.log.undo_stack(desk.who)[0][-1])),
    undo.redo: (undone, lambda desk, found: undo.redo(desk)),
    requests.ask: (one, lambda desk, found: requests.ask(desk, requests.SYNC)),
}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}")
def test_a_verb_is_on_disk_by_one_flush_when_it_returns(desk, disk, verb):
    prepare, call = VERBS[verb]
    prepared = prepare(desk)
    commits, calls = disk.commits, disk.calls
    call(desk, prepared)
    assert disk.has(desk.store)
    assert (disk.commits, disk.calls) == (commits + 1, calls + 1)


def test_every_verb_is_among_them():
    modules = (
        acts,
        replies,
        reply_drafts,
        post_drafts,
        bridge,
        conversations,
        changes,
        rescheduling,
        several,
        posts,
        muting,
        macros,
        undo,
    )
    verbs: set[object] = {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and re.search("Outcome|-> '?Outgoing'?$", str(inspect.signature(function)))
        and next(iter(inspect.signature(function).parameters)) == "desk"
    }
    inner = {changes.change, conversations.change, reply_drafts.store_draft, reply_drafts.put_draft, acts.delete}
    assert verbs - inner == VERBS.keys() - {post_drafts.store_post, requests.ask}


def test_a_reply_that_cannot_go_out_is_on_disk_as_a_draft(desk, disk):
    given = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(id=given.account, name="brand", network="demo", limits=Limits(characters=5)))
    with refused(desk, TriageError, "kept as draft"):
        replies.reply(desk, given.id, "too long")
    assert disk.has(desk.store)
    assert [item.text for item in desk.store.all(Outgoing)] == ["too long"]


def test_intent_is_on_disk_before_anything_leaves_and_the_outcome_before_the_next(tmp_path, disk, monkeypatch):
    bench = Bench(tmp_path)
    monkeypatch.setattr(bench.store._db._sqlite._flusher, "soon", lambda: None)
    seen = []

    def watched(name):
        real = getattr(Demo, name)

        async def asked(network, thing, *more):
            stored = bench.store.get(type(thing), thing.id)
            seen.append((name, stored.state.value, disk.has(bench.store)))
            return await real(network, thing, *more)

        monkeypatch.setattr(Demo, name, asked)

    watched("send")
    watched("act")

    async def job():
        runner = bench.runner()
        assert await runner.fetch()
        mention = bench.mentions()[-1]
        for words in ("thanks", "#refuse", "#lost", "#offline"):
            replies.reply(bench.desk, mention.id, words)
        acts.act(bench.desk, ActKind.FAVOURITE, mention.id)
        for _ in range(12):
            before = disk.commits, disk.calls
            bench.clock.advance(11)
            await runner.deliver()
            assert disk.calls - before[1] == disk.commits - before[0]
            assert disk.has(bench.store)
        states = sorted(item.state.value for item in bench.store.all(Outgoing))
        assert states == ["failed", "sent", "sent", "sent"]

    run(job())
    assert {(state, there) for _, state, there in seen} == {("sending", True)}
    assert [name for name, *_ in seen].count("act") == 1


def test_of_an_engines_round_only_the_batches_wait_for_others(tmp_path, disk, monkeypatch):
    bench = Bench(tmp_path)
    waiting, batches = [], []
    monkeypatch.setattr(bench.store._db._sqlite._flusher, "soon", lambda: waiting.append(1))
    kept = inbound.keep_batch
    monkeypatch.setattr(inbound, "keep_batch", lambda *given, **more: batches.append(1) or kept(*given, **more))

    async def job():
        before = disk.commits, disk.calls
        assert await bench.runner().fetch()
        assert len(bench.mentions()) >= 38
        assert len(waiting) == len(batches) > 0
        assert disk.calls - before[1] == disk.commits - before[0] - len(batches)

    run(job())


def test_no_other_place_asks_for_less():
    package = Path(commtui.__file__).parent
    found = {
        str(path.relative_to(package)): len(asked)
        for path in package.rglob("*.py")
        if "tinydb_sqlite" not in path.parts
        and (asked := re.findall(r"(?:write|transaction)\(durable=False", path.read_text()))
    }
    assert found == {
        "sync/inbound.py": 1,
        "store/transfer.py": 1,  # fills a home that nobody has yet
        "community/deadlines.py": 1,  # what is lost is computed again
        "outgoing/several.py": 1,  # around a verb's own, which decides
        "outgoing/rescheduling.py": 1,  # the same
        "main/demo_history.py": 1,  # what is lost is made again
    }
