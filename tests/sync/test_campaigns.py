"""Delivery and campaigns: nothing of a paused one leaves, however it came to be scheduled."""

from itertools import pairwise

import pytest

from commtui.activity.undo import undo
from commtui.community import intake
from commtui.community.joining import Owner
from commtui.marketing import campaigns, posts
from commtui.marketing.campaigns import Plan
from commtui.model import ids
from commtui.model.records import Conversation, Via
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import changes, rescheduling
from tests.sync.bench import deliver_for, run, synced
from tests.triage.desks import status


def texts_out(bench):
    return [item.text for item in bench.store.outgoing.of_campaign(bench.store.campaigns.named("spring").id)
            if item.state is OutgoingState.SENT]  # fmt: skip


@pytest.mark.parametrize("how", ["recalled", "released", "published"])
def test_nothing_of_a_paused_campaign_leaves_but_by_the_word_of_a_person(bench, how):
    async def story():
        runner = await synced(bench)
        campaigns.add(bench.desk, Plan(name="spring"))
        items, _ = posts.write_post(bench.desk, "news", ["brand"], at="1h", campaign="spring")
        if how == "recalled":
            changes.recall(bench.desk, [items[0].id])
            campaigns.pause(bench.desk, "spring")
            undo(bench.desk)
            campaigns.pause(bench.desk, "spring")
            rescheduling.reschedule(bench.desk, [items[0].id], "2h")
            assert bench.item(items[0]).state is OutgoingState.SCHEDULED  # a draft that got a time
        else:
            campaigns.pause(bench.desk, "spring")
            (changes.release if how == "released" else rescheduling.publish)(bench.desk, [items[0].id])
        await deliver_for(bench, runner, 3 * 3600)
        now = bench.item(items[0])
        if how == "recalled":
            assert (now.state, now.reason) == (OutgoingState.HELD, Reason.CAMPAIGN_PAUSED)
            campaigns.resume(bench.desk, "spring")
            await deliver_for(bench, runner, 60)
        assert texts_out(bench) == ["news"]

    run(story())


def test_posts_that_a_pause_kept_past_their_time_leave_apart_and_once(bench):
    async def story():
        runner = await synced(bench)
        campaigns.add(bench.desk, Plan(name="spring"))
        for number in range(3):
            posts.write_post(bench.desk, f"news {number}", ["brand"], at=f"{number + 1}h", campaign="spring")
        campaigns.pause(bench.desk, "spring")
        await deliver_for(bench, runner, 5 * 3600)
        assert texts_out(bench) == []
        campaigns.resume(bench.desk, "spring")
        await deliver_for(bench, runner, 9)
        assert texts_out(bench) == []  # within the hold window an undo brings the pause back
        await deliver_for(bench, runner, 3600)
        assert texts_out(bench) == ["news 0", "news 1", "news 2"]
        found = bench.store.outgoing.of_campaign(bench.store.campaigns.named("spring").id)
        out = sorted(item.sent_at for item in found)
        assert all((later - before).total_seconds() >= 30 for before, later in pairwise(out))

    run(story())


def test_an_answer_that_came_before_we_knew_that_the_post_is_out_gets_its_campaign(bench):
    async def story():
        runner = await synced(bench)
        campaigns.add(bench.desk, Plan(name="spring"))
        items, _ = posts.write_post(bench.desk, "news", ["brand"], campaign="spring")
        state = bench.settings.current.account("brand")
        owner = Owner(state.id, "demo")
        send = bench.network.send

        async def answered_at_once(item, media):
            out = await send(item, media)
            early = status("early", bench.clock.now(), answers=out.remote_id)
            with bench.store.write() as write:
                intake.add_mention(bench.store, write, owner, early, Via.MENTION, bench.clock.now())
            assert bench.store.get(Conversation, conversation_named()).campaign is None
            return out

        def conversation_named():
            return ids.conversation_id(ids.mention_id("demo", owner.id, "early"))

        bench.network.send = answered_at_once
        await deliver_for(bench, runner, 60)
        assert bench.item(items[0]).state is OutgoingState.SENT
        assert bench.store.get(Conversation, conversation_named()).campaign == items[0].campaign

    run(story())
