"""A post that is a thread: each part once, in order, each an answer to the one before, whatever becomes of them."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity.errors import AmbiguousId
from commtui.marketing import post_drafts, posts
from commtui.model import ids
from commtui.model.abilities import Visibility
from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState, Reason
from commtui.outgoing import changes
from commtui.outgoing.attachments import attachment
from commtui.outgoing.form import Form
from commtui.triage import views
from tests.sync.bench import Bench, deliver_for, run, synced

WORDS = ("", "", "#lost", "#lost-not-sent", "#offline", "#limit", "#garbage")


def part(number, word=""):
    """A paragraph that fills a post: 500 characters are the demo's most."""
    return f"part {number} {word} " + "x" * 400


def thread(bench, *words, **fields):
    """A post that becomes a part for each word."""
    text = "\n\n".join(part(number, word) for number, word in enumerate(words))
    items, _ = posts.write_post(bench.desk, text, ["brand"], form=Form(thread=True, **fields))
    assert len(items) == 1
    return items[0]


def in_order(bench, post):
    """The parts as the home has them, the first one first."""
    items = {item.after: item for item in bench.store.outgoing.of_post(post)}
    ordered = []
    while (after := ordered[-1].id if ordered else None) in items:
        ordered.append(items[after])
    assert len(ordered) == len(items)
    return ordered


def out(bench):
    """Our posts as the network has them, oldest first."""
    world = bench.network._shared.now()
    ours = [status for status in world.by_key.values() if status.text.startswith("part ")]
    return sorted(ours, key=lambda status: int(status.text.split()[1]))


def assert_one_chain(bench, post, count):
    """Each part is out once, in order, and answers the one before."""
    items, there = in_order(bench, post), out(bench)
    assert [item.state for item in items] == [OutgoingState.SENT] * count
    assert [status.remote_id for status in there] == [item.remote_id for item in items]
    assert [status.text for status in there] == [item.text for item in items]
    assert there[0].in_reply_to is None
    assert [below.in_reply_to for below in there[1:]] == [above.remote_id for above in there[:-1]]
    assert all(above.created_at <= below.created_at for above, below in pairwise(there))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
def test_each_part_leaves_once_and_in_order_whatever_becomes_of_the_answers(words):
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))

        async def job():
            runner = await synced(bench)
            item = thread(bench, *words)
            await deliver_for(bench, runner, 3600)
            assert_one_chain(bench, item.post, len(words))
            tries = {word: in_order(bench, item.post)[number].tries for number, word in enumerate(words)}
            assert all(tries[word] >= 2 for word in tries if word in ("#offline", "#limit", "#lost-not-sent"))

        run(job())
        bench.store.close()


@pytest.mark.parametrize("stopped", [0, 1, 2])
def test_a_part_that_is_refused_keeps_the_later_ones_waiting_until_a_person_has_mended_it(bench, stopped):
    words = ["#refuse" if number == stopped else "" for number in range(3)]

    async def job():
        runner = await synced(bench)
        item = thread(bench, *words)
        await deliver_for(bench, runner, 3600)
        items = in_order(bench, item.post)
        states = [OutgoingState.SENT] * stopped + [OutgoingState.FAILED] + [OutgoingState.SCHEDULED] * (2 - stopped)
        assert [one.state for one in items] == states
        assert {one.reason for one in items[stopped + 1 :]} <= {Reason.AFTER}
        assert len(out(bench)) == stopped and runner.next_due() is None
        changes.edit(bench.desk, items[stopped].id, part(stopped))
        changes.retry(bench.desk, [items[stopped].id])
        await deliver_for(bench, runner, 3600)
        assert_one_chain(bench, item.post, 3)

    run(job())


@pytest.mark.parametrize("verb", [changes.discard, changes.recall])
def test_a_part_that_is_taken_out_holds_the_later_ones_and_nothing_leaves_in_another_place(bench, verb):
    async def job():
        runner = await synced(bench)
        item = thread(bench, "", "#refuse", "", "")
        await deliver_for(bench, runner, 600)
        parts = in_order(bench, item.post)
        verb(bench.desk, [parts[1].id])
        await deliver_for(bench, runner, 600)
        third, fourth = in_order(bench, item.post)[2:]
        assert (third.state, third.reason) == (OutgoingState.HELD, Reason.THREAD_BROKEN)
        assert (fourth.state, fourth.reason) == (OutgoingState.SCHEDULED, Reason.AFTER)
        changes.release(bench.desk, [third.id])
        await deliver_for(bench, runner, 600)
        assert bench.item(third).state is OutgoingState.HELD and len(out(bench)) == 1

    run(job())


def test_an_engine_that_starts_later_goes_on_where_the_thread_stopped(bench):
    async def job():
        runner = await synced(bench)
        item = thread(bench, "", "#refuse", "")
        await deliver_for(bench, runner, 60)
        bench.store.close()
        bench.restart()
        runner = bench.runner()
        await deliver_for(bench, runner, 60)
        second = in_order(bench, item.post)[1]
        changes.edit(bench.desk, second.id, part(1))
        changes.retry(bench.desk, [second.id])
        await deliver_for(bench, runner, 60)
        assert_one_chain(bench, item.post, 3)

    run(job())


def test_a_thread_can_be_edited_as_one_text_until_it_leaves_and_its_parts_one_by_one_then(bench):
    async def job():
        runner = await synced(bench)
        item = thread(bench, "", "")
        changes.edit(bench.desk, item.post, "\n\n".join(map(part, range(4))))
        await deliver_for(bench, runner, 60)
        assert_one_chain(bench, item.post, 4)
        stopped = thread(bench, "#refuse", "")
        await deliver_for(bench, runner, 60)
        with pytest.raises(AmbiguousId):
            changes.edit(bench.desk, stopped.post, "one text for all")
        first = in_order(bench, stopped.post)[0]
        changes.recall(bench.desk, [first.id])
        assert post_drafts.drafts_of(bench.desk, stopped.post) == []
        assert len({one.text for one in in_order(bench, stopped.post)}) == 2

    run(job())


def test_the_first_part_has_the_files_and_every_part_the_rest(bench, tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    fields = {"visibility": Visibility.UNLISTED, "spoiler": "long", "language": "de"}

    async def job():
        runner = await synced(bench)
        item = thread(bench, "", "", media=(attachment(str(tmp_path / "a.png"), "a"),), **fields)
        await deliver_for(bench, runner, 60)
        assert_one_chain(bench, item.post, 2)
        there = out(bench)
        assert [len(status.media) for status in there] == [1, 0]
        shared = {(status.visibility, status.spoiler, status.language) for status in there}
        assert shared == {(Visibility.UNLISTED, "long", "de")}
        assert all(len(status.text) + len("long") <= 500 for status in there)

    run(job())


def test_a_text_that_fits_is_one_post_and_answers_to_every_part_belong_to_it(bench):
    async def job():
        runner = await synced(bench)
        items, _ = posts.write_post(bench.desk, "short", ["brand"], form=Form(thread=True))
        item = thread(bench, "", "")
        await deliver_for(bench, runner, 60)
        short = bench.item(items[0])
        assert short.state is OutgoingState.SENT and not short.extra.keys() & {"thread", "parts"}
        second = in_order(bench, item.post)[1]
        bench.network.say("nice", in_reply_to=second.remote_id)
        assert await runner.fetch()
        mention = next(mention for mention in bench.mentions() if mention.in_reply_to == second.remote_id)
        conversation = views.conversation_at(bench.desk, ids.number(mention.conversation))
        assert views.post_of(bench.desk, conversation) == second

    run(job())


def test_rows_are_those_of_the_parts_once_the_thread_leaves(bench):
    async def job():
        runner = await synced(bench)
        item = thread(bench, "", "#refuse", "")
        assert len(views.items(bench.desk, Lane.MARKETING)) == 1
        await deliver_for(bench, runner, 60)
        assert {one.id for one in views.items(bench.desk, Lane.MARKETING)} == {
            one.id for one in bench.store.all(Outgoing) if one.post == item.post
        }

    run(job())
