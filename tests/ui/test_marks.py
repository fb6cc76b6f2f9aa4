"""Marks mean marks: a verb acts on all marked rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.community import conversations
from commtui.model.records import AccountState, Act, Conversation, Mention, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.model.visibility import Visibility
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, message, shown, type_into, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")


def test_a_reply_to_several_is_shown_for_each_before_it_is_sent(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3, saved={"sorry": "Sorry, {name}!"})

    async def scenario(app, pilot):
        await pilot.press("*", "m", "s", "enter")
        await pilot.pause()
        assert "reply to 3 conversations" in shown(app)
        names = [item.author_name for item in services.store.all(Conversation)]
        assert all(f"Sorry, {name}!" in shown(app) for name in names) and "3 replies" in shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert "3 replies to" in shown(app)
        await pilot.press("u")
        await pilot.pause()

    drive(services, scenario, (80, 30))
    items = services.store.all(Outgoing)
    assert len(items) == 3 and {item.state for item in items} == {OutgoingState.DRAFT}


def test_the_text_for_several_is_there_again_after_a_hang_up(tmp_path: Path) -> None:
    services = services_in(tmp_path, 2)

    async def begin(app, pilot):
        await pilot.press("*", "r")
        await typed(pilot, "hello all")
        await pilot.press("escape", "e")  # back to the text: it was saved for the review
        await pilot.pause()

    drive(services, begin)

    async def again(app, pilot):
        await pilot.pause()
        assert "reply to 2 conversations" in shown(app) and "hello all" in shown(app)
        await pilot.press("d")  # it was written whole: the review is shown
        await pilot.pause()

    drive(services, again)
    assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.DISCARDED}


def test_who_has_several_of_the_marked_conversations_gets_one_reply_to_the_newest(tmp_path: Path) -> None:
    services = services_in(tmp_path, 5, saved={"sorry": "Sorry, {name}!"})
    every = sorted(services.store.all(Conversation), key=lambda item: item.newest_at)
    twice = [every[number] for number in (0, 2, 4)]
    with services.store.write() as write:
        for item in twice:
            write.put(replace(item, author="@ann@example.org"))
            mention = services.store.get(Mention, item.newest)
            assert mention is not None
            write.put(replace(mention, author="@ann@example.org", author_id="ann"))

    async def scenario(app, pilot):
        await pilot.press("*", "m", "s", "enter")
        await pilot.pause()
        assert "reply to 3 people" in shown(app) and "3 replies" in shown(app)
        assert "the newest of 3 by @ann" in shown(app) and "o all 5" in shown(app)
        await pilot.press("o")
        await pilot.pause()
        assert "5 replies" in shown(app) and "@ann gets it 3 times" in shown(app) and "o one to each" in shown(app)
        await pilot.press("o", "y")
        await pilot.pause()
        assert "3 replies to" in shown(app) and "and 2 more send in 10s" in shown(app)
        assert len(inbox(app).panes.rows.marks) == 2  # what was left out stays marked

    drive(services, scenario)
    answered = {item.conversation for item in services.store.all(Outgoing)}
    assert answered == {every[number].id for number in (1, 3, 4)}


def test_a_macro_that_answers_says_how_many_people_it_answers(tmp_path: Path) -> None:
    services = services_in(tmp_path, 4, macros={"sorry": ("reply Sorry, {name}!",)})
    with services.store.write() as write:
        for item in sorted(services.store.all(Conversation), key=lambda item: item.since)[:3]:
            write.put(replace(item, author="@ann@example.org"))

    async def scenario(app, pilot):
        asked = {("*",): "4 conversations of 2 people", ("escape", "g", "@"): "3 conversations of one person"}
        for keys, whom in asked.items():
            await pilot.press(*keys, "m", "s", "enter")
            await pilot.pause()
            assert f"macro sorry answers {whom}:" in shown(app) and "Sorry, " in shown(app)
            await pilot.press("n")

    drive(services, scenario)


@pytest.mark.parametrize("everybody", [False, True])
def test_the_choice_of_one_reply_for_each_is_there_again_after_a_hang_up(tmp_path: Path, everybody: bool) -> None:
    services = services_in(tmp_path, 2)
    with services.store.write() as write:
        for item in services.store.all(Mention):
            write.put(replace(item, author="@ann@example.org"))

    async def begin(app, pilot):
        await pilot.press("*", "r")
        await typed(pilot, "hello all")
        await pilot.press("escape", *(["o"] if everybody else []))
        await pilot.pause()

    drive(services, begin)

    async def again(app, pilot):
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()

    drive(services, again)
    assert len(services.store.all(Outgoing)) == (2 if everybody else 1)


def test_the_review_says_that_somebody_else_has_the_conversation(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3)
    first, second, _ = sorted(services.store.all(Conversation), key=lambda item: item.since)
    conversations.assign(services.desk(), [first.id], "kim")
    conversations.assign(services.desk(), [second.id], "lea")

    async def scenario(app, pilot):
        for key, said in (("g", ", assigned to kim, public"), ("j", ", public"), ("asterisk", "1 assigned to others")):
            await pilot.press(key, "r")
            await typed(pilot, "hello")
            await pilot.press("escape")
            await pilot.pause()
            assert said in shown(app) and ("assigned to lea, public" not in shown(app))
            await pilot.press("d")
            await pilot.pause()

    drive(services, scenario)


def test_all_by_one_author_are_marked_with_a_key(tmp_path: Path) -> None:
    services = services_in(tmp_path, 4)
    every = services.store.all(Conversation)
    with services.store.write() as write:
        [account] = services.store.all(AccountState)
        write.put(replace(account, capabilities=replace(account.capabilities, block=True)))
        for item in every[1:3]:
            write.put(replace(item, author="@spam@example.org"))
            mention = services.store.get(Mention, item.newest)
            assert mention is not None
            write.put(replace(mention, author="@spam@example.org", author_id="spam-1"))

    async def scenario(app, pilot):
        for _ in range(4):
            if "> " in shown(app) and " spam " in next(line for line in shown(app).splitlines() if line[:1] == ">"):
                break
            await pilot.press("j")
        await pilot.press("@")
        await pilot.pause()
        assert "2 marked, by @spam@example.org" in shown(app)
        await pilot.press("!", "b")
        await pilot.pause()
        assert "2 conversations of @spam" in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    assert [act.target for act in services.store.all(Act)] == ["spam-1"]


def test_marks_by_another_author_and_by_other_words_are_added(tmp_path: Path) -> None:
    services = services_in(tmp_path, 6)
    every = sorted(services.store.all(Conversation), key=lambda item: item.since)
    with services.store.write() as write:
        for item, author in zip(every, ("@ann", "@bob", "@ann", "@bob", "@cy", "@dan"), strict=True):
            write.put(replace(item, author=f"{author}@example.org"))

    def marked(app) -> set[str]:
        ids = map(inbox(app).panes.pane.identity, inbox(app).panes.rows.marks)
        return {every[[item.id for item in every].index(identity)].text.partition(":")[0] for identity in ids}

    async def scenario(app, pilot):
        await pilot.press("g", "@")
        await pilot.pause()
        assert message(app) == "2 marked, by @ann@example.org"
        await pilot.press("j", "@")
        await pilot.pause()
        assert message(app) == "2 marked, by @bob@example.org; 4 marked in all"
        assert marked(app) == {"No. 0", "No. 1", "No. 2", "No. 3"}
        await type_into(pilot, "ampersand", "no. 5", "enter")
        assert message(app) == "1 marked ('no. 5'); 5 marked in all"
        await pilot.press("*")  # all that match the search have a mark: these lose theirs
        await pilot.pause()
        assert message(app) == "0 marked ('no. 5'); 4 marked in all"
        await pilot.press("*")
        await pilot.pause()
        assert marked(app) == {"No. 0", "No. 1", "No. 2", "No. 3", "No. 5"}
        await pilot.press("e")
        await pilot.pause()

    drive(services, scenario)
    done = {item.text[:5] for item in services.store.all(Conversation) if item.status is ConversationStatus.DONE}
    assert done == {"No. 0", "No. 1", "No. 2", "No. 3", "No. 5"}


def test_a_direct_message_is_never_offered_for_a_boost(tmp_path: Path) -> None:
    services = services_in(tmp_path, 1)
    [one] = services.store.all(Mention)
    with services.store.write() as write:
        write.put(replace(one, visibility=Visibility.DIRECT))

    async def scenario(app, pilot):
        await pilot.press("space", "b")
        await pilot.pause()
        assert "wrote this directly" in shown(app) and "y yes" not in shown(app)
        await pilot.press("y")

    drive(services, scenario)
    assert services.store.all(Act) == []


def test_words_mark_every_row_that_has_them_and_no_word_marks_nothing_else(tmp_path: Path) -> None:
    services = services_in(tmp_path, 12)
    texts = [item.text.casefold() for item in services.store.all(Conversation)]
    having = sum("no. 1" in text for text in texts)
    assert 1 < having < 12

    async def scenario(app, pilot):
        await pilot.press("x", "ampersand")
        await typed(pilot, "nO. 1")
        await pilot.press("enter")
        await pilot.pause()
        assert f"{having} marked ('no. 1'); {having + 1} marked in all" in shown(app)
        await pilot.press("ampersand", "enter")
        await pilot.pause()
        assert f"{having + 1} marked " in shown(app)
        await type_into(pilot, "ampersand", "nowhere", "enter")
        assert f"0 marked ('nowhere'); {having + 1} marked in all" in shown(app)
        await pilot.press("n")
        await pilot.pause()
        assert "no row here with 'nowhere'" in shown(app)

    drive(services, scenario)
