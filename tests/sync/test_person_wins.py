"""While delivery waits for a network, a person changes the item: what was acknowledged stands, at every await.

The awaits are read from the source: a test fails for one at which no person changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.undo import undo
from commtui.community import replies
from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.records import Act, ActKind, Media, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import AnswerLost, LoginRefused, Malformed, NetworkError, Refused, Unreachable
from commtui.outgoing import acts, changes, rescheduling
from commtui.outgoing.form import Form
from tests.sync.bench import Bench, run
from tests.sync.person import Person, Place, Watched, awaits

OLD, NEW = "the price is 10 EUR", "the price is 100 EUR"
MOST_ROUNDS = 50


def edit(desk: Desk, item: str) -> None:
    changes.edit(desk, item, NEW)


def recall(desk: Desk, item: str) -> None:
    changes.recall(desk, [item])


def discard(desk: Desk, item: str) -> None:
    changes.discard(desk, [item])


def hold(desk: Desk, item: str) -> None:
    changes.hold(desk, [item])


def tomorrow(desk: Desk, item: str) -> None:
    rescheduling.reschedule(desk, [item], desk.now + timedelta(days=1))


def retry(desk: Desk, item: str) -> None:
    changes.retry(desk, [item])


VERBS: tuple[Callable[[Desk, str], None], ...] = (edit, recall, discard, hold, tomorrow, retry)
STATES: dict[Callable[[Desk, str], None], OutgoingState] = {
    recall: OutgoingState.DRAFT,
    discard: OutgoingState.DISCARDED,
    hold: OutgoingState.HELD,
}
FAULTS: dict[str, dict[str, NetworkError]] = {
    "none": {},
    "the answer is lost": {"send": AnswerLost("cut")},
    "a lost answer, then no answer": {"send": AnswerLost("cut"), "find": Unreachable("down")},
    "a lost answer, then a refused login": {"send": AnswerLost("cut"), "find": LoginRefused("who?")},
    "offline at sending": {"send": Unreachable("down")},
    "offline at the thread": {"thread": Unreachable("down")},
    "offline at the upload": {"upload": Unreachable("down")},
    "offline at the login": {"check": Unreachable("down")},
    "refused at the upload": {"upload": Refused("too large")},
    "refused at sending": {"send": Refused("no")},
    "an odd thread": {"thread": Malformed("odd")},
}


class Delivered:
    """A reply with a picture, delivered while a person acts at moment `at`."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.picture = folder / "a.png"
        self.picture.write_bytes(b"\x89PNG" + b"x" * 100)

    async def deliver(self, at: int, verb: Callable[[Desk, str], None], faults: dict[str, NetworkError]) -> None:
        """Runs delivery for a quarter of an hour."""
        bench = self.bench
        assert await bench.runner().fetch()
        mention = bench.mentions()[-1]
        form = Form(media=(Media(url=str(self.picture), alt="a cup"),))
        reply = replies.reply(bench.desk, mention.id, OLD, form)[0]
        self.person = Person(bench, at, lambda desk: verb(desk, reply.id))
        real = bench.network
        watched = Watched(real, self.person, faults)

        async def connect(account: Account) -> Any:
            return watched

        bench.engine.connect = connect
        runner = bench.runner()
        bench.clock.advance(11)
        end = bench.clock.now() + timedelta(minutes=15)
        for _ in range(MOST_ROUNDS):
            await runner.deliver()
            if runner.session.refused:
                runner.session.record_success()
            due = runner.next_due()
            if due is None or due > end:
                break
            bench.clock.advance(max((due - bench.clock.now()).total_seconds(), 0.001))
        else:
            raise AssertionError(f"no end: {bench.item(reply)}")
        bench.store.poll()
        self.item = bench.item(reply)
        thread = await real.thread(mention.remote_id)
        self.out = [status.text for status in thread.descendants if status.ours]
        """Our texts on the network."""
        self.person.desk.store.close()
        bench.store.close()

    def stands(self, verb: Callable[[Desk, str], None], lost: bool) -> bool:
        """Whether what the person was told is so. `lost`: a try may have left before the person acted."""
        item = self.item
        stopped = self.out == [] or lost
        if verb is edit:
            return item.text == NEW and self.out in ([], [NEW])
        if verb is tomorrow:
            later = item.scheduled_at is not None and item.scheduled_at > self.bench.clock.now() + timedelta(hours=20)
            return item.state is OutgoingState.SCHEDULED and later and stopped
        if verb is retry:
            return (item.state, self.out) in ((OutgoingState.SENT, [OLD]), (OutgoingState.FAILED, []))
        return item.state is STATES[verb] and stopped


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("faults", FAULTS)
def test_what_a_person_was_told_is_done_stands(tmp_path: Path, verb: Callable[[Desk, str], None], faults: str) -> None:
    async def job() -> None:
        undisturbed = Delivered(tmp_path / "undisturbed")
        await undisturbed.deliver(0, verb, FAULTS[faults])
        for at in range(1, undisturbed.person.moments + 1):
            tried = Delivered(tmp_path / str(at))
            await tried.deliver(at, verb, FAULTS[faults])
            told = (at, tried.person.acknowledged, tried.item.state, tried.item.text, tried.out, tried.item.error)
            assert len(tried.out) <= 1, told
            assert (tried.item.state is OutgoingState.SENT) == bool(tried.item.remote_id), told
            if tried.person.acknowledged:
                assert tried.stands(verb, "lost" in faults), told
            else:
                assert tried.item.state in (OutgoingState.SENT, OutgoingState.FAILED), told

    run(job())


ACT_FAULTS: dict[str, dict[str, NetworkError]] = {
    "none": {},
    "offline at the login": {"check": Unreachable("down")},
    "offline": {"act": Unreachable("down")},
    "the answer is lost": {"act": AnswerLost("cut")},
}


class Edited:
    """A post that is out, and the act of editing it, which a person takes back at moment `at`."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)

    async def deliver(self, at: int, faults: dict[str, NetworkError]) -> None:
        """Runs delivery for ten minutes."""
        bench = self.bench
        runner = bench.runner()
        assert await runner.fetch()
        post = posts.write_post(bench.desk, OLD, ["brand"])[0][0]
        bench.clock.advance(11)
        await runner.deliver()
        acts.act(bench.desk, ActKind.EDIT, post.id, NEW)
        real, self.person = bench.network, Person(bench, at, take_back)
        watched = Watched(real, self.person, faults)

        async def connect(account: Account) -> Any:
            return watched

        bench.engine.connect = connect
        runner = bench.runner()
        for _ in range(10):
            bench.clock.advance(60)
            await runner.deliver()
        bench.store.poll()
        self.state = bench.store.all(Act)[0].state
        self.texts = {NEW if watched.acts else OLD, bench.item(post).text}
        self.person.desk.store.close()
        bench.store.close()


def take_back(desk: Desk) -> None:
    """Undoes the act. Raises TriageError where it is too late."""
    undo(Desk(store=desk.store, clock=desk.clock, settings=desk.settings, who="me"))
    if desk.store.all(Act)[0].state is not OutgoingState.DISCARDED:
        raise TriageError(reason="too late")


@pytest.mark.parametrize("faults", ACT_FAULTS)
def test_an_act_that_was_undone_is_not_done(tmp_path: Path, faults: str) -> None:
    async def job() -> None:
        undisturbed = Edited(tmp_path / "undisturbed")
        await undisturbed.deliver(0, ACT_FAULTS[faults])
        for at in range(1, undisturbed.person.moments + 1):
            tried = Edited(tmp_path / str(at))
            await tried.deliver(at, ACT_FAULTS[faults])
            lost = at > 1 and "lost" in faults
            if not tried.person.acknowledged:
                assert (tried.state, tried.texts) == (OutgoingState.SENT, {NEW}), at
            elif not lost:
                assert (tried.state, tried.texts) == (OutgoingState.DISCARDED, {OLD}), at
            else:
                assert tried.state is OutgoingState.DISCARDED, at

    run(job())


def test_every_await_of_delivery_is_among_them(tmp_path: Path) -> None:
    seen: set[Place] = set()

    async def job() -> None:
        for number, faults in enumerate(FAULTS.values()):
            tried = Delivered(tmp_path / f"text{number}")
            await tried.deliver(0, edit, faults)
            seen.update(tried.person.seen)
        for number, faults in enumerate(ACT_FAULTS.values()):
            edited = Edited(tmp_path / f"act{number}")
            await edited.deliver(0, faults)
            seen.update(edited.person.seen)

    run(job())
    assert awaits() <= seen


def test_two_items_of_a_round_the_second_rescheduled_while_the_first_is_sent(tmp_path: Path) -> None:
    async def job() -> None:
        bench = Bench(tmp_path)
        runner = bench.runner()
        assert await runner.fetch()
        first = posts.write_post(bench.desk, "first", ["brand"])[0][0]
        bench.clock.advance(1)
        second = posts.write_post(bench.desk, "second", ["brand"])[0][0]
        bench.clock.advance(11)
        send, sent = bench.network.send, []

        async def slow(item: Outgoing, media: Any) -> Any:
            if not sent:
                tomorrow(bench.desk, second.id)
            sent.append(item.text)
            return await send(item, media)

        bench.network.send = slow
        await runner.deliver()
        await runner.deliver()
        assert sent == ["first"]
        assert bench.item(first).state is OutgoingState.SENT
        assert bench.item(second).state is OutgoingState.SCHEDULED

    run(job())
