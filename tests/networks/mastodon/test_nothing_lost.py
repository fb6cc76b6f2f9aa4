"""Whatever a server makes of min_id and whatever its list holds: all that can be reached comes, the rest is told."""

import itertools
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commtui.networks import gates
from commtui.networks.base import EventKind
from commtui.networks.mastodon import looking, pages, paging
from tests.clock import FakeClock
from tests.networks.mastodon.logins import CLOCK, fetched, ids, login, run
from tests.servers.quirks import PRESETS, QuirkServer
from tests.servers.quirks.calls import Problem
from tests.servers.quirks.odd import READABLE, odd

NOTIFICATIONS = "/api/v[12]/notifications"
FOUR = ["mastodon", "strict", "sparse", "broken"]


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


def fetch(server, cursor=None):
    return run(login(server), lambda network: fetched(network, cursor))


def step(server, cursor=None):
    """(the ids of mentions, the cursor after them, since when something is missed)."""
    batches = fetch(server, cursor)
    missed = [batch.missed_since for batch in batches if batch.missed_since]
    return ids(batches), batches[-1].cursor if batches else cursor, missed


@pytest.mark.parametrize("preset", FOUR)
@pytest.mark.parametrize("min_id", ["newest", "ignored"])
@pytest.mark.parametrize("count", [1, 80, 190])
def test_server_whose_min_id_gives_the_newest_loses_nothing(quirks, preset, min_id, count):
    server = quirks(preset, min_id=min_id)
    server.mentions(3)
    _, cursor, _ = step(server)
    expected = [status.id for status in server.mentions(count)]
    brought, cursor, missed = step(server, cursor)
    assert list(dict.fromkeys(brought)) == expected
    assert missed == [] and step(server, cursor)[0] == []


@pytest.mark.parametrize("min_id", ["newest", "ignored"])
def test_what_the_first_sync_left_out_does_not_come_later(quirks, min_id):
    server = quirks(min_id=min_id)
    old = server.clock() - timedelta(days=40)
    server.mentions(10, created_at=old)
    server.mentions(5)
    first, cursor, _ = step(server)
    expected = [status.id for status in server.mentions(100)]
    brought, _, _ = step(server, cursor)
    assert len(first) == 5 and set(brought) == set(expected)


@pytest.mark.parametrize("preset", FOUR)
def test_news_cost_three_requests_and_no_news_one(quirks, preset):
    server = quirks(preset)
    server.mentions(5)
    _, cursor, _ = step(server)
    server.mentions(2)
    before = server.count("GET", NOTIFICATIONS)
    _, cursor, _ = step(server, cursor)
    assert server.count("GET", NOTIFICATIONS) == before + 3
    step(server, cursor)
    assert server.count("GET", NOTIFICATIONS) == before + 4


@pytest.mark.parametrize("preset", FOUR)
@pytest.mark.parametrize("min_id", ["next", "newest", "ignored"])
def test_server_that_lists_few_has_what_is_missed_told(quirks, preset, min_id):
    server = quirks(preset, notifications_most=64, min_id=min_id)
    server.mentions(3)
    _, cursor, missed = step(server)
    assert missed == []
    server.mentions(20)
    _, cursor, missed = step(server, cursor)
    assert missed == []
    last = server.notifications[-1].created_at
    new = [status.id for status in server.mentions(100)]
    brought, cursor, missed = step(server, cursor)
    assert set(brought) == set(new[-64:])
    assert {abs(moment - last) < timedelta(milliseconds=1) for moment in missed} == {True}
    assert step(server, cursor) == ([], cursor, [])


def test_notifications_that_were_deleted_or_cleared_are_not_taken_for_missed_ones(quirks):
    server = quirks()
    first = server.mentions(3)
    _, cursor, _ = step(server)
    for status in first:
        server.delete(status)
    new = server.mention("ada", "hello")
    assert step(server, cursor)[::2] == ([new.id], [])


UNKNOWN = ["empty", "404", "400", "500"]


def later(server, cursor, clock, minutes=11):
    """The mentions that come in some more rounds, and the cursor after them."""
    brought = []
    for _ in range(3):
        clock.advance(60 * minutes / 3 + 1)
        batches = run(login(server, clock=clock), partial(fetched, cursor=cursor))
        brought += ids(batches)
        cursor = batches[-1].cursor if batches else cursor
    return brought, cursor


@pytest.mark.parametrize("preset", FOUR)
def test_a_server_that_gave_nothing_above_a_deleted_notification_is_asked_from_above_from_then_on(quirks, preset):
    server, clock = quirks(preset, unknown_id="empty"), FakeClock(CLOCK.now())
    server.clock = clock.now
    server.mentions(3)

    async def rounds(network):
        batches = await fetched(network)
        for seconds in (looking.LOOK_EVERY.total_seconds(), 5):
            clock.advance(5)
            server.delete(server.notifications[-1].status)
            expected = [status.id for status in server.mentions(2)]
            clock.advance(seconds)
            batches = await fetched(network, batches[-1].cursor)
            assert set(expected) <= set(ids(batches)), seconds

    run(login(server, clock=clock), rounds)


@pytest.mark.parametrize("preset", FOUR)
@pytest.mark.parametrize("answer", UNKNOWN)
@pytest.mark.parametrize("count", [1, 90])
def test_nothing_is_lost_where_the_server_no_longer_knows_the_last_notification(quirks, preset, answer, count):
    server, clock = quirks(preset, unknown_id=answer), FakeClock(CLOCK.now())
    server.clock = clock.now
    server.mentions(3)
    clock.advance(5)
    server.mention("ada", "the last one")
    clock.advance(5)
    _, cursor = later(server, None, clock)
    server.delete(server.notifications[-1].status)
    expected = {status.id for status in server.mentions(count)}
    brought, cursor = later(server, cursor, clock)
    assert expected <= set(brought)
    clock.advance(5)
    new = server.mention("ada", "hello")
    assert new.id in later(server, cursor, clock, minutes=1)[0], "only the first after a deletion may come late"


@pytest.mark.parametrize("preset", FOUR)
@pytest.mark.parametrize("min_id", ["next", "newest", "ignored", "refused"])
@pytest.mark.parametrize("left_out", [{"zoe@far.example"}, {"ada", "grace", "alan"}, set()])
def test_nothing_is_lost_where_a_server_leaves_some_out_of_its_pages(quirks, preset, min_id, left_out):
    server = quirks(preset, min_id=min_id, leaves_out=frozenset(left_out), max_limit=20)
    clock = FakeClock(CLOCK.now())
    server.clock = clock.now
    first = server.mentions(6)
    clock.advance(5)
    brought, cursor = later(server, None, clock)
    there = [status.id for status in server.mentions(90) + first if status.account.acct not in left_out]
    assert set(there) <= set(brought + later(server, cursor, clock)[0])


@pytest.mark.parametrize("link", ["normal", "none"])
@pytest.mark.parametrize("most", [40, 20])
def test_nothing_is_lost_where_a_page_may_not_be_large(quirks, link, most):
    server = quirks(refuses_limit=most, max_limit=most, link=link)
    server.mentions(3)
    _, cursor, _ = step(server)
    expected = [status.id for status in server.mentions(90)]
    brought, cursor, missed = step(server, cursor)
    assert list(dict.fromkeys(brought)) == expected and missed == []
    assert step(server, cursor) == ([], cursor, [])


@pytest.mark.parametrize(
    ("quirk", "most"),
    [
        ({"refuses_limit": 40, "max_limit": 40}, 40),
        ({"refuses_limit": 20, "max_limit": 20}, 20),
        ({"min_id": "refused"}, 80),
    ],
    ids=["40", "20", "no min_id"],
)
def test_what_a_server_refuses_is_learnt_once_by_a_login(quirks, caplog, quirk, most):
    server = quirks(**quirk)
    server.mentions(3)
    _, cursor, _ = step(server)
    caplog.clear()
    server.requests.clear()

    async def polls(network):
        at, counts = cursor, []
        for number in range(6):
            expected = [server.mention("ada", f"number {number}").id] if number != 4 else []
            before = server.count("GET", NOTIFICATIONS)
            batches = await fetched(network, at)
            at = batches[-1].cursor if batches else at
            counts.append(server.count("GET", NOTIFICATIONS) - before)
            assert ids(batches) == expected
        return counts

    counts = run(login(server), polls)
    asked = server.of("GET", NOTIFICATIONS)
    assert {int(request.query["limit"]) for request in asked[-3:]} <= {1, most}
    new = 2 if most == 80 else 3  # what is new, whether there is more below, and above
    assert counts[3:] == [new, 1, new]
    assert len(caplog.records) == (most == 80)


def test_a_server_that_forgets_one_place_is_asked_above_the_next(quirks):
    server = quirks()
    server.mentions(3)
    _, cursor, _ = step(server)
    refused = []

    def fail(when, request):
        if when == "before" and request.matches("GET", NOTIFICATIONS) and "min_id" in request.query and not refused:
            refused.append(request)
            raise Problem(422, "no such place")

    server.hooks.append(fail)

    async def polls(network):
        at = cursor
        for number in range(3):
            expected = [server.mention("ada", f"number {number}").id]
            before = server.count("GET", NOTIFICATIONS)
            batches = await fetched(network, at)
            assert ids(batches) == expected
            assert "min_id" in server.of("GET", NOTIFICATIONS)[before].query
            at = batches[-1].cursor

    run(login(server), polls)
    assert len(refused) == 1


def test_a_walk_that_ended_before_the_newest_does_not_begin_again_from_above(quirks, monkeypatch):
    server, clock, ticks = quirks(max_limit=20), FakeClock(CLOCK.now()), itertools.count()
    server.clock = lambda: clock.now() - timedelta(hours=1) + timedelta(seconds=next(ticks))
    server.mentions(3)
    clock.advance(5)
    cursor = run(login(server, clock=clock), fetched)[-1].cursor
    clock.advance(looking.LOOK_EVERY.total_seconds())
    expected = [status.id for status in server.mentions(100)]
    monkeypatch.setattr(paging, "MOST_PAGES", 2)
    server.requests.clear()
    batches = run(login(server, clock=clock), lambda network: fetched(network, cursor))
    from_above = [request for request in server.of("GET", NOTIFICATIONS) if "min_id" not in request.query]
    assert len([request for request in from_above if "max_id" not in request.query]) == 1, "the look's own"
    assert ids(batches)[:40] == expected[:40]
    monkeypatch.undo()
    batches += run(login(server, clock=clock), lambda network: fetched(network, batches[-1].cursor))
    assert set(ids(batches)) == set(expected)


@pytest.mark.slow
def test_nothing_is_lost_where_a_whole_page_was_left_out(quirks):
    server, clock = quirks("strict", leaves_out=frozenset(("zoe",)), max_limit=20), FakeClock(CLOCK.now())
    server.clock = clock.now
    server.mentions(3)
    clock.advance(5)
    _, cursor = later(server, None, clock)
    expected = set()
    for _ in range(3):
        for number in range(45):
            server.mention("zoe", f"left out {number}")
        expected.add(server.mention("ada", "among them").id)
    assert set(later(server, cursor, clock)[0]) == expected


@pytest.mark.slow
@given(
    st.sampled_from(sorted(PRESETS)),
    st.sampled_from(["next", "newest", "ignored"]),
    st.sampled_from([None, None, 30, 64]),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([None, None, 1, 2]), st.booleans()), min_size=1, max_size=4),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_comes_or_is_told_however_often_one_stops(preset, min_id, most, rounds):
    """Each round some mentions come, some of what was there is deleted, and the program is killed after a batch."""
    gates.forget()
    switches = {"min_id": min_id, "notifications_most": most, "max_limit": 20}
    server = QuirkServer(preset, **switches)
    start, ticks = server.clock() - timedelta(days=1), itertools.count()
    server.clock = lambda: start + timedelta(milliseconds=10 * next(ticks))
    try:
        cursor, brought, missed, expected = None, [], [], []
        if most is not None:  # nobody can tell what a list had before one saw it
            server.mentions(3)
            _, cursor, _ = step(server)
        for count, killed, deletes in rounds:
            expected += [status.id for status in server.mentions(count)]
            batches = fetch(server, cursor)[:killed]
            brought += ids(batches)
            missed += [batch.missed_since for batch in batches if batch.missed_since]
            cursor = batches[-1].cursor if batches else cursor
            if deletes and (there := [identity for identity in brought if identity in expected]):
                server.delete(there[-1])
                expected.remove(there[-1])
        for _ in range(3):
            batches = fetch(server, cursor)
            brought += ids(batches)
            missed += [batch.missed_since for batch in batches if batch.missed_since]
            cursor = batches[-1].cursor if batches else cursor
        lost = set(expected) - set(brought)
        assert not lost or missed, (lost, most)
        if most is None:  # where the very first is deleted, the list may have been cut off there
            assert not lost and (not missed or any(deletes for _, _, deletes in rounds))
    finally:
        server.stop()


@pytest.mark.parametrize("preset", ["mastodon", "sparse"])
def test_boosted_mention_comes_though_the_server_gives_it_as_a_wrapper_by_the_booster(quirks, preset):
    server = quirks(preset, wraps_boosted=True, status_ids="hex")
    mention = server.mention("ada", "hello")
    server.reblog("grace", mention)
    mentions = [item for batch in fetch(server) for item in batch.items if item.kind is EventKind.MENTION]
    assert {(item.status.remote_id, item.status.author.split("@")[1]) for item in mentions} == {(mention.id, "ada")}


# -- odd items


ODD = [
    "type", "key", "null", "text", "id", "surrogate", "surrogate id", "deep", "large", "no account", "no date",
    "year 1", "year 9999", "backdated", "future",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("preset", ["mastodon", "sparse"])
@pytest.mark.parametrize("since", ["first", "later"])
def test_odd_notification_stops_no_other_and_is_counted_once(quirks, name, preset, since):
    server = quirks(preset)
    cursor = None
    if since == "later":
        server.mentions(2)
        _, cursor, _ = step(server)
    expected = [server.mention("ada", "before").id]
    made = odd(server, name)
    expected += [server.mention("ada", "after").id, server.mention("grace", "after that").id]
    batches = fetch(server, cursor)
    brought = [identity for identity in ids(batches) if identity in expected]
    assert list(dict.fromkeys(brought)) == expected
    came = made.status.id in ids(batches) or "11\ufffd" in ids(batches)
    assert came == (name in READABLE or (name, preset) == ("key", "mastodon"))
    skipped = sum(batch.skipped for batch in batches)
    assert skipped == (not came)
    cursor = batches[-1].cursor
    assert fetch(server, cursor) == []
    last = server.mention("ada", "the last").id
    batches = fetch(server, cursor)
    assert ids(batches) == [last] and sum(batch.skipped for batch in batches) == 0


@pytest.mark.parametrize("name", ["large", "deep"])
@pytest.mark.parametrize("preset", ["mastodon", "sparse", "broken"])
def test_many_that_cannot_be_read_among_the_others(quirks, name, preset):
    server = quirks(preset)
    before = {status.id for status in server.mentions(2)}
    _, cursor, _ = step(server)
    expected = []
    for number in range(3):
        odd(server, name)
        expected.append(server.mention("ada", f"number {number}").id)
    odd(server, name)
    batches = fetch(server, cursor)
    assert set(ids(batches)) - before == set(expected)
    assert sum(batch.skipped for batch in batches) == 4
    last = server.mention("ada", "the last").id
    assert ids(fetch(server, batches[-1].cursor)) == [last]


@pytest.mark.parametrize(
    ("begun", "identity"),
    [
        (b'[{"id":"5","type":"mention"', "5"),
        (b' [ { "id" : 17 , "type"', "17"),
        (b'[{"created_at":"x, y","id":"a,b","account":{"id":"9"', "a,b"),
        (b'[{"account":{"id":"9","name":"' + b"x" * 9000, None),
        (b'[{"id":"\\ud800","type":"mention"', None),
        (b'{"id":"5",', None),
        (b"[", None),
        (b"", None),
        (b"<html>", None),
    ],
)
def test_id_is_read_from_the_beginning_of_a_list_and_from_nothing_else(begun, identity):
    assert pages.first_id(begun) == identity


@given(st.binary(max_size=300))
def test_no_beginning_of_an_answer_is_a_fault(begun):
    assert pages.first_id(begun) is None or b"id" in begun
