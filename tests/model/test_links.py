"""Links in a text: where they begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.links import links


def found(text):
    return [text[start:end] for start, end in links(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("詳細は https://x.example/foo。次の文です", "https://x.example/foo"),
        ("(見て：https://x.example/foo）と", "https://x.example/foo"),
        ("「https://x.example/a」", "https://x.example/a"),
        ("https://x.example/a，然后", "https://x.example/a"),
        ("https://x.example/a！", "https://x.example/a"),
        ("https://x.example/a、https", "https://x.example/a"),
        ("انظر https://x.example/a، ثم", "https://x.example/a"),
        ("हिन्दी https://x.example/a।", "https://x.example/a"),
        ("“https://x.example/a”", "https://x.example/a"),
        ("it's at https://x.example/a’", "https://x.example/a"),
        ("see https://x.example/a…", "https://x.example/a"),
        ("see https://x.example/a).", "https://x.example/a"),
        ("https://x.example/a_(b)", "https://x.example/a_(b)"),
        ("https://x.example/a?b=[c]", "https://x.example/a?b=[c]"),
        ("https://x.example/猫/々", "https://x.example/猫/々"),
        ("HTTPS://x.example/a", "HTTPS://x.example/a"),
        ("Https://x.example/b!", "Https://x.example/b"),
        ("https://x.example/#a/", "https://x.example/#a/"),
        ("https://x.example/50%", "https://x.example/50%"),
        ("見てhttps://x.example/aと", "https://x.example/aと"),
        ("_https://x.example/a_", "https://x.example/a"),
        ("https://x.example/a،ثم", "https://x.example/a"),
        ("https://x.example/a؟", "https://x.example/a"),
        ("https://x.example/a॥b", "https://x.example/a"),
        ("https://x.example/a—", "https://x.example/a"),
        ("https://x.example/A–B", "https://x.example/A–B"),
        ("https://x.example/wiki/Dr._No", "https://x.example/wiki/Dr._No"),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(text, address):
    assert found(text) == [address]


@pytest.mark.parametrize(
    "text", ["", "https://", "https://.", "https:// x", "xhttps://x.example", "@https://x", "ftp://x"]
)
def test_what_is_no_link(text):
    assert found(text) == []


BEFORE = st.sampled_from(
    ["", " ", "(", "「", "見て", "é", "،", "«", "“", "'", '"', "*", "_", "see: ", "（", "¿", "\n", "।"]
)
AFTER = st.sampled_from(
    ["", " ", ")", ").", ".", ",", ";", ":", "!", "?", "...", "…", "。", "、", "，", "」", "）", "！", "？", "：", "।",
     "۔", "،", "؟", "»", "”", "’", "'", '"', "*", "_", "—", " —", "\n", "\u3000", "\u00a0", "።", "။", "។",
     "】", "] (x", ">", "|"]
)  # fmt: skip
LETTERS = st.text("abcXYZ019%~-/=&日é", min_size=1, max_size=8).filter(lambda text: text[-1] not in "~-")
ADDRESSES = st.builds(
    "{}x.example{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "Https://", "hTTp://"]),
    st.sampled_from(["", ":8080", "/", "/a", "/a_(b)", "/a.b", "/@ada", "/?q=a,b", "/#top", "/it's"]),
    st.just("") | LETTERS.map("/{}".format),
)


@given(BEFORE, ADDRESSES, AFTER, BEFORE, ADDRESSES)
def test_a_link_is_the_same_whatever_stands_around_it(before, address, after, before_other, other):
    assert found(before + address + after) == [address]
    assert found(before + address + after + " " + before_other + other) == [address, other]


@given(st.text("https://x.)（。。] 'a", max_size=60))
def test_links_stand_in_order_and_never_overlap(text):
    spans = links(text)
    assert all(start < end for start, end in spans)
    assert [place for span in spans for place in span] == sorted(place for span in spans for place in span)


def test_time_is_linear_in_the_text():
    text = "https://x" + ")." * 200_000
    assert found(text) == ["https://x"]
