"""After an answer that was lost: the network is asked before anything is sent again, also after a kill."""

import asyncio

import pytest

from commtui.community import replies
from commtui.marketing import posts
from commtui.model.states import OutgoingState
from commtui.networks.base import AnswerLost, Unreachable
from tests.sync.bench import deliver_for, run, synced


def test_a_try_that_came_through_after_all_read_backs_is_known_as_sent_and_is_no_newer_answer(bench):
    async def job():
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "slow but there")
        send, tried, missed = bench.network.send, [], []

        async def lost(item, media):
            tried.append(item)
            raise AnswerLost("cut")

        async def not_there(item, taken):
            missed.append(item)
            if len(missed) == 3:  # the server acts only now
                await send(tried[0], ())
            return

        bench.network.send, bench.network.find = lost, not_there
        await deliver_for(bench, runner, 120)
        now = bench.item(reply)
        assert (now.state, len(tried), len(missed)) == (OutgoingState.SENT, 1, 3)
        thread = await bench.network.thread(now.in_reply_to_remote)
        assert [status.remote_id for status in thread.descendants if status.ours] == [now.remote_id]

    run(job())


@pytest.mark.parametrize("killed_in", ["before", "after"])
def test_killed_while_sending_it_is_read_back_before_a_second_try(bench, killed_in):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        reply, _ = replies.reply(bench.desk, mention.id, "thanks a lot")
        bench.clock.advance(11)
        begun = runner.ledger.begin(bench.item(reply))
        if killed_in == "after":
            await bench.network.send(begun, ())
        bench.restart()  # the file says `sending`
        runner = bench.runner()
        bench.engine.recover()
        assert bench.item(reply).state is OutgoingState.UNKNOWN
        await deliver_for(bench, runner, 120)
        sent = bench.item(reply)
        assert (sent.state, sent.tries) == (OutgoingState.SENT, 1 if killed_in == "after" else 2)
        thread = await bench.network.thread(mention.remote_id)
        assert len([status for status in thread.descendants if status.ours]) == 1

    run(job())


def test_stopped_while_sending_leaves_unknown(bench):
    async def job():
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "slow")
        bench.clock.advance(11)
        started = asyncio.Event()

        async def never(item, media):
            started.set()
            await asyncio.Event().wait()

        bench.network.send = never
        task = asyncio.create_task(runner.deliver())
        await started.wait()
        assert bench.item(reply).state is OutgoingState.SENDING
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert bench.item(reply).state is OutgoingState.UNKNOWN

    run(job())


def test_what_can_not_be_read_back_stays_unknown_and_is_asked_for_at_growing_gaps(bench):
    async def job():
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "hm #lost")
        delays = []
        find = bench.network.find

        async def unreadable(item, taken):
            delays.append((bench.clock.now() - reply.scheduled_at).total_seconds())
            raise Unreachable("the line is down")

        bench.network.find = unreadable
        await deliver_for(bench, runner, 10 + 1000)
        assert bench.item(reply).state is OutgoingState.UNKNOWN
        assert [round(delay) for delay in delays] == [0, 5, 30, 300, 600, 900]
        bench.network.find = find
        await deliver_for(bench, runner, 400)
        assert bench.item(reply).state is OutgoingState.SENT

    run(job())


def test_two_equal_texts_are_two_posts_when_both_answers_are_lost(bench):
    async def job():
        runner = await synced(bench)
        items = [posts.write_post(bench.desk, "gm #lost", ["brand"])[0][0] for _ in range(2)]
        await deliver_for(bench, runner, 600)
        assert {bench.item(item).state for item in items} == {OutgoingState.SENT}
        assert len({bench.item(item).remote_id for item in items}) == 2

    run(job())
