"""Bluesky's pure parts: keys, facets, points."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.model import threads
from commtui.model.abilities import Limits
from commtui.model.clock import from_iso, to_iso
from commtui.networks.base import Malformed, RateLimited
from commtui.networks.bluesky import budget, cards, facets, parse, tid
from commtui.networks.bluesky.lexicon import Post
from commtui.networks.payloads import read
from tests.clock import FakeClock
from tests.networks.tools import outgoing

MOMENTS = st.timedeltas(timedelta(), timedelta(days=20_000)).map(lambda span: datetime(2022, 1, 1, tzinfo=UTC) + span)

# -- keys


@given(st.integers(0, 2**53 - 1), st.integers(0, 1023))
def test_tid_is_read_as_it_was_made(micros, clock):
    encoded = tid.encode(micros, clock)
    assert re.fullmatch(tid.PATTERN, encoded)
    assert tid.decode(encoded) == (micros, clock)


@given(st.lists(st.tuples(st.integers(0, 2**53 - 1), st.integers(0, 1023)), min_size=2))
def test_tids_sort_as_their_moments(moments):
    keys = [tid.encode(*moment) for moment in sorted(moments)]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    "bad", ["", "3jzfcijpj2z2", "3jzfcijpj2z2a2", "z222222222222", "0jzfcijpj2z2a", "3JZFCIJPJ2Z2A"]
)
def test_tid_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="no TID"):
        tid.decode(bad)


@given(MOMENTS, st.text(min_size=1, max_size=30))
def test_key_of_a_draft_is_the_same_after_the_store_has_kept_it(at, key):
    moment = from_iso(to_iso(at))
    assert tid.of_draft(at, key) == tid.of_draft(moment, key)
    assert (
        timedelta(0)
        <= tid.EPOCH + timedelta(microseconds=tid.decode(tid.of_draft(at, key))[0]) - moment
        < (timedelta(milliseconds=1))
    )


def test_keys_of_a_thread_are_in_its_order_and_of_two_drafts_differ():
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    item = replace(outgoing("bluesky", "word " * 2000), created_at=at, extra={threads.ASKED: "1"})
    parts = threads.parts_of(item, threads.texts_of(item, Limits(characters=300)))
    keys = [tid.of_draft(part.created_at, part.key) for part in parts]
    assert len(keys) > 25 and keys == sorted(set(keys))
    assert len({tid.of_draft(at, f"key {number}") for number in range(1000)}) > 998  # all within one millisecond


def test_key_of_a_subject_is_in_the_past_and_its_own():
    found = {tid.of_subject("like", f"at://did/{number}") for number in range(1000)}
    assert len(found) == 1000
    years = {(tid.EPOCH + timedelta(microseconds=tid.decode(key)[0])).year for key in found}
    assert years == {2022}
    assert tid.of_subject("like", "x") != tid.of_subject("repost", "x")


# -- facets


def expanded(text, facets_):
    return facets.expanded(text, read({"facets": facets_}, Post).facets)


PIECES = st.sampled_from(
    ["@ada.test", "@a-b.example.com", "#tag", "#día", "#1", "https://example.com/a(b)?q=1", "http://x.y.", "(https://e.org)",
     "👩🏽‍🔬", "ünïcode", "plain", " ", "\n", ".", ",", "é", "日本", "@", "#", "://", "a@b.com", "٣", "＃全角"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(st.characters(codec="utf-8"), max_size=40)


@given(TEXTS)
@example("😀@ada.test é https://example.com/ü, #día!")
def test_facets_point_at_the_very_bytes_of_what_they_mean(text):
    record = facets.make(text, dict.fromkeys(facets.handles(text), "did:plc:x"))
    data = text.encode()
    ends = [(item["index"]["byteStart"], item["index"]["byteEnd"]) for item in record]
    assert ends == sorted(ends)
    assert all(one[1] <= other[0] for one, other in pairwise(ends))
    for span, (start, end) in zip(record, ends, strict=True):
        assert 0 <= start < end <= len(data)
        shown = data[start:end].decode()  # never inside a character
        (feature,) = span["features"]
        if feature["$type"].endswith("#link"):
            assert shown == feature["uri"] and shown.startswith(("http://", "https://"))
        elif feature["$type"].endswith("#tag"):
            assert shown[1:] == feature["tag"] and shown[0] in "#＃"
        else:
            assert shown.startswith("@") and "." in shown


@given(TEXTS)
def test_text_without_marks_of_its_own_comes_back_as_it_was(text):
    record = facets.make(text, dict.fromkeys(facets.handles(text), "did:plc:x"))
    assert expanded(text, record) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hi @ada.test!", [("mention", "ada.test")]),
        ("(@ada.test)", [("mention", "ada.test")]),
        ("@Ada.Test.", [("mention", "ada.test")]),
        ("mail a@b.com", []),
        ("@ada", []),
        ("see https://e.org/a_(b).", [("link", "https://e.org/a_(b)")]),
        ("(https://e.org)", [("link", "https://e.org")]),
        ("https://e.org/x?y=1,2, z", [("link", "https://e.org/x?y=1,2")]),
        ("https://e.org/@ada.test #a", [("link", "https://e.org/@ada.test"), ("tag", "a")]),
        ("#tag, #1 #1a #", [("tag", "tag"), ("tag", "1a")]),
        ("a#b c", []),
        ("#" + "x" * 65, []),
        ("＃全角", [("tag", "全角")]),
        ("https:// nothing", []),
    ],
)
def test_marks_in_a_text(text, found):
    assert [(span.kind, span.value) for span in facets.spans(text)] == found


def _link(text, shown, uri):
    start = len(text[: text.index(shown)].encode())
    return [
        {
            "index": {"byteStart": start, "byteEnd": start + len(shown.encode())},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}],
        }
    ]


@pytest.mark.parametrize(
    ("text", "shown", "uri", "result"),
    [
        ("é see e.org/long… ok", "e.org/long…", "https://e.org/long/path", "é see https://e.org/long/path ok"),
        ("www.e.org/a...", "www.e.org/a...", "https://e.org/abc", "https://e.org/abc"),
        ("👩🏽‍🔬 click here", "click here", "https://bad.example", "👩🏽‍🔬 click here <https://bad.example>"),
        ("good.example", "good.example", "https://bad.example", "good.example <https://bad.example>"),
    ],
)
def test_links_are_shown_with_where_they_lead(text, shown, uri, result):
    assert expanded(text, _link(text, shown, uri)) == result


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 60) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["index", "features", "byteStart", "byteEnd", "uri", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.text(max_size=20), JUNK)
def test_garbage_for_facets_harms_nothing(text, junk):
    assert isinstance(expanded(text, junk), str)


@given(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=4),
)
def test_facets_that_do_not_fit_keep_every_character_of_the_text(text, places):
    given_ = [{"index": {"byteStart": a, "byteEnd": b}, "features": [{"uri": "https://e.org/uri"}]} for a, b in places]
    for piece in re.split(r" <https://e\.org/uri>|https://e\.org/uri", expanded(text, given_)):
        assert piece in text  # nothing is made up, whatever is left out


# -- what a post embeds

DID = "did:plc:abc"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("app.bsky.feed.post/3k", "profile/did:plc:abc/post/3k"),
        ("app.bsky.feed.generator/beans", "profile/did:plc:abc/feed/beans"),
        ("app.bsky.graph.list/3k", "profile/did:plc:abc/lists/3k"),
        ("app.bsky.graph.starterpack/3k", "starter-pack/did:plc:abc/3k"),
        ("app.bsky.labeler.service/self", "profile/did:plc:abc"),
    ],
)
@pytest.mark.parametrize("with_media", [False, True])
def test_an_embedded_record_is_shown_by_the_address_of_its_own_page(path, page, with_media):
    record = {"uri": f"at://{DID}/{path}", "cid": "c"}
    embed = {"$type": "app.bsky.embed.record", "record": record}
    if with_media:
        embed = {"$type": "app.bsky.embed.recordWithMedia", "record": embed, "media": {}}
    post = read({"text": "look", "embed": embed}, Post)
    assert parse.text_of(post, parse.quotes(post)) == f"look\n> https://bsky.app/{page}"


def test_a_record_of_another_kind_is_shown_by_its_own_address_and_what_is_no_address_not_at_all():
    for uri, line in ((f"at://{DID}/blue.recipes.cake/3k", f"\n> at://{DID}/blue.recipes.cake/3k"), ("at://x", "")):
        post = read({"text": "look", "embed": {"$type": "app.bsky.embed.record", "record": {"uri": uri}}}, Post)
        assert parse.text_of(post, parse.quotes(post)) == f"look{line}"


# -- points


@given(st.lists(st.tuples(st.floats(0, 4000), st.sampled_from([1, 2, 3])), max_size=60), st.integers(5, 40))
def test_no_window_ever_holds_more_points_than_are_allowed(writes, most):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(budget, "WINDOWS", ((3600.0, most), (86_400.0, most * 3)))
        purse, now, spent = budget.Budget(), 0.0, []
        clock = FakeClock()
        for gap, points in writes:
            clock.advance(gap)
            now = clock.monotonic()
            if wait := purse.wait(now, points):
                with pytest.raises(RateLimited):
                    purse.spend(clock, "host", points)
                clock.advance(wait + 0.001)
            purse.spend(clock, "host", points)  # to wait as long as it said is enough
            spent.append((clock.monotonic(), points))
        for seconds, most_ in budget.WINDOWS:
            for at, _ in spent:
                assert sum(points for when, points in spent if at - seconds < when <= at) <= most_


def test_the_budget_is_a_hundred_posts_and_then_some():
    clock, purse = FakeClock(), budget.Budget()
    for _ in range(2500):
        purse.spend(clock, "host", budget.PUT)
    with pytest.raises(RateLimited, match="host allows no more writes for 3600 s"):
        purse.spend(clock, "host", budget.DELETE)
    clock.advance(3600)
    purse.spend(clock, "host", budget.PUT)


# -- cards


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ("<title>A &amp; B</title>", ("A & B", "")),
        ('<title>no</title><meta property="og:title" content="yes"><meta name=description content=d>', ("yes", "d")),
        ("<title>a\n\x1b[31m b</title>", ("a b", "")),
        ("", ("", "")),
        ("<<<>>\x00<meta><title", ("", "")),
    ],
)
def test_card_takes_title_and_description_of_a_page(page, read):
    assert cards.read(page) == read


@given(st.text(max_size=200))
def test_card_of_any_page_is_short_lines(page):
    assert all("\n" not in text and len(text) <= 1000 for text in cards.read(f"<title>{page}</title>{page}"))


@pytest.mark.parametrize("reason", [None, -1, {}, ""])
def test_a_notification_without_a_reason_is_malformed_and_one_of_another_kind_is_nothing(reason):
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    author = {"did": DID, "handle": "them.test"}
    value = {"uri": f"at://{DID}/app.bsky.feed.post/3k", "cid": "c", "author": author, "record": {"text": "hello"}}
    with pytest.raises(Malformed):
        parse.notification({**value, "reason": reason}, "did:plc:us", at)
    assert parse.notification({**value, "reason": "verified"}, "did:plc:us", at) is None
