"""5,000 notifications: the first sync and the steady poll, every request counted; and the poll against a model."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.model.clock import Moment, from_iso, to_iso
from commtui.networks.answers import Unreadable
from commtui.networks.base import EventKind
from commtui.networks.bluesky import cursor, inbound
from commtui.networks.payloads import read
from tests.networks.bluesky import logins
from tests.networks.bluesky.logins import fetched, of, run

LIST = "/xrpc/app.bsky.notification.listNotifications"


@pytest.mark.slow
def test_five_thousand_notifications(network, through):
    """Every fifth is a mention. One request for the newest hundred, then mentions alone, to a thousand of them."""
    network.flood("erin", 5000)
    made = logins.login(network, "erin", url=through.url)

    async def first(client):
        await client.check()
        through.clear()
        return await fetched(client)

    batches = run(made, first)
    mentions = [item.status.remote_id for item in of(batches)]
    assert len(mentions) == len(set(mentions)) == 1000
    assert sum(batch.skipped for batch in batches) == 0
    moments = [item.at for batch in batches for item in batch.items]
    assert moments == sorted(moments)
    assert through.count(path=LIST) == len(through.requests) == 18  # the AppView filters by reason after it has paged
    stored = batches[-1].cursor
    assert len(stored) < 1400

    async def poll(client, at=stored):
        through.clear()
        return await fetched(client, at)

    assert run(made, poll) == []
    assert through.count(path=LIST) == len(through.requests) == 1

    new = [network.post("ada", f"@erin.test new {number}") for number in range(3)]
    network.process_all()
    batches = run(made, poll)
    assert [item.status.remote_id for item in of(batches)] == new
    assert len(through.requests) == 2

    # 400 more, some of which arrive late, below newer ones that are in already
    network.flood("erin", 400, later=True)
    last = batches[-1].cursor
    batches = run(made, lambda client: poll(client, last))
    assert len(of(batches)) == 80
    assert len(of(batches, EventKind.ENGAGEMENT)) == 320
    assert len(through.requests) == 6
    last = batches[-1].cursor
    assert run(made, lambda client: poll(client, last)) == []
    assert len(through.requests) == 1


# -- the poll against a model of the network


@dataclass
class Model:
    """A network's list of notifications, with its cursor that skips what shares a time, and its short pages."""

    items: list[tuple[datetime, str, str]] = field(default_factory=list)
    requests: int = 0
    did: str = "did:plc:us"

    def add(self, at, reason="mention"):
        self.items.append((at, f"at://did:plc:them/app.bsky.feed.post/{len(self.items)}", reason))

    @property
    def login(self):
        return self

    http, host, account = login, "model", "a-model"
    clock = Moment(datetime(2026, 11, 24, 9, tzinfo=UTC))

    async def query(self, kind, name, *params):
        self.requests += 1
        given_ = dict(params)
        reasons = {value for key, value in params if key == "reasons"}
        ordered = sorted(self.items, key=lambda item: to_iso(item[0]), reverse=True)
        rows = ordered
        if "cursor" in given_:
            rows = [row for row in rows if to_iso(row[0]) < given_["cursor"]]
        page = rows[: int(given_["limit"])]
        more = {"cursor": to_iso(page[-1][0])} if len(page) == int(given_["limit"]) else {}
        shown = [item for item in page if item[2] != "hidden" and (not reasons or item[2] in reasons)]
        return read({"notifications": [self.entity(*item) for item in shown], **more}, kind)

    @staticmethod
    def entity(at, uri, reason):
        record = {"text": "hello", "createdAt": to_iso(at)}
        author = {"did": "did:plc:them", "handle": "them.test"}
        return {"uri": uri, "cid": "c", "author": author, "reason": reason, "record": record, "indexedAt": to_iso(at)}


START = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def all_of(batches):
    return [(batch, place) async for batch, place in batches]


def uris(found):
    return [item.remote_id for batch, _ in found for item in batch.items]


# how many come before each poll, how close together (ms), and after how many batches the program is killed
ROUNDS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([0, 1, 1000]), st.sampled_from([None, None, 1, 2])),
    min_size=1,
    max_size=6,
)


@given(ROUNDS, st.integers(0, 2**16), st.booleans())
@settings(max_examples=200)
def test_every_mention_comes_exactly_once_however_they_are_spread(rounds, seed, hidden):
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(inbound, "LIMIT", 8)
        model: Any = Model()
        now, came, place, told = START, [], None, False
        for count, gap, killed in rounds:
            for _ in range(count):
                now += timedelta(milliseconds=gap * chance.randint(0, 1) if gap else 0)
                model.add(now, "hidden" if hidden and chance.random() < 0.7 else "mention")  # of somebody muted
            now += timedelta(milliseconds=5)
            batches = asyncio.run(
                all_of(inbound.first(model, START - timedelta(days=1)) if place is None else inbound.news(model, place))
            )
            if killed is not None:
                batches = batches[:killed]
            came += uris(batches)
            told = told or any(batch.missed_since or batch.left_out for batch, _ in batches)
            if batches:
                place = cursor.read(batches[-1][1].write())
        assert len(came) == len(set(came))
        if place is not None:
            batches = asyncio.run(all_of(inbound.news(model, place)))
            came += uris(batches)
            place = batches[-1][1] if batches else place
            before = model.requests
            assert asyncio.run(all_of(inbound.news(model, place))) == []
            assert hidden or model.requests == before + 1
        assert len(came) == len(set(came))
        if place is not None and set(came) != {uri for _, uri, reason in model.items if reason != "hidden"}:
            assert told, "lost in silence"


def test_more_in_one_millisecond_than_a_page_has_is_told_and_what_comes_after_it_comes():
    model: Any = Model()
    model.add(START)
    place = asyncio.run(all_of(inbound.first(model, START - timedelta(days=1))))[-1][1]
    moment = START + timedelta(seconds=1)
    for _ in range(130):
        model.add(moment)
    model.add(START + timedelta(seconds=2))
    found = asyncio.run(all_of(inbound.news(model, place)))
    assert {batch.missed_since for batch, _ in found} == {moment}
    assert len(uris(found)) == 101 and model.items[-1][1] in uris(found)
    assert asyncio.run(all_of(inbound.news(model, found[-1][1]))) == []
    assert {batch.left_out for batch, _ in asyncio.run(all_of(inbound.first(model, START)))} == {-1}


def test_page_that_cannot_be_read_is_asked_for_in_parts_and_one_notification_is_passed():
    model: Any = Model()
    query, odd = model.query, set()

    async def picky(kind, name, *params):
        answer = await query(kind, name, *params)
        bad = [entry for entry in answer.notifications if entry["uri"] in odd]
        if bad:
            text = json.dumps({"notifications": answer.notifications, "cursor": answer.cursor})
            raise Unreadable("it is nested too deep", text.encode())
        return answer

    model.query = picky
    for second in range(40):
        model.add(START + timedelta(seconds=second))
    place = asyncio.run(all_of(inbound.first(model, START)))[-1][1]
    for second in range(40, 50):
        model.add(START + timedelta(seconds=second))
    odd |= {model.items[number][1] for number in (42, 49)}
    found = asyncio.run(all_of(inbound.news(model, place)))
    assert uris(found) == [uri for _, uri, _ in model.items[40:] if uri not in odd]
    assert sum(batch.skipped for batch, _ in found) == 2
    again = asyncio.run(all_of(inbound.news(model, found[-1][1])))
    assert again == []


def test_many_late_arrivals_below_newer_ones_are_not_missed():
    model: Any = Model()
    for second in range(300):
        model.add(START + timedelta(seconds=second))
    place = asyncio.run(all_of(inbound.first(model, START - timedelta(days=1))))[-1][1]
    late = [START + timedelta(seconds=250, milliseconds=number) for number in range(1, 251)]
    for at in late:
        model.add(at)
    batches = asyncio.run(all_of(inbound.news(model, place)))
    assert len(uris(batches)) == len(set(uris(batches))) == 250
    assert asyncio.run(all_of(inbound.news(model, batches[-1][1]))) == []


def test_late_arrival_below_newer_ones_is_not_missed():
    model: Any = Model()
    for second in range(10):
        model.add(START + timedelta(seconds=second))
    ((_, place), *_) = asyncio.run(all_of(inbound.first(model, START - timedelta(days=1))))
    model.add(START + timedelta(seconds=4, milliseconds=500))
    batches = asyncio.run(all_of(inbound.news(model, place)))
    assert uris(batches) == [model.items[-1][1]]


def test_post_that_came_for_several_reasons_comes_once_as_an_answer():
    model: Any = Model()
    for reason in ("mention", "quote", "reply"):
        model.items.append((START, "at://did:plc:them/app.bsky.feed.post/x", reason))
    ((batch, _),) = asyncio.run(all_of(inbound.first(model, START - timedelta(days=1))))
    assert [str(item.via) for item in batch.items] == ["answer"]


def test_unknown_and_malformed_notifications_harm_no_other():
    model: Any = Model()
    model.add(START, "starterpack-joined")
    model.add(START + timedelta(seconds=1), "something-new")
    model.add(START + timedelta(seconds=2))
    entity = model.entity
    model.entity = lambda at, uri, reason: {**entity(at, uri, reason), **({"cid": 5} if reason == "mention" else {})}
    model.add(START + timedelta(seconds=3), "like")
    batches = asyncio.run(all_of(inbound.first(model, START - timedelta(days=1))))
    assert [(batch.items, batch.skipped) for batch, _ in batches] == [((), 2)]


WRONG = ["0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59Z", "yesterday", None]


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_time_of_one_notification_stops_no_other_and_drops_none(wrong):
    """As its author's server may give one: the poll before it, with it, and after it."""
    model: Any = Model()
    entity = model.entity
    odd = "at://did:plc:them/app.bsky.feed.post/1"
    model.entity = lambda at, uri, reason: {**entity(at, uri, reason), **({"indexedAt": wrong} if uri == odd else {})}
    place, came = None, []
    for second in range(4):
        model.add(START + timedelta(seconds=second))
        found = asyncio.run(all_of(inbound.first(model, START) if place is None else inbound.news(model, place)))
        came += uris(found)
        place = cursor.read(found[-1][1].write())
    assert came == [uri for _, uri, _ in model.items]
    assert all(item.at <= model.clock.now() for batch, _ in found for item in batch.items)


@pytest.mark.parametrize("bad", ["", "x", "{}", "[]", '{"seen": 5}', '{"seen": "", "at": "no time"}', "null"])
def test_cursor_that_cannot_be_read_begins_again(bad):
    assert cursor.read(bad) is None


@given(st.lists(st.text("abcdefgh234567", min_size=8, max_size=8), max_size=120), st.text(max_size=9))
def test_cursor_is_read_as_it_was_written(seen, chat):
    place = cursor.Cursor(to_iso(START), to_iso(START), tuple(seen), chat)
    assert cursor.read(place.write()) == place
    assert from_iso(place.at) == START
