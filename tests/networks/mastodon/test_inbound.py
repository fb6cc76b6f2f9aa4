"""What comes from a server: pages, cursors, kinds, and what is left out or skipped."""

import itertools
import json
from datetime import timedelta

import httpx
import pytest

from commtui.model.abilities import Visibility
from commtui.model.clock import from_iso, to_iso
from commtui.model.records import Poll, PollOption, Via
from commtui.networks import gates, json_texts
from commtui.networks.base import EventKind, LoginRefused, Malformed
from commtui.networks.http import links_of
from commtui.networks.mastodon import looking, paging, parse
from tests.clock import START, FakeClock
from tests.networks.mastodon.logins import fetched, ids, login, of, run
from tests.servers.quirks.calls import Problem

PRESETS = ["mastodon", "strict", "sparse", "broken"]
NOTIFICATIONS = "/api/v[12]/notifications"


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


def brand(server, **more):
    return login(server, **more)


def step(made, cursor=None):
    """(mentions' ids, cursor in step) of one whole fetch."""
    batches = run(made, lambda network: fetched(network, cursor))
    return ids(batches), batches[-1].cursor if batches else cursor


@pytest.mark.parametrize("preset", PRESETS)
def test_first_sync_over_many_pages_brings_all_oldest_first_and_each_once(quirks, preset):
    server = quirks(preset)
    expected = [status.id for status in server.mentions(200)]
    brought, cursor = step(brand(server))
    assert brought == expected
    assert step(brand(server), cursor) == ([], cursor)


@pytest.mark.parametrize("preset", PRESETS)
def test_catch_up_over_many_pages_loses_nothing_between_the_cursor_and_the_newest(quirks, preset):
    server = quirks(preset)
    server.mentions(3)
    _, cursor = step(brand(server))
    expected = [status.id for status in server.mentions(190)]
    brought, _ = step(brand(server), cursor)
    assert brought == expected


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kept", [1, 2])
def test_kill_after_any_request_and_start_again_loses_nothing_and_ends(quirks, preset, kept):
    """Each run saves so many batches and is gone."""
    server = quirks(preset)
    expected = [status.id for status in server.mentions(130)]
    cursor, brought = None, []

    async def some(network):
        found = []
        async for batch in network.fetch(cursor, network.login.clock.now() - timedelta(days=30)):
            found.append(batch)
            if len(found) == kept:
                break
        return found

    for _ in range(40):
        found = run(brand(server), some)
        if not found:
            break
        cursor = found[-1].cursor
        brought += ids(found)
    assert found == []
    assert sorted(set(brought)) == sorted(expected)


def test_poll_with_nothing_new_is_one_request_also_in_a_new_process(quirks):
    server = quirks()
    server.mentions(3)
    _, cursor = step(brand(server))
    before = len(server.requests)
    assert step(brand(server), cursor) == ([], cursor)
    assert [request.path for request in server.requests[before:]] == ["/api/v2/notifications"]


def test_poll_of_an_account_that_nobody_ever_mentioned_is_one_request(quirks):
    server = quirks()
    _, cursor = step(brand(server))
    before = len(server.requests)
    assert step(brand(server), cursor) == ([], cursor)
    assert len(server.requests) == before + 1
    said = server.mention("ada", "at last").id
    assert step(brand(server), cursor)[0] == [said]


def test_limit_is_sent_with_every_page_and_since_id_with_none(quirks):
    server = quirks("sparse")
    server.mentions(90)
    _, cursor = step(brand(server))
    server.mentions(90)
    step(brand(server), cursor)
    asked = server.of("GET", NOTIFICATIONS)
    assert len(asked) > 6
    assert {request.query.get("limit") for request in asked} == {"80", "1"}
    assert not any("since_id" in request.query for request in asked)
    assert any("min_id" in request.query for request in asked)


def test_server_without_grouped_notifications_is_asked_for_them_once_and_never_again(quirks):
    server = quirks("strict")
    server.mentions(3)
    _, cursor = step(brand(server))
    server.mentions(100)
    step(brand(server), cursor)
    assert server.count("GET", "/api/v2/notifications") == 1
    assert json.loads(cursor)["version"] == 1


def test_server_that_loses_grouped_notifications_is_caught_up_by_time(quirks):
    server = quirks(v2_ids_differ=True)
    server.mentions(5)
    _, cursor = step(brand(server))
    server.quirks.notifications_v2 = False
    expected = [status.id for status in server.mentions(100)]
    brought, cursor = step(brand(server), cursor)
    assert set(expected) <= set(brought)
    assert step(brand(server), cursor)[0] == []


def test_cursor_that_is_not_ours_begins_the_first_sync_again(quirks):
    server = quirks()
    expected = [status.id for status in server.mentions(3)]
    for cursor in ("x", "[]", '{"version": 7, "no": 1}', '{"looked": "soon"}', "12345"):
        assert step(brand(server), cursor)[0] == expected


def test_first_sync_takes_thirty_days_and_says_that_something_was_left(quirks):
    server = quirks()
    now = server.clock()
    old = server.mention("ada", "long ago", created_at=now - timedelta(days=31))
    new = server.mention("ada", "lately", created_at=now - timedelta(days=29))
    batches = run(brand(server), fetched)
    assert ids(batches) == [new.id] and old.id not in ids(batches)
    assert batches[-1].left_out == -1


def test_first_sync_takes_a_thousand_of_the_newest_and_says_that_something_was_left(quirks):
    server = quirks()
    expected = [status.id for status in server.mentions(1030)]
    batches = run(brand(server), fetched)
    assert ids(batches) == expected[-1000:]
    assert batches[-1].left_out == -1


def test_first_sync_with_all_within_its_bounds_leaves_nothing_out(quirks):
    server = quirks()
    server.mentions(100)
    assert {batch.left_out for batch in run(brand(server), fetched)} == {0}


def test_first_sync_is_not_filled_up_with_likes(quirks):
    server = quirks()
    post = server.post("brand", "everybody likes this")
    expected = [status.id for status in server.mentions(20)]
    for number in range(300):
        server.favourite(f"fan{number}", post)
    batches = run(brand(server), fetched)
    assert ids(batches) == expected
    assert server.count("GET", NOTIFICATIONS) < 12


@pytest.mark.parametrize("preset", PRESETS)
def test_every_kind_arrives_as_what_it_is(quirks, preset):
    server = quirks(preset)
    _, cursor = step(brand(server))
    post = server.post("brand", "our post")
    plain = server.mention("ada", "hello")
    answer = server.mention("grace", "an answer", post)
    direct = server.mention("alan", "psst", visibility="direct")
    quote = server.post("zoe@far.example", "look at this")
    server.notify("quote", "zoe@far.example", quote)
    server.favourite("ada", post)
    server.reblog("grace", post)
    server.notify("follow", "alan")
    edited = server.post("ada", "was shared by us")
    edited.edited_at = server.clock()
    server.notify("update", "ada", edited)
    for odd in ("reaction", "poll", "status", "admin.sign_up", "severed_relationships", "moderation_warning"):
        server.notify(odd, "ada", plain)
    batches = run(brand(server), lambda network: fetched(network, cursor))
    assert [(item.status.remote_id, item.via) for item in of(batches)] == [
        (plain.id, Via.MENTION),
        (answer.id, Via.ANSWER),
        (direct.id, Via.DIRECT),
        (quote.id, Via.QUOTE),
    ]
    assert [item.status.remote_id for item in of(batches, EventKind.EDITED)] == [edited.id]
    engagement = of(batches, EventKind.ENGAGEMENT)
    assert [(item.engagement, item.remote_id, item.by, item.count) for item in engagement] == [
        ("like", post.id, f"@ada@{server.host}", 1),
        ("boost", post.id, f"@grace@{server.host}", 1),
        ("follow", None, f"@alan@{server.host}", 1),
    ]
    assert sum(batch.skipped for batch in batches) == 0


def test_likes_in_groups_count_each_person_once(mastodon):
    post = mastodon.post("brand", "our post")
    mastodon.post("ada", "@brand the place to start from")
    _, cursor = step(brand(mastodon))
    for number in range(12):
        mastodon.favourite(f"fan{number}", post["id"])
    found = of(run(brand(mastodon), lambda network: fetched(network, cursor)), EventKind.ENGAGEMENT)
    assert sum(item.count for item in found) == 12


def test_notification_of_a_deleted_status_is_passed_over_without_a_word(quirks):
    server = quirks("sparse")
    gone, stays = server.mentions(2)
    server.delete(gone)
    batches = run(brand(server), fetched)
    assert ids(batches) == [stays.id]
    assert sum(batch.skipped for batch in batches) == 0
    assert of(batches, EventKind.DELETED) == []


def test_muted_author_whose_items_vanish_is_no_deletion(quirks):
    server = quirks()
    server.mentions(8)
    _, cursor = step(brand(server))
    server.account("brand").muted.add("ada")
    mention = server.mention("grace", "still here")
    batches = run(brand(server), lambda network: fetched(network, cursor))
    assert ids(batches) == [mention.id]
    assert of(batches, EventKind.DELETED) == []


@pytest.mark.parametrize("preset", ["mastodon", "strict"])
@pytest.mark.parametrize(
    "damage",
    [{"id": None}, {"account": None}, {"account": {"id": "1"}}],
)
def test_malformed_item_is_skipped_counted_and_does_not_stop_the_rest(quirks, caplog, preset, damage):
    server = quirks(preset)
    before = server.mention("ada", "before")
    bad = server.mention("ada", "secret words", extra=damage)
    after = server.mention("ada", "after")
    batches = run(brand(server), fetched)
    assert ids(batches) == [before.id, after.id]
    if preset == "strict" or "id" not in damage:  # in v2 a status without id is one that is not there
        assert sum(batch.skipped for batch in batches) == 1
        assert "skipped a malformed" in caplog.text
    assert "secret words" not in caplog.text
    assert bad.id not in ids(batches)


def test_fields_of_a_status_come_whole(quirks):
    server = quirks()
    server.media["m1"] = {"shown": {"id": "m1", "type": "image", "url": "http://x/y.png", "description": "a cat"}}
    mention = server.mention(
        "zoe@far.example",
        "look https://example.org/a/very/long/path/that/is/cut/in/the/middle & tell @ada",
        visibility="unlisted",
        spoiler="cats",
        media=["m1"],
        language="nl",
    )
    server.edit(mention, mention.text + " now", tell=False)
    status = of(run(brand(server), fetched))[0].status
    assert status.author == "@zoe@far.example"
    assert status.author_name == "Zoe"
    assert status.author_id == server.account("zoe@far.example").id
    assert "https://example.org/a/very/long/path/that/is/cut/in/the/middle & tell @ada" in status.text
    assert status.text.startswith("@brand look")
    assert (status.visibility, status.spoiler, status.language) == (Visibility.UNLISTED, "cats", "nl")
    assert [(media.url, media.alt, media.kind) for media in status.media] == [("http://x/y.png", "a cat", "image")]
    assert status.edited and not status.ours
    assert status.labels == ("sensitive",)
    assert status.url and to_iso(status.created_at)


@pytest.mark.parametrize("preset", ["mastodon", "strict", "sparse", "broken"])
@pytest.mark.parametrize("mention_ids", ["account", "place"])
def test_others_are_those_whom_a_status_names_beside_us_and_its_author(quirks, preset, mention_ids):
    server = quirks(preset, mention_ids=mention_ids)
    ours = f"@brand@{server.host}"
    server.mention("ada", f"@zoe@far.example and @carl, @Zoe@far.example, @ada, {ours} @brand@far.example")
    status = of(run(brand(server), fetched))[0].status
    assert status.others == ("@zoe@far.example", f"@carl@{server.host}", "@brand@far.example")


@pytest.mark.parametrize("host", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "XN--bcher-kva.Example"])
def test_a_host_in_unicode_and_in_ascii_is_one_host(quirks, host):
    server = quirks()
    url = "https://xn--bcher-kva.example/@zoe"
    named = [{"id": "7", "acct": f"zoe@{host}", "url": url}, {"id": "8", "acct": "Zoe@bücher.example", "url": url}]
    author = {"id": "9", "acct": f"ada@{host}", "username": "ada", "display_name": "Ada"}
    server.mention("ada", "hello", extra={"account": author, "mentions": named})
    status = of(run(brand(server), fetched))[0].status
    assert (status.author, status.others) == ("@ada@xn--bcher-kva.example", ("@zoe@xn--bcher-kva.example",))


def test_somebody_who_is_named_without_an_acct_has_the_handle_of_their_address(quirks):
    server = quirks()
    named = [
        {"id": "7", "url": "https://far.example/@zoe"},
        {"id": "8", "url": f"https://{server.host}/users/carl/"},
        {"id": "9", "username": "eve", "url": "https://far.example/ap/9"},
        {"id": server.account("brand").id, "username": "brand", "acct": "brand"},
        {"id": "10", "url": "http://["},
        {},
    ]
    server.mention("ada", "hello", extra={"mentions": named})
    status = of(run(brand(server), fetched))[0].status
    assert status.others == ("@zoe@far.example", f"@carl@{server.host}", "@eve@far.example")


POLL = {"id": "9", "multiple": False, "votes_count": 6, "voters_count": None, "emojis": []}


@pytest.mark.parametrize(
    ("poll", "read"),
    [
        ({}, None),
        ({"options": []}, None),
        ({"options": "two"}, None),
        (
            {
                "options": [{"title": "Kenya", "votes_count": 6}, {"title": "Peru", "votes_count": None}],
                "expired": True,
            },
            Poll((PollOption("Kenya", 6), PollOption("Peru")), ended=True, voters=6),
        ),
        (
            {
                "options": [{"title": "Kenya", "votes_count": -1}],
                "multiple": True,
                "expires_at": "2026-11-30T09:00:00Z",
            },
            Poll((PollOption("Kenya"),), multiple=True, ends_at=from_iso("2026-11-30T09:00:00Z")),
        ),
    ],
)
def test_poll_of_a_status_comes_whole_and_a_malformed_one_costs_only_itself(quirks, poll, read):
    server = quirks()
    server.mention("ada", "which?", extra={"poll": {**POLL, **poll}})
    status = of(run(brand(server), fetched))[0].status
    assert status.text == "@brand which?" and status.poll == read


def test_a_file_of_an_unknown_kind_is_a_file_and_a_moving_picture_a_video(quirks):
    server = quirks()
    files = [
        {"id": str(number), "type": kind, "url": "u"} for number, kind in enumerate(("gifv", "\x1b]0;", "audio", ""))
    ]
    server.mention("ada", "look", extra={"media_attachments": files})
    status = of(run(brand(server), fetched))[0].status
    assert [file.kind for file in status.media] == ["video", "unknown", "audio", "unknown"]


def test_visibility_that_only_one_server_knows_counts_as_for_followers(quirks):
    server = quirks()
    server.mention("ada", "hello", extra={"visibility": "mutuals_only"})
    assert of(run(brand(server), fetched))[0].status.visibility is Visibility.PRIVATE


def test_status_of_five_megabytes_arrives_cut_with_its_neighbours(quirks):
    server = quirks()
    before = server.mention("ada", "before")
    big = server.mention("ada", "x" * 5_000_000)
    other = server.mention("ada", "y" * 5_000_000)
    batches = run(brand(server), fetched)
    assert ids(batches) == [before.id, big.id, other.id]
    assert 400_000 < len(of(batches)[1].status.text) <= json_texts.LONGEST
    assert {request.query["limit"] for request in server.of("GET", NOTIFICATIONS)} >= {"80", "1"}


def test_answer_that_is_no_list_is_one_clear_line_and_the_cursor_stays(quirks):
    server = quirks(not_mastodon=True)
    made = brand(server, token="t")
    with pytest.raises(Malformed, match="Mastodon") as wrong:
        run(made, fetched)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(("status", "errors"), list(itertools.product([401, 422], ["empty", "html", "text", "json"])))
def test_revoked_token_is_a_refused_login_however_the_server_says_so(quirks, status, errors):
    server = quirks(bad_token=status, errors=errors)
    server.mentions(2)
    _, cursor = step(brand(server))
    token = server.token("brand")
    server.revoke(token)
    with pytest.raises(LoginRefused) as refused:
        step(brand(server, token=token), cursor)
    assert token not in str(refused.value) and "\n" not in str(refused.value)


# -- what notifies nobody ----------------------------------------------------------------------------------------


def looked(server, clock, cursor=None):
    return run(brand(server, clock=clock), lambda network: fetched(network, cursor))


def test_answer_without_a_mention_is_found_by_the_posts_number_of_answers(quirks):
    server = quirks()
    server.clock = lambda: START
    clock = FakeClock()
    mention = server.mention("ada", "hello")
    post = server.post("brand", "our post", extra={"replies_count": 0})
    cursor = looked(server, clock)[-1].cursor
    answer = server.post("grace", "no handle here", post)
    server.post("brand", "our own answer", post)
    post.extra["replies_count"] = 2
    assert looked(server, clock, cursor) == []
    clock.advance(looking.LOOK_EVERY.total_seconds())
    status = looked(server, clock, cursor)
    assert [(item.status.remote_id, item.via) for item in of(status)] == [
        (mention.id, Via.MENTION),  # the newest once more: it may have been edited
        (answer.id, Via.ANSWER),
    ]
    cursor = status[-1].cursor
    clock.advance(looking.LOOK_EVERY.total_seconds())
    before = server.count("GET", ".*/context")
    assert ids(looked(server, clock, cursor)) == [mention.id]
    assert server.count("GET", ".*/context") == before


def test_edit_that_told_nobody_is_seen_at_the_next_look(quirks):
    server = quirks("strict")
    server.clock = lambda: START
    clock = FakeClock()
    mention = server.mention("ada", "hello")
    cursor = looked(server, clock)[-1].cursor
    server.edit(mention, "@brand something else", tell=False)
    assert looked(server, clock, cursor) == []
    clock.advance(looking.LOOK_EVERY.total_seconds())
    edits = of(looked(server, clock, cursor))
    assert [(item.status.remote_id, item.status.edited) for item in edits] == [(mention.id, True)]


def test_look_reads_few_conversations_at_a_time_and_the_rest_later(quirks):
    server = quirks()
    server.clock = lambda: START
    clock = FakeClock()
    cursor = looked(server, clock)[-1].cursor
    posts = [server.post("brand", f"post {n}", extra={"replies_count": 1}) for n in range(8)]
    answers = {server.post("ada", f"answer {n}", post).id for n, post in enumerate(posts)}
    brought = []
    for most in (looking.LOOK_AT, 8):
        clock.advance(looking.LOOK_EVERY.total_seconds())
        status = looked(server, clock, cursor)
        cursor = status[-1].cursor
        brought += ids(status)
        assert server.count("GET", ".*/context") == most
    assert set(brought) == answers and len(brought) == len(answers)


def test_posts_whose_answers_cannot_be_read_cost_few_requests_and_keep_none_from_the_others(quirks):
    server = quirks()
    server.clock = lambda: START
    clock = FakeClock()
    cursor = looked(server, clock)[-1].cursor
    posts = [server.post("brand", f"post {n}", extra={"replies_count": 1}) for n in range(12)]
    answers = [server.post("ada", f"answer {n}", post).id for n, post in enumerate(posts)]
    bad = posts[4:]  # the newest eight

    def fail(when, request):
        if when == "before" and any(request.matches("GET", f".*/{post.id}/context") for post in bad):
            raise Problem(500, "something of ours")

    server.hooks.append(fail)
    brought, tried = [], set()
    for number in range(1, 6):
        clock.advance(looking.LOOK_EVERY.total_seconds())
        batches = looked(server, clock, cursor)
        cursor = batches[-1].cursor
        brought += ids(batches)
        asked = [request.path for request in server.of("GET", ".*/context")]
        assert len(asked) == number * looking.LOOK_AT
        tried = {post.id for post in bad if sum(f"/{post.id}/" in path for path in asked) > 1}
    assert sorted(brought) == sorted(answers[:4]) and tried == {post.id for post in bad}
    server.hooks.clear()
    for _ in range(2):
        clock.advance(looking.LOOK_EVERY.total_seconds())
        batches = looked(server, clock, cursor)
        cursor = batches[-1].cursor
        brought += ids(batches)
    assert sorted(brought) == sorted(answers)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", ["reply", "comment", "status.mention"])
@pytest.mark.parametrize("since", ["first", "later"])
def test_answer_under_another_name_is_a_mention_and_what_is_not_to_us_is_none(quirks, preset, kind, since):
    server = quirks(preset)
    cursor = step(brand(server))[1] if since == "later" else None
    post = server.post("brand", "our post")
    answer = server.post("ada", "no handle here", post)
    named = server.post("grace", "@brand with a handle")
    server.notifications.clear()
    for status in (answer, named, server.post("zoe", "to nobody"), post):
        server.notify(kind, status.account.acct, status)
    batches = run(brand(server), lambda network: fetched(network, cursor))
    brought = [(item.status.remote_id, item.via) for item in of(batches)]
    is_asked_for = kind in parse.ANSWERS or since == "later"  # the first sync names the types that it wants
    assert brought == ([(answer.id, Via.ANSWER), (named.id, Via.MENTION)] if is_asked_for else [])
    assert sum(batch.skipped for batch in batches) == 0


@pytest.mark.parametrize("status", [400, 403, 422, 500])
@pytest.mark.parametrize("what", [".*/context", "/api/v1/accounts/.*/statuses"])
def test_look_that_fails_at_one_thing_ends_neither_the_fetch_nor_the_rest_of_the_look(quirks, status, what):
    server = quirks()
    server.clock = lambda: START
    clock = FakeClock()
    mention = server.mention("ada", "hello")
    cursor = looked(server, clock)[-1].cursor
    posts = [server.post("brand", f"post {n}", extra={"replies_count": 1}) for n in range(3)]
    answers = [server.post("ada", f"answer {n}", post).id for n, post in enumerate(posts)]
    failing = [what.replace(".*/context", f".*/{post.id}/context") for post in (posts[0], posts[2])]

    def fail(when, request):
        if when == "before" and any(request.matches("GET", path) for path in failing):
            raise Problem(status, "something of ours")

    server.hooks.append(fail)
    clock.advance(looking.LOOK_EVERY.total_seconds())
    batches = looked(server, clock, cursor)
    assert ids(batches) == [mention.id, *(answers[1:2] if "context" in what else [])]
    server.hooks.clear()
    clock.advance(looking.LOOK_EVERY.total_seconds())
    assert set(answers) <= set(ids(batches) + ids(looked(server, clock, batches[-1].cursor)))


# -- links -------------------------------------------------------------------------------------------------------


def test_link_header_is_read_whatever_its_form():
    header = (
        '<https://a.example/api/v1/n?limit=40&max_id=2026-11-23T13%3A38%3A42.225Z%2Fmention%2Fx>; rel="next", '
        "<http://other.example/n?min_id=7&types[]=a&types[]=b>;rel=prev"
    )
    links = links_of(httpx.Response(200, headers={"Link": header}))
    assert paging.query_of(links, "next") == (("limit", "40"), ("max_id", "2026-11-23T13:38:42.225Z/mention/x"))
    assert paging.query_of(links, "prev") == (("min_id", "7"), ("types[]", "a"), ("types[]", "b"))
    for garbage in ("", "<", "<>;rel=next", 'rel="next"', "<http://[>; rel=next", ";" * 9000, "<a?b=c>" * 3000):
        assert paging.query_of(links_of(httpx.Response(200, headers={"Link": garbage})), "next") == ()
