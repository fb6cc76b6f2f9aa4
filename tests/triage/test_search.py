"""What a query finds is what reading everything finds, at first and after every change; and little is read for it."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.community.conversations import note
from commtui.community.reply_drafts import draft
from commtui.config.service_levels import ServiceLevel
from commtui.model import ids
from commtui.model.content import Media, Poll, PollOption
from commtui.model.query_terms import asks_for, names_a_status
from commtui.model.records import Campaign, Conversation, Mention, Note, Via
from commtui.model.states import ConversationStatus, Order, Priority, Queue
from commtui.store.changes import Changes
from commtui.triage import few, live_filter, narrowing, queues, search, views
from commtui.triage.everywhere import Everywhere, alternatives
from commtui.triage.live_filter import LiveFilter
from commtui.triage.query import parse
from commtui.triage.verbs import VERBS
from tests.clock import START, FakeClock
from tests.triage import obvious
from tests.triage.desks import BRAND, OTHER, arrive, desk_on

LEVELS = (
    ServiceLevel("press", first=timedelta(hours=60), tags=("press",)),
    ServiceLevel("all", first=timedelta(hours=3)),
)
ACCOUNTS = (BRAND.id, OTHER.id, "agone000000")
CAMPAIGNS = {ids.derived(ids.CAMPAIGN, name): name for name in ("Spring", "autumn sale")}
WORDS = ("plain", "Straße", "ﬁne", "İstanbul", "漢字", "größe", 'said "hi"', "K")
TERMS = (
    *("is:open", "is:waiting", "is:snoozed", "is:done", "is:archived", "is:muted", "is:unread", "is:overdue"),
    *("is:at-risk", "due:<30m", "due:<26h", "due:>1h", "due:today", "due:tomorrow"),
    *("is:assigned", "is:unassigned", "is:mine", "is:direct", "is:edited", "from:ada", "from:@BO", "from:@", "tag:bug"),
    *("tag:#Press", "net:demo", "net:other", "account:brand", "account:agone000000", "account:nobody", "assigned:me"),
    *("assigned:ANNA", "assigned:nobody", "plain", "strasse", "fine", "i̇stanbul", "漢", "GRÖSSE", '"said"', "k", "hi"),
    *("priority:high", "priority:NORMAL"),
    *('"\\"hi"', "again", "e", "conversation", '"plain again"', '"plain  again"'),
    *(
        "via:direct",
        "via:mention",
        "lang:de",
        "lang:pt",
        "lang:pt-br",
        "has:media",
        "has:image",
        "has:no-alt",
        "has:poll",
    ),
    *("has:link", "has:note", "has:draft", "campaign:spring", 'campaign:"autumn sale"', "campaign:autumn"),
    *(
        "since:150m",
        "since:today",
        "since:yesterday",
        "until:150m",
        "until:today",
        "until:yesterday",
        "since:2000-01-01",
    ),
)
terms_of = st.lists(
    st.tuples(st.sampled_from(("", "", "", "-")), st.sampled_from(TERMS), st.sampled_from((" ", " ", " or "))),
    min_size=1,
    max_size=4,
)
singles = st.lists(st.sampled_from(TERMS), max_size=8)
orders = st.sampled_from(Order)
people = st.sampled_from(("@ada@example.org", "@Bo@example.org"))
conversations = st.fixed_dictionaries(
    {
        "account": st.sampled_from(ACCOUNTS),
        "network": st.sampled_from(("demo", "other")),
        "status": st.sampled_from(ConversationStatus),
        "author": people,
        "text": st.sampled_from(WORDS),
        "unread": st.booleans(),
        "muted": st.sampled_from((False, False, True)),
        "mute_ends": st.sampled_from((None, -2, -1, 1, 2)),  # in hours
        "assignee": st.sampled_from((None, None, "me", "anna", "Anna", "")),
        "tags": st.sampled_from(((), ("bug",), ("press", "bug"), ("Press",))),
        "snoozed_for_answer": st.sampled_from((False, False, False, True)),
        "priority": st.sampled_from(Priority),
        "folded_into": st.sampled_from((None, None, None, None, "c0000000000")),
        "campaign": st.sampled_from((None, None, *CAMPAIGNS)),
        "draft": st.sampled_from((None, None, "r0000000000")),
    }
)
MEDIA = ((), (), (Media("a", "a cup"),), (Media("a", "", "video"), Media("b", "b")), (Media("c", " ", "unknown"),))
sayings = st.tuples(
    people,
    st.sampled_from(WORDS),
    st.sampled_from(Via),
    st.booleans(),
    st.fixed_dictionaries(
        {
            "language": st.sampled_from((None, None, "de", "pt-BR", "PT", "no language", "und")),
            "language_guess": st.sampled_from((None, None, "de", "pt")),
            "media": st.sampled_from(MEDIA),
            "poll": st.sampled_from((None, None, Poll((PollOption("yes"),)))),
        }
    ),
    st.sampled_from((0, 0, 40)),  # hours before the newest
)
changes = st.lists(
    st.tuples(
        st.integers(0, 9),
        conversations,
        st.sampled_from((1, 2, 3, 3, 50)),  # hours ago
        st.sampled_from((None, None, None, -1, 1, 3)),  # asleep until, in hours
        st.lists(sayings, max_size=2),
        st.sampled_from((False, False, False, True)),  # a note
    ),
    min_size=3,
    max_size=10,
)


def write(desk, change):
    n, fields, ago, asleep, said, has_note = change
    fields = dict(fields)
    mute_ends = fields.pop("mute_ends")
    identity, now = ids.derived(ids.CONVERSATION, str(n)), desk.now
    done = fields["status"] is ConversationStatus.DONE
    with desk.store.write() as writing:
        for campaign, name in CAMPAIGNS.items():
            writing.put(Campaign(id=campaign, name=name, created_at=START, zone="UTC"))
        for number, (author, text, via, edited, more, before) in enumerate(said):
            writing.put(
                Mention(
                    id=ids.derived(ids.MENTION, str(n), str(number)), account=fields["account"], network="demo",
                    remote_id=f"{n}-{number}", via=via, conversation=identity, author=author, author_name="Zoë",
                    text=f"{text}\nagain" + " https://example.org" * number, edited=edited,
                    created_at=now - timedelta(minutes=7 * n % 10, hours=before), **more,
                )
            )  # fmt: skip
        writing.put(
            Conversation(
                id=identity, since=now - timedelta(hours=ago), newest="m0000000000",
                newest_at=now - timedelta(minutes=7 * n % 10), author_name="Ann",
                snoozed_until=now + timedelta(hours=asleep) if asleep else None,
                muted_until=now + timedelta(hours=mute_ends) if mute_ends else None,
                done_at=now - timedelta(hours=ago) if done else None, **fields,
            )
        )  # fmt: skip
        if has_note:
            identity_of_note = ids.derived(ids.NOTE, str(n))
            writing.put(Note(id=identity_of_note, conversation=identity, who="me", at=now, text="a note"))


def plainly(desk, terms, order=Order.WAIT):
    """All that the query looks at, read and measured, in that order; by who waits longest the archive before all."""
    matching = matching_by_wait(desk, terms)
    return matching if order is Order.WAIT else sorted(matching, key=lambda number: plain_key(desk, number, order))


def plain_key(desk, number, order):
    """What sorts a conversation, by its record."""
    record = views.conversation_at(desk, number)
    place = queues.sort_key(desk, number)[1]
    if order is Order.DUE:
        return record.due_at is None, record.due_at, record.since, place
    if order is Order.NEWEST:
        return -record.newest_at.timestamp(), place
    first = record.author.casefold().lstrip("@") if order is Order.AUTHOR else list(Priority).index(record.priority)
    return first, record.since, place


def matching_by_wait(desk, terms):
    store = desk.store

    def meant(numbers):
        return (number for number in numbers if obvious.meets(desk, terms, number))

    places = {p: store.conversations.by_wait(p) for p in search.HOT}
    everything = sorted((queues.sort_key(desk, n), n) for numbers in places.values() for n in numbers)
    hot = [number for _, number in everything]
    if asks_for(terms, "done", "archived"):
        return list(meant([*store.conversations.by_wait(Queue.DONE, archived=True), *hot]))
    return list(meant(hot if names_a_status(terms) else queues.open_sorted(desk, Order.WAIT)))


def everywhere(desk, terms):
    """The ids of all mentions that match, in whatever queue or archived, each with its conversation's number."""
    for archived in (False, True):
        for place in search.HOT:
            for number in desk.store.conversations.by_wait(place, archived=archived):
                for mention in views.mentions(desk, views.conversation_at(desk, number)):
                    if obvious.meets(desk, terms, number, mention):
                        yield mention.id, number


def text_of(terms):
    return "".join(minus + term + between for minus, term, between in terms).removesuffix("or ").strip()


@settings(max_examples=80, deadline=None)
@given(changes, st.booleans(), changes, st.lists(terms_of, min_size=1, max_size=5), singles, orders)
def test_a_query_finds_what_reading_everything_finds(before, archived, after, asked, single, order):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(narrowing, "FEW", len(single) % 2 * 5)
        patched.setattr(few, "MOST", len(before) % 3 * 2)
        desk = desk_on(Path(folder), service_levels=LEVELS)
        for change in before:
            write(desk, change)
        if archived:
            desk.store.archive.take(desk.now)
        desk.store.tidy()
        for change in after:
            write(desk, change)
        for query in [*asked, *([(minus, term, "")] for term in single for minus in ("", "-"))]:
            terms = parse(text_of(query))
            assert list(views.queue(desk, terms, order)) == plainly(desk, terms, order), query
            found = [mention.id for mention, _ in views.listed_mentions(desk, terms)]
            assert len(found) == len(set(found))
            matching = {} if not terms else dict(everywhere(desk, terms))
            if terms and not names_a_status(terms):
                assert sorted(found) == sorted(matching), query
            if alternatives(terms):
                whole = Everywhere(terms)
                while not whole.search_for(desk, 60):
                    whole.more()
                rows = [n for n in whole.update(desk, Changes()) if not views.conversation_at(desk, n).folded_into]
                assert sorted(rows) == sorted(set(matching.values())), query
        assert list(views.queue(desk, (), order)) == plainly(desk, (), order)
        desk.store.close()


steps = st.lists(
    st.one_of(
        changes.filter(bool).map(lambda some: ("write", some[:3])),
        st.tuples(st.just("wait"), st.sampled_from((60, 3600, 90000))),
        st.just(("archive", None)),
    ),
    max_size=6,
)


class Ticking:
    """A clock on which every look takes long."""

    def __init__(self, clock):
        self.clock, self.looks = clock, 0

    def now(self):
        return self.clock.now()

    def monotonic(self):
        self.looks += 1
        return float(self.looks)

    async def sleep(self, seconds):
        await self.clock.sleep(seconds)


@settings(max_examples=100, deadline=None)
@given(changes, steps, terms_of, st.integers(0, 3), orders, st.sampled_from((0, 2, 100)))
def test_kept_rows_follow_every_change_as_if_asked_again(before, steps, asked, at_once, order, some):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(narrowing, "FEW", 0)
        patched.setattr(search, "AT_ONCE", 2)
        patched.setattr(live_filter, "FEW", some)
        patched.setattr(live_filter, "SINGLY", 1)
        clock = FakeClock()
        desk = desk_on(Path(folder), clock, service_levels=LEVELS)
        slow = type(desk)(desk.store, Ticking(clock), desk.settings, desk.who)
        news = {}

        def note(changed):
            for table, numbers in changed.items():
                known = news.get(table, set())
                news[table] = None if numbers is None or known is None else known | numbers

        desk.store.observe(note)
        for change in before:
            write(desk, change)
        news.clear()
        terms = parse(text_of(asked))
        rows = LiveFilter(terms, order)
        assert not rows.update(desk, Changes()) and rows.searching
        for what, value in steps:
            if what == "write":
                for change in value:
                    write(desk, change)
            elif what == "wait":
                clock.advance(value)
            else:
                desk.store.archive.take(desk.now - timedelta(hours=2))
            known = rows.update(desk, Changes(news))
            news.clear()
            if rows.searching:  # a slice at a time, and changes in between
                for _ in range(at_once):
                    rows.search_for(slow, 0.5)
            if not rows.searching:
                known = rows.update(desk, Changes())
                assert list(known) == plainly(desk, terms, order)
                assert rows.update(desk, Changes(outgoing={1})) is known
        rows.search_for(desk, 1)
        assert list(rows.update(desk, Changes())) == plainly(desk, terms, order)
        desk.store.close()


def test_a_search_reads_only_what_may_be_meant(tmp_path, monkeypatch):
    desk = desk_on(tmp_path)
    for number in range(300):
        arrive(desk, f"{number}", f"number {number:04d}", author=f"@user{number:04d}@example.org")
    read = []
    real = desk.store.at
    monkeypatch.setattr(desk.store, "at", lambda kind, number: read.append(number) or real(kind, number))
    assert len(views.queue(desk, parse("0042"))) == 1
    assert len(views.queue(desk, parse("from:user0043"))) == 1
    assert len(views.queue(desk, parse("is:waiting"))) == len(views.queue(desk, parse("is:open nobody-says-it"))) == 0
    assert len(views.queue(desk, parse("tag:nothing"))) == len(views.queue(desk, parse("is:mine"))) == 0
    assert len(views.queue(desk, parse("is:open"))) == 300
    assert len(read) == 2


def test_what_a_query_asks_for_beside_words_and_times_is_found_without_reading(tmp_path, monkeypatch):
    desk = desk_on(tmp_path)
    for number in range(300):
        odd: dict[str, Any] = (
            {"language": "pt-BR", "media": (Media("a"),), "via": Via.DIRECT} if number % 100 == 0 else {}
        )
        arrive(desk, f"{number}", "https://example.org" if odd else "plain", **odd)
    mention = arrive(desk, "last", "a note stands here")
    note(desk, [mention.conversation], "call her")
    draft(desk, mention.id, "a draft")
    read = []
    real = desk.store.at
    monkeypatch.setattr(desk.store, "at", lambda kind, number: read.append(number) or real(kind, number))
    monkeypatch.setattr(desk.store.mentions, "of_conversation", read.append)
    monkeypatch.setattr(desk.store.notes, "of_conversation", read.append)
    for text, rows in {
        "via:direct": 3, "is:direct": 3, "lang:pt": 3, "lang:pt-br": 3, "lang:de": 0, "has:media": 3, "has:no-alt": 3,
        "has:link": 3, "has:poll": 0, "has:note": 1, "has:draft": 1, "net:demo": 301, "net:other": 0,
        "priority:normal": 301, "campaign:x": 0, "is:unread": 301, "account:brand": 301, "account:other": 0,
        "-via:direct": 298, "-lang:pt -has:note": 297, "has:note or via:direct": 4, "has:note or -via:direct": 298,
        "-is:unread or has:link": 3,
    }.items():  # fmt: skip
        assert len(views.queue(desk, parse(text))) == rows, text
    assert read == []


def sizes_in_time(folder, queries, waits):
    """How many rows each query has after each of the waits, in minutes; some came 10, 100 and 200 minutes before."""
    clock = FakeClock()
    desk = desk_on(folder, clock)
    for minutes in (10, 100, 200):
        arrive(desk, str(minutes), ago=minutes)
    sizes = {text: [] for text in queries}
    filters = {text: LiveFilter(parse(text)) for text in queries}
    for wait in waits:
        clock.advance(60 * wait)
        for text, rows in filters.items():
            rows.update(desk, Changes())
            rows.search_for(desk, 60)
            found = rows.update(desk, Changes())
            assert list(found) == list(views.queue(desk, parse(text))), text
            sizes[text].append(len(found))
    return sizes


def test_rows_of_a_time_leave_and_come_as_time_goes_on(tmp_path):
    sizes = sizes_in_time(tmp_path, ("since:2h", "until:2h", "since:3h until:1h"), (0, 30, 60, 90))
    assert sizes == {"since:2h": [2, 1, 1, 0], "until:2h": [1, 2, 2, 3], "since:3h until:1h": [1, 1, 1, 0]}


def test_rows_of_a_deadline_come_as_time_goes_on(tmp_path):
    """Each is due 24 hours after it came."""
    queries = ("due:<22h", "due:>22h", "due:today", "-due:<22h")
    sizes = sizes_in_time(tmp_path, queries, (0, 30, 30, 60, 24 * 60))
    assert sizes["due:<22h"] == [1, 2, 2, 3, 3] and sizes["due:>22h"] == sizes["-due:<22h"] == [2, 1, 1, 0, 0]


def test_a_note_brings_a_row_in_and_out_of_the_filter(tmp_path):
    desk = desk_on(tmp_path)
    mention = arrive(desk, "1")
    rows, news = LiveFilter(parse("has:note")), {}
    desk.store.observe(news.update)
    assert not rows.update(desk, Changes())
    rows.search_for(desk, 60)
    note(desk, [mention.conversation], "call her")
    assert len(rows.update(desk, Changes(news))) == 1


def test_a_change_measures_only_what_changed(tmp_path, monkeypatch):
    clock = FakeClock()
    desk = desk_on(tmp_path, clock)
    for number in range(50):
        arrive(desk, f"{number}", "one word")
    rows = LiveFilter(parse("word"))
    rows.update(desk, Changes())
    rows.search_for(desk, 1)
    read = []
    real = desk.store.at
    monkeypatch.setattr(desk.store, "at", lambda kind, number: read.append(number) or real(kind, number))
    clock.advance(1)
    new = arrive(desk, "new", "another word")
    other = arrive(desk, "other", "nothing")
    found = rows.update(desk, Changes({"mentions": {ids.number(new.id), ids.number(other.id)}}))
    assert len(found) == 51 and found[-1] == ids.number(new.conversation)
    assert len(read) == 2
    assert rows.update(desk, Changes({"conversations": {ids.number(other.conversation)}})) is found


def test_where_much_changed_all_is_searched_anew_and_the_rows_from_before_stay_until_then(tmp_path, monkeypatch):
    monkeypatch.setattr(live_filter, "FEW", 10)
    desk = desk_on(tmp_path)
    mentions = [arrive(desk, f"{number}", "one word") for number in range(30)]
    rows = LiveFilter(parse("word"))
    rows.update(desk, Changes())
    rows.search_for(desk, 1)
    found = rows.update(desk, Changes())
    VERBS["done"].call(desk, [mention.conversation for mention in mentions[:20]])
    read = []
    real = desk.store.at
    monkeypatch.setattr(desk.store, "at", lambda kind, number: read.append(number) or real(kind, number))
    changed = {ids.number(mention.conversation) for mention in mentions[:20]}
    assert rows.update(desk, Changes({"conversations": changed})) is found and rows.searching and not read
    late = {ids.number(mention.conversation) for mention in mentions[20:]}
    rows.update(desk, Changes({"conversations": late}))  # while it searches
    assert rows.search_for(desk, 1)
    assert list(rows.update(desk, Changes())) == [ids.number(mention.conversation) for mention in mentions[20:]]


@pytest.mark.parametrize(
    "author", ["@ada@bücher.example", "@ada@BÜCHER.example", "ada@xn--bcher-kva.example", "bücher.example"]
)
def test_an_author_is_found_by_either_form_of_the_host(tmp_path, author):
    desk = desk_on(tmp_path)
    one = arrive(desk, "1", author="@ada@xn--bcher-kva.example")
    arrive(desk, "2", author="@ada@example.org")
    assert list(views.queue(desk, parse(f"from:{author}"))) == [ids.number(one.conversation)]
