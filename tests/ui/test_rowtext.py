"""Rows and threads as text, without a screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len, split_graphemes

from commtui.model.abilities import Visibility
from commtui.model.links import links
from commtui.model.records import (
    Context,
    Conversation,
    LookAlike,
    Media,
    Mention,
    Note,
    Outgoing,
    Poll,
    PollOption,
    Via,
)
from commtui.model.states import ConversationStatus, OutgoingState, Reason
from commtui.model.text import clean
from commtui.sentences.reasons import NOT_READABLE
from commtui.triage.query import QueryContext
from commtui.ui.text.cells import cut, cut_words, fit, wrap
from commtui.ui.text.links import PORTION, linked, portions_of
from commtui.ui.text.mention_row import brief_mention, mention_row
from commtui.ui.text.outgoing_row import counts_down, outgoing_row
from commtui.ui.text.rows import RowContext
from commtui.ui.text.saved_choices import shared_language
from commtui.ui.text.thread import draft_lines, item_lines, text_lines
from tests.ui.fill import ACCOUNT, NOW

CONTEXT = RowContext(QueryContext(NOW, "lea", timedelta(seconds=60), {}), "Europe/Berlin", 80)
HELD = Conversation(
    id="c0000000001", account=ACCOUNT.id, network="mastodon", status=ConversationStatus.OPEN,
    since=NOW - timedelta(hours=3), newest="m0000000001", newest_at=NOW, author="@ada@example.net",
    author_name="Ada", text="Where is\nmy [order]?",
)  # fmt: skip
REPLY = Outgoing(
    id="r0000000001", account=ACCOUNT.id, network="mastodon", text="On its way.", state=OutgoingState.SCHEDULED,
    created_at=NOW, key="k", conversation=HELD.id, scheduled_at=NOW + timedelta(seconds=9),
)  # fmt: skip


def said(pieces):
    return "".join(text for _, text in pieces)


def cells(pieces):
    return sum(cell_len(text) for _, text in pieces)


def test_a_mention_tells_age_author_and_text_in_words_and_symbols():
    assert said(mention_row(HELD, CONTEXT)).rstrip() == "  * 3h ada              Where is my [order]?"
    late = replace(HELD, since=NOW - timedelta(days=3), due_at=NOW - timedelta(days=2), unread=False)
    row = said(mention_row(late, CONTEXT, pointed=True, marked=True))
    assert row.startswith(">x  3d ada ") and row.endswith(" overdue 2d")


def test_a_vip_is_marked_where_there_is_room():
    plain, vip = said(mention_row(HELD, CONTEXT)), said(mention_row(HELD, CONTEXT, vip=True))
    assert " vip Where is my [order]?" in vip and vip.replace("vip", "   ") == plain  # no other word has moved
    direct = said(mention_row(replace(HELD, via=Via.DIRECT), CONTEXT, vip=True))
    assert " DM  Where" in direct and direct.rstrip().endswith(" vip")
    narrow = replace(CONTEXT, width=40)
    assert said(mention_row(HELD, narrow, vip=True)).rstrip().endswith(" vip")


@pytest.mark.parametrize(
    ("named", "guess", "words"),
    [("de", None, "de"), (None, "de", "de?"), ("und", "de", "de?"), ("de", "fr", "de"), (None, None, "")],
)
def test_a_row_names_the_language_where_the_config_asks_for_hints(named, guess, words):
    spoken = replace(HELD, language=named, language_guess=guess)
    assert said(mention_row(spoken, CONTEXT)) == said(mention_row(HELD, CONTEXT))
    row = said(mention_row(replace(spoken, tags=("bug",)), replace(CONTEXT, languages=True)))
    assert row.endswith(f" {words} #bug" if words else "  #bug")
    crowded = replace(spoken, tags=("support", "shipping"), assignee="kim", text="word " * 20)
    assert "Where" in row and not said(mention_row(crowded, replace(CONTEXT, languages=True, width=50))).endswith("?")


def due(minutes, risk=None):
    """A deadline in so many minutes, at risk in `risk`."""
    changes = {"due_at": NOW + timedelta(minutes=minutes)}
    return changes if risk is None else {**changes, "risk_at": NOW + timedelta(minutes=risk)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        (due(1500, 600), "due 1d"),
        (due(25, 5), "due 25m"),
        (due(25, 0), "due 25m"),
        (due(25, -1), "at risk 25m"),
        (due(0.5, -1), "at risk now"),
        (due(0, -1), "at risk now"),
        (due(-0.5, -60), "overdue"),
        (due(-120, -600), "overdue 2h"),
        (due(25), ""),  # no service level
        (due(-120), "overdue 2h"),
        ({**due(-120, -600), "muted": True}, ""),
        ({**due(-120, -600), "muted": True, "muted_until": NOW + timedelta(hours=1)}, ""),
        ({**due(-120, -600), "muted": True, "muted_until": NOW - timedelta(hours=1)}, "overdue 2h"),
        ({**due(-120, -600), "snoozed_until": NOW + timedelta(hours=1)}, ""),
        ({**due(-120, -600), "snoozed_until": NOW - timedelta(hours=1)}, "overdue 2h"),
    ],
)
@pytest.mark.parametrize("width", [70, 80, 120])
def test_a_row_ends_with_when_our_answer_is_due(change, words, width):
    conversation = replace(HELD, **change, tags=("support", "shipping"), assignee="kim", mentions=12)
    row = said(mention_row(conversation, replace(CONTEXT, width=width)))
    assert cell_len(row) == width and "Where is my" in row
    crowded = replace(conversation, via=Via.DIRECT, newest_edited=True)
    assert said(mention_row(crowded, replace(CONTEXT, width=width))).endswith(f" {words}" if words else "")
    if words:
        assert row.endswith(f" {words}")
    assert ("due" in row, "risk" in row) == ("due" in words, "risk" in words)


@pytest.mark.parametrize("width", [40, 59, 69])
def test_a_narrow_row_says_overdue_by_a_mark_and_leaves_the_text_its_room(width):
    text = "Day four and still nothing. I have been waiting for a long time"
    narrow = replace(CONTEXT, width=width)
    late = replace(HELD, **due(-120, -600), text=text)
    for row in (mention_row, brief_mention):
        assert " 3h! ada " in said(row(late, narrow)) and "overdue" not in said(row(late, narrow))
        assert "Day four and still" in said(row(late, narrow))
    soon = replace(HELD, **due(25, -1), text=text)
    crowded = replace(soon, tags=("support", "shipping"), assignee="kim", mentions=12)
    for conversation in (soon, crowded):
        row = said(mention_row(conversation, narrow))
        assert " at risk 25m" not in row or len(row.split("ada", 1)[1].split("~")[0].strip()) > 15
        assert "!" not in row
    assert (" at risk 25m" in said(mention_row(soon, narrow))) == (width > 50)
    brief = replace(soon, text="Hi")
    assert said(mention_row(brief, narrow)).endswith(" at risk 25m")  # a short text has all that it needs


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mentions": 3}, " (3)"),
        ({"via": Via.DIRECT}, " DM  Where"),
        ({"visibility": Visibility.DIRECT}, " DM  Where"),
        ({"via": Via.QUOTE}, " quote Where"),
        ({"newest_edited": True}, " edited Where"),
        ({"newest_deleted": True}, " deleted Where"),
        ({"attached": ("image", "image")}, " [i] Where"),
        ({"attached": ("video", "poll")}, " [v] [p] Where"),
        ({"via": Via.DIRECT, "attached": ("gifv",)}, " DM  [f] Where"),
        ({"assignee": "kim"}, " @kim"),
        ({"draft": "r0000000009"}, " draft"),
        ({"tags": ("bug", "urgent")}, " #urgent #bug"),
        ({"status": ConversationStatus.WAITING}, "  w "),
        ({"status": ConversationStatus.DONE}, "  d "),
        ({"snoozed_until": NOW + timedelta(hours=1)}, "  z "),
        ({"snoozed_until": NOW + timedelta(hours=1)}, " until 14:00"),
        ({"snoozed_until": NOW + timedelta(days=2)}, " until Wed 13:00"),
        ({"snoozed_for_answer": True}, " until they answer"),
        ({"muted": True}, "  m "),
        ({"by_bot": True}, " bot"),
    ],
)
def test_everything_about_a_conversation_is_a_word_in_its_row(change, words):
    for width in (80, 59):
        context = replace(CONTEXT, width=width)
        assert words in said(mention_row(replace(HELD, **change), context))
        assert words not in said(mention_row(HELD, context))


@pytest.mark.parametrize("width", range(1, 41))
def test_a_row_of_any_width_is_whole(width):
    late = replace(HELD, **due(-120, -600), newest_edited=True, via=Via.DIRECT)
    for row in (mention_row, brief_mention):
        assert cell_len(said(row(late, replace(CONTEXT, width=width)))) == width


def test_a_content_warning_stands_in_place_of_the_text():
    warned = said(mention_row(replace(HELD, spoiler="my order"), CONTEXT))
    assert "CW: my order" in warned and "Where is" not in warned


@pytest.mark.parametrize("width", [59, 80, 120])
def test_the_account_is_named_where_there_is_more_than_one(width):
    query = replace(CONTEXT.query, account_names={ACCOUNT.id: "shop"})
    context = replace(CONTEXT, query=query, width=width, many_accounts=True)
    assert " shop " in said(mention_row(HELD, context)) and " shop " in said(outgoing_row(REPLY, context))
    assert "shop" not in said(mention_row(HELD, replace(context, many_accounts=False)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@brand where is it?", "where is it?"),
        ("@brand@example.social, where?", "where?"),
        ("@BRAND @brand@Example.Social hi", "hi"),
        ("@brand @ada hi", "@ada hi"),
        ("@brandy hi", "@brandy hi"),
        ("@brand@elsewhere.example hi", "@brand@elsewhere.example hi"),
        ("@brand", "@brand"),
        ("hi @brand", "hi @brand"),
    ],
)
def test_handles_of_ours_at_the_beginning_take_no_room(text, shown):
    context = replace(CONTEXT, ours=("@brand@example.social",))
    assert said(mention_row(replace(HELD, text=text), context)).rstrip().endswith(f" ada              {shown}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "sends in 9s  "),
        ({"scheduled_at": NOW + timedelta(hours=6)}, "19:00  "),
        ({"scheduled_at": NOW + timedelta(days=4)}, "Fri 13:00  "),
        ({"scheduled_at": NOW + timedelta(days=8)}, "1 Dec 13:00  "),
        ({"scheduled_at": NOW + timedelta(days=400)}, "28 Dec 2027  "),
        ({"scheduled_at": NOW - timedelta(minutes=5)}, "late 5m  "),
        ({"state": OutgoingState.UNKNOWN}, "unknown  "),
        ({"state": OutgoingState.SENT, "sent_at": NOW - timedelta(hours=2)}, "sent 2h  "),
        ({"state": OutgoingState.RETRYING, "next_try_at": NOW + timedelta(seconds=45)}, "retry in 45s  "),
        ({"state": OutgoingState.RETRYING, "next_try_at": NOW + timedelta(seconds=65)}, "retry 13:01  "),
        ({"state": OutgoingState.DRAFT}, "draft  "),
    ],
)
def test_an_outgoing_row_begins_with_its_state(change, words):
    row = said(outgoing_row(replace(REPLY, **change), CONTEXT, to="@ada@example.net"))
    assert row[3:].startswith(words)
    assert " @ada  On its way." in row
    both = said(outgoing_row(replace(REPLY, **change), CONTEXT, pointed=True, marked=True, to="@ada@example.net"))
    assert both == f">x {row[3:]}"


@pytest.mark.parametrize("width", [40, 59, 80])
@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        ({"state": OutgoingState.FAILED, "error": "422: too long"}, "failed ", "(422: too long)"),
        (
            {"state": OutgoingState.HELD, "reason": Reason.NEWER_ANSWER, "scheduled_at": NOW + timedelta(days=3)},
            "held Thu 13:00 ",
            "(newer answer)",
        ),
        ({"state": OutgoingState.FAILED, "error": "no " * 80}, "failed ", "(no no"),
    ],
)
def test_what_needs_a_person_keeps_its_text_and_its_time_beside_a_short_reason(change, state, reason, width):
    row = said(outgoing_row(replace(REPLY, **change), replace(CONTEXT, width=width), to="@ada@example.net"))
    assert row[3:].startswith(state) and " @ada  On" in row
    assert width < 50 or (reason in row and row.rstrip().endswith(")"))


def test_only_what_leaves_within_the_minute_counts_down():
    assert counts_down(REPLY, NOW)
    assert not counts_down(replace(REPLY, scheduled_at=NOW + timedelta(minutes=2)), NOW)
    assert not counts_down(replace(REPLY, state=OutgoingState.HELD), NOW)


WILD = st.builds(
    clean,
    st.text(st.sampled_from("ab @#[]\u3042\u2764\ufe0f\U0001f469\u200d\U0001f680\u0301\u0644\u0627"), max_size=60),
)


@given(WILD, st.integers(1, 40))
def test_a_fitted_text_has_exactly_its_cells(text, width):
    assert cell_len(fit(text, width)) == width
    assert cell_len(cut(text, width)) <= width


SPACED = st.text(
    st.sampled_from("ab \u0641\u0627\u00e9\u0e01\u3042\u5165\u2764\ufe0f\U0001f469\u200d\U0001f680\U0001f3fd\u0301")
)


@given(SPACED, st.integers(1, 40))
def test_no_word_that_has_room_is_cut_in_its_middle(text, width):
    text = clean(text)
    shown = cut_words(text, width)
    assert cell_len(shown) <= width
    if shown == text:
        return
    assert shown.endswith("~") and text.startswith(shown[:-1])
    kept = shown[:-1]
    before, after = re.search(r"\S*$", kept)[0], re.match(r"\S*", text[len(kept) :])[0]
    letters = "(?:[ab\u0641\u0627\u00e9\u2764][\u0301\ufe0f]*)+"  # none of these stands alone
    first = re.search(f"(?:\\S*[\u200d\u0301\ufe0f])?{letters}$", before)
    second = re.match(f"{letters}(?:[\u200d\U0001f3fd]\\S*)?", after)
    if first and second:
        assert cell_len(first[0] + second[0]) >= width
    clusters = {end for _, end, _ in split_graphemes(text)[0]}
    assert len(kept.rstrip(" ")) in clusters | {0} or text[len(kept)] == " "


@given(st.text(st.sampled_from("ab \n\u3042\u2764\ufe0f\u0301"), max_size=80), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_no_letter(text, width):
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(WILD, WILD, st.integers(10, 140), st.booleans())
def test_rows_fill_their_width_whatever_is_in_them(author, text, width, pointed):
    held = replace(HELD, author=f"@{author}".replace("\n", ""), text=text, tags=("bug",), assignee="kim")
    context = replace(CONTEXT, width=width)
    assert cells(mention_row(held, context, pointed)) == width
    assert cells(outgoing_row(replace(REPLY, text=text), context, pointed, to=author)) == width


def test_replies_notes_and_drafts_are_each_shown_by_name():
    note = Note(id="n0000000001", conversation=HELD.id, who="kim", at=NOW, text="ask billing")
    draft = replace(REPLY, state=OutgoingState.DRAFT, text="Dear Ada")

    def lines(made):
        return [said(line).rstrip() for line in made]

    assert lines(text_lines("a", note, CONTEXT)) == ["", "note by kim  now, internal, never sent", "  ask billing"]
    assert lines(text_lines("b", REPLY, CONTEXT))[:2] == ["", "we  sends in 9s"]
    assert lines(draft_lines(draft, CONTEXT)) == ["", "draft, not sent", "  Dear Ada"]


SAID = {
    "account": ACCOUNT.id, "network": "mastodon", "conversation": HELD.id, "author": "@ada@example.net",
    "author_name": "Ada", "created_at": NOW,
}  # fmt: skip
BEANS = Poll((PollOption("Kenya", 1234), PollOption("Peru")), ends_at=NOW + timedelta(hours=2), voters=1)


@pytest.mark.parametrize("kind", [Mention, Context])
@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"text": "hi", "spoiler": "gore"}, ["  CW: gore", "  hi"]),
        ({"media": (Media("https://a.example/1", "A bean", "image"),)}, ["  [image]: A bean"]),
        ({"media": (Media("https://a.example/1", "", "video"),)}, ["  [video]: no alt text"]),
        ({"poll": BEANS}, ["  poll, 1 voter, ends in 2h00m", "  ( ) Kenya: 1,234", "  ( ) Peru"]),
        (
            {"poll": replace(BEANS, multiple=True, ends_at=NOW, voters=None)},
            ["  poll, several answers possible, ended", "  [ ] Kenya: 1,234", "  [ ] Peru"],
        ),
        ({}, ["  no text"]),
    ],
)
def test_a_text_of_the_thread_shows_its_warning_files_and_poll(kind, fields, shown):
    more = {"via": Via.MENTION} if kind is Mention else {}
    message = kind(id="m0000000001", remote_id="1", **{"text": "", **SAID, **more, **fields})
    lines = [said(line).rstrip() for line in text_lines("key", message, CONTEXT)]
    assert lines[-len(shown) :] == shown and lines[-len(shown) - 1].startswith("@ada")


def test_the_thread_names_each_language_where_the_config_asks_and_saved_replies_go_by_it():
    said_in = {"named": ("de", "fr"), "guessed": (None, "de"), "unknown": (None, None)}
    messages = {}
    for name, (told, guess) in said_in.items():
        fields: dict[str, Any] = {**SAID, "via": Via.MENTION, "text": "hi", "language": told, "language_guess": guess}
        messages[name] = Mention(id="m0000000001", remote_id="1", **fields)
    heads = {
        name: [said(text_lines("key", message, replace(CONTEXT, languages=wanted))[1]) for wanted in (False, True)]
        for name, message in messages.items()
    }
    added = {name: with_it.removeprefix(without) for name, (without, with_it) in heads.items()}
    assert added == {"named": "  de", "guessed": "  de?", "unknown": ""}
    assert shared_language([messages["named"], messages["guessed"]]) == "de"
    assert shared_language([messages["guessed"], messages["unknown"]]) is None
    assert shared_language([messages["unknown"]]) is None


@given(st.text(st.sampled_from("ab https://x.(,)\n"), max_size=80), st.integers(3, 40))
def test_links_change_no_letter_of_the_lines(text, width):
    found = linked(text, width)
    assert [said(pieces) for pieces in found] == wrap(text, width)
    parts = "".join(words for pieces in found for role, words in pieces if role.startswith("link "))
    assert parts == "".join(text[begin:end] for begin, end in links(text))


class CountedSpans(list[tuple[int, int]]):
    """Spans that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, place):
        CountedSpans.looks += 1
        return super().__getitem__(place)


def test_a_link_is_looked_at_a_few_times_however_many_there_are(monkeypatch):
    for count in (100, 1000):
        text = " ".join(f"https://a.example/{number:05}" for number in range(count))
        monkeypatch.setattr("commtui.ui.text.links.links", lambda text: CountedSpans(links(text)))
        CountedSpans.looks = 0
        lines = linked(text, 60)
        assert sum(role.startswith("link ") for line in lines for role, _ in line) == count
        assert CountedSpans.looks < 10 * count


def test_an_address_that_terminals_ignore_is_not_sent_with_each_of_its_lines():
    text = "https://a.example/" + "b" * 3000
    assert {role for line in linked(text, 60) for role, _ in line} == {"link"}
    assert {role for line in linked(text[:2000], 60) for role, _ in line} == {f"link {text[:2000]}"}


WORDS = (
    "word ", "line\n", "\u65e5\u672c\u8a9e",
    "https://a.example/p ", "https://a.example/\u3002", "\U0001f469\u200d\U0001f4bb",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.integers(1, 400))
def test_portions_of_a_text_part_no_link_and_no_cluster(words, times):
    text = "".join(words) * times
    portions, ends, at = portions_of(text), [], 0
    for portion in portions:
        if text[at : at + 1] in (" ", "\n") and not portion.startswith(text[at : at + 1]):
            at += 1
        assert text.startswith(portion, at)
        at += len(portion)
        ends.append(at)
    assert at == len(text)
    assert all(0 < len(portion) <= PORTION for portion in portions[:-1])
    assert not any(begin < end_of_portion < end for begin, end in links(text) for end_of_portion in ends)
    assert not any("\u200d" in text[end - 1 : end + 1] for end in ends[:-1])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b_(c), and", "https://a.example/b_(c)"),
        ('"HTTPS://A.example"', "HTTPS://A.example"),
        ("https://", None),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(text, address):
    assert [text[begin:end] for begin, end in links(text)] == ([address] if address else [])


def test_what_may_be_a_doubtful_text_stands_below_it_with_what_the_server_shows():
    alike = (
        LookAlike(remote_id="77", url="https://x.example/77", text="On it's way.\nSoon.", created_at=NOW),
        LookAlike(remote_id="78", url=None, text="", created_at=None),
    )
    doubtful = replace(REPLY, state=OutgoingState.UNKNOWN, look_alikes=alike)
    lines = [said(line).rstrip() for line in text_lines("key", doubtful, CONTEXT)]
    ours = lines.index("  On its way.")
    assert lines[ours + 1 :] == [
        "  may be it: https://x.example/77", "  On it's way.", "  Soon.", "  may be it: 78", f"  {NOT_READABLE}",
    ]  # fmt: skip
    assert not any("may be it" in said(line) for line in text_lines("key", replace(doubtful, look_alikes=()), CONTEXT))


@pytest.mark.parametrize(
    ("zone", "said"), [("Europe/Berlin", "due Fri 27 Nov 10:00;"), ("Asia/Tokyo", "18:00 Asia/Tokyo;")]
)
def test_a_post_names_the_zone_that_its_time_was_meant_in_where_it_is_another_one(zone, said):
    at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    item = replace(REPLY, state=OutgoingState.SCHEDULED, scheduled_at=at, zone=zone)
    lines = ["".join(text for _, text in line) for line in item_lines(item, CONTEXT, "brand")]
    assert said in lines[-1], lines
