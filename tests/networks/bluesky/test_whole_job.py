"""The whole job on the screen with two networks: from `account add` to an answer that the other account sees."""

from __future__ import annotations

import pytest

from tests.networks.bluesky.network import BlueskyNetwork
from tests.servers.mock import MastodonMock
from tests.whole.home import Desk, until
from tests.whole.program import Program

pytestmark = pytest.mark.slow


def test_two_networks_one_queue_from_account_add_to_the_answers(
    tmp_path, network: BlueskyNetwork, mastodon: MastodonMock
):
    home = Desk(tmp_path / "home", 'poll = "5s"\n')
    home.home.config.write_text(home.config.replace('hold = "0s"', 'hold = "1s"'))
    _, _, password = network.account("harbour")
    given = ("--server", network.pds_url, "--user", network.handle("harbour"), "--name", "sky")
    added = home.run("account", "add", "bluesky", *given, given=f"{password}\n")
    assert added.code == 0, added.err
    assert password not in home.home.config.read_text() + added.out + added.err
    home.add(mastodon.url, mastodon.token("brand"), "toots")
    there = mastodon.post("ada", "@brand is the quay open on Sunday?")
    network.account("mira")
    sky = network.post("mira", f"@{network.handle('harbour')} when does the ferry go?")
    network.process_all()
    with Program(home, size=(120, 40)) as inbox:
        inbox.shows("is the quay open")
        inbox.shows("when does the ferry")
        for said, answer in (("is the quay open", "From ten, Ada."), ("when does the ferry", "At nine.")):
            inbox.keys("g")
            inbox.keys("/", said, "enter")
            inbox.shows(rf"(?m)^> .*{said}")
            inbox.keys("r", answer, "esc")
            inbox.shows("y send")
            inbox.keys("y")
            inbox.hides("y send")
        context = until(lambda: (inbox.read(), mastodon.context(there["id"])["descendants"])[1], "the toot")
        assert [text["in_reply_to_id"] for text in context] == [there["id"]]
        (answer,) = until(lambda: (inbox.read(), network.replies(sky, "mira"))[1], "the answer on Bluesky")
        assert network.record(answer)["value"]["text"] == "At nine."
        until(lambda: (inbox.read(), [r["state"] for r in home.list("replies")] == ["sent"] * 2)[1], "both sent")
        network.post("mira", "Thank you, nine it is.", answer)
        network.process_all()
        inbox.shows("nine it is")
        inbox.keys("q")
        assert inbox.ends() == 0
    rows = home.list("mentions")
    assert {(row["network"], row["account"]) for row in rows} == {("bluesky", "sky"), ("mastodon", "toots")}
    assert len(rows) == 3
    assert len([record for record in network.list_records("harbour") if record["value"]["text"] == "At nine."]) == 1
    assert password not in home.log()
