"""`post --thread` on a Mastodon server, the program killed or cut off at any of its posts: each once, in order."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.servers import proxy as harm
from tests.servers.proxy import Proxy
from tests.whole.home import ended

POST = "/api/v1/statuses"
TEXT = "\n\n".join(f"Part {number}. " + f"word{number} " * 60 for number in range(4))


def assert_one_chain(server, home) -> None:
    """What the server has: the text once, cut into posts of which each answers the one before."""
    there = sorted(server.statuses_of("brand"), key=lambda status: status.seq)
    assert len(there) == 4
    assert " ".join(" ".join(status.text for status in there).split()) == " ".join(TEXT.split())
    assert there[0].in_reply_to is None
    assert [below.in_reply_to for below in there[1:]] == [above.id for above in there[:-1]]
    rows = {row["after"]: row for row in home.list("posts")}
    assert [row["state"] for row in rows.values()] == ["sent"] * 4
    ordered = [rows[None]]
    while ordered[-1]["id"] in rows:
        ordered.append(rows[ordered[-1]["id"]])
    assert [row["remote_id"] for row in ordered] == [status.id for status in there]


def test_a_long_text_goes_out_as_posts_of_which_each_answers_the_one_before(desk, quirks):
    server, home = quirks(), desk()
    home.add(server.url, server.token("brand"))
    assert home.run("post", TEXT).code == 1, "too long for one post"
    done = home.run("post", TEXT, "--thread")
    assert done.code == 0 and "goes out as 4 posts on mastodon" in done.err
    assert home.run("sync").code == 0
    assert_one_chain(server, home)
    assert {status.visibility for status in server.statuses_of("brand")} == {"public"}
    answer = server.mention("ada", "nice", server.statuses_of("brand")[-1])
    home.run("sync")
    (mention,) = home.list("mentions")
    assert mention["remote_id"] == answer.id


@pytest.mark.slow
@pytest.mark.parametrize(("idempotency", "at"), [("ignored", 1), ("ignored", 2), ("ignored", 4), ("honoured", 2)])
@pytest.mark.parametrize("effect", ["answer lost", "request lost", "killed before", "killed after"])
def test_whatever_happens_at_one_of_its_posts_each_is_out_once_and_in_order(desk, quirks, idempotency, at, effect):
    server, home = quirks(idempotency=idempotency), desk()
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        assert home.run("post", TEXT, "--thread").code == 0
        if effect.startswith("killed"):
            hanging = proxy.rule(harm.hang("POST", POST, forward=effect == "killed after"), nth=at, times=1)
            process = home.start("sync")
            hanging.wait()
            process.kill()
            ended(process)
            hanging.remove()
        else:
            harmful = harm.drop_answer if effect == "answer lost" else harm.drop_request
            proxy.rule(harmful("POST", POST), nth=at, times=1)
        for _ in range(3):
            home.run("sync")
            unknown = [row for row in home.list("posts") if row["state"] == "unknown"]
            for row in unknown:  # nothing proves that it did not arrive: a person looks
                arrived = any(row["text"] == status.text for status in server.statuses_of("brand"))
                assert not arrived, "a text that is there is found"
                assert home.run("retry", row["id"]).code == 0
        assert_one_chain(server, home)
        assert all(above.seq < below.seq for above, below in pairwise(server.statuses_of("brand")))
