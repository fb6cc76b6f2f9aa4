"""A wait that a server asked for is kept: each `sync` from cron is a new process, and none asks before it is over."""

from __future__ import annotations

import pytest

from tests.servers.proxy import Proxy, answer, too_many

NOTIFICATIONS = "/api/v2/notifications"
STATUSES = "/api/v1/statuses"


def synced(home):
    return {row["account"]: row for row in home.run("sync", "--json").json["accounts"]}


@pytest.mark.parametrize("form", ["retry-after", "iso", "epoch"])
def test_the_next_syncs_ask_nothing_before_the_time_that_was_told(desk, quirks, form):
    server = quirks()
    with Proxy(server.url) as proxy:
        home = desk()
        home.add(proxy.url, server.token("brand"))
        proxy.rule(too_many(3600, form, path=NOTIFICATIONS), times=1)
        assert synced(home)["brand"]["health"] == "limited"
        before = proxy.count()
        for _ in range(2):
            row = synced(home)["brand"]
            assert row["health"] == "limited"
            assert "asks to wait" in row["error"]
        assert proxy.count() == before


def test_what_is_used_up_is_not_asked_for_by_the_next_process(desk, quirks):
    server = quirks()
    used_up = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3600"}
    page = {"accounts": [], "statuses": [], "notification_groups": []}
    with Proxy(server.url) as proxy:
        home = desk()
        home.add(proxy.url, server.token("brand"))
        proxy.rule(answer(200, page, used_up, "GET", NOTIFICATIONS), times=1)
        home.run("sync")
        before = proxy.count()
        assert synced(home)["brand"]["health"] == "limited"
        assert proxy.count() == before


def test_a_wait_of_the_whole_server_is_kept_for_its_other_accounts_and_for_no_other_server(desk, quirks):
    server, other = quirks("strict"), quirks()
    with Proxy(server.url) as proxy:
        home = desk()
        home.add(proxy.url, server.token("brand"))
        home.add(proxy.url, server.token("ada"), "ada")
        home.add(other.url, other.token("brand"), "elsewhere")
        proxy.rule(too_many(3600, path="/api/v./notifications"), times=1)
        home.run("sync")
        before = proxy.count()
        rows = synced(home)
        assert {name: row["health"] for name, row in rows.items()} == {
            "brand": "limited",
            "ada": "limited",
            "elsewhere": "ok",
        }
        assert proxy.count() == before


def test_a_limit_of_posting_stops_posting_alone(desk, quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        home = desk()
        home.add(proxy.url, server.token("brand"))
        proxy.rule(too_many(3600, method="POST", path=STATUSES), times=1)
        home.run("post", "hello")
        home.run("sync")
        server.mention("ada", "are you there?")
        home.run("post", "hello again")
        before = proxy.count("POST", STATUSES)
        row = synced(home)["brand"]
        assert (row["new"], row["sent"], row["health"]) == (1, 0, "ok")
        assert proxy.count("POST", STATUSES) == before
        assert {post["state"] for post in home.list("posts")} == {"retrying"}
