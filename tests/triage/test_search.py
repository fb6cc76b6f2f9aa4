"""What a query finds is what reading everything finds, at first and after every change; and little is read for it."""

import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.model import ids
from commtui.model.records import Conversation, Mention, Via
from commtui.model.states import ConversationStatus, Order, Priority, Queue
from commtui.store.changes import Changes
from commtui.triage import live_filter, query, queues, search, views
from commtui.triage.live_filter import LiveFilter
from commtui.triage.query import matches_conversation, names_a_status, parse
from commtui.triage.verbs import VERBS
from tests.clock import FakeClock
from tests.triage.desks import BRAND, OTHER, arrive, desk_on

ACCOUNTS = (BRAND.id, OTHER.id, "agone000000")
WORDS = ("plain", "Straße", "ﬁne", "İstanbul", "漢字", "größe", 'said "hi"', "K")
TERMS = (
    *("is:open", "is:waiting", "is:snoozed", "is:done", "is:archived", "is:muted", "is:unread", "is:overdue"),
    *("is:assigned", "is:unassigned", "is:mine", "is:direct", "is:edited", "from:ada", "from:@BO", "from:@", "tag:bug"),
    *("tag:#Press", "net:demo", "net:other", "account:brand", "account:agone000000", "account:nobody", "assigned:me"),
    *("assigned:ANNA", "assigned:nobody", "plain", "strasse", "fine", "i̇stanbul", "漢", "GRÖSSE", '"said"', "k", "hi"),
    *("priority:high", "priority:NORMAL"),
    *('"\\"hi"', "again", "e", "conversation"),
)
terms_of = st.lists(st.tuples(st.sampled_from(("", "", "", "-")), st.sampled_from(TERMS)), min_size=1, max_size=3)
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
        "muted": st.sampled_from((False, False, False, True)),
        "assignee": st.sampled_from((None, None, "me", "anna", "Anna", "")),
        "tags": st.sampled_from(((), ("bug",), ("press", "bug"), ("Press",))),
        "snoozed_for_answer": st.sampled_from((False, False, False, True)),
        "priority": st.sampled_from(Priority),
        "folded_into": st.sampled_from((None, None, None, None, "c0000000000")),
    }
)
changes = st.lists(
    st.tuples(
        st.integers(0, 9),
        conversations,
        st.sampled_from((1, 2, 3, 3, 50)),  # hours ago
        st.sampled_from((None, None, None, -1, 1, 3)),  # asleep until, in hours
        st.lists(st.tuples(people, st.sampled_from(WORDS), st.sampled_from(Via), st.booleans()), max_size=2),
    ),
    min_size=3,
    max_size=10,
)


def write(desk, change):
    n, fields, ago, asleep, said = change
    identity, now = ids.derived(ids.CONVERSATION, str(n)), desk.now
    done = fields["status"] is ConversationStatus.DONE
    with desk.store.write() as writing:
        for number, (author, text, via, edited) in enumerate(said):
            writing.put(
                Mention(
                    id=ids.derived(ids.MENTION, str(n), str(number)), account=fields["account"], network="demo",
                    remote_id=f"{n}-{number}", via=via, conversation=identity, author=author, author_name="Zoë",
                    text=f"{text} again", created_at=now - timedelta(hours=ago), edited=edited,
                )
            )  # fmt: skip
        writing.put(
            Conversation(
                id=identity, since=now - timedelta(hours=ago), newest="m0000000000",
                newest_at=now - timedelta(minutes=7 * n % 10), author_name="Ann",
                snoozed_until=now + timedelta(hours=asleep) if asleep else None,
                done_at=now - timedelta(hours=ago) if done else None, **fields,
            )
        )  # fmt: skip


def plainly(desk, terms, order=Order.WAIT):
    """All that the query looks at, read and measured, in that order; by who waits longest the archive before all."""
    matching = matching_by_wait(desk, terms)
    return matching if order is Order.WAIT else sorted(matching, key=lambda number: plain_key(desk, number, order))


def plain_key(desk, number, order):
    """What sorts a conversation, by its record."""
    record = views.conversation_at(desk, number)
    place = queues.sort_key(desk, number)[1]
    if order is Order.NEWEST:
        return -record.newest_at.timestamp(), place
    first = record.author.casefold().lstrip("@") if order is Order.AUTHOR else list(Priority).index(record.priority)
    return first, record.since, place


def matching_by_wait(desk, terms):
    store, context = desk.store, views.query_context(desk)

    def meant(numbers):
        for number in numbers:
            conversation = views.conversation_at(desk, number)
            if query.matches_conversation(terms, conversation, context, partial(views.mentions, desk, conversation)):
                yield number

    places = {p: store.conversations.by_wait(p) for p in search.HOT}
    everything = sorted((queues.sort_key(desk, n), n) for numbers in places.values() for n in numbers)
    hot = [number for _, number in everything]
    if query.asks_for(terms, "archived"):
        return list(meant(store.conversations.by_wait(Queue.DONE, archived=True)))
    if query.asks_for(terms, "done"):
        return list(meant([*store.conversations.by_wait(Queue.DONE, archived=True), *hot]))
    return list(meant(hot if query.names_a_status(terms) else queues.open_by_wait(desk)))


def everywhere(desk, terms):
    """The ids of all mentions that match, in whatever queue or archived."""
    context = views.query_context(desk)
    for archived in (False, True):
        for place in search.HOT:
            for number in desk.store.conversations.by_wait(place, archived=archived):
                conversation = views.conversation_at(desk, number)
                for mention in views.mentions(desk, conversation):
                    if matches_conversation(terms, conversation, context, list, mention):
                        yield mention.id


def text_of(terms):
    return " ".join(minus + term for minus, term in terms)


@settings(max_examples=80, deadline=None)
@given(changes, st.booleans(), changes, st.lists(terms_of, min_size=1, max_size=5), st.sampled_from((0, 5)), orders)
def test_a_query_finds_what_reading_everything_finds(before, archived, after, asked, few, order):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(search, "FEW", few)
        desk = desk_on(Path(folder))
        for change in before:
            write(desk, change)
        if archived:
            desk.store.archive.take(desk.now)
        desk.store.tidy()
        for change in after:
            write(desk, change)
        for query in [*asked, *([("", term)] for term in TERMS)]:
            terms = parse(text_of(query))
            assert list(views.queue(desk, terms)) == plainly(desk, terms), query
            assert list(views.queue(desk, terms, order)) == plainly(desk, terms, order), query
            found = [mention.id for mention, _ in views.listed_mentions(desk, terms)]
            assert len(found) == len(set(found))
            if terms and not names_a_status(terms):
                assert sorted(found) == sorted(everywhere(desk, terms)), query
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
def test_kept_rows_follow_every_change_as_if_asked_again(before, steps, asked, at_once, order, few):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(search, "FEW", 0)
        patched.setattr(search, "AT_ONCE", 2)
        patched.setattr(live_filter, "FEW", few)
        patched.setattr(live_filter, "SINGLY", 1)
        clock = FakeClock()
        desk = desk_on(Path(folder), clock)
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
