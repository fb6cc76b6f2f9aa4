"""Where no stream tells, a poll sees what was deleted or edited; and it asks for no more than it says."""

import pytest

from commtui.activity import requests
from commtui.community import conversations, replies
from commtui.model.records import Conversation
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import NetworkError
from commtui.networks.mastodon.lookup import MOST_FAILED
from commtui.triage import views
from tests.servers.quirks.calls import Problem
from tests.sync.bench import run
from tests.sync.on_server import OnServer
from tests.triage.desks import conversation_of

STATUSES = r"/api/v1/statuses(/[^/]+)?"


@pytest.fixture
def on(tmp_path, quirks):
    def make(preset="sparse", **switches):
        return OnServer(tmp_path, quirks(preset, streaming="none", **switches))

    return make


def looked_up(server):
    """How many requests for texts by their ids."""
    return server.count("GET", STATUSES)


@pytest.mark.parametrize("preset", ["mastodon", "strict", "sparse", "broken"])
def test_poll_sees_that_an_open_mention_is_deleted_and_that_another_is_edited(on, preset):
    bench = on(preset)
    gone, edited, stays = bench.server.mentions(3)

    async def job():
        runner = await bench.fetched()
        bench.server.delete(gone, tell=False)
        bench.server.edit(edited, "@brand other words", tell=False)
        await bench.fetched(runner, 11)
        by_id = {mention.remote_id: mention for mention in bench.mentions()}
        assert [by_id[row.id].deleted for row in (gone, edited, stays)] == [True, False, False]
        assert conversation_of(bench.desk, by_id[gone.id]).newest_deleted
        assert "other words" in by_id[edited.id].text and by_id[edited.id].edited

    run(job())


@pytest.mark.parametrize("status", [400, 403, 422, 500, 503])
def test_mention_that_a_server_fails_at_keeps_no_other_from_being_looked_at(on, status):
    bench = on(statuses_by_ids=False)
    failing, gone, edited = bench.server.mentions(3)

    def fail(when, request):
        if when == "before" and request.path.endswith(f"/statuses/{failing.id}"):
            raise Problem(status, "something of ours")

    async def job():
        runner = await bench.fetched()
        bench.server.hooks.append(fail)
        bench.server.delete(gone, tell=False)
        bench.server.edit(edited, "@brand other words", tell=False)
        await bench.fetched(runner, 11)
        by_id = {mention.remote_id: mention for mention in bench.mentions()}
        assert [by_id[row.id].deleted for row in (failing, gone, edited)] == [False, True, False]
        assert "other words" in by_id[edited.id].text
        asked = looked_up(bench.server)
        await bench.fetched(runner, 1)
        assert looked_up(bench.server) == asked, "what failed alone waits for its next turn"

    run(job())


def test_server_that_answers_no_look_is_asked_three_times_and_not_for_each(on):
    bench = on(statuses_by_ids=False)
    bench.server.mentions(9)

    def fail(when, request):
        if when == "before" and request.path.startswith("/api/v1/statuses/"):
            raise Problem(502, "Bad gateway")

    async def job():
        runner = await bench.fetched()
        bench.server.hooks.append(fail)
        before = looked_up(bench.server)
        await bench.fetched(runner, 11)
        assert looked_up(bench.server) - before == MOST_FAILED

    run(job())


def test_mention_that_is_there_again_loses_its_mark(on):
    bench = on()
    (mention,) = bench.server.mentions(1)

    async def job():
        runner = await bench.fetched()
        mention.deleted = True
        await bench.fetched(runner, 11)
        assert bench.mentions()[0].deleted
        mention.deleted = False
        await bench.fetched(runner, 11)
        assert not bench.mentions()[0].deleted and not conversation_of(bench.desk, bench.mentions()[0]).newest_deleted

    run(job())


@pytest.mark.parametrize(("many", "an_hour"), [(True, 6), (False, 110)])
def test_requests_of_an_hour_are_bounded_and_every_open_mention_has_its_turn(on, many, an_hour):
    """In six rounds all 60 have their turn, in one of them those on top: 6 x 20 - 10."""
    bench = on(statuses_by_ids=many)
    bench.server.mentions(60)

    async def job():
        runner = await bench.fetched()
        for _ in range(9):
            await bench.fetched(runner, 10)
        before = looked_up(bench.server)
        for _ in range(60):
            await bench.fetched(runner, 1)
        assert looked_up(bench.server) - before == an_hour
        for status in bench.server.statuses:
            bench.server.delete(status, tell=False)
        for _ in range(8):
            await bench.fetched(runner, 10)
        assert all(mention.deleted for mention in bench.mentions())

    run(job())


def test_what_is_done_is_not_looked_at(on):
    bench = on()
    bench.server.mentions(3)

    async def job():
        runner = await bench.fetched()
        conversations.done(bench.desk, [mention.id for mention in bench.mentions()])
        before = looked_up(bench.server)
        await bench.fetched(runner, 11)
        assert looked_up(bench.server) == before

    run(job())


def test_what_a_person_opens_is_looked_at_once_in_five_minutes(on):
    bench = on()
    (mention,) = bench.server.mentions(1)

    async def job():
        runner = await bench.fetched()
        bench.clock.advance(400)
        conversation = bench.store.all(Conversation)[0]
        bench.server.delete(mention, tell=False)
        requests.ask_for_thread(bench.desk, conversation)
        requests.ask_for_thread(bench.desk, conversation)
        assert len(bench.store.requests.for_what(requests.CONTEXT)) == 1
        before = looked_up(bench.server)
        for _ in range(3):
            await runner.look_at(conversation)
        assert looked_up(bench.server) == before + 1
        assert bench.mentions()[0].deleted

    run(job())


def test_a_reply_to_what_is_deleted_marks_it_and_is_kept(on):
    bench = on()
    (mention,) = bench.server.mentions(1)

    async def job():
        runner = await bench.fetched()
        reply = replies.reply(bench.desk, bench.mentions()[0].id, "hi")[0]
        bench.server.delete(mention, tell=False)
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.mentions()[0].deleted
        kept = bench.item(reply)
        assert (kept.state, kept.reason, kept.text) == (OutgoingState.FAILED, Reason.ANSWERED_GONE, "hi")

    run(job())


def test_trouble_of_the_server_marks_nothing_and_the_next_poll_looks_again(on):
    bench = on()
    bench.server.mentions(2)

    async def job():
        runner = await bench.fetched()

        async def trouble(remote_ids):
            raise NetworkError("502")

        network = await runner.session.open()
        real, network.look_up = network.look_up, trouble
        await bench.fetched(runner, 11)
        assert not any(mention.deleted for mention in bench.mentions())
        network.look_up = real
        before = looked_up(bench.server)
        await bench.fetched(runner, 1)
        assert looked_up(bench.server) > before

    run(job())


# -- an edit that changes the id


@pytest.mark.parametrize("preset", ["mastodon", "sparse"])
def test_edited_mention_with_a_new_id_is_the_same_mention(on, preset):
    bench = on(preset, edit_changes_id=True, edited_at=False)
    first = bench.server.mention("ada", "one")

    async def job():
        runner = await bench.fetched()
        before = bench.mentions()[0]
        old = first.id
        bench.server.edit(first, "@brand one and more", tell=False)
        assert first.id != old
        await bench.fetched(runner, 11)
        (mention,) = bench.mentions()
        assert (mention.id, mention.remote_id, mention.deleted) == (before.id, first.id, False)
        assert "and more" in mention.text and mention.edited
        bench.server.mention("ada", "an answer", first)
        await bench.fetched(runner, 1)
        assert len({row.conversation for row in bench.mentions()}) == 1
        reply = replies.reply(bench.desk, mention.id, "hello")[0]
        bench.clock.advance(11)
        await runner.deliver()
        assert bench.item(reply).state is OutgoingState.SENT
        assert bench.server.statuses_of("brand")[-1].in_reply_to == first.id

    run(job())


def test_reply_that_waits_goes_to_the_mentions_new_id(on):
    bench = on(edit_changes_id=True)
    first = bench.server.mention("ada", "one")

    async def job():
        runner = await bench.fetched()
        reply = replies.reply(bench.desk, bench.mentions()[0].id, "hello")[0]
        bench.server.edit(first, "@brand one and more", tell=False)
        await bench.fetched(runner, 11)
        await runner.deliver()
        assert bench.item(reply).state is OutgoingState.SENT

    run(job())


def test_answer_to_a_reply_of_ours_that_was_edited_elsewhere_joins_its_conversation(on):
    bench = on(edit_changes_id=True)
    bench.server.mention("ada", "one")

    async def job():
        runner = await bench.fetched()
        mention = bench.mentions()[0]
        reply = replies.reply(bench.desk, mention.id, "hello")[0]
        bench.clock.advance(11)
        await runner.deliver()
        ours = bench.server.statuses_of("brand")[-1]
        bench.clock.advance(60)
        bench.server.edit(ours, "hello!", tell=False)
        bench.server.mention("ada", "thanks", ours)
        await bench.fetched(runner, 1)
        assert len({conversation_of(bench.desk, row).id for row in bench.mentions()}) == 1
        assert bench.item(reply).remote_id == ours.id
        thread = views.thread(bench.desk, conversation_of(bench.desk, mention))
        assert [text.text for text in thread][1:] == ["hello", "@brand thanks"]

    run(job())
