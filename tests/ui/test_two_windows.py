"""Two windows, processes of their own, with one text open: each says so, and no text is lost, whoever saves last."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.config.paths import Home
from commtui.marketing import posts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store
from commtui.ui.composer.post_draft import PostDraft
from commtui.ui.composer.reply_draft import ReplyDraft
from tests.ui.fill import ScreenServices, services_in
from tests.ui.screen import composer, drive, message, reply, shown, type_into, typed
from tests.ui.terminal import inbox

OPEN = re.compile(r"also open in another window \(process (\d+)\) since \d\d:\d\d")


def texts(store):
    return sorted(item.text for item in store.all(Outgoing) if item.state is not OutgoingState.DISCARDED)


def is_stored(folder, text):
    """Whether a text is stored, and which one is being written: it may be seen a moment before."""
    with closing(Store(Home.at(folder).data)) as store:
        has_text = text in texts(store)
    return has_text and re.search(r'"composing":\{"\w+":"', (folder / "state" / "ui.json").read_text()) is not None


def written(app):
    draft = composer(app).draft
    assert isinstance(draft, PostDraft)
    return draft


def flowing(terminal):
    return " ".join(terminal.text.split())


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
@pytest.mark.parametrize("key", ["r", "c"])
def test_a_second_window_says_who_has_the_text_open_and_both_texts_stay(tmp_path, size, key):
    with inbox(tmp_path, 3, size=size) as one:
        one.until("3 open")
        one.press(key, "hello")
        one.until("hello")
        one.until(lambda _: is_stored(tmp_path, "hello"))
        with inbox(tmp_path, 3, size=size) as two:
            two.until("hello")  # it opens what was being written
            found = OPEN.search(flowing(two))
            assert found and int(found[1]) == one.process.pid, two.text
            one.until(lambda _: OPEN.search(flowing(one)) is not None)  # at once: no key was pressed here
            found = OPEN.search(flowing(one))
            assert found and int(found[1]) == two.process.pid, one.text
            one.press(" one")
            two.press(" two")
            one.press("esc", "p")
            two.press("esc", "p")
            one.until("1 Mentions")
            one.press("g", key)
            if key == "r":
                assert OPEN.search(flowing(one)) is None
    store = Store(Home.at(tmp_path).data)
    assert {"hello one", "hello two"} <= set(texts(store))
    store.close()
    assert list((tmp_path / "state" / "open").glob("*.json")) == []


@pytest.mark.slow
def test_a_window_that_was_killed_has_nothing_open(tmp_path):
    with inbox(tmp_path, 3) as one:
        one.until("3 open")
        one.press("r", "hello")
        one.process.kill()
        one.process.wait()
    assert len(list((tmp_path / "state" / "open").glob("*.json"))) == 1
    with inbox(tmp_path, 3) as two:
        two.until("hello")
        assert "another window" not in flowing(two)


def test_another_person_is_named(tmp_path):
    services = services_in(tmp_path, 1)
    kim = ScreenServices(services.store, services.clock, services.home, replace(services.settings, me="kim"))

    async def here(app, pilot):
        await pilot.press("r")
        await pilot.pause()

        async def there(other, other_pilot):
            await other_pilot.press("r")
            await other_pilot.pause()
            assert "lea has it open, too (process " in " ".join(shown(other).split())

        other = type(app)(kim)
        async with other.run_test(size=(80, 24)) as other_pilot:
            await other_pilot.pause()
            await there(other, other_pilot)
        await pilot.press("escape")

    drive(services, here)


@pytest.mark.parametrize("first", ["mine", "theirs"])
def test_two_texts_of_one_post_are_two_posts_whoever_saves_last(tmp_path, first):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "post")
        composer(app).save()
        other = PostDraft(services.desk, written(app).post)
        assert other.text == "post"
        if first == "theirs":
            other.save("post of theirs")
        await typed(pilot, " of mine")
        composer(app).save()
        if first == "mine":
            other.save("post of theirs")
        await pilot.press("escape", "p")
        await pilot.pause()

    drive(services, scenario)
    assert texts(services.store) == ["post of mine", "post of theirs"]


def test_a_post_that_another_window_sent_is_not_sent_twice_without_a_word(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "post")
        composer(app).save()
        PostDraft(services.desk, written(app).post).send("post")
        services.clock.moment += timedelta(seconds=5)
        await pilot.press("escape", "y")
        await pilot.pause()
        assert "you scheduled this post 5 s ago: 'post'; y sends this one, too" in " ".join(shown(app).split())
        scheduled = [item for item in services.store.all(Outgoing) if item.state is OutgoingState.SCHEDULED]
        assert len(scheduled) == 1
        await pilot.press("d")
        await pilot.pause()

    drive(services, scenario)
    states = sorted(item.state for item in services.store.all(Outgoing))
    assert states == [OutgoingState.DISCARDED, OutgoingState.SCHEDULED]


def test_a_file_that_another_window_attached_is_not_dropped(tmp_path):
    services = services_in(tmp_path / "home", 1)
    (tmp_path / "cat.png").write_bytes(b"x" * 90)

    async def scenario(app, pilot):
        await type_into(pilot, "r", "see")
        composer(app).save()
        other = ReplyDraft(services.desk, reply(app).conversation.id)
        other.attach(str(tmp_path / "cat.png"), "a cat")
        other.save("see")
        await typed(pilot, " it")
        await pilot.press("escape", "p")
        await pilot.pause()

    drive(services, scenario)
    assert {(item.text, len(item.media)) for item in services.store.all(Outgoing)} == {("see", 1), ("see it", 0)}


def test_an_edit_is_not_written_over_another_ones_without_a_question(tmp_path):
    services = services_in(tmp_path, 1)
    posts.write_post(services.desk(), "Open", ["brand"], at="2d")

    async def scenario(app, pilot):
        from commtui.outgoing import changes

        await pilot.press("3", "r")
        await typed(pilot, " on Sunday")
        (item,) = services.store.all(Outgoing)
        changes.edit(replace(services.desk(), who="kim"), item.id, "Open on Monday")
        services.clock.moment += timedelta(seconds=20)
        await pilot.press("escape", "y")
        await pilot.pause()
        words = "kim changed it 20 s ago: 'Open on Monday'; y puts this one in its place"
        assert words in " ".join(shown(app).split())
        assert texts(services.store) == ["Open on Monday"]
        await pilot.press("y")
        await pilot.pause()
        assert texts(services.store) == ["Open on Sunday"]
        await pilot.press("u")
        await pilot.pause()
        assert texts(services.store) == ["Open on Monday"], message(app)

    drive(services, scenario)
