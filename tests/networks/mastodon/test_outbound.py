"""What goes out: replies, posts, files and acts; and what is made of an answer that was lost."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.model.abilities import Visibility
from commtui.model.clock import to_iso
from commtui.model.records import ActKind, Media
from commtui.networks import gates
from commtui.networks.base import Absence, AnswerLost, Gone, Refused, Sent, Unreachable, Unsupported
from commtui.networks.contract.hooks import picture
from commtui.networks.likeness import same_text
from commtui.networks.mastodon import sending
from tests.clock import FakeClock
from tests.networks.mastodon.logins import CLOCK, act, login, outgoing, run
from tests.networks.tools import reported
from tests.servers.proxy import Proxy, answer, cut, drop_answer, drop_request, empty, garbage, hang, html
from tests.servers.quirks.calls import Problem
from tests.triage.desks import desk_on

PRESETS = ["mastodon", "strict", "sparse", "broken"]
POST = "/api/v1/statuses"


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


def item(text, to=None, key="key-1", **more):
    return outgoing(text, to, key, **more)


def send(server, what, media=(), url=None):
    return run(login(server, url=url), lambda network: network.send(what, media))


def find(server, what, url=None):
    return run(login(server, url=url), lambda network: network.find(what))


def absent(server, what):
    """Whether all lists were read, and nothing in them may be it."""
    return find(server, what) == Absence(complete=True)


def alike(server, what):
    """The ids of what may be it."""
    seen = find(server, what)
    assert isinstance(seen, Absence)
    return [found.remote_id for found in seen.look_alikes]


def do(server, what):
    return run(login(server), lambda network: network.act(what))


# -- replies and posts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_reply_without_a_mention_gets_the_authors_handle_and_one_with_it_is_sent_as_typed(quirks, preset):
    server = quirks(preset)
    near, far = server.mention("ada", "hello"), server.mention("zoe@far.example", "hello")
    cases = [
        (near, "thanks", "@ada thanks"),
        (near, "thanks @ada!", "thanks @ada!"),
        (near, f"thanks @Ada@{server.host}", f"thanks @Ada@{server.host}"),
        (near, "thanks @adam and @ada@elsewhere.example", "@ada thanks @adam and @ada@elsewhere.example"),
        (near, "write to x@ada", "@ada write to x@ada"),
        (far, "thanks @zoe", "@zoe@far.example thanks @zoe"),
        (far, "thanks @zoe@far.example.", "thanks @zoe@far.example."),
    ]
    for number, (said, text, expected) in enumerate(cases):
        sent = send(server, item(text, said.id, key=f"k{number}"))
        assert server.find(sent.remote_id).text == expected
        assert server.find(sent.remote_id).in_reply_to == said.id


def test_answer_to_ourselves_gets_no_handle(quirks):
    server = quirks()
    ours = server.post("brand", "part one")
    assert server.find(send(server, item("part two", ours.id)).remote_id).text == "part two"


def test_visibility_is_always_sent_and_never_wider_than_what_is_answered(quirks):
    server = quirks()
    for said, given, expected in [
        ("direct", Visibility.PUBLIC, "direct"),
        ("private", Visibility.UNLISTED, "private"),
        ("public", Visibility.UNLISTED, "unlisted"),
        ("public", Visibility.PUBLIC, "public"),
    ]:
        parent = server.mention("ada", "hello", visibility=said)
        sent = send(server, item("hi", parent.id, key=f"{said}{given}", visibility=given))
        assert server.find(sent.remote_id).visibility == expected
    send(server, item("a post"))
    assert all("visibility" in request.fields for request in server.of("POST", POST))


def test_direct_reply_carries_the_handle_even_where_it_does_not_fit(quirks):
    server = quirks()
    mention = server.mention("ada", "psst", visibility="direct")
    with pytest.raises(Refused):
        send(server, item("x" * 500, mention.id))
    assert server.count("POST", POST) == 1


def test_public_reply_that_fits_only_without_the_handle_goes_without_and_says_so(quirks):
    server = quirks()
    mention = server.mention("ada", "hello")
    sent = send(server, item("x" * 500, mention.id))
    assert server.find(sent.remote_id).text == "x" * 500
    assert "without the handles" in sent.note


@pytest.mark.parametrize("preset", PRESETS)
def test_an_earlier_reply_with_the_same_text_is_not_taken_for_the_one_that_was_refused(quirks, preset):
    server = quirks(preset, max_characters=500)
    mention = server.mention("ada", "hello")
    both = [send(server, item("x" * 500, mention.id, key=f"k{number}")) for number in range(2)]
    assert [server.find(sent.remote_id).text for sent in both] == ["x" * 500] * 2
    assert len(server.statuses_of("brand")) == 2


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("author", ["ada", "zoe@far.example"])
def test_a_reply_that_the_server_took_and_refused_is_not_sent_again_without_the_handle(quirks, preset, author):
    server = quirks(preset)
    mention = server.mention(author, "hello")

    def refuse(when, request):
        if when == "after" and request.matches("POST", POST):
            raise Problem(422, "something of ours, too late")

    server.hooks.append(refuse)
    with pytest.raises(AnswerLost, match="shows what it refused"):
        send(server, item("thanks", mention.id))
    assert server.count("POST", POST) == len(server.statuses_of("brand")) == 1


def test_key_is_sent_with_the_post_and_scheduled_at_never(quirks):
    server = quirks()
    later = CLOCK.now() + timedelta(hours=2)
    send(server, item("a post", key="the-key", scheduled_at=later, spoiler="cw", language="de"))
    (request,) = server.of("POST", POST)
    assert request.headers["idempotency-key"] == "the-key"
    assert "scheduled_at" not in request.fields
    assert request.fields["spoiler_text"] == "cw" and request.fields["language"] == "de"
    assert len(server.statuses_of("brand")) == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_reply_to_a_deleted_status_is_gone_before_anything_is_posted(quirks, preset):
    server = quirks(preset)
    mention = server.mention("ada", "hello")
    server.delete(mention)
    with pytest.raises(Gone):
        send(server, item("thanks", mention.id))
    assert server.count("POST", POST) == 0


@pytest.mark.parametrize("preset", PRESETS)
def test_empty_and_too_long_are_refused_in_one_line(quirks, preset):
    server = quirks(preset)
    for text in ("", "x" * 20_000):
        with pytest.raises(Refused) as refused:
            send(server, item(text))
        assert "\n" not in str(refused.value) and server.host.split(":")[0] in str(refused.value)
    assert server.statuses_of("brand") == []


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.PRIVATE])
def test_server_that_refuses_what_it_has_taken_gets_no_second_answer_without_the_handle(quirks, status, visibility):
    server = quirks(idempotency="ignored")
    mention = server.mention("ada", "hello")
    with Proxy(server.url) as proxy:
        proxy.rule(answer(status, '{"error": "no"}', None, "POST", POST, forward=True))
        with pytest.raises(AnswerLost):
            send(server, item("thanks", mention.id, visibility=visibility), url=proxy.url)
    assert [posted.text for posted in server.statuses_of("brand")] == ["@ada thanks"]


def test_answer_with_a_paragraph_that_the_server_put_below_is_the_post(quirks):
    server = quirks(rewrites=frozenset(["appends"]), source="none")
    sent = send(server, item("good morning"))
    assert sent.remote_id == server.statuses_of("brand")[0].id
    server.quirks.post_answers = ["older"]
    server.post("brand", "good morning all")
    with pytest.raises(AnswerLost):  # one that only begins with the same letters is another
        send(server, item("good morning", key="key-2"))


# -- the answer is lost ------------------------------------------------------------------------------------------

ACTED = [
    drop_answer("POST", POST),
    drop_answer("POST", POST, reset=True),
    cut(10, "POST", POST),
    answer(502, "bad gateway", None, "POST", POST, forward=True),
    answer(500, "", None, "POST", POST, forward=True),
    answer(504, "<html>", None, "POST", POST, forward=True),
    answer(503, "", None, "POST", POST, forward=True),
    answer(503, "", {"Retry-After": "30"}, "POST", POST, forward=True),
    answer(409, "", None, "POST", POST, forward=True),
    answer(302, "", {"Location": "/elsewhere"}, "POST", POST, forward=True),
    answer(200, "not json", None, "POST", POST, forward=True),
    answer(200, {"odd": 1}, None, "POST", POST, forward=True),
    answer(303, "", {"Location": "/elsewhere"}, "POST", POST, forward=True),
    empty(200, "POST", POST, forward=True),
]


@pytest.mark.parametrize("effect", ACTED, ids=lambda effect: f"{effect.name}-{(effect.raw or b'')[9:12].decode()}")
def test_lost_answer_to_a_post_is_reported_as_such_and_the_post_is_found(quirks, effect):
    server = quirks(idempotency="ignored")
    mention = server.mention("ada", "hello")
    with Proxy(server.url) as proxy:
        proxy.rule(effect)
        reply = item("lost & found: https://example.org/some/long/path/of/more/than/thirty/characters", mention.id)
        with pytest.raises(AnswerLost) as lost:
            send(server, reply, url=proxy.url)
        assert "\n" not in str(lost.value)
        assert proxy.count("POST", POST) == 1
        sent = find(server, reply, url=proxy.url)
    (out,) = server.statuses_of("brand")
    assert sent is not None and sent.remote_id == out.id


def test_clear_no_to_a_post_is_safe_to_try_again(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(answer(429, "", None, "POST", POST))
        with pytest.raises(Unreachable) as raised:
            send(server, item("a post"), url=proxy.url)
    assert raised.value.retry_after
    assert server.statuses_of("brand") == []


def test_server_that_is_not_there_is_unreachable_for_posts_and_reads(quirks):
    server = quirks()
    made = login(server)
    server.stop()
    for job in (lambda n: n.check(), lambda n: n.http.call("POST", POST, body={"status": "x"})):
        with pytest.raises(Unreachable, match=f"cannot reach {server.url.partition('//')[2]}: "):  # with its port
            run(made, job)


def test_request_that_vanished_before_the_server_heard_of_it_is_not_found(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(drop_request("POST", POST))
        with pytest.raises(AnswerLost):
            send(server, item("never came"), url=proxy.url)
    assert absent(server, item("never came"))


def test_post_that_gets_no_answer_in_time_may_be_out(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(hang("POST", POST, forward=True))

        async def job(network):
            await network.us()
            await network.http.call("POST", POST, body={"status": "slow", "visibility": "public"}, seconds=0.3)

        with pytest.raises(AnswerLost, match="no answer in time"):
            run(login(server, url=proxy.url), job)
    assert len(server.statuses_of("brand")) == 1


def test_garbage_instead_of_http_is_unreachable_for_a_read_and_lost_for_a_post(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(garbage())
        made = login(server, url=proxy.url)
        with pytest.raises(Unreachable):
            run(made, lambda network: network.check())
        with pytest.raises(AnswerLost):
            run(made, lambda network: network.http.call("POST", POST))


def test_page_of_html_in_place_of_the_conversation_sends_nothing(quirks):
    server = quirks()
    mention = server.mention("ada", "hello")
    with Proxy(server.url) as proxy:
        proxy.rule(html(200, "GET", f"{POST}/.*"))
        with pytest.raises(Unreachable, match="HTML"):
            send(server, item("thanks", mention.id), url=proxy.url)
    assert server.count("POST", POST) == 0


def test_replay_that_is_answered_with_500_is_found_by_reading_back(quirks):
    server = quirks(idempotency="error")
    send(server, item("once"))
    with pytest.raises(AnswerLost):
        send(server, item("once"))
    assert find(server, item("once")).remote_id == server.statuses_of("brand")[0].id
    assert len(server.statuses_of("brand")) == 1


# -- find --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_find_matches_text_parent_and_time(quirks, preset):
    server = quirks(preset)
    one, other = server.mention("ada", "first"), server.mention("ada", "second")
    text = "Thänks — see https://example.org/a/very/long/path/with/many/parts?and=query <b>[ok]</b>\n\n👩🏽‍🔬 @grace"
    early = server.post("brand", f"@ada {text}", one, created_at=server.clock() - timedelta(hours=1))
    assert alike(server, item(text, one.id)) == [early.id]
    out = server.post("brand", f"@ada {text}", one)
    server.reblog("brand", other)
    assert find(server, item(text, one.id)).remote_id == out.id
    assert absent(server, item(text, other.id))
    assert absent(server, item(text))
    assert out.id in alike(server, item(text + " more", one.id))
    assert absent(server, item("second", other.id))


def test_find_tells_two_equal_posts_of_one_emoji_from_others(quirks):
    server = quirks()
    assert absent(server, item("🎉"))
    other = server.post("brand", "🙈")
    assert alike(server, item("🎉")) == [other.id]
    out = server.post("brand", "🎉")
    assert find(server, item("🎉")).remote_id == out.id


def test_find_copes_with_a_clock_that_is_hours_wrong(mastodon):
    clock = FakeClock(CLOCK.now() - timedelta(hours=3))
    mastodon.post("brand", "right time")
    what = replace(item("right time"), sending_since=clock.now())
    assert isinstance(run(login(mastodon, clock=clock), lambda network: network.find(what)), Sent)
    future = replace(what, sending_since=clock.now() + timedelta(hours=1))
    seen = run(login(mastodon, clock=clock), lambda network: network.find(future))
    assert isinstance(seen, Absence) and [found.text for found in seen.look_alikes] == ["right time"]


def test_find_reads_further_pages_until_before_the_sending(quirks):
    server = quirks("sparse")
    begun = CLOCK.now()
    out = server.post("brand", "the one")
    for number in range(60):
        server.post("brand", f"later {number}")
    what = replace(item("the one"), sending_since=begun)
    assert find(server, what).remote_id == out.id


def test_find_raises_when_the_server_does_not_answer_and_never_says_no(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(html(200, "GET", "/api/v1/accounts/.*/statuses"))
        seen = find(server, item("x"), url=proxy.url)
        assert isinstance(seen, Absence) and not seen.complete
        proxy.rule(html(200, "GET", "/api/v1/timelines/home"))
        with pytest.raises(Exception, match="HTML"):
            find(server, item("x"), url=proxy.url)


@pytest.mark.parametrize(
    ("text", "acct", "expected"),
    [
        ("@bob hi", "bob", True),
        ("hi @BOB", "bob", True),
        ("hi @bob.", "bob", True),
        ("hi @bobby", "bob", False),
        ("hi @bob@x.example", "bob", False),
        ("hi @bob@home.example", "bob", True),
        ("a@bob", "bob", False),
        ("https://x.example/@bob", "bob", False),
        ("hi @bob", "bob@x.example", False),
        ("(@bob@x.example)", "bob@x.example", True),
        ("@bob@x.example.org", "bob@x.example", False),
        ("", "bob", False),
    ],
)
def test_handle_in_a_text_is_recognised_as_the_server_would(text, acct, expected):
    assert sending.mentions(text, acct, "home.example") is expected


# -- files -------------------------------------------------------------------------------------------------------


@pytest.fixture
def image(tmp_path):
    file = tmp_path / "red.png"
    file.write_bytes(picture())
    return Media(str(file), "a red dot")


def uploaded(server, media, clock=CLOCK):
    return run(login(server, clock=clock), lambda network: network.upload(media))


@pytest.mark.parametrize("kind", ["v2", "v1"])
def test_file_goes_up_with_its_alt_text_and_is_waited_for(quirks, image, kind):
    class Quick(FakeClock):
        async def sleep(self, seconds):
            self.slept.append(seconds)

    clock = Quick()
    server = quirks(media=kind, media_polls=2)
    done = uploaded(server, image, clock)
    assert server.media[done.remote_id]["shown"]["description"] == "a red dot"
    assert len(clock.slept) == (2 if kind == "v2" else 0)
    assert send(server, item("look"), (done,)).note == ""
    assert server.statuses_of("brand")[0].media == [done.remote_id]


def test_a_file_goes_up_with_its_type_though_the_machine_knows_no_types(quirks, tmp_path, monkeypatch):
    def none(*_):
        return None, None

    monkeypatch.setattr("mimetypes.guess_type", none)
    server = quirks(media_polls=0)
    for name, kind in (("a.HEIC", "image/heic"), ("b.avif", "image/avif"), ("c.tif", "image/tiff")):
        file = tmp_path / name
        file.write_bytes(picture())
        done = uploaded(server, Media(str(file)))
        assert server.media[done.remote_id]["type"] == kind


@pytest.mark.parametrize("visibility", list(Visibility))
def test_answer_keeps_the_others_whom_it_is_told_to(quirks, visibility):
    server = quirks()
    mention = server.mention("ada", "shall we meet, @zoe@far.example?", visibility=str(visibility))
    sent = send(server, item("yes", mention.id, others=("@zoe@far.example", f"@carl@{server.host.upper()}")))
    (out,) = server.statuses_of("brand")
    assert out.text == "@ada @zoe@far.example @carl yes"
    assert [account.acct for account in out.mentions] == ["ada", "zoe@far.example", "carl"]
    assert find(server, item("yes", mention.id)).remote_id == sent.remote_id


@pytest.mark.parametrize("text", ["\U0001f44d", "!!!", "\u2764\ufe0f \U0001f44d"])
def test_answer_of_symbols_alone_is_known_in_spite_of_the_handles_before_it(quirks, text):
    server = quirks()
    mention = server.mention("ada", "hello @zoe@far.example")
    answer = item(text, mention.id, others=("@zoe@far.example",))
    sent = send(server, answer)
    assert server.statuses_of("brand")[0].text == f"@ada @zoe@far.example {text}"
    assert find(server, answer).remote_id == sent.remote_id


def test_attachment_that_the_server_left_out_is_reported(quirks, image):
    server = quirks("broken", media_polls=0)
    done = uploaded(server, image)
    assert "left out 1 of 1" in send(server, item("look"), (done,)).note


def test_server_that_takes_no_files_says_so(quirks, image):
    with pytest.raises(Unsupported, match="takes no files"):
        uploaded(quirks(media="none"), image)


def test_file_that_is_not_there_or_no_image_is_refused_in_one_line(quirks, tmp_path):
    server = quirks()
    text = tmp_path / "notes.txt"
    text.write_text("x")
    for path in (tmp_path / "no.png", tmp_path, text):
        with pytest.raises(Refused) as refused:
            uploaded(server, Media(str(path)))
        assert "\n" not in str(refused.value)


def test_lost_answer_to_an_upload_is_safe_to_try_again(quirks, image):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(drop_answer("POST", "/api/v2/media"))
        with pytest.raises(Unreachable):
            run(login(server, url=proxy.url), lambda network: network.upload(image))


# -- acts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_acts_do_what_they_say_and_can_be_repeated(quirks, preset):
    server = quirks(preset)
    mention = server.mention("ada", "hello")
    brand = server.account("brand")
    for _ in range(2):
        do(server, act(ActKind.FAVOURITE, mention.id))
    assert mention.favourites == {"brand"}
    do(server, act(ActKind.UNFAVOURITE, mention.id))
    assert mention.favourites == set()
    for _ in range(2):
        do(server, act(ActKind.BOOST, mention.id))
    assert [row.reblog for row in server.statuses_of("brand")] == [mention]
    do(server, act(ActKind.UNBOOST, mention.id))
    assert server.statuses_of("brand") == []
    do(server, act(ActKind.MUTE, mention.account.id))
    do(server, act(ActKind.BLOCK, mention.account.id))
    assert (brand.muted, brand.blocked) == ({"ada"}, {"ada"})
    do(server, act(ActKind.UNMUTE, mention.account.id))
    do(server, act(ActKind.UNBLOCK, mention.account.id))
    assert (brand.muted, brand.blocked) == (set(), set())
    do(server, act(ActKind.REPORT, mention.account.id, "spam", status_ids=mention.id, category="spam"))
    assert [(row["target"], row["comment"], row["status_ids"]) for row in server.reports] == [
        ("ada", "spam", [mention.id])
    ]
    before = len(server.requests)
    assert do(server, act(ActKind.READ, mention.id)) is None
    assert server.count("POST", "/api/v1/markers") == 0 and len(server.requests) == before + 1


@pytest.mark.parametrize("preset", PRESETS)
def test_delete_of_what_is_already_gone_is_done(quirks, preset):
    server = quirks(preset)
    ours = server.post("brand", "oops")
    for _ in range(2):
        assert do(server, act(ActKind.DELETE, ours.id)) is None
    assert server.statuses_of("brand") == []


def test_edit_keeps_handle_warning_language_and_files(quirks, image):
    server = quirks(media_polls=0)
    mention = server.mention("ada", "hello")
    done = uploaded(server, image)
    sent = send(server, item("wors", mention.id, spoiler="cw", language="de"), (done,))
    edited = do(server, act(ActKind.EDIT, sent.remote_id, "words"))
    (out,) = server.statuses_of("brand")
    assert edited.remote_id == sent.remote_id
    assert (out.text, out.spoiler, out.language, out.media) == ("@ada words", "cw", "de", [done.remote_id])
    assert server.of("PUT", f"{POST}/.*")[0].fields["media_ids"] == [done.remote_id]


def edited_text(server, sent, text, typed):
    done = do(server, replace(act(ActKind.EDIT, sent.remote_id, text), extra={"typed": typed}))
    assert done.remote_id == sent.remote_id
    return server.statuses_of("brand")[0].text


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("mention_ids", ["account", "place"])
def test_edit_keeps_all_handles_that_nobody_typed(quirks, preset, mention_ids):
    server = quirks(preset, mention_ids=mention_ids)
    mention = server.mention("ada", "hello @zoe@far.example @carl")
    sent = send(server, item("@carl wors", mention.id, others=("@zoe@far.example", f"@carl@{server.host}")))
    assert server.statuses_of("brand")[0].text == "@ada @zoe@far.example @carl wors"
    assert edited_text(server, sent, "words", "@carl wors") == "@ada @zoe@far.example words"
    assert edited_text(server, sent, "@ada words", "words") == "@zoe@far.example @ada words"
    assert edited_text(server, sent, "more words", "@ada words") == "@ada @zoe@far.example more words"


def test_edit_of_an_answer_to_what_is_gone_keeps_the_handles_that_were_put_before_it(quirks):
    server = quirks(mention_ids="place")
    mention = server.mention("ada", "hello")
    sent = send(server, item("wors", mention.id))
    server.delete(mention)
    assert edited_text(server, sent, "words", "wors") == "@ada words"


def test_edit_of_a_post_puts_nothing_before_it(quirks):
    server = quirks(mention_ids="place")
    sent = send(server, item("hello @ada"))
    assert edited_text(server, sent, "hello all", "hello @ada") == "hello all"


def poll_of(server, **fields):
    options = [{"title": "Kenya", "votes_count": 5}, {"title": "Peru", "votes_count": 1}]
    ends = to_iso(server.clock() + timedelta(hours=1))
    return {"id": "9", "options": options, "multiple": False, "expired": False, "expires_at": ends, **fields}


@pytest.mark.parametrize(
    ("fields", "resent"),
    [
        ({}, {"multiple": False, "expires_in": 3600}),
        ({"multiple": True}, {"multiple": True, "expires_in": 3600}),
        ({"expires_at": None}, {"multiple": False}),
        ({"expires_at": "soon"}, {"multiple": False}),
        (
            {"options": [{"title": "Kenya", "votes_count": None}, {"title": "Peru", "votes_count": None}]},
            {"multiple": False, "hide_totals": True, "expires_in": 3600},
        ),
    ],
)
def test_edit_keeps_the_poll_and_its_votes(quirks, fields, resent):
    server = quirks()
    sent = send(server, item("which bea"))
    (post,) = server.statuses_of("brand")
    before = poll_of(server, **fields)
    post.extra["poll"] = dict(before)
    do(server, act(ActKind.EDIT, sent.remote_id, "which bean?"))
    (put,) = server.of("PUT", f"{POST}/.*")
    assert {**resent, "options": ["Kenya", "Peru"]} == put.fields["poll"] | {
        name: resent[name] for name in ("expires_in",) if name in resent and 3600 - put.fields["poll"][name] < 60
    }
    assert post.text == "which bean?" and post.extra["poll"]["options"] == before["options"]


def test_poll_that_is_about_to_end_goes_on_for_the_least_time_that_a_server_takes(quirks):
    server = quirks()
    sent = send(server, item("which bea"))
    soon = to_iso(server.clock() + timedelta(minutes=1))
    server.statuses_of("brand")[0].extra["poll"] = poll_of(server, expires_at=soon)
    do(server, act(ActKind.EDIT, sent.remote_id, "which bean?"))
    assert server.of("PUT", f"{POST}/.*")[0].fields["poll"]["expires_in"] == 300


@pytest.mark.parametrize("ended", [{"expired": True}, {"expires_at": "2020-01-01T00:00:00Z"}])
def test_edit_of_a_post_whose_poll_has_ended_is_refused_and_changes_nothing(quirks, ended):
    server = quirks()
    sent = send(server, item("which bea"))
    server.statuses_of("brand")[0].extra["poll"] = poll_of(server, **ended)
    with pytest.raises(Unsupported, match="the poll of this post has ended"):
        do(server, act(ActKind.EDIT, sent.remote_id, "which bean?"))
    assert server.of("PUT", f"{POST}/.*") == []


def test_act_on_what_is_gone_is_gone_but_taking_it_back_is_done(quirks):
    server = quirks()
    for kind in (ActKind.FAVOURITE, ActKind.BOOST, ActKind.MUTE, ActKind.EDIT):
        with pytest.raises(Gone):
            do(server, act(kind, "999", "text"))
    for kind in (ActKind.UNFAVOURITE, ActKind.UNBOOST, ActKind.UNMUTE, ActKind.DELETE):
        assert do(server, act(kind, "999")) is None


# -- threads -----------------------------------------------------------------------------------------------------


def test_thread_has_the_status_as_it_is_now_and_says_what_is_missing(quirks):
    server = quirks()
    chain = [server.post("ada", "first")]
    for number in range(30):
        chain.append(server.mention("ada", f"next {number}", chain[-1]))
    server.edit(chain[25], "changed", tell=False)
    thread = run(login(server), lambda network: network.thread(chain[25].id))
    assert [status.remote_id for status in thread.ancestors] == [status.id for status in chain[5:25]]
    assert (thread.status.text, thread.status.edited, thread.missing) == ("changed", True, False)
    assert [status.remote_id for status in thread.descendants] == [status.id for status in chain[26:]]
    server.delete(chain[23])
    thread = run(login(server), lambda network: network.thread(chain[25].id))
    assert [status.remote_id for status in thread.ancestors] == [chain[24].id] and thread.missing


def test_id_with_slashes_and_colons_goes_whole_into_the_path(quirks):
    server = quirks(status_ids="dated")
    mention = server.mention("ada", "hello")
    assert "/" in mention.id and ":" in mention.id
    assert send(server, item("hi", mention.id)).remote_id
    do(server, act(ActKind.FAVOURITE, mention.id))
    assert mention.favourites == {"brand"}
    assert run(login(server), lambda network: network.thread(mention.id)).status.remote_id == mention.id


def test_report_by_a_person_carries_the_post(quirks, tmp_path):
    server = quirks()
    mention = server.mention("ada", "buy this")
    do(server, reported(desk_on(tmp_path), mention.id, mention.account.id, "spam"))
    assert [(row["target"], row["comment"], row["status_ids"]) for row in server.reports] == [
        ("ada", "spam", [mention.id])
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_answer_to_what_somebody_boosted_is_addressed_to_its_author(quirks, preset):
    server = quirks(preset)
    mention = server.mention("ada", "hello", visibility="unlisted")
    wrapper = server.reblog("zoe@far.example", mention)
    wrapper.extra["content"] = ""
    send(server, item("hi", wrapper.id))
    answer = server.statuses_of("brand")[-1]
    assert answer.text.startswith("@ada") and answer.visibility == "unlisted"


# -- paragraphs that a server puts below a text ------------------------------------------------------------------


def compared(monkeypatch):
    """The texts with which ours is compared, from now on."""
    seen = []

    def noting(one, other):
        seen.append(other)
        return same_text(one, other)

    monkeypatch.setattr(sending, "same_text", noting)
    return seen


@pytest.mark.parametrize("paragraphs", [1, 2, 40, 2000])
def test_a_text_of_many_paragraphs_is_compared_a_few_times(monkeypatch, paragraphs):
    seen = compared(monkeypatch)
    assert not sending.shows("another", "\n\n".join(["x"] * paragraphs))
    assert len(seen) == min(paragraphs, sending.ADDED + 1)


@pytest.mark.parametrize("added", range(sending.ADDED + 2))
@pytest.mark.parametrize("text", ["one", "one\n\ntwo\n\nthree\n\nfour\n\nfive"])
def test_a_text_is_shown_with_a_few_paragraphs_below_it(text, added):
    assert sending.shows(text, "\n\n".join([text, *["put there"] * added])) is (added <= sending.ADDED)


def test_an_answer_that_has_the_text_is_compared_once(quirks, monkeypatch):
    seen = compared(monkeypatch)
    send(quirks(), item("one\n\ntwo\n\nthree"))
    assert len(seen) == 1
