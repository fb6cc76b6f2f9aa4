"""A status's HTML as text: what four kinds of server send, and that no garbage costs more than its size."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commtui.networks.html import to_text

MENTION = (
    '<span class="h-card"><a class="u-url mention" href="https://one.example/@brand">@<span>brand</span></a></span>'
)
LINK = (
    '<a href="https://example.com/a/long/path?x=1&amp;y=2" rel="nofollow"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.com/a/long</span><span class="invisible">/path?x=1&amp;y=2</span></a>'
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two<br>three<br />four</p>", "one\n\ntwo\nthree\nfour"),
        ("<p>a<br><br>b</p>", "a\n\nb"),
        ("<p>  white \n\t space </p>\n<p> is <b>one</b> <i>space</i></p>", "white space\n\nis one space"),
        ("<p>&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39; &eacute; &#x1F600; &nbsp;.</p>", "<b> & \"x\" 'y' é 😀 \xa0."),
        ("5 < 6, i <3 you </3 & <b>bold", "5 < 6, i <3 you </3 & bold"),
        ('<a class="u-url mention">@<span>brand</span></a> hi', "@brand hi"),
        (f"<p>{MENTION} hello</p>", "@brand@one.example hello"),
        (f"<p>see {LINK}, ok</p>", "see https://example.com/a/long/path?x=1&y=2, ok"),
        ('<a href="https://example.com/lo/ng">example.com/lo…</a>', "https://example.com/lo/ng"),
        ('<a href="https://evil.example/">bank.example</a>', "bank.example (https://evil.example/)"),
        ('<a href="https://x.example/K%C3%B6ln">x.example/Köln</a>', "https://x.example/K%C3%B6ln"),
        ('<a href="javascript:alert(1)">click</a> <a href="/rel">rel</a>', "click rel"),
        ('<a href="https://x.example/1"><img src="x" alt=""></a>', "https://x.example/1"),
        ("<a href=mailto:me@x.example>me@x.example</a>", "me@x.example"),
        ('a<a href="https://x.example/t/tag" class="mention hashtag" rel="tag">#<span>tag</span></a>', "a#tag"),
        ("<blockquote><p>said</p><p>more</p></blockquote><p>answer</p>", "> said\n>\n> more\n\nanswer"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ("<p>x</p><ul><li>one</li><li><p>two</p></li></ul><p>y</p>", "x\n\n- one\n- two\n\ny"),
        ("<ol><li>one<ul><li>in</li></ul></li><li>two</ol>", "1. one\n  - in\n2. two"),
        (
            "<pre><code>def f():\n    return  1\n</code></pre><p>use <code>f</code></p>",
            "def f():\n    return  1\n\nuse f",
        ),
        ("a<script>alert('<p>')</script>b<STYLE>p{}</STYLE >c<style>never", "abc"),
        ("a<!-- <p>no</p> -->b<!doctype html><?xml?>c", "abc"),
        ("<x-emoji name=y>:y:</x-emoji><style-x>ok</style-x>", ":y:ok"),
        ('party <img class="emoji" alt=":blob:" src=x>', "party :blob:"),
        (
            "</p></ul></blockquote></a><p>survives <a href='https://x.example'>x.example<p>next",
            "survives https://x.example\n\nnext",
        ),
        ('<a href="https://x.example/>never closed <b>text</b>', "never closed text"),
        ("<p title='a>b'>quoted</p>", "quoted"),
        ("&#" + "9" * 5000 + "; &#xfffffffffffff;", "\ufffd \ufffd"),
        ("one<hr>two", "one\n\n---\n\ntwo"),
    ],
)
def test_a_status_as_text(html: str, expected: str) -> None:
    assert to_text(html) == expected


def test_a_mention_has_the_name_that_the_server_gives_for_it() -> None:
    url = "https://one.example/@brand"
    assert to_text(MENTION, {url: "brand"}) == "@brand"
    assert to_text(MENTION, {url: "brand@example.org"}) == "@brand@example.org"
    assert to_text(MENTION, server="ONE.example") == "@brand"
    assert to_text('<a class="mention" href="http://[x">@brand</a>') == "@brand"
    assert to_text('<a class="mention" href="https://b.example/u/1">@brand@a.example</a>') == "@brand@a.example"


PARTS = (
    "<p> </p> <br> <b> </b> <ul> <ol> <li> </ul> <blockquote> </blockquote> <pre> </pre> </a> < > & &lt; &#x; &#65 <!"
    " <!-- --> <script> </script> <a </p <x-y> \" ' = word @user #tag https://x.example"
)
pieces = st.sampled_from(
    [*PARTS.split(), "\n", " ", '<a href="https://x.example/y">', "<a class=mention href='http://h'>", "<li"]
)


@given(st.lists(pieces, max_size=30).map("".join) | st.text(max_size=40))
@example("<a href='https://x.example'><blockquote><li>")
def test_any_garbage_is_some_text(html: str) -> None:
    text = to_text(html)
    assert text == text.strip("\n")
    assert not re.search(r"[ \t]\n", text)


@given(st.text(st.characters(exclude_characters="<&\r\n\t\f\v", exclude_categories=["Cc", "Z", "Cs"]), min_size=1))
def test_words_without_markup_come_out_as_they_went_in(word: str) -> None:
    assert to_text(f"<p>{word} <b>{word}</b></p>") == f"{word} {word}"


@pytest.mark.parametrize(
    "part",
    [
        *(
            "<",
            "<a",
            "<a ",
            "<!--",
            "<!",
            "</",
            "<p",
            '<a href="',
            "<a b='",
            "&",
            "&#9",
            "<script>",
            "<script",
            "</a",
            "&lt",
        ),
        *(
            "<ul><li>",
            "<blockquote>",
            "<blockquote><br>x",
            "<a href=x>y",
            "<div>",
            " ",
            "<b><i>",
            "x=",
            "= ",
            "<pre>\n",
        ),
        *("<title/", '<a x="<', "<a " + "x " * 20, "<br>", "<p>"),
        *("<sup>", "<sup>x</sup>", "<sup>x y", "<del>", "<del>x<p>", "<q>", "<td>x", "<math><mfrac>", "<math><mi>x"),
        *("<math><msup><mi>x", "<math></math>", "<ol reversed>", "<ol type=i><li value=3999>", "<input type=checkbox>"),
    ],
)
@pytest.mark.timeout(60)  # what looked twice at every place would need many minutes
def test_work_grows_no_faster_than_the_html(part: str) -> None:
    """Steps of our own code are counted; those inside a pattern show only as a test that does not end."""

    def steps(size: int) -> int:
        count = 0

        def trace(*_: object) -> None:
            nonlocal count
            count += 1

        html = part * (size // len(part))
        sys.setprofile(trace)
        try:
            text = to_text(html)
        finally:
            sys.setprofile(None)
        assert len(text) <= 20 * size + 20
        return count

    assert steps(20_000) <= 11 * steps(2_000) + 100
    assert isinstance(to_text(part * (400_000 // len(part))), str)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("part", ["x", " ", "=", '"', "x=", "x ", "'x", "/", "x='", 'x"'])
def test_a_tag_of_a_megabyte_is_read_once(part: str) -> None:
    assert to_text("<a " + part * (1_000_000 // len(part)) + ">text</a>").endswith("text")


def test_five_megabytes_of_nesting() -> None:
    html = "<blockquote><ul><li>" * 250_000 + "deep"  # 5 MB
    text = to_text(html)
    assert text.endswith("deep")
    assert len(text) < 5_000_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>We open at <del>9</del> 10</p>", "We open at ~~9~~ 10"),
        ("<s>a <del>b</del> c</s> d", "~~a b c~~ d"),
        ("<del>never closed", "~~never closed~~"),
        ("</del>x", "x"),
        ('<a href="https://x.example/a"><s>https://x.example/a</s></a>', "~~https://x.example/a~~"),
        ("10<sup>6</sup> cups of H<sub>2</sub>O", "10^6 cups of H_2O"),
        (
            "<table><tr><th>Where</th><th>kg</th></tr><tr><td>Kenya</td><td>12</td></tr></table>",
            "Where | kg\nKenya | 12",
        ),
        ('<ol start="5"><li>a</li><li>b</li></ol>', "5. a\n6. b"),
        ('<ol start="0"><li>a<li value="9">b<li>c</ol>', "0. a\n9. b\n10. c"),
        ('<ol start="x"><li>a</ol>', "1. a"),
        ("<ruby>漢<rt>かん</rt></ruby>字", "漢(かん)字"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
        ('<p>a</p><p><math alttext="x^2"><msup><mi>x</mi><mn>2</mn></msup></math> is</p>', "a\n\nx^2 is"),
        (
            "see <math><mi>x</mi><mn>2</mn><annotation encoding='application/x-tex'>x^2 &lt; y</annotation></math>.",
            "see x^2 < y.",
        ),
        ("<math><mi>x</mi></math>", "x"),
        ('<math alttext="a">b<p>after</p>', "a\n\nafter"),
        ("<p>a <del>b</p><p>c</del> d</p>", "a ~~b~~\n\n~~c~~ d"),
        ("<del>a<br>b</del>", "~~a~~\n~~b~~"),
        ("a<del></del>b<del> </del>c", "ab c"),
        ('<del>see <a href="https://x.example/a">x.example/a</a></del>.', "~~see https://x.example/a~~."),
        (
            "x<sup>n+1</sup>, x<sup>-2</sup>, x<sub>i,j</sub>, 2<sup>10<sup>3</sup></sup>",
            "x^(n+1), x^-2, x_(i,j), 2^(10^3)",
        ),
        ("note<sup>[1]</sup> x<sup></sup>y <sup>(a b)</sup>", "note^[1] xy ^(a b)"),
        ('fn<sup><a href="#1">1</a></sup>', "fn^1"),
        ("</sup>x<sup>never closed", "x^never closed"),
        ("<p><q>one <q>two</q></q> three</p>", "“one “two”” three"),
        ("<p><q>never closed</p>", "“never closed”"),
        ("</q>x", "x"),
        (
            "<table><caption>Beans</caption><tr><td><p>Kenya</p></td><td><p>1</p><p>2</p></td></tr></table>",
            "Beans\nKenya | 1 2",
        ),
        ("<table><tr><td></td><td>7</td></tr><tr><td>8<td>9</table>after", "| 7\n8 | 9\n\nafter"),
        ('<ol reversed start="3"><li>a<li>b</ol>', "3. a\n2. b"),
        ("<ol reversed><li>a<li>b</ol>", "- a\n- b"),
        (
            '<ol type="a"><li>a<li>b</ol><ol type="I" start="9"><li>c<li value=4000>d</ol>',
            "a. a\nb. b\n\nIX. c\n4000. d",
        ),
        ('<ol type="A" start="26"><li>a<li>b<li value="0">c</ol>', "Z. a\nAA. b\n0. c"),
        ('<ul><li><input type="checkbox" checked disabled> a</li><li><input type=checkbox>b</ul>', "- [x] a\n- [ ] b"),
        ("<ul><li>a<ol><li>b<ul><li>c</ul></ol></ul>", "- a\n  1. b\n    - c"),
        ("<details open><summary>More</summary>hidden</details>", "More\nhidden"),
        ('<a href="//x.example/a">here</a>', "here (https://x.example/a)"),
    ],
)
def test_markup_that_carries_meaning_is_kept(html, text):
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mfrac><mi>a</mi><mi>b</mi></mfrac>", "a/b"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a+1)/b"),
        ("<mfrac><mfrac><mi>a</mi><mi>b</mi></mfrac><mi>c</mi></mfrac>", "(a/b)/c"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><msub><mi>x</mi><mi>i</mi></msub>", "x^2=x_i"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_1^2"),
        ("<munderover><mo>\u2211</mo><mn>0</mn><mi>n</mi></munderover><mi>x</mi>", "\u2211_0^nx"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "\u221a(x+1)"),
        ("<msup><msqrt><mi>x</mi></msqrt><mn>2</mn></msup>", "\u221a(x)^2"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<mtable><mtr><mtd>1</mtd><mtd>2</mtd></mtr><mtr><mtd>3</mtd><mtd>4</mtd></mtr></mtable>", "[1, 2; 3, 4]"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mi>x</mi><mspace/><mtext>if</mtext><mi>y</mi>", "x if y"),
        ("<semantics><mi>x</mi><annotation encoding='text/plain'>no</annotation></semantics>", "x"),
        ("<semantics><mi>x</mi><annotation encoding='application/x-tex'>y", "y"),
        ("<mfrac><mi>a</mi>", "a"),
        ("</mfrac></mi>x", "x"),
    ],
)
def test_a_formula_without_its_source_keeps_its_meaning(formula, text):
    assert to_text(f"<p>so <math>{formula}</math> holds</p>") == f"so {text} holds"
    assert to_text(f'<math alttext="source">{formula}</math>') == "source"


MARKED = {
    "del": "~~{}~~", "s": "~~{}~~", "q": "\u201c{}\u201d", "sup": "^{}", "sub": "_{}", "b": "{}", "mark": "{}",
    "small": "{}", "ins": "{}",
}  # fmt: skip
WORDS = st.text("abc", min_size=1, max_size=4)
INLINE = st.recursive(
    WORDS.map(lambda word: (word, word)),
    lambda inner: st.tuples(st.sampled_from(["b", "q", "ins", "mark"]), inner).map(
        lambda pair: (f"<{pair[0]}>{pair[1][0]}</{pair[0]}>", MARKED[pair[0]].format(pair[1][1]))
    ),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(sorted(MARKED)), INLINE), min_size=1, max_size=6))
def test_marks_stand_where_the_elements_stood(parts):
    html = " ".join(f"<{name}>{inner[0]}</{name}>" for name, inner in parts)
    assert to_text(f"<p>{html}</p>") == " ".join(MARKED[name].format(inner[1]) for name, inner in parts)


CELLS = st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5)


@given(CELLS, st.sampled_from(["{}", "<p>{}</p>", "<div><b>{}</b></div>", " {}\n"]), st.booleans())
def test_every_cell_of_a_table_is_told_from_its_neighbours(rows, cell, closed):
    def row(words):
        cells = (f"<td>{cell.format(word)}" + ("</td>" if closed else "") for word in words)
        return "<tr>" + "".join(cells) + ("</tr>" if closed else "")

    lines = to_text("<table>" + "".join(map(row, rows)) + "</table>").split("\n")
    assert [line.split(" | ") for line in lines] == rows


NESTED = st.recursive(
    WORDS, lambda inner: st.tuples(st.sampled_from(["ul", "ol"]), st.lists(inner, min_size=1, max_size=3)), max_leaves=8
)


@given(st.tuples(st.sampled_from(["ul", "ol"]), st.lists(NESTED, min_size=1, max_size=3)))
def test_nested_lists_are_indented_and_numbered(tree):
    def html(node):
        if isinstance(node, str):
            return node
        return f"<{node[0]}>" + "".join(f"<li>x{html(entry)}</li>" for entry in node[1]) + f"</{node[0]}>"

    def lines(node, depth):
        for number, entry in enumerate(node[1], 1):
            label = "-" if node[0] == "ul" else f"{number}."
            yield "  " * depth + f"{label} x" + (entry if isinstance(entry, str) else "")
            if not isinstance(entry, str):
                yield from lines(entry, depth + 1)

    assert to_text(html(tree)).split("\n") == list(lines(tree, 0))
