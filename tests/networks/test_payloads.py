"""What servers send, well-formed or not: a wrong value costs its field or its item, and nothing beside it."""

import copy
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from commtui.model.arrival import EARLIEST
from commtui.model.clock import AwareDatetime
from commtui.networks.base import EventKind, Malformed
from commtui.networks.bluesky import parse as bluesky
from commtui.networks.bluesky.inbound import _items
from commtui.networks.json_texts import decode
from commtui.networks.mastodon import aside, entities, parse
from commtui.networks.mastodon.parse import Us
from commtui.networks.payloads import Id, read, read_each

US = Us("1", "here.example")
AT = "2026-11-27T10:00:00.000Z"
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


class Inner(Struct, frozen=True):
    """Something in something."""

    name: str
    size: int = 1


class Thing(Struct, frozen=True, rename="camel"):
    """Of every kind of field."""

    id: Id
    made_at: AwareDatetime
    word: str = "none"
    inner: Inner | None = None
    plain: Inner = Inner("default")
    many: tuple[Inner, ...] = ()
    words: tuple[str, ...] = ()
    since: AwareDatetime | None = None


WHOLE = {"id": "a", "madeAt": AT, "word": "w", "inner": {"name": "x"}, "many": [{"name": "y"}], "words": ["z"]}


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"id": 12}, "id", "12"),
        ({"word": None}, "word", "none"),
        ({"word": {}}, "word", "none"),
        ({"inner": []}, "inner", None),
        ({"inner": {"name": "x", "size": "big"}}, "inner", Inner("x")),
        ({"plain": "no"}, "plain", Inner("default")),
        ({"many": [{"name": "y"}, 3, {}, {"name": "z", "size": None}]}, "many", (Inner("y"), Inner("z"))),
        ({"many": {"name": "y"}}, "many", ()),
        ({"words": ["a", None, ["b"], "c"]}, "words", ("a", "c")),
        ({"since": "yesterday"}, "since", None),
        ({"since": "2026-11-27T10:00:00"}, "since", datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ({"madeAt": "20261127T100000+0000"}, "made_at", datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ({"unknown": object}, "word", "w"),
    ],
)
def test_a_field_that_can_be_missing_can_be_wrong(change, field, value):
    assert getattr(read({**WHOLE, **change}, Thing), field) == value


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, "no object"),
        ([], "no object"),
        ({}, "id"),
        ({**WHOLE, "id": ""}, "id"),
        ({**WHOLE, "id": True}, "id"),
        ({**WHOLE, "id": {"a": 1}}, "id"),
        ({**WHOLE, "madeAt": None}, "madeAt"),
        ({**WHOLE, "madeAt": "soon"}, "madeAt"),
        ({**WHOLE, "madeAt": 5}, "madeAt"),
    ],
)
def test_a_field_that_is_needed_must_be_right(value, names):
    with pytest.raises(Malformed, match=f"Thing .*{names}"):
        read(value, Thing)


def test_each_that_cannot_be_read_is_counted_and_logged(caplog):
    things, skipped = read_each([WHOLE, {}, 3, {**WHOLE, "id": "b"}], lambda value: read(value, Thing))
    assert [thing.id for thing in things] == ["a", "b"] and skipped == 2
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    assert read_each({"a": 1}, lambda value: value) == ([], 0)


def test_half_an_emoji_costs_nothing_and_nonsense_is_a_value_error():
    assert decode('["\\ud83d", "ok"]') == ["\ufffd", "ok"]
    assert decode(b'{"a": 1}') == {"a": 1}
    for bad in (b"", b"<html>", b"[1", b"\xff", b"[" * 100_000):
        with pytest.raises(ValueError):
            decode(bad)


# -- pages with one wrong value somewhere

STATUS: dict[str, Any] = {
    "id": "100",
    "account": {"id": "7", "acct": "ada@there.example", "username": "ada", "display_name": "Ada", "url": "https://x.example"},
    "created_at": AT,
    "content": "<p>@brand hello</p>",
    "visibility": "public",
    "in_reply_to_id": "99",
    "in_reply_to_account_id": "1",
    "mentions": [{"id": "1", "acct": "brand", "url": "https://here.example/@brand"}],
    "media_attachments": [{"id": "5", "type": "image", "url": "https://x.example/i.png", "description": "a jar"}],
    "language": "en",
    "edited_at": None,
}  # fmt: skip
NOTIFICATION: dict[str, Any] = {
    "id": "1000",
    "type": "mention",
    "created_at": AT,
    "account": STATUS["account"],
    "status": STATUS,
}
GROUP = {
    "group_key": "ungrouped-1000",
    "type": "mention",
    "notifications_count": 1,
    "page_max_id": "1000",
    "page_min_id": "1000",
    "most_recent_notification_id": "1000",
    "latest_page_notification_at": AT,
    "sample_account_ids": ["7"],
    "status_id": "100",
}
POST: dict[str, Any] = {
    "uri": "at://did:plc:them/app.bsky.feed.post/3k",
    "cid": "c",
    "author": {"did": "did:plc:them", "handle": "them.example", "displayName": "They"},
    "reason": "mention",
    "record": {
        "text": "hello e.org",
        "createdAt": AT,
        "langs": ["en"],
        "facets": [{"index": {"byteStart": 6, "byteEnd": 11}, "features": [{"uri": "https://e.org"}]}],
        "reply": {"root": {"uri": "at://r", "cid": "r"}, "parent": {"uri": "at://p", "cid": "p"}},
        "embed": {"$type": "app.bsky.embed.images", "images": [{"alt": "a", "image": {"ref": {"$link": "l"}}}]},
        "labels": {"values": [{"val": "spam"}]},
    },
    "labels": [{"val": "rude", "neg": False}],
    "indexedAt": AT,
}
JUNK = st.sampled_from(
    [
        None,
        True,
        -1,
        10**30,
        0.5,
        "",
        "x",
        "\ud83d",
        [],
        [None],
        [[]],
        {},
        {"id": {}},
        {"a": []},
        "2026-13-41T99:00:00Z",
    ]
)


def paths(value, here=()):
    """The place of every value in a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*here, key)
        yield from paths(inner, (*here, key))


def spoilt(document, path, junk):
    document = copy.deepcopy(document)
    at = document
    for key in path[:-1]:
        at = at[key]
    if junk is None:
        at.pop(path[-1])
    else:
        at[path[-1]] = junk
    return document


def with_id(document, number):
    return {**copy.deepcopy(document), "id": f"{number}"}


@given(st.sampled_from(list(paths(NOTIFICATION))), JUNK)
def test_one_wrong_value_in_a_page_of_notifications_stops_no_other(path, junk):
    page = [with_id(NOTIFICATION, 1), spoilt(NOTIFICATION, path, junk), with_id(NOTIFICATION, 2)]
    items, skipped = parse.notifications(page, US, NOW)
    assert len(items) >= 2 and len(items) + skipped <= 3
    assert items[0] == items[-1] and items[0].kind is EventKind.MENTION


@given(st.sampled_from(list(paths(GROUP))), JUNK, st.sampled_from(list(paths(STATUS))), JUNK)
def test_one_wrong_value_in_a_page_of_groups_stops_no_other(path, junk, below, other):
    page = entities.GroupedNotifications(
        notification_groups=[{**GROUP, "group_key": "1"}, spoilt(GROUP, path, junk), {**GROUP, "group_key": "2"}],
        accounts=[STATUS["account"]],
        statuses=[spoilt(STATUS, below, other), STATUS],
    )
    items, skipped = parse.groups(page, US, NOW)
    assert len(items) >= 2 and len(items) + skipped <= 3


@given(st.sampled_from(list(paths(POST))), JUNK)
def test_one_wrong_value_in_a_page_of_bluesky_stops_no_other(path, junk):
    page = [{**POST, "uri": POST["uri"] + "1"}, spoilt(POST, path, junk), {**POST, "uri": POST["uri"] + "2"}]
    items = list(_items(page, "did:plc:us", NOW))
    assert len(items) == 3  # one that is malformed has its place among the others, so that it is met once
    assert not items[0].malformed and not items[2].malformed
    assert items[1].what is not None or items[1].malformed or path == ("reason",)


DATES = st.sampled_from(
    [
        "11968-11-07T17:22:13.599Z",
        "0001-01-01T00:00:00.000+02:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999-11:00",
        "2014-01-01T00:00:00Z",
        "2099-01-01T00:00:00Z",
        "yesterday",
        "",
        None,
        17,
        {},
        [],
    ]
)


@given(DATES, DATES)
def test_no_date_drops_a_mention_and_the_notifications_own_stands(dated, noticed):
    odd = {**NOTIFICATION, "status": {**STATUS, "created_at": dated}}
    items, skipped = parse.notifications([odd, {**odd, "id": "2", "created_at": noticed}], US, NOW)
    assert (len(items), skipped) == (2, 0)
    assert items[0].at == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    assert items[1].at is not None and EARLIEST <= items[1].at <= NOW
    group = {**GROUP, "latest_page_notification_at": noticed}
    page = entities.GroupedNotifications([group], [STATUS["account"]], [{**STATUS, "created_at": dated}])
    items, skipped = parse.groups(page, US, NOW)
    assert (len(items), skipped) == (1, 0) and items[0].at is not None and EARLIEST <= items[0].at <= NOW


@given(DATES, st.lists(DATES, min_size=1, max_size=4), st.integers(0, 4))
def test_no_date_drops_a_mention_on_bluesky_and_a_wrong_one_is_its_neighbours(dated, noticed, place):
    odd = {**POST, "record": {**POST["record"], "createdAt": dated}}
    page = [{**odd, "uri": f"{POST['uri']}{n}", "indexedAt": at} for n, at in enumerate(noticed)]
    page.insert(place % (len(page) + 1), {**odd, "uri": f"{POST['uri']}x"})
    items = _items(page, "did:plc:us", NOW)
    assert [item.malformed for item in items] == [False] * len(page)
    good = {item.at for item in items if item.what and item.what.at == item.at}
    assert len(good) >= 1 and all(EARLIEST <= item.at <= NOW for item in items)


def test_a_boosted_text_in_a_wrapper_is_the_text_and_its_author():
    wrapper = {**STATUS, "id": "W", "account": {"id": "9", "acct": "boss"}, "content": "", "reblog": STATUS}
    for inner in (STATUS, {**STATUS, "reblog": None}):
        assert parse.read_status({**wrapper, "reblog": inner}, US) == parse.read_status(STATUS, US)
    items, _ = parse.notifications([{**NOTIFICATION, "status": wrapper}], US, NOW)
    assert items[0].remote_id == STATUS["id"] and items[0].status == parse.read_status(STATUS, US)
    boosted, _ = parse.notifications([{**NOTIFICATION, "type": "reblog", "status": wrapper}], US, NOW)
    assert boosted[0].remote_id == STATUS["id"]


def test_what_every_field_means_on_both_networks():
    item = parse.notifications([NOTIFICATION], US, NOW)[0][0]
    assert item.status is not None
    assert (item.status.author, item.status.text, item.status.in_reply_to) == (
        "@ada@there.example",
        "@brand hello",
        "99",
    )
    assert item.status.media[0].alt == "a jar" and not item.status.edited
    post = bluesky.notification(POST, "did:plc:us", NOW)
    assert post is not None and post.status is not None
    assert post.status.text == "hello e.org <https://e.org>" or post.status.text == "hello https://e.org"
    assert post.status.labels == ("rude", "spam") and post.status.media[0].remote_id == "l"
    assert msgspec.to_builtins(post.status.extra) == {"cid": "c", "root_cid": "r", "parent_cid": "p"}


@pytest.mark.parametrize(("value", "is_bot"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_mastodon_marks_an_account_as_a_bot(value, is_bot):
    entity = {**STATUS, "account": {**STATUS["account"], "bot": value}}
    assert parse.read_status(entity, US).bot is is_bot
    assert not parse.read_status(STATUS, US).bot


@pytest.mark.parametrize(
    ("labels", "is_bot"),
    [
        ([{"val": "bot", "src": "did:plc:ada"}], True),
        ([{"val": "spam"}, {"val": "bot"}], True),
        ([{"val": "bot", "neg": True}], False),
        ([{"val": "robot"}], False),
        ([], False),
        ("bot", False),
    ],
)
def test_a_label_marks_an_account_of_bluesky_as_a_bot(labels, is_bot):
    post = bluesky.notification({**POST, "author": {**POST["author"], "labels": labels}}, "did:plc:us", NOW)
    assert post is not None and post.status is not None and post.status.bot is is_bot
    of_the_text = bluesky.notification({**POST, "labels": [{"val": "bot"}]}, "did:plc:us", NOW)
    assert of_the_text is not None and of_the_text.status is not None and not of_the_text.status.bot


@pytest.mark.parametrize("count", [-1, 10**12 + 1, 10**30, 10**4200, 1e30, "7", None, True])
def test_a_count_that_cannot_be_one_is_left_out(count):
    poll = read({"options": [{"title": "yes", "votes_count": count}], "voters_count": count}, entities.Poll)
    assert (poll.options[0].votes_count, poll.voters_count) == (None, None)
    group = read({"group_key": "g", "type": "mention", "notifications_count": count}, entities.NotificationGroup)
    assert (group.group_key, group.notifications_count) == ("g", 1)
    assert read({"summary": {"pending_notifications_count": count}}, aside.Policy).summary == aside.Summary()
