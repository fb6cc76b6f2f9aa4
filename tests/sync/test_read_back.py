"""After an answer that was lost: the network is asked before anything is sent again, also after a kill."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from commtui.community import replies
from commtui.marketing import posts
from commtui.model.abilities import Proofs, Visibility
from commtui.model.outgoing import after_restore
from commtui.model.records import LookAlike, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import Absence, AnswerLost, RateLimited, Sent, Unreachable, Unsupported
from commtui.networks.boundary import Boundary
from commtui.networks.mastodon.instance import KEY_SECONDS
from commtui.outgoing import changes, rescheduling
from tests.sync.bench import deliver_for, run, synced

EVERYTHING = tuple(Visibility)
KEPT_AN_HOUR = Proofs(key=EVERYTHING, key_seconds=3600)
LISTED = Proofs(listed=EVERYTHING)
NOTHING = Proofs()


def proving(runner, proofs):
    """Lets the login's network prove that much and no more, also when it is asked again after hours."""
    capabilities = replace(runner.session.profile.capabilities, proofs=proofs)
    runner.session.network.capabilities = capabilities
    runner.session.profile = replace(runner.session.profile, capabilities=capabilities)


class Sending:
    """The network's `send` and `find` as a test wants them; counts the copies that are out."""

    def __init__(self, bench, fates, shows=True, alike=(), complete=True):
        self.bench, self.fates, self.shows, self.alike, self.complete = bench, list(fates), shows, alike, complete
        self.out, self.tries, self.looks = [], [], []
        self.at = bench.clock.now()
        bench.network.send, bench.network.find = self.send, self.find

    async def send(self, item, media):
        self.tries.append(item)
        fate = self.fates.pop(0) if self.fates else "arrives"
        if isinstance(fate, Exception):
            raise fate
        sent = Sent(f"s{len(self.out)}", f"https://x.example/s{len(self.out)}", self.bench.clock.now())
        self.out.append((item.key, sent))
        if fate == "arrives, lost":
            raise AnswerLost("cut")
        return sent

    async def find(self, item, taken=()):
        self.looks.append(round((self.bench.clock.now() - self.at).total_seconds()))
        if self.shows:
            for key, sent in self.out:
                if key == item.key and sent.remote_id not in taken:
                    return sent
        return Absence(self.complete, tuple(self.alike))


def post(bench, text="gm"):
    return posts.write_post(bench.desk, text, ["brand"], at=bench.clock.now() + timedelta(seconds=1))[0][0]


LOST = AnswerLost("cut")


@pytest.mark.parametrize(
    ("proofs", "state", "out"),
    [
        (NOTHING, OutgoingState.UNKNOWN, 0),
        (KEPT_AN_HOUR, OutgoingState.SENT, 1),
        (LISTED, OutgoingState.SENT, 1),
        (Proofs(listed=(Visibility.DIRECT,)), OutgoingState.UNKNOWN, 0),
        (Proofs(key=(Visibility.DIRECT,)), OutgoingState.UNKNOWN, 0),
        (Proofs(key=EVERYTHING, key_seconds=200), OutgoingState.UNKNOWN, 0),
    ],
    ids=["nothing", "the key", "the list", "others' lists", "others' keys", "a key for 200 s"],
)
def test_what_is_not_shown_is_sent_again_only_where_key_or_list_prove_that_it_did_not_arrive(bench, proofs, state, out):
    async def job():
        runner = await synced(bench)
        proving(runner, proofs)
        item, sending = post(bench), Sending(bench, [LOST])
        await deliver_for(bench, runner, 600)
        now = bench.item(item)
        assert (now.state, len(sending.out), len(sending.tries)) == (state, out, out + 1)
        assert sending.looks[:4] == [1, 6, 31, 301]
        if not out:
            assert now.reason == Reason.NOT_SHOWN

    run(job())


def test_a_list_that_was_not_read_to_its_end_proves_nothing(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, LISTED)
        item, sending = post(bench), Sending(bench, [LOST], complete=False)
        await deliver_for(bench, runner, 3600)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.UNKNOWN, 1)

    run(job())


@pytest.mark.parametrize("proofs", [NOTHING, KEPT_AN_HOUR, LISTED], ids=["nothing", "key", "list"])
def test_a_text_of_ours_that_nobody_claims_keeps_it_unknown_and_is_shown(bench, proofs):
    async def job():
        runner = await synced(bench)
        proving(runner, proofs)
        alike = LookAlike(remote_id="77", url="https://x.example/77", text="gm 😀", created_at=bench.clock.now())
        item, sending = post(bench), Sending(bench, [LOST], alike=[alike])
        await deliver_for(bench, runner, 3600)
        now = bench.item(item)
        assert (now.state, now.reason, now.look_alikes) == (OutgoingState.UNKNOWN, Reason.LOOK_ALIKE, (alike,))
        assert len(sending.tries) == 1
        changes.confirm(bench.desk, [item.id])
        now = bench.item(item)
        assert (now.state, now.remote_id, now.url) == (OutgoingState.SENT, "77", "https://x.example/77")
        assert (now.look_alikes, now.reason) == ((), Reason.CONFIRMED)

    run(job())


@pytest.mark.parametrize("second", [LOST, "arrives, lost"])
def test_there_is_one_second_try_in_an_items_life(bench, second):
    async def job():
        runner = await synced(bench)
        proving(runner, KEPT_AN_HOUR)
        item, sending = post(bench), Sending(bench, [LOST, second], shows=False)
        await deliver_for(bench, runner, 7 * 86_400)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.UNKNOWN, 2)
        assert bench.item(item).next_try_at is None
        assert sending.tries[0].key == sending.tries[1].key

    run(job())


def test_the_network_is_asked_for_three_days_and_found_is_sent(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        item, sending = post(bench), Sending(bench, ["arrives, lost"], shows=False)
        await deliver_for(bench, runner, 2 * 86_400)
        assert bench.item(item).state is OutgoingState.UNKNOWN
        sending.shows = True  # a server that was behind
        await deliver_for(bench, runner, 8 * 3600 + 60)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.SENT, 1)

    run(job())


def test_a_second_try_that_waits_until_the_key_is_forgotten_is_not_made(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, KEPT_AN_HOUR)
        item, sending = post(bench), Sending(bench, [LOST])
        await deliver_for(bench, runner, 299)
        find, bench.network.find = bench.network.find, None

        async def proven_then_offline(item, taken=()):
            bench.network.find = offline
            return await find(item, taken)

        async def offline(item, taken=()):
            raise Unreachable("down")

        bench.network.find = proven_then_offline
        await deliver_for(bench, runner, 3600)
        assert bench.item(item).state is OutgoingState.RETRYING or bench.item(item).state is OutgoingState.SCHEDULED
        bench.network.find = find
        await deliver_for(bench, runner, 3600)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.UNKNOWN, 1)

    run(job())


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_was_a_day_off_proves_nothing(bench, days):
    async def job():
        runner = await synced(bench)
        proving(runner, KEPT_AN_HOUR)
        item, sending = post(bench), Sending(bench, [LOST])
        bench.clock.advance(2)
        await runner.deliver()
        with bench.store.write() as write:
            now = bench.item(item)
            write.put(replace(now, doubtful_since=now.doubtful_since + timedelta(days=days)))
        await deliver_for(bench, runner, 3600)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.UNKNOWN, 1)

    run(job())


def test_a_person_who_retries_too_early_sends_nothing_twice(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        item, sending = post(bench), Sending(bench, ["arrives, lost"], shows=False)
        await deliver_for(bench, runner, 20)
        assert bench.item(item).state is OutgoingState.UNKNOWN
        changes.retry(bench.desk, [item.id])
        sending.shows = True
        await deliver_for(bench, runner, 20)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.SENT, 1)

    run(job())


def test_a_person_who_retries_what_is_not_shown_has_it_sent_and_that_once(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        item, sending = post(bench), Sending(bench, [LOST, Unreachable("down"), LOST], shows=False)
        await deliver_for(bench, runner, 20)
        changes.retry(bench.desk, [item.id])
        await deliver_for(bench, runner, 86_400)
        now = bench.item(item)
        assert (now.state, now.doubts, now.resend, len(sending.tries)) == (OutgoingState.UNKNOWN, 2, False, 3)

    run(job())


@pytest.mark.parametrize("error", [Unreachable("no connection"), RateLimited("slowly", 30.0)], ids=["down", "429"])
def test_before_each_further_try_the_network_is_asked_though_the_last_one_surely_did_not_arrive(bench, error):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        item, sending = post(bench), Sending(bench, [error])
        await deliver_for(bench, runner, 2)
        sending.out.append((item.key, Sent("front", None, bench.clock.now())))  # a front end had sent it on twice
        await deliver_for(bench, runner, 60)
        assert (bench.item(item).remote_id, len(sending.tries)) == ("front", 1)

    run(job())


def test_an_answer_that_is_another_items_text_is_no_answer(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        first = post(bench, "gm")
        sending = Sending(bench, [])
        await deliver_for(bench, runner, 5)
        second = post(bench, "gm")

        async def mixed_up(item, media):
            return sending.out[0][1]

        bench.network.send = mixed_up
        await deliver_for(bench, runner, 3600)
        assert bench.item(first).state is OutgoingState.SENT
        assert (bench.item(second).state, bench.item(second).remote_id) == (OutgoingState.UNKNOWN, None)

    run(job())


@pytest.mark.parametrize("answer", [None, 42, Absence()])
def test_a_plug_in_that_answers_anything_has_not_sent(bench, answer):
    async def job():
        runner = await synced(bench)
        runner.session.network = cast(Any, Boundary(bench.network))
        proving(runner, NOTHING)
        item, _ = post(bench), Sending(bench, [])

        async def odd(*_):
            return answer

        bench.network.send = bench.network.find = odd
        await deliver_for(bench, runner, 600)
        assert bench.item(item).state is OutgoingState.UNKNOWN

    run(job())


def test_a_network_that_cannot_be_asked_leaves_it_to_a_person_at_once(bench):
    async def job():
        runner = await synced(bench)
        item, _ = post(bench), Sending(bench, [LOST])

        async def unable(*_):
            raise Unsupported("cannot")

        bench.network.find = unable
        await deliver_for(bench, runner, 600)
        now = bench.item(item)
        assert (now.state, now.reason, now.next_try_at) == (OutgoingState.UNKNOWN, Reason.NO_READ_BACK, None)

    run(job())


def test_what_stays_unknown_is_looked_for_a_few_times_a_day_and_after_three_days_no_more(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        sending = Sending(bench, [LOST], shows=False)
        item = post(bench)
        await deliver_for(bench, runner, 4 * 86_400)
        now = bench.item(item)
        lost = sending.looks[0]
        minutes = [round((look - lost) / 60) for look in sending.looks[3:]]
        assert [look - lost for look in sending.looks[:3]] == [0, 5, 30]
        day, doubling = 24 * 60, [5, 10, 20, 40, 80, 160, 320, 640, 1120]
        assert minutes == [*doubling, *range(1600, 3 * day + 480, 480)]
        assert (now.state, now.next_try_at) == (OutgoingState.UNKNOWN, None)

    run(job())


def test_what_a_person_retries_after_days_is_looked_for_as_often_as_the_first_try(bench):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        sending = Sending(bench, [LOST, "arrives, lost"], shows=False)
        item = post(bench)
        await deliver_for(bench, runner, 4 * 86_400)
        assert bench.item(item).next_try_at is None
        changes.retry(bench.desk, [item.id])
        sending.looks.clear()
        await deliver_for(bench, runner, 4500)
        again = sending.looks[1]  # the first look comes before the try
        assert [round((look - again) / 60) for look in sending.looks[1:]] == [0, 0, 0, 5, 10, 20, 40]
        sending.shows = True
        await deliver_for(bench, runner, 3600)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.SENT, 2)

    run(job())


def test_a_network_that_does_not_answer_is_asked_once_an_hour(bench):
    async def job():
        runner = await synced(bench)
        sending = Sending(bench, [LOST])

        async def down(item, taken=()):
            sending.looks.append(bench.clock.now())
            raise Unreachable("the line is down")

        bench.network.find = down
        item = post(bench)
        await deliver_for(bench, runner, 12 * 3600)
        before = len(sending.looks)
        await deliver_for(bench, runner, 24 * 3600)
        assert len(sending.looks) - before == 24
        assert bench.item(item).next_try_at - bench.clock.now() <= timedelta(hours=1)

    run(job())


@pytest.mark.parametrize(("minutes", "sent"), [(6, True), (21, True), (41, True), (45, True), (48, True), (51, False)])
def test_a_text_is_sent_by_itself_if_the_network_is_back_while_its_key_proves(bench, minutes, sent):
    async def job():
        runner = await synced(bench)
        proving(runner, Proofs(key=EVERYTHING, key_seconds=KEY_SECONDS))
        item, sending = post(bench), Sending(bench, [LOST])
        answers = sending.find

        async def down(item, taken=()):
            raise Unreachable("the line is down")

        bench.network.find = down
        await deliver_for(bench, runner, minutes * 60)
        assert (bench.item(item).state, len(sending.tries)) == (OutgoingState.UNKNOWN, 1)
        bench.network.find = answers
        await deliver_for(bench, runner, 3600)
        now = bench.item(item)
        assert (now.state is OutgoingState.SENT, len(sending.out), len(sending.tries)) == (sent, sent, 1 + sent)

    run(job())


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
            if len(missed) == 5:  # the server acts only now, after the second try was decided upon
                await send(tried[0], ())
            return Absence(complete=True)

        bench.network.send, bench.network.find = lost, not_there
        await deliver_for(bench, runner, 600)
        now = bench.item(reply)
        assert (now.state, len(tried), len(missed)) == (OutgoingState.SENT, 1, 5)
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
        assert (bench.item(reply).state, bench.item(reply).reason) == (OutgoingState.UNKNOWN, Reason.STOPPED)
        await deliver_for(bench, runner, 600)
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


def test_what_can_not_be_read_back_stays_unknown_and_is_asked_for_every_few_minutes(bench):
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
        assert [round(delay) for delay in delays] == [0, 5, 30, 300, 540, 780]
        bench.network.find = find
        await deliver_for(bench, runner, 300)
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


def test_an_outage_of_days_is_waited_out_and_a_week_is_given_up(bench):
    async def job():
        runner = await synced(bench)
        first, sending = post(bench), Sending(bench, [Unreachable("down")] * 10_000)
        await deliver_for(bench, runner, 3 * 86_400)
        now = bench.item(first)
        assert now.state is OutgoingState.RETRYING and now.tries > 250
        del sending.fates[:]
        await deliver_for(bench, runner, 1200)
        assert bench.item(first).state is OutgoingState.SENT
        assert bench.item(first).failing_since is None
        second = post(bench)
        sending.fates = [Unreachable("down")] * 10_000
        await deliver_for(bench, runner, 8 * 86_400)
        now = bench.store.get(Outgoing, second.id)
        assert (now.state, now.reason) == (OutgoingState.FAILED, Reason.GIVEN_UP)

    run(job())


@pytest.mark.parametrize("shows", [True, False])
@pytest.mark.parametrize("state", ["scheduled", "draft", "held", "failed"])
def test_what_a_backup_had_not_sent_is_asked_for_before_a_person_sends_it(bench, state, shows):
    async def job():
        runner = await synced(bench)
        proving(runner, NOTHING)
        item, sending = post(bench), Sending(bench, [])
        of_backup = replace(bench.item(item), state=OutgoingState(state))
        await deliver_for(bench, runner, 5)
        assert len(sending.out) == 1
        restored = after_restore(of_backup)
        assert restored.state is (OutgoingState.HELD if state == "scheduled" else OutgoingState(state))
        with bench.store.write() as write:
            write.put(restored)
        await deliver_for(bench, runner, 86_400)
        assert len(sending.out) == 1
        sending.shows = shows
        rescheduling.reschedule(bench.desk, [item.id], bench.clock.now() + timedelta(seconds=5))
        await deliver_for(bench, runner, 60)
        assert (bench.item(item).state, len(sending.out)) == (OutgoingState.SENT, 1 if shows else 2)

    run(job())
