"""The server with quirks: texts that are rewritten, own posts that aren't listed, answers that are lost or wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.servers.quirks import client

STATUSES, NOTES = "/api/v1/statuses", "/api/v1/notifications"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("way", "text", "content"),
    [
        ("www", "see www.example.org/a", 'see <a href="http://www.example.org/a">www.example.org/a</a>'),
        ("www", "see https://www.example.org", 'see <a href="https://www.example.org"'),
        ("entities", "AT&amp;T & co", "AT&amp;T &amp; co"),
        ("shortcodes", "hi :smile:", "hi \U0001f604"),
        ("smileys", "hi :) <3", "hi \U0001f642 ❤️"),
        ("strips", "a <b>b</b> c", "a b c"),
        ("renders", "a <b>b</b><br>c <x>", "a <b>b</b><br>c &lt;x&gt;"),
        ("markdown", "**a** [^1] <!-- c -->![d](u)", '<strong>a</strong> <sup><a href="#fn-1">1</a></sup> <img'),
        ("typography", '"a" -- it\'s...', "“a” — it’s…"),
        ("appends", "a", "<p>a</p><p>RE: "),
    ],
)
def test_texts_are_rewritten_when_they_come_through_the_interface(quirks, way, text, content):
    server = quirks(rewrites=frozenset((way,)))
    with client(server) as http:
        made = http.post(STATUSES, json={"status": text}).json()
        assert content in made["content"]
        assert http.get(f"{STATUSES}/{made['id']}/source").json()["text"] == text
        edited = http.put(f"{STATUSES}/{made['id']}", json={"status": f"x {text}"}).json()
        assert edited["content"] != made["content"]
        assert "text" not in made
        server.quirks.source_field = True
        assert http.get(f"{STATUSES}/{made['id']}").json()["text"] == f"x {text}"
        server.quirks.source = "none"
        assert http.get(f"{STATUSES}/{made['id']}/source").status_code == 404
    assert text[:3] in server.mention("ada", text, html=text).content, "others' texts come as they are"


def test_private_and_direct_statuses_are_not_listed_to_their_owner(quirks):
    server = quirks()
    for visibility in ("public", "unlisted", "private", "direct"):
        server.post("brand", f"@ada {visibility}", visibility=visibility)
    own = f"/api/v1/accounts/{server.account('brand').id}/statuses"
    with client(server) as http:

        def listed(path: str) -> list[str]:
            return [row["visibility"] for row in http.get(path).json()]

        assert listed(own) == ["direct", "private", "unlisted", "public"]
        assert listed("/api/v1/timelines/home") == ["private", "unlisted", "public"]
        (talk,) = http.get("/api/v1/conversations").json()
        assert "direct" in talk["last_status"]["content"] and talk["accounts"][0]["acct"] == "ada"
        server.quirks.own_list = "public"
        assert listed(own) == ["unlisted", "public"]
        server.quirks.own_list = "none"
        assert listed(own) == []
        server.quirks.home_timeline = server.quirks.conversations = False
        assert [http.get(f"/api/v1/{p}").status_code for p in ("timelines/home", "conversations")] == [404, 404]


def test_reads_lag_and_clocks_differ(quirks):
    server = quirks(lag=45, created_at_off=-300)
    now = [NOW]
    server.clock = lambda: now[0]
    own = f"/api/v1/accounts/{server.account('brand').id}/statuses"
    with client(server) as http:
        made = http.post(STATUSES, json={"status": "x"})
        assert parsedate_to_datetime(made.headers["date"]) == NOW
        assert made.json()["created_at"] == "2026-11-23T11:55:00.000Z"
        one = f"{STATUSES}/{made.json()['id']}"
        assert http.get(own).json() == [] and http.get(one).status_code == 404
        now[0] += timedelta(seconds=45)
        assert len(http.get(own).json()) == 1 and http.get(one).status_code == 200
        server.quirks.date = "none"
        assert "date" not in http.get(own).headers


def test_many_other_posts_follow_each_of_ours(quirks):
    server = quirks(flood=3)
    with client(server) as http:
        http.post(STATUSES, json={"status": "ours"})
    assert [status.text for status in server.statuses][:2] == ["ours", "from elsewhere, number 0"]
    assert len(server.statuses) == 4


def test_boosted_statuses_come_as_wrappers_by_the_booster(quirks):
    server = quirks("sparse", wraps_boosted=True, default_limit=20)
    theirs, ours = server.mention("ada", "hello"), server.post("brand", "ours")
    for status in (theirs, ours):
        server.reblog("zoe", status)
    own = f"/api/v1/accounts/{server.account('brand').id}/statuses"
    with client(server) as http:
        notified = http.get(NOTES, params={"exclude_types[]": "reblog"}).json()[0]["status"]
        for wrapper, inside in ((notified, theirs), (http.get(own).json()[0], ours)):
            assert (wrapper["account"]["acct"], wrapper["content"]) == ("zoe", "")
            assert wrapper["id"] == inside.id.upper() != inside.id == wrapper["reblog"]["id"]
            assert wrapper["reblog"]["content"] == inside.content
            assert http.get(f"{STATUSES}/{wrapper['id']}").json()["reblog"]["id"] == inside.id


def test_an_edit_may_say_nothing_or_change_the_id(quirks):
    server = quirks(edited_at=False, edit_changes_id=True, mention_ids="place")
    theirs = server.mention("ada", "hello")
    answer, old = server.post("brand", "hi @grace @ada", theirs), theirs.id
    server.edit(old, "@brand hello there")
    with client(server) as http:
        row = http.get(NOTES).json()[0]["status"]
        assert row["id"] == theirs.id != old and row["edited_at"] is None and row["uri"].endswith(old)
        assert http.get(f"{STATUSES}/{old}").status_code == 404
        shown = http.get(f"{STATUSES}/{answer.id}").json()
        assert shown["in_reply_to_id"] == theirs.id
        assert [(one["id"], one["acct"]) for one in shown["mentions"]] == [("0", "grace"), ("1", "ada")]


DONE = {"drop": None, "cut": None, "502": 502, "500": 500, "503 after": 503, "html": 200, "empty": 200,
        "another's": 200, "older": 200, "503 before": 503, "429 before": 429, "reset before": None,
        "older, not done": 200}  # fmt: skip


@pytest.mark.parametrize(("kind", "code"), DONE.items())
def test_an_answer_to_a_post_is_lost_or_wrong_and_the_next_is_right(quirks, kind, code):
    server = quirks(post_answers=[kind])
    theirs, older = server.mention("ada", "hello"), server.post("brand", "older")
    moments: list[tuple[str, str]] = []
    server.hooks.append(lambda moment, request: moments.append((moment, request.fields["status"])))
    answer: Any = None
    with client(server) as http:
        if code is None:
            with pytest.raises(httpx.TransportError):
                http.post(STATUSES, json={"status": "x"})
        else:
            answer = http.post(STATUSES, json={"status": "x"})
            assert answer.status_code == code
        done = [] if kind.endswith(("before", "not done")) else ["x"]
        assert [status.text for status in server.statuses[2:]] == done
        assert http.post(STATUSES, json={"status": "y"}).json()["content"] == "<p>y</p>"
    if kind.startswith("503"):
        assert answer.headers["retry-after"] == "1"
    if kind in ("another's", "older", "older, not done"):
        assert answer.json()["id"] == (theirs if kind == "another's" else older).id
    assert moments[0] == ("before", "x") and moments[-1] == ("after", "y")


def test_acts_lose_their_answers_too(quirks):
    server = quirks(act_answers=["drop", "502", "503 before"])
    ours, theirs = server.post("brand", "ours"), server.mention("ada", "hello")
    with client(server) as http:
        with pytest.raises(httpx.TransportError):
            http.put(f"{STATUSES}/{ours.id}", json={"status": "edited"})
        assert ours.text == "edited"
        assert http.post(f"{STATUSES}/{theirs.id}/favourite").status_code == 502 and theirs.favourites == {"brand"}
        assert http.delete(f"{STATUSES}/{ours.id}").status_code == 503 and not ours.deleted
        assert http.delete(f"{STATUSES}/{ours.id}").status_code == 200 and ours.deleted


def test_links_count_whole_though_the_server_says_otherwise(quirks):
    server = quirks(links_count_whole=True, characters_reserved_per_url=25, max_characters=60)
    with client(server) as http:
        stated = http.get("/api/v2/instance").json()["configuration"]["statuses"]
        assert (stated["characters_reserved_per_url"], stated["max_characters"]) == (25, 60)
        link = "https://example.org/" + "x" * 50
        assert http.post(STATUSES, json={"status": link}).status_code == 422
        server.quirks.links_count_whole = False
        assert http.post(STATUSES, json={"status": link}).status_code == 200


def test_a_limit_without_a_word_a_broken_instance_and_a_debug_page(quirks):
    server = quirks(limit=1, limit_headers=False, instance_v2_error=500, wrong_code="debug page")
    with client(server) as http:
        codes = [http.get(f"/api/v{version}/instance") for version in (2, 1)]
        assert [answer.status_code for answer in codes] == [500, 429]
        assert not any("limit" in name or name == "retry-after" for name in codes[1].headers)
        server.quirks.limit = None
        assert http.get("/api/v1/instance").status_code == 200
        app = http.post("/api/v1/apps", data={"client_name": "t", "redirect_uris": "urn:x"}).json()
        form = {"grant_type": "authorization_code", "code": "wrong", "redirect_uri": "urn:x"}
        form |= {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        page = http.post("/oauth/token", data=form)
        assert page.status_code == 500 and len(page.text) > 10_000 and "text/html" in page.headers["content-type"]


def test_an_upload_hangs_until_it_is_let_go(quirks):
    server = quirks(upload_hangs=True)
    picture = {"file": ("a.png", b"\x89PNG", "image/png")}
    with client(server) as http:
        with pytest.raises(httpx.ReadTimeout):
            http.post("/api/v2/media", files=picture, timeout=0.2)
        server.quirks.upload_hangs = False
        assert http.post("/api/v2/media", files=picture).status_code == 202
