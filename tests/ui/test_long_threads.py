"""A thread of any length costs what its visible part costs."""

from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from commtui.activity import resolve
from commtui.model import ids
from commtui.model.records import Mention, Note
from commtui.store.store import Store
from commtui.store.threads import Threads
from tests.ui.fill import services_in
from tests.ui.screen import composer, drive, inbox, lines, settled, shown

pytestmark = pytest.mark.usefixtures("waits_for_work")

COUNT = 300


def long_thread(services):
    """A conversation of COUNT mentions more, each a minute after the one before; its id."""
    conversation = resolve.conversation(services.store, first_row(services))
    mention = services.store.get(Mention, conversation.newest)
    with services.store.write() as write:
        for number in range(COUNT):
            identity = ids.mention_id("mastodon", mention.account, f"t{number}")
            at = services.clock.now().replace(hour=number // 60, minute=number % 60)
            write.put(replace(mention, id=identity, remote_id=f"t{number}", created_at=at, text=f"text {number}."))
        write.put(
            Note(id="n0000000001", conversation=conversation.id, who="kim", at=services.clock.now(), text="a note")
        )
    return conversation.id


def first_row(services):
    from commtui.triage import views

    return ids.from_number(ids.CONVERSATION, views.queue(services.desk())[0])


@pytest.fixture
def read(monkeypatch):
    """How many records of each kind were read one by one."""
    counter: Counter[str] = Counter()
    at = Store.at

    def counted(self, kind, number):
        counter[kind.__name__] += 1
        return at(self, kind, number)

    monkeypatch.setattr(Store, "at", counted)
    return counter


def test_only_the_texts_in_sight_are_read(tmp_path, read):
    services = services_in(tmp_path, 3)
    long_thread(services)

    async def scenario(app, pilot):
        read.clear()
        await pilot.press("enter")
        await pilot.pause()
        screen = shown(app)
        assert "a note" in screen and f"text {COUNT - 1}." in screen and "text 0." not in screen
        assert 0 < read["Mention"] <= 12
        await pilot.press("g")
        await pilot.pause()
        assert "text 0." in shown(app) and "waiting" in lines(app)[1]
        assert read["Mention"] <= 24
        await pilot.press("G", "k")
        await pilot.pause()
        assert f"text {COUNT - 1}." in shown(app)

    drive(services, scenario)


def test_a_thread_that_is_opened_and_read_is_looked_up_once(tmp_path, monkeypatch):
    services = services_in(tmp_path, 3)
    long_thread(services)
    looked_up, entries = [], Threads.entries
    monkeypatch.setattr(Threads, "entries", lambda self, about: looked_up.append(about) or entries(self, about))

    async def scenario(app, pilot):
        await settled(pilot)
        previewed = inbox(app).panes.pointed
        looked_up.clear()
        await pilot.press("enter")
        assert looked_up == [previewed]
        await pilot.press("q")
        looked_up.clear()
        await pilot.press("j", "enter")  # before its preview
        opened = inbox(app).panes.pointed
        assert opened != previewed and looked_up.count(opened) == 1
        assert not any(resolve.conversation(services.store, each).unread for each in (previewed, opened))

    drive(services, scenario, (120, 40))


def test_the_composer_reads_the_texts_above_it(tmp_path, read):
    services = services_in(tmp_path, 3)
    long_thread(services)

    async def scenario(app, pilot):
        await pilot.press("r")
        await pilot.pause()
        assert composer(app).is_open
        assert f"text {COUNT - 1}." in shown(app)
        assert read["Mention"] <= 30

    drive(services, scenario)


def test_what_is_read_stays_in_sight_when_a_mention_comes(tmp_path):
    services = services_in(tmp_path, 3)
    about = long_thread(services)

    async def scenario(app, pilot):
        await pilot.press("enter", "g", "j", "j", "j")
        await pilot.pause()
        before = lines(app)[1:20]
        mention = services.store.mentions.first_of(about)
        with services.store.write() as write:
            write.put(replace(mention, id=ids.mention_id("mastodon", "x", "y"), created_at=services.clock.now()))
        inbox(app).follow()
        await pilot.pause()
        assert lines(app)[1:20] == before

    drive(services, scenario)


def test_a_text_of_100_000_characters_is_shown_from_its_end_and_from_its_beginning(tmp_path):
    services = services_in(tmp_path, 1)
    conversation = resolve.conversation(services.store, first_row(services))
    mention = services.store.get(Mention, conversation.newest)
    words = " ".join(f"https://a.example/{number:05}" for number in range(4000))
    with services.store.write() as write:
        write.put(replace(mention, text=words))

    async def scenario(app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "a.example/03999" in shown(app) and "a.example/00000" not in shown(app)
        await pilot.press("g")
        await pilot.pause()
        assert "a.example/00000" in shown(app) and mention.author in shown(app)
        await pilot.press(*["ctrl+d"] * 5)
        await pilot.pause()
        assert "a.example/00200" in shown(app)

    drive(services, scenario)
