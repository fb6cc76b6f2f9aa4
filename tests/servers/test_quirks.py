"""The server with quirks answers as Mastodon does where no switch is on, and as its switches say where one is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.quirks import PRESETS, QuirkServer, client
from tests.servers.quirks.things import make_id, page

NOTES, STATUSES = "/api/v1/notifications", "/api/v1/statuses"


class Row:
    def __init__(self, seq: int) -> None:
        self.seq, self.id = seq, make_id("hex", seq, datetime.now(UTC), "row")


@given(st.integers(0, 30), st.integers(1, 7), st.integers(0, 31))
def test_min_id_pages_lose_nothing_and_since_id_pages_do(count, limit, at):
    rows = [Row(seq) for seq in range(1, count + 1)]
    cursor = make_id("hex", at, datetime.now(UTC), "row")
    known = [Row(at)]
    above = [row.seq for row in rows if row.seq > at]
    right_above = [row.seq for row in page(rows, {"min_id": [cursor]}, limit, known)]
    newest = [row.seq for row in page(rows, {"since_id": [cursor]}, limit, known)]
    below = [row.seq for row in page(rows, {"max_id": [cursor]}, limit, known)]
    assert right_above == above[:limit][::-1]
    assert newest == above[-limit:][::-1]
    assert below == [row.seq for row in rows if row.seq < at][-limit:][::-1]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_mention_is_read_once_by_min_id_and_by_max_id(quirks, preset):
    server = quirks(preset, listed_twice=False)
    server.mentions(25)
    texts = [f"number {n}" for n in range(25)]
    with client(server) as http:

        def read(rows: list[dict]) -> list[str]:
            return [texts[int(row["status"]["content"].split("number ")[1].split("<")[0])] for row in rows]

        got = read(http.get(NOTES, params={"limit": 10}).json()[-1:])
        assert got == ["number 15"]
        seen: list[str] = []
        at = server.notifications[0].id
        while rows := http.get(NOTES, params={"limit": 10, "min_id": at}).json():
            seen += read(rows[::-1])
            at = rows[0]["id"]
        assert seen == texts[1:]
        back: list[str] = []
        at = server.notifications[-1].id
        while rows := http.get(NOTES, params={"limit": 10, "max_id": at}).json():
            back += read(rows)
            at = rows[-1]["id"]
        assert back == texts[:-1][::-1]
        deep = http.get(f"{STATUSES}/{quote(server.statuses[3].id, safe='')}")
        assert deep.json()["id"] == server.statuses[3].id
        both = http.get(STATUSES, params={"id[]": [server.statuses[3].id, "no-such"]}).json()
        assert [row["id"] for row in both] == [server.statuses[3].id]


def test_links_are_normal_missing_or_one_too_many(quirks):
    def walk(link: str) -> list[int]:
        server, sizes = quirks(link=link), []
        server.mentions(5)
        with client(server) as http:
            url: str | None = f"{NOTES}?limit=3"
            while url:
                answer = http.get(url)
                sizes.append(len(answer.json()))
                url = answer.links.get("next", {}).get("url")
        return sizes

    assert (walk("normal"), walk("none"), walk("always")) == ([3, 2], [3], [3, 2, 0])


def test_content_is_html_with_cards_or_raw_as_it_came(quirks):
    server = quirks()
    mention = server.mention(
        "ada", "a < b https://example.org/a/very/long/path/that/goes/on\nnext\n\npara\x1b[2J\u202e"
    )
    assert '<span class="h-card" translate="no"><a href="http://' in mention.content
    assert "a &lt; b" in mention.content and '<span class="invisible">https://</span>' in mention.content
    assert "<br />next</p><p>para\x1b[2J\u202e</p>" in mention.content
    big = server.mention("ada", "x", html="<b>" + "y" * 5_000_000)
    with client(server) as http:
        assert "\x1b[2J" in http.get(f"{STATUSES}/{mention.id}").json()["content"]
        assert len(http.get(f"{STATUSES}/{big.id}").content) > 5_000_000
    assert quirks(mention_html=False).mention("ada", "hi").content == "<p>@brand hi</p>"


def test_v2_is_grouped_and_its_ids_may_be_its_own(quirks):
    server = quirks(v2_ids_differ=True)
    ours = server.post("brand", "ours")
    server.favourite("ada", ours)
    server.favourite("grace", ours)
    server.notify("follow", "zoe")
    server.notify("reaction", "zoe", ours)
    server.mentions(3)
    with client(server) as http:
        whole = http.get("/api/v2/notifications").json()
        kinds = [(group["type"], group["notifications_count"]) for group in whole["notification_groups"]]
        assert kinds == [("mention", 1)] * 3 + [("reaction", 1), ("follow", 1), ("favourite", 2)]
        at = whole["notification_groups"][2]["page_max_id"]
        assert at.startswith("v2-")
        newer = http.get("/api/v2/notifications", params={"min_id": at, "types[]": "mention"}).json()
        assert len(newer["notification_groups"]) == 2
        alone = http.get("/api/v2/notifications", params={"grouped_types[]": "follow"}).json()["notification_groups"]
        assert [group["notifications_count"] for group in alone] == [1] * 7
        follow = next(row for row in http.get(NOTES).json() if row["type"] == "follow")
        assert "status" not in follow
        server.quirks.notifications_v2 = server.quirks.instance_v2 = False
        assert [http.get(f"/api/v2/{what}").status_code for what in ("notifications", "instance")] == [404, 404]


def test_a_replay_of_a_key_is_honoured_ignored_or_an_error(quirks):
    def twice(style: str) -> tuple[list[int], int]:
        server = quirks(idempotency=style)
        with client(server) as http:
            key = {"Idempotency-Key": "k"}
            codes = [http.post(STATUSES, data={"status": "x"}, headers=key).status_code for _ in range(2)]
        return codes, len(server.statuses)

    assert twice("honoured") == ([200, 200], 1)
    assert twice("ignored") == ([200, 200], 2)
    assert twice("error") == ([200, 500], 1)


def test_a_scheduled_post_waits_is_refused_or_is_out_at_once(quirks):
    def at(server: QuirkServer, minutes: int) -> dict:
        when = (server.clock() + timedelta(minutes=minutes)).isoformat()
        with client(server) as http:
            return http.post(STATUSES, json={"status": "later", "scheduled_at": when}).json()

    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    strict, plain, deaf = quirks(scheduling="strict"), quirks(), quirks(scheduling="ignored")
    for server in (strict, plain, deaf):
        server.clock = lambda: now
    assert "error" in at(strict, 4) and "content" in at(plain, 4) and "content" in at(deaf, 60)
    assert at(strict, -60)["created_at"] == "2026-11-23T11:00:00.000Z"
    assert at(plain, 6)["scheduled_at"] == "2026-11-23T12:06:00.000Z"
    assert [len(server.statuses) for server in (strict, plain, deaf)] == [1, 1, 1]
    plain.clock = lambda: now + timedelta(minutes=6)
    with client(plain) as http:
        assert http.get("/api/v1/scheduled_statuses").json() == []
    assert len(plain.statuses) == 2


@pytest.mark.parametrize(
    ("errors", "body", "kind"),
    [
        ("json", '{"error": "The access token is invalid"}', "application/json"),
        ("list", '{"errors": [{"detail": "The access token is invalid"}]}', "application/json"),
        ("text", "The access token is invalid", "text/plain"),
        ("empty", "", "text/plain"),
        ("html", "<!DOCTYPE html>", "text/html"),
    ],
)
def test_errors_come_in_every_dress(quirks, errors, body, kind):
    server = quirks(errors=errors, refused=400)
    with client(server) as http, client(server, scopes="read") as reader:
        assert http.post(STATUSES, json={"status": "x" * 501}).status_code == 400
        assert http.post(STATUSES, json={"status": "https://example.org/" + "x" * 500}).status_code == 200
        assert reader.post(STATUSES, json={"status": "x"}).status_code == 403
        server.revoke(server.token("brand", "other"))
        answer = http.get(NOTES, headers={"Authorization": "Bearer quirks-brand-other"})
    assert answer.status_code == 401
    assert answer.text.startswith(body) and bool(answer.text) == bool(body)
    assert answer.headers["content-type"].startswith(kind)


def test_limits_count_by_token_or_by_address_and_say_when_they_end(quirks):
    def third(**switches) -> httpx.Response:
        server = quirks(limit=2, **switches)
        with client(server) as one, client(server, "ada") as other:
            assert [one.get(NOTES).status_code, one.get(NOTES).status_code] == [200, 200]
            return other.get(NOTES)

    assert third().status_code == 200
    by_address = third(limit_by="ip", limit_reset="epoch", retry_after=True)
    assert by_address.status_code == 429
    assert by_address.json() == {"error": "rate limit reached"}
    assert by_address.headers["x-ratelimit-reset"].isdigit() and "retry-after" in by_address.headers
    iso = third(limit_by="ip").headers
    assert iso["x-ratelimit-reset"].endswith("Z") and "retry-after" not in iso
    with client(quirks(capacity=1)) as http:
        full = http.get(NOTES)
        assert (full.status_code, full.headers["retry-after"], http.get(NOTES).status_code) == (429, "30", 200)


def test_what_is_deleted_takes_its_notification_along_or_leaves_a_hole(quirks):
    for deleted, left in (("gone", []), ("null", [None])):
        server = quirks(deleted=deleted)
        server.delete(server.mention("ada", "oops"))
        with client(server) as http:
            assert [row["status"] for row in http.get(NOTES).json()] == left


def test_a_reply_without_a_mention_tells_nobody_and_one_to_a_deleted_parent_fails_in_three_ways(quirks):
    server = quirks()
    ours = server.post("brand", "ours")
    answer = server.post("ada", "no name in it", ours)
    assert server.notifications == []
    with client(server) as http:
        thread = http.get(f"{STATUSES}/{ours.id}/context").json()
        assert [row["id"] for row in thread["descendants"]] == [answer.id]
        server.delete(answer)
        for orphan, code in (("missing", 404), ("accepted", 200), ("error", 500)):
            server.quirks.orphan = orphan
            assert http.post(STATUSES, json={"status": "re", "in_reply_to_id": answer.id}).status_code == code
    assert server.statuses[-1].in_reply_to is None
    loud = quirks(reply_notifies=True)
    loud.post("ada", "no name", loud.post("brand", "ours"))
    assert [row.kind for row in loud.notifications] == ["mention"]


def test_acts_on_statuses_and_accounts(quirks):
    server = quirks(listed_twice=True)
    theirs = server.mention("ada", "hello")
    with client(server) as http:
        who = theirs.account.id
        assert http.post(f"{STATUSES}/{theirs.id}/favourite").json()["favourited"] is True
        wrapper = http.post(f"{STATUSES}/{theirs.id}/reblog").json()
        assert wrapper["reblog"]["id"] == theirs.id != wrapper["id"]
        mine = http.post(STATUSES, data={"status": "mine"}).json()["id"]
        assert "<p>edited</p>" in http.put(f"{STATUSES}/{mine}", json={"status": "edited"}).json()["content"]
        me = http.get("/api/v1/accounts/verify_credentials").json()["id"]
        listed = [row["id"] for row in http.get(f"/api/v1/accounts/{me}/statuses").json()]
        assert listed == [mine, mine, wrapper["id"]]
        assert http.delete(f"{STATUSES}/{mine}").json()["text"] == "edited"
        assert http.get(f"{STATUSES}/{mine}").status_code == 404
        assert http.post("/api/v1/reports", json={"account_id": who, "comment": "spam"}).status_code == 200
        assert server.reports[0]["target"] == "ada"
        assert http.post(f"/api/v1/accounts/{who}/mute").json()["muting"] is True
        assert http.get(NOTES).json() == []
        http.post(f"/api/v1/accounts/{who}/unmute")
        assert len(http.get(NOTES).json()) == 2


def test_media_is_ready_after_a_while_or_there_is_only_v1(quirks):
    picture = {"file": ("a.png", b"\x89PNG\r\n\x00\xff", "image/png")}
    server = quirks(media_polls=1)
    with client(server) as http:
        answer = http.post("/api/v2/media", files=picture, data={"description": "a dot"})
        early = http.post(STATUSES, json={"status": "x", "media_ids": [answer.json()["id"]]})
        polled = [http.get(f"/api/v1/media/{answer.json()['id']}").status_code for _ in range(2)]
        done = http.post(STATUSES, data={"status": "x", "media_ids[]": [answer.json()["id"]]}).json()
    assert (answer.status_code, early.status_code, polled) == (202, 422, [206, 200])
    assert [one["description"] for one in done["media_attachments"]] == ["a dot"]
    assert server.media[answer.json()["id"]]["data"] == picture["file"][1]
    with client(quirks(media="v1")) as http:
        assert [http.post(f"/api/{v}/media", files=picture).status_code for v in ("v2", "v1")] == [404, 200]


def test_a_server_that_is_not_mastodon_and_one_that_is_away(quirks):
    server = quirks(not_mastodon=True)
    with client(server) as http:
        answer = http.get("/api/v2/instance")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")
        server.stop()
        with pytest.raises(httpx.TransportError):
            http.get("/api/v2/instance")
        server.start()
        assert http.get("/").status_code == 404
    assert server.count("GET", "/api/v2/instance") == 1
