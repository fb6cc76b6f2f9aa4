"""The server with quirks: lists that are cut short, kept aside, without end, odd or no lists at all."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

import httpx
import pytest

from tests.servers.quirks import Quirks, QuirkServer, client
from tests.servers.quirks.each import EACH, switches
from tests.servers.quirks.odd import LARGE, READABLE

NOTES, STATUSES = "/api/v1/notifications", "/api/v1/statuses"


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [int(row["status"]["content"].split("number ")[1].split("<")[0]) for row in rows]


NOT_IN_THE_JOB = {
    ("not_mastodon", True): "there is no job on it: tests/whole/test_login.py",
    ("wrong_code", "debug page"): "the job logs in with the right code: tests/networks/mastodon/test_server_trouble.py",
}
"""Values of switches that the list of quirks leaves out, with the reason and where they are tested."""


def named_values(hint: Any) -> set[Any]:
    """The values that a switch can have by its type, or its elements; none for numbers and other free values."""
    if hint is bool:
        return {True, False}
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {value for part in get_args(hint) if part is not Ellipsis for value in named_values(part)}


def elements(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list | tuple | frozenset) else {value}


def test_each_value_of_each_switch_is_in_the_list_of_quirks():
    used = {(switch, value) for row in EACH.values() for switch, given in row.items() for value in elements(given)}
    hints, usual, missing = get_type_hints(Quirks), Quirks(), set[Any]()
    for field in fields(Quirks):
        values = named_values(hints[field.name]) - elements(getattr(usual, field.name)) - {"right"}
        missing |= {(field.name, value) for value in values} - used
        assert values or field.name in {switch for switch, _ in used}, field.name
    assert missing == NOT_IN_THE_JOB.keys()


def test_each_quirk_of_the_list_can_be_made():
    for name in EACH:
        assert Quirks(**switches(name)) != Quirks()


def test_quirks_together_join_what_is_a_list():
    joined = switches("odd item: null", "odd item: text", "rewrites www", "rewrites strips", "post: drop; key ignored")
    assert joined["odd_items"] == ("null", "text") and joined["rewrites"] == {"www", "strips"}
    switches("post: drop; key ignored")["post_answers"].clear()
    assert EACH["post: drop; key ignored"]["post_answers"] == ["drop"]


def test_min_id_gives_the_next_the_newest_or_is_not_looked_at(quirks):
    def above(style: str) -> list[int]:
        server = quirks(min_id=style)
        server.mentions(9)
        query = {"limit": 3, "min_id": server.notifications[2].id}
        with client(server) as http:
            return numbers(http.get(NOTES, params=query).json())

    assert above("next") == [5, 4, 3]
    assert above("newest") == above("ignored") == [8, 7, 6]
    server = quirks(min_id="newest")
    server.mentions(4)
    with client(server) as http:
        assert numbers(http.get(NOTES, params={"min_id": server.notifications[2].id}).json()) == [3]


def test_only_the_newest_are_listed_at_all(quirks):
    server = quirks(notifications_most=5)
    server.mentions(9)
    with client(server) as http:
        assert numbers(http.get(NOTES).json()) == [8, 7, 6, 5, 4]
        assert http.get(NOTES, params={"max_id": server.notifications[4].id}).json() == []


def test_pages_without_end_are_full_both_ways(quirks):
    server = quirks(endless=True)
    server.mentions(2)
    with client(server) as http:
        down = http.get(NOTES, params={"limit": 4}).links["next"]["url"]
        for _ in range(3):
            answer = http.get(down)
            assert len(answer.json()) == 4 and not any("status" in row for row in answer.json()[-2:])
            down = answer.links["next"]["url"]
        top = server.notifications[-1].id
        for _ in range(3):
            page = http.get(NOTES, params={"limit": 4, "min_id": top}).json()
            assert len(page) == 4 and page[0]["id"] != top
            top = page[0]["id"]


def test_direct_mentions_of_strangers_stand_aside_until_they_are_accepted(quirks):
    server = quirks(filters=True)
    server.mention("ada", "open")
    server.mention("ada", "psst", visibility="direct")
    server.account("brand").follows.add("grace")
    server.mention("grace", "psst", visibility="direct")
    with client(server) as http:
        everything = {"include_filtered": "true"}
        assert [len(http.get(path, params=query).json()) for path, query in ((NOTES, {}), (NOTES, everything))] == [
            2,
            3,
        ]
        assert [row.get("filtered") for row in http.get(NOTES, params=everything).json()] == [None, True, None]
        policy = http.get("/api/v2/notifications/policy").json()["summary"]
        assert policy == {"pending_requests_count": 1, "pending_notifications_count": 1}
        (request,) = http.get(f"{NOTES}/requests").json()
        assert "psst" in request["last_status"]["content"] and request["account"]["acct"] == "ada"
        assert http.post(f"{NOTES}/requests/{request['id']}/accept").json() == {}
        assert len(http.get(NOTES).json()) == 3 and http.get(f"{NOTES}/requests").json() == []


@pytest.mark.parametrize(("verb", "listed", "below"), [("authorize", ["mention"], 1), ("reject", [], 0)])
def test_answers_wait_for_approval(quirks, verb, listed, below):
    server = quirks(approval=True)
    ours = server.post("brand", "ours")
    server.mention("ada", "an answer", ours)
    with client(server) as http:

        def seen() -> tuple[list[str], int]:
            rows = [row["type"] for row in http.get(NOTES).json()]
            return rows, len(http.get(f"{STATUSES}/{ours.id}/context").json()["descendants"])

        assert seen() == (["pending.reply"], 0)
        (waiting,) = http.get("/api/v1/interaction_requests").json()
        assert "an answer" in waiting["reply"]["content"]
        assert http.post(f"/api/v1/interaction_requests/{waiting['id']}/{verb}").status_code == 200
        assert seen() == (listed, below)


def odd_page(quirks, name: str, version: int = 1) -> httpx.Response:
    server: QuirkServer = quirks(odd_items=(name,))
    server.mentions(2)
    with client(server) as http:
        return http.get(f"/api/v{version}/notifications")


def test_each_odd_item_stands_between_two_good_ones(quirks):
    for name in ("type", "key", "null", "text", "id", "no account", "year 1", "surrogate", "surrogate id"):
        for version in (1, 2):
            answer = odd_page(quirks, name, version).json()
            rows = answer["notification_groups"] if version == 2 else answer
            assert len(rows) == 3
            if version == 1:
                assert numbers([rows[0], rows[2]]) == [1, 0]
    assert odd_page(quirks, "type").json()[1]["type"] == {"a": 1}
    assert odd_page(quirks, "key", 2).json()["notification_groups"][1]["group_key"] == {"a": 1}
    assert [odd_page(quirks, name).json()[1] for name in ("null", "text")] == [None, "oops"]
    assert "\ud800" in odd_page(quirks, "surrogate").json()[1]["status"]["url"]
    assert len(odd_page(quirks, "large").content) > LARGE
    with pytest.raises(RecursionError):
        json.loads(odd_page(quirks, "deep").content)
    assert "year 1" in READABLE and "deep" not in READABLE


def test_what_is_no_page_comes_once_and_then_the_page(quirks):
    kinds = ["deep", "port", "loop", "dates", "html", "empty", "502", "object", "garbage"]
    server = quirks(page_answers=list(kinds))
    server.mentions(1)
    with client(server) as http:
        answers = [http.get(NOTES) for _ in kinds]
        assert [answer.status_code for answer in answers] == [200, 302, 302, 429, 200, 200, 502, 200, 200]
        assert answers[1].headers["location"].endswith(":99999999/api")
        assert answers[3].headers["retry-after"].startswith("Fri, 31 Dec 9999")
        assert numbers(http.get(NOTES).json()) == [0]
        server.quirks.page_answers += ["cut", "gzip"]
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(NOTES)
        with http.stream("GET", NOTES) as bomb:
            assert len(b"".join(bomb.iter_raw())) < 1000 and bomb.headers["content-encoding"] == "gzip, gzip"
