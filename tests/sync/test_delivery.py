"""Delivery on the demo network: once, whatever becomes of the answer, and never without the state that says so."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.community import replies, reply_drafts
from commtui.marketing import posts
from commtui.model.records import Act, ActKind, Conversation, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import NetworkError
from commtui.outgoing import acts, changes
from commtui.triage import views
from tests.sync.bench import Bench, account, deliver_for, run, synced


def test_a_reply_leaves_when_its_hold_window_is_over_and_not_before(bench):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        reply, _ = replies.reply(bench.desk, mention.id, "thank you #1")
        await deliver_for(bench, runner, 9)
        assert bench.item(reply).state is OutgoingState.SCHEDULED
        await deliver_for(bench, runner, 2)
        sent = bench.item(reply)
        assert (sent.state, sent.tries, bool(sent.remote_id)) == (OutgoingState.SENT, 1, True)
        thread = await bench.network.thread(mention.remote_id)
        assert [status.remote_id for status in thread.descendants if status.ours] == [sent.remote_id]

    run(job())


def test_a_recalled_reply_never_leaves(bench):
    async def job():
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "oops")
        await deliver_for(bench, runner, 5)
        changes.recall(bench.desk, [reply.id])
        await deliver_for(bench, runner, 60)
        assert bench.item(reply).state is OutgoingState.DRAFT
        assert bench.item(reply).tries == 0

    run(job())


@pytest.mark.parametrize(
    ("word", "tries"),
    [("#lost", 1), ("#lost-not-sent", 2), ("#offline", 3), ("#limit", 2), ("#garbage", 1)],
)
def test_whatever_becomes_of_the_answer_exactly_one_reply_is_out_and_the_cache_says_sent(bench, word, tries):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        reply, _ = replies.reply(bench.desk, mention.id, f"thank you {word}")
        await deliver_for(bench, runner, 600)
        sent = bench.item(reply)
        assert (sent.state, sent.tries, sent.key) == (OutgoingState.SENT, tries, reply.key)
        thread = await bench.network.thread(mention.remote_id)
        assert [status.remote_id for status in thread.descendants if status.ours] == [sent.remote_id]

    run(job())


def test_a_refusal_keeps_the_text_and_reopens_the_conversation(bench):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        reply, _ = replies.reply(bench.desk, mention.id, "no #refuse")
        conversation = bench.store.get(Conversation, mention.conversation)
        assert conversation.status == "waiting"
        await deliver_for(bench, runner, 60)
        failed = bench.item(reply)
        assert (failed.state, failed.text, failed.tries) == (OutgoingState.FAILED, "no #refuse", 1)
        assert failed.error
        assert bench.store.get(Conversation, mention.conversation).status == "open"
        changes.edit(bench.desk, reply.id, "yes")
        changes.retry(bench.desk, [reply.id])
        await deliver_for(bench, runner, 60)
        assert bench.item(reply).state is OutgoingState.SENT

    run(job())


def test_a_newer_answer_of_ours_from_elsewhere_holds_the_reply_until_a_person_releases_it(bench):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        elsewhere = replace(
            reply_drafts.draft(bench.desk, mention.id, "from the phone"),
            id="r0000000000",
            key="another",
            conversation="c0",
        )
        reply, _ = replies.reply(bench.desk, mention.id, "from the desk")
        await bench.network.send(elsewhere, ())
        await deliver_for(bench, runner, 60)
        item = bench.item(reply)
        assert (item.state, item.reason, item.tries) == (OutgoingState.HELD, Reason.NEWER_ANSWER, 0)
        texts = [text.text for text in views.thread(bench.desk, bench.store.get(Conversation, mention.conversation))]
        assert "from the phone" in texts
        changes.release(bench.desk, [reply.id])
        await deliver_for(bench, runner, 60)
        assert bench.item(reply).state is OutgoingState.SENT

    run(job())


def test_two_replies_of_this_home_to_one_mention_both_leave(bench):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        one, _ = replies.reply(bench.desk, mention.id, "first")
        two, _ = replies.reply(bench.desk, mention.id, "second")
        await deliver_for(bench, runner, 60)
        assert {bench.item(one).state, bench.item(two).state} == {OutgoingState.SENT}

    run(job())


def test_a_reply_to_what_was_deleted_fails_with_its_text_kept(bench):
    async def job():
        runner = await synced(bench)
        deleted = next(mention for mention in bench.mentions() if mention.deleted)
        reply, _ = replies.reply(bench.desk, deleted.id, "still there?")
        await deliver_for(bench, runner, 60)
        assert bench.item(reply).state is OutgoingState.FAILED
        assert bench.item(reply).reason == Reason.ANSWERED_GONE

    run(job())


def test_a_refused_login_makes_items_wait_and_a_new_token_sends_them(bench):
    async def job():
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "thanks #login")
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.item(reply).state is OutgoingState.RETRYING
        assert runner.session.state().health == "refused"
        await deliver_for(bench, runner, 3600)
        assert bench.item(reply).state is OutgoingState.RETRYING
        assert await runner.fetch()
        await deliver_for(bench, runner, 60)
        assert bench.item(reply).state is OutgoingState.SENT

    run(job())


@pytest.mark.parametrize(("late", "state"), [("publish", "sent"), ("hold", "held"), ("skip", "skipped")])
def test_a_post_past_its_time_follows_its_late_policy(bench, late, state):
    async def job():
        runner = await synced(bench)
        items, _ = posts.write_post(bench.desk, "news", ["brand"], at="1h", late=late)
        bench.clock.advance(3 * 3600)
        await runner.deliver()
        assert bench.item(items[0]).state == state
        if late != "publish":
            assert bench.item(items[0]).reason == Reason.LATE

    run(job())


def test_late_posts_do_not_burst_after_a_restart(bench):
    async def job():
        runner = await synced(bench)
        items = [posts.write_post(bench.desk, f"news {n}", ["brand"], at="1h")[0][0] for n in range(3)]
        bench.clock.advance(3 * 3600)
        await deliver_for(bench, runner, 120)
        times = sorted(bench.item(item).sent_at for item in items)
        assert [(two - one).total_seconds() for one, two in itertools.pairwise(times)] == [30, 30]

    run(job())


def test_a_post_goes_out_at_its_time_on_every_account_and_a_dead_one_stops_no_other(tmp_path):
    bench = Bench(tmp_path, account("brand"), account("dead", options={"failures": {"check": "offline"}}))

    async def job():
        runners = [bench.runner("brand"), bench.runner("dead")]
        await asyncio.gather(*(runner.fetch() for runner in runners))
        items, _ = posts.write_post(bench.desk, "news", ["brand", "dead"], at="1h")
        bench.clock.advance(3600)
        await asyncio.gather(*(runner.deliver() for runner in runners))
        assert [bench.item(item).state for item in items] == ["sent", "scheduled"]
        assert runners[1].session.state().health == "offline"

    run(job())


def test_an_act_leaves_after_its_hold_window_and_undo_takes_it_back_before(bench):
    async def job():
        runner = await synced(bench)
        mention = bench.mentions()[-1]
        first = acts.act(bench.desk, ActKind.FAVOURITE, mention.id)
        undo(bench.desk)
        assert bench.store.get(Act, first.ids[0]).state is OutgoingState.DISCARDED
        second = acts.act(bench.desk, ActKind.FAVOURITE, mention.id)
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.store.get(Act, second.ids[0]).state is OutgoingState.SENT

    run(job())


def test_delete_and_edit_of_what_is_out_change_it_there_and_here(bench):
    async def job():
        runner = await synced(bench)
        items, _ = posts.write_post(bench.desk, "news", ["brand"])
        await deliver_for(bench, runner, 60)
        changes.edit(bench.desk, items[0].id, "better news")
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.item(items[0]).text == "better news"
        acts.act(bench.desk, ActKind.DELETE, items[0].id)
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.item(items[0]).reason == Reason.DELETED
        with pytest.raises(NetworkError):
            await bench.network.thread(bench.item(items[0]).remote_id)

    run(job())


def test_every_change_of_state_is_in_the_log(bench):
    async def job():
        runner = await synced(bench)
        reply, _ = replies.reply(bench.desk, bench.mentions()[-1].id, "thanks #lost-not-sent")
        await deliver_for(bench, runner, 600)
        steps = [(step.who, step.verb) for step in bench.store.log.steps({reply.id})]
        begin = ("commtui", "begin")
        assert steps == [("me", "reply"), begin, ("commtui", "lose"), ("commtui", "miss"), begin, ("commtui", "accept")]
        assert bench.store.all(Outgoing)

    run(job())


def test_a_post_without_a_time_is_never_late_whatever_the_policy_says(bench):
    async def job():
        runner = await synced(bench)
        items, _ = posts.write_post(bench.desk, "news", ["brand"], late="skip")
        bench.clock.advance(3600)  # cron comes once an hour
        await runner.deliver()
        assert bench.item(items[0]).state is OutgoingState.SENT

    run(job())


def test_sync_waits_for_a_hold_window_that_is_longer_than_the_configs_and_not_for_a_time_that_was_named(bench):
    async def job():
        mention = bench.mentions()[-1] if await synced(bench) else None
        reply, _ = replies.reply(bench.desk, mention.id, "slowly", hold=timedelta(seconds=60))
        later, _ = posts.write_post(bench.desk, "later", ["brand"], at="5m")
        once = asyncio.create_task(bench.engine.once(wait=True))
        await bench.clock.run(90)
        await once
        assert bench.item(reply).state is OutgoingState.SENT
        assert bench.item(later[0]).state is OutgoingState.SCHEDULED

    run(job())
