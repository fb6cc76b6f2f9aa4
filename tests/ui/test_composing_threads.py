"""A post that is too long for one goes out as a thread: a key of the review, with the parts in sight."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.model import threads
from commtui.model.abilities import Limits
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import OutgoingState
from commtui.ui.composer.post_draft import PostDraft
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import composer, drive, shown, type_into, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")

LONG = (
    "First we roast the beans, slowly. Then we let them rest for a day or two. At last we pack them, by hand, and go."
)


def with_limit(folder, has_threads=True, characters=50):
    """A home whose account takes posts of so many characters, and threads or none."""
    services = services_in(folder, 1)
    with services.store.write() as write:
        known = services.store.get(AccountState, ACCOUNT.id)
        capabilities = replace(known.capabilities, threads=has_threads, content_warning=True)
        write.put(replace(known, limits=Limits(characters=characters), capabilities=capabilities))
    return services


def posts(services):
    return [item for item in services.store.all(Outgoing) if item.post]


def parts(services):
    (item,) = posts(services)
    return threads.texts_of(item, services.store.get(AccountState, ACCOUNT.id).limits)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_a_long_post_is_sent_as_a_thread_when_the_person_says_so(tmp_path, size):
    services = with_limit(tmp_path)

    async def scenario(app, pilot):
        await type_into(pilot, "c", LONG, "escape")
        assert "h thread" in shown(app) and "y send" not in shown(app) and "too many" in shown(app)
        await pilot.press("h")
        await pilot.pause()
        words = " ".join(shown(app).split())
        assert "y send" in words and "h one post" in words and "as 3 posts" in words and "/50" not in words
        assert "1/3 First we roast" in shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert not composer(app).is_open

    drive(services, scenario, size)
    assert [item.state for item in posts(services)] == [OutgoingState.SCHEDULED]
    assert len(parts(services)) == 3 and "".join(parts(services)).replace(" ", "") == LONG.replace(" ", "")


def test_it_is_one_post_again_and_the_choice_outlives_the_draft(tmp_path):
    services = with_limit(tmp_path)

    async def scenario(app, pilot):
        await type_into(pilot, "c", LONG, "escape", "h", "p")
        assert threads.ASKED in posts(services)[0].extra
        await pilot.press("3", "r")
        await pilot.pause()
        draft = composer(app).draft
        assert isinstance(draft, PostDraft) and draft.thread
        await pilot.press("escape", "h")
        await pilot.pause()
        assert "y send" not in shown(app) and "1/3" not in shown(app)
        await pilot.press("p")
        await pilot.pause()
        assert threads.ASKED not in posts(services)[0].extra

    drive(services, scenario)


@pytest.mark.parametrize(("has_threads", "characters"), [(False, 50), (True, 500)])
def test_there_is_no_such_key_where_it_fits_or_the_network_has_no_threads(tmp_path, has_threads, characters):
    services = with_limit(tmp_path, has_threads, characters)

    async def scenario(app, pilot):
        await type_into(pilot, "c", LONG, "escape", "h")
        assert "h thread" not in shown(app)
        assert threads.ASKED not in posts(services)[0].extra

    drive(services, scenario)


def test_a_warning_that_leaves_no_room_is_told(tmp_path):
    services = with_limit(tmp_path)

    async def scenario(app, pilot):
        await type_into(pilot, "c", LONG, "escape", "h", "w")
        await typed(pilot, "w" * 60)
        await pilot.press("enter")
        await pilot.pause()
        assert "no room for the text" in shown(app) and "y send" not in shown(app)

    drive(services, scenario)
