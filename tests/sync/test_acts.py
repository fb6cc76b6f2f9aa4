"""Acts whose answers were lost: done again where that harms nobody, and never over what came after them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.marketing import posts
from commtui.model.records import Act, ActKind, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import AnswerLost, Malformed, NetworkError, Sent, Unreachable
from commtui.outgoing import acts, changes
from commtui.sync.runner import Runner
from commtui.triage.status import standing
from tests.sync.bench import Bench, deliver_for, run, synced


class Acting:
    """The network's `act`, which fails as told, after it was done or before; remembers what was done."""

    def __init__(self, bench: Bench, *errors: NetworkError | None) -> None:
        self.errors, self.done, self.real = list(errors), list[Act](), bench.network.act
        setattr(bench.network, "act", self.act)  # noqa: B010  mypy refuses the assignment

    async def act(self, act: Act) -> Sent | None:
        error = self.errors.pop(0) if self.errors else None
        if isinstance(error, Unreachable):
            raise error
        sent = await self.real(act)
        self.done.append(act)
        if error is not None:
            raise error
        return sent


async def sent_post(bench: Bench, runner: Runner, text: str = "news") -> Outgoing:
    post = posts.write_post(bench.desk, text, ["brand"])[0][0]
    await deliver_for(bench, runner, 30)
    return bench.item(post)


def act_of(bench: Bench, identity: str) -> Act:
    act = bench.store.get(Act, identity)
    assert act is not None
    return act


@pytest.mark.parametrize("error", [AnswerLost("cut"), Malformed("odd"), Unreachable("down")])
@pytest.mark.parametrize("kind", [ActKind.FAVOURITE, ActKind.BOOST, ActKind.MUTE, ActKind.BLOCK])
def test_an_act_that_can_be_repeated_is(bench: Bench, kind: ActKind, error: NetworkError) -> None:
    async def job() -> None:
        runner = await synced(bench)
        acting = Acting(bench, error)
        (identity,) = acts.act(bench.desk, kind, bench.mentions()[-1].id).ids
        await deliver_for(bench, runner, 120)
        assert act_of(bench, identity).state is OutgoingState.SENT
        assert len(acting.done) == (1 if isinstance(error, Unreachable) else 2)

    run(job())


def test_a_report_whose_answer_was_lost_waits_for_a_person(bench: Bench) -> None:
    async def job() -> None:
        runner = await synced(bench)
        acting = Acting(bench, Unreachable("down"), AnswerLost("cut"))
        (identity,) = acts.report(bench.desk, bench.mentions()[-1].id, "spam").ids
        await deliver_for(bench, runner, 86_400)
        now = act_of(bench, identity)
        assert (now.state, now.reason, len(acting.done)) == (OutgoingState.UNKNOWN, Reason.UNANSWERED, 1)
        acts.retry(bench.desk, [identity])
        await deliver_for(bench, runner, 60)
        assert (act_of(bench, identity).state, len(acting.done)) == (OutgoingState.SENT, 2)

    run(job())


def test_an_edit_that_is_tried_again_does_not_take_a_later_ones_place(bench: Bench) -> None:
    async def job() -> None:
        runner = await synced(bench)
        post = await sent_post(bench, runner)
        acting = Acting(bench, AnswerLost("cut"))
        changes.edit(bench.desk, post.id, "second")
        bench.clock.advance(11)
        await runner.deliver()
        changes.edit(bench.desk, post.id, "third")
        first, second = sorted(bench.store.all(Act), key=lambda act: act.created_at)
        with bench.store.write() as write:  # the first waits longer than the second
            write.put(
                replace(
                    act_of(bench, first.id), next_try_at=second.scheduled_at + (second.scheduled_at - bench.clock.now())
                )
            )
        await deliver_for(bench, runner, 600)
        assert [act.text for act in acting.done] == ["second", "third"]
        assert (act_of(bench, first.id).state, act_of(bench, first.id).reason) == (
            OutgoingState.DISCARDED,
            Reason.SUPERSEDED,
        )
        assert bench.item(post).text == "third"

    run(job())


@pytest.mark.parametrize("kind", [ActKind.EDIT, ActKind.DELETE])
@pytest.mark.parametrize("error", [AnswerLost("cut"), Unreachable("down")])
def test_an_edit_or_deletion_that_was_undone_is_not_tried_again(
    bench: Bench, kind: ActKind, error: NetworkError
) -> None:
    async def job() -> None:
        runner = await synced(bench)
        post = await sent_post(bench, runner)
        acting = Acting(bench, error)
        acts.act(bench.desk, kind, post.id, "other news")
        bench.clock.advance(11)
        await runner.deliver()
        undo(bench.desk)
        tries = len(acting.done)
        await deliver_for(bench, runner, 86_400)
        assert len(acting.done) == tries
        assert {act.state for act in bench.store.all(Act)} == {OutgoingState.DISCARDED}

    run(job())


def test_an_edit_that_changes_the_id_of_a_text_is_followed(bench: Bench) -> None:
    async def job() -> None:
        runner = await synced(bench)
        post = await sent_post(bench, runner)
        changed: list[Any] = []

        async def act(act: Act) -> Sent:
            changed.append(act.target)
            return Sent("new id", "https://x.example/new", bench.clock.now())

        setattr(bench.network, "act", act)  # noqa: B010  mypy refuses the assignment
        changes.edit(bench.desk, post.id, "second")
        await deliver_for(bench, runner, 30)
        now = bench.item(post)
        assert (now.remote_id, now.url, now.text) == ("new id", "https://x.example/new", "second")
        acts.delete(bench.desk, post.id)
        await deliver_for(bench, runner, 30)
        assert changed == [post.remote_id, "new id"]

    run(job())


def test_an_act_that_does_not_arrive_for_long_is_told_to_a_person_meanwhile(bench: Bench) -> None:
    async def job() -> None:
        runner = await synced(bench)
        acting = Acting(bench, *[Unreachable("down")] * 1000)
        (identity,) = acts.act(bench.desk, ActKind.BOOST, bench.mentions()[-1].id).ids
        await deliver_for(bench, runner, 30)
        assert not [need for need in standing(bench.desk).needs if need.id == identity]
        await deliver_for(bench, runner, 2 * 86_400)
        assert [need.why for need in standing(bench.desk).needs if need.id == identity] == ["late"]
        del acting.errors[:]
        await deliver_for(bench, runner, 1200)
        assert act_of(bench, identity).state is OutgoingState.SENT

    run(job())


def test_a_post_that_does_not_arrive_for_long_is_told_to_a_person_meanwhile(bench: Bench) -> None:
    async def job() -> None:
        runner = await synced(bench)
        post = posts.write_post(bench.desk, "news", ["brand"])[0][0]

        async def down(*_: Any) -> Sent:
            raise Unreachable("down")

        setattr(bench.network, "send", down)  # noqa: B010  mypy refuses the assignment
        await deliver_for(bench, runner, 86_400)
        assert bench.item(post).state is OutgoingState.RETRYING
        assert [need.why for need in standing(bench.desk).needs if need.id == post.id] == ["late"]

    run(job())
