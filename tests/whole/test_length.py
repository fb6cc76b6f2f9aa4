"""A server that counts otherwise than it states: one refusal is enough, in this process and in the next."""

from __future__ import annotations

import pytest

LINK = "https://x.example/" + "a" * 170
WHOLE = {"links_count_whole": True, "max_characters": 200}


@pytest.mark.parametrize("stated", [23, 25])
def test_after_one_refusal_links_count_whole_from_then_on(desk, quirks, stated):
    server = quirks(characters_reserved_per_url=stated, **WHOLE)
    home = desk()
    home.add(server.url, server.token("brand"))
    text = f"our new beans are here: {LINK}"
    assert home.run("post", text).code == 0
    home.run("sync")
    (refused,) = home.list("posts")
    assert refused["state"] == "failed" and "it counts links whole" in refused["error"]
    before = server.count("POST", "/api/v1/statuses")
    for _ in range(2):
        again = home.run("post", text)
        assert again.code == 1 and "212 characters, 12 too many (limit 200)" in again.err
        home.run("sync")
    assert server.count("POST", "/api/v1/statuses") == before
    edited = home.run("edit", refused["id"], f"beans: {LINK}")
    assert edited.code == 0, edited.err
    assert home.run("retry", refused["id"]).code == 0
    home.run("sync")
    assert [status.text for status in server.statuses_of("brand")] == [f"beans: {LINK}"]


def test_a_refusal_for_another_reason_changes_nothing(desk, quirks):
    server = quirks(max_characters=200)
    home = desk()
    home.add(server.url, server.token("brand"))
    assert home.run("post", f"our new beans are here: {LINK}").code == 0
    home.run("sync")
    assert [post["state"] for post in home.list("posts")] == ["sent"]
    assert home.run("post", f"and again: {LINK}").code == 0
