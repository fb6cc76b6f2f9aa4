"""Answers that wait for our approval: on the queue, marked, until they are accepted or rejected, by us or elsewhere."""

import pytest
from msgspec.structs import replace

from commtui.activity.refusals import CannotAct
from commtui.activity.undo import undo
from commtui.model.records import AccountState, Act, Conversation, Mention
from commtui.model.states import LEAVING, OutgoingState
from commtui.networks.base import AnswerLost
from commtui.triage.verbs import VERBS
from tests.sync.bench import run
from tests.sync.on_server import OnServer


@pytest.fixture
def bench(tmp_path, quirks):
    return OnServer(tmp_path, quirks("strict", approval=True, streaming="none"))


async def with_one(bench):
    """A runner, and the answer that has come."""
    post = bench.server.post("brand", "our post")
    runner = await bench.fetched()
    status = bench.server.mention("ada", "may I?", post)
    await bench.fetched(runner, 1)
    (mention,) = bench.mentions()
    return runner, status, mention


def test_an_answer_that_waits_is_on_the_queue_and_marked(bench):
    async def job():
        _, _, mention = await with_one(bench)
        conversation = bench.store.get(Conversation, mention.conversation)
        assert mention.pending and conversation.newest_pending and conversation.status == "open"

    run(job())


@pytest.mark.parametrize(("verb", "deleted"), [("accept", False), ("reject", True)])
def test_both_verbs_of_the_table_do_it_once_after_the_hold_window(bench, verb, deleted):
    async def job():
        runner, status, mention = await with_one(bench)
        VERBS[verb].call(bench.desk, mention.id)
        await runner.deliver()
        assert bench.server.count("POST", "/api/v1/interaction_requests/.*") == 0
        bench.clock.advance(11)
        await runner.deliver()
        now = bench.store.get(Mention, mention.id)
        assert (now.pending, now.deleted) == (False, deleted)
        conversation = bench.store.get(Conversation, mention.conversation)
        assert (conversation.newest_pending, conversation.newest_deleted) == (False, deleted)
        assert (status.pending, status.deleted) == (False, deleted)
        assert bench.server.count("POST", "/api/v1/interaction_requests/.*") == 1
        with pytest.raises(CannotAct):
            VERBS[verb].call(bench.desk, mention.id)

    run(job())


def test_undo_within_the_hold_window_lets_it_wait(bench):
    async def job():
        runner, status, mention = await with_one(bench)
        VERBS["accept"].call(bench.desk, mention.id)
        undo(bench.desk)
        bench.clock.advance(11)
        await runner.deliver()
        assert status.pending and bench.store.get(Mention, mention.id).pending

    run(job())


@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_a_lost_answer_does_not_do_it_twice_and_is_no_failure(bench, verb):
    async def job():
        runner, _, mention = await with_one(bench)
        network = await runner.session.open()
        real, tries = network.act, []

        async def loses(act):
            tries.append(await real(act))
            if len(tries) == 1:
                raise AnswerLost("cut")

        network.act = loses
        VERBS[verb].call(bench.desk, mention.id)
        for _ in range(4):
            bench.clock.advance(120)
            await runner.deliver()
        assert len(tries) == 2 and bench.server.count("POST", "/api/v1/interaction_requests/.*") == 1
        assert bench.store.all(Act)[0].state is OutgoingState.SENT
        assert not bench.store.get(Mention, mention.id).pending

    run(job())


def test_one_that_was_accepted_elsewhere_loses_the_mark_and_looking_at_it_does_not(bench):
    async def job():
        runner, status, mention = await with_one(bench)
        await bench.fetched(runner, 11)
        assert bench.store.get(Mention, mention.id).pending
        status.pending = False
        bench.server.notifications[-1].kind = "mention"
        await bench.fetched(runner, 11)
        assert not bench.store.get(Mention, mention.id).pending

    run(job())


@pytest.mark.parametrize(
    ("verb", "elsewhere", "done"),
    [("accept", "accept", True), ("reject", "reject", True), ("accept", "reject", False), ("reject", "accept", False)],
)
def test_what_was_decided_elsewhere_meanwhile_is_done_where_it_is_the_same_and_else_refused(
    bench, verb, elsewhere, done
):
    async def job():
        runner, status, mention = await with_one(bench)
        VERBS[verb].call(bench.desk, mention.id)
        status.pending = False
        if elsewhere == "reject":
            bench.server.delete(status)
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.server.count("POST", "/api/v1/interaction_requests/.*") == 0
        (act,) = bench.store.all(Act)
        assert act.state is (OutgoingState.SENT if done else OutgoingState.FAILED)
        now = bench.store.get(Mention, mention.id)
        assert (now.pending, now.deleted) == ((False, verb == "reject") if done else (True, False))

    run(job())


@pytest.mark.parametrize(
    ("first", "then", "deleted"), [("accept", "reject", True), ("reject", "accept", False), ("accept", "accept", False)]
)
def test_within_the_hold_window_the_last_decision_counts(bench, first, then, deleted):
    async def job():
        runner, status, mention = await with_one(bench)
        VERBS[first].call(bench.desk, mention.id)
        bench.clock.advance(5)
        VERBS[then].call(bench.desk, mention.id)
        bench.clock.advance(6)
        await runner.deliver()
        assert status.pending
        bench.clock.advance(5)
        await runner.deliver()
        assert (status.pending, status.deleted) == (False, deleted)
        assert bench.server.count("POST", "/api/v1/interaction_requests/.*") == 1
        states = sorted(act.state for act in bench.store.all(Act))
        assert states == [OutgoingState.DISCARDED, OutgoingState.SENT]

    run(job())


@pytest.mark.parametrize(("first", "then", "deleted"), [("accept", "reject", True), ("reject", "accept", False)])
def test_a_decision_that_would_be_tried_again_gives_way_to_the_last(bench, first, then, deleted):
    async def job():
        runner, status, mention = await with_one(bench)
        VERBS[first].call(bench.desk, mention.id)
        (earlier,) = bench.store.all(Act)
        with bench.store.write() as write:
            write.put(replace(earlier, state=OutgoingState.RETRYING, next_try_at=bench.clock.now()))
        VERBS[then].call(bench.desk, mention.id)
        bench.clock.advance(11)
        await runner.deliver()
        assert (status.pending, status.deleted) == (False, deleted)
        assert bench.server.count("POST", "/api/v1/interaction_requests/.*") == 1
        assert bench.store.get(Act, earlier.id).state is OutgoingState.DISCARDED

    run(job())


@pytest.mark.parametrize("state", sorted({*OutgoingState} - LEAVING))
def test_a_decision_that_does_not_leave_by_itself_stays_as_it_is(bench, state):
    async def job():
        _, _, mention = await with_one(bench)
        VERBS["accept"].call(bench.desk, mention.id)
        (earlier,) = bench.store.all(Act)
        with bench.store.write() as write:
            write.put(replace(earlier, state=state))
        VERBS["reject"].call(bench.desk, mention.id)
        assert bench.store.get(Act, earlier.id).state is state

    run(job())


def test_undo_of_the_last_decision_leaves_the_one_before(bench):
    async def job():
        runner, status, mention = await with_one(bench)
        VERBS["accept"].call(bench.desk, mention.id)
        VERBS["reject"].call(bench.desk, mention.id)
        undo(bench.desk)
        bench.clock.advance(11)
        await runner.deliver()
        assert (status.pending, status.deleted) == (False, False)

    run(job())


def test_what_waits_for_nothing_is_refused_at_once(bench):
    async def job():
        bench.server.quirks.approval = False
        _, _, mention = await with_one(bench)
        with pytest.raises(CannotAct) as refused:
            VERBS["accept"].call(bench.desk, mention.id)
        assert refused.value.problem == "decided" and bench.store.all(Act) == []
        assert bench.store.all(AccountState)[0].capabilities.approvals

    run(job())
