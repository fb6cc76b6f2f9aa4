"""One text, two networks, one minute; and the replies of both in the one queue."""

import asyncio
from datetime import timedelta

import pytest

from commtui.activity.errors import TriageError
from commtui.marketing import posts
from commtui.model.records import Conversation
from commtui.model.states import OutgoingState
from tests.networks.bluesky.home import Bench
from tests.sentences import refused

pytestmark = pytest.mark.slow
TEXT = "Meetup tonight 👩🏽‍🔬 @ada.test #community https://example.com/the/programme/of/the/evening"


def test_text_scheduled_to_both_is_out_on_both_at_its_minute_and_both_replies_come_to_one_queue(
    tmp_path, network, mastodon
):
    here = Bench(tmp_path, network, mastodon=mastodon, name="club")

    async def job():
        for name in ("bsky", "masto"):
            assert await here.runner(name).fetch()
        at = here.clock.now() + timedelta(minutes=30)
        items, _ = posts.write_post(here.desk, TEXT, ["bsky", "masto"], at=at)
        await here.deliver_for(29 * 60, "bsky", "masto")
        before = [here.item(item).state for item in items]
        await here.deliver_for(120, "bsky", "masto")
        after = {here.item(item).network: here.item(item) for item in items}
        network.post("ada", "from the one side", after["bluesky"].remote_id)
        mastodon.post("ada", "@brand from the other", after["mastodon"].remote_id)
        network.process_all()
        for name in ("bsky", "masto"):
            assert await here.runner(name).fetch()
        await here.close()
        return at, before, after

    at, before, after = asyncio.run(job())
    assert before == [OutgoingState.SCHEDULED] * 2
    for item in after.values():
        assert item.state is OutgoingState.SENT
        assert at - timedelta(milliseconds=1) <= item.sending_since < at + timedelta(seconds=5)
    (record,) = [record for record in network.list_records("club") if record["value"]["text"].startswith("Meetup")]
    assert (record["uri"], record["value"]["text"]) == (after["bluesky"].remote_id, TEXT)
    kinds = sorted(facet["features"][0]["$type"].rpartition("#")[2] for facet in record["value"]["facets"])
    assert kinds == ["link", "mention", "tag"]
    (status,) = mastodon.statuses("brand")
    assert status["id"] == after["mastodon"].remote_id
    texts = {mention.network: mention.text for mention in here.mentions()}
    assert texts["bluesky"] == "from the one side"
    assert "from the other" in texts["mastodon"]
    assert {conversation.network for conversation in here.store.all(Conversation)} == {"bluesky", "mastodon"}


def test_text_is_counted_by_each_networks_own_rule(tmp_path, network, mastodon):
    here = Bench(tmp_path, network, mastodon=mastodon)
    family = "👩‍👩‍👧‍👦" * 300  # 300 graphemes, but 7,500 bytes
    link = "https://example.com/" + "x" * 290  # 310 characters, 23 for Mastodon

    async def job():
        for name in ("bsky", "masto"):
            assert await here.runner(name).fetch()
        for text, names, said in (
            (link, ["bsky", "masto"], r"^bsky: 310 characters, 10 too many \(limit 300\)"),
            (family, ["bsky"], r"^7,500 bytes, 4,500 too many \(limit 3,000\)"),
            ("é" * 301, ["bsky"], r"^301 characters, 1 too many"),
        ):
            with refused(here.desk, TriageError, said):
                posts.write_post(here.desk, text, names)
        items, _ = posts.write_post(here.desk, "é" * 300, ["bsky", "masto"])
        await here.deliver_for(60, "bsky", "masto")
        posts.write_post(here.desk, link, ["masto"])
        await here.close()
        return [here.item(item).state for item in items]

    assert asyncio.run(job()) == [OutgoingState.SENT] * 2
