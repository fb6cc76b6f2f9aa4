"""Saved replies and macros, mute and spam, hand-off, views with their numbers, and what asks before it acts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.community import conversations, joining, replies
from commtui.marketing import posts
from commtui.model.records import AccountState, Act, ActKind, Conversation, Note, Outgoing
from commtui.model.states import OutgoingState
from tests.ui.fill import ACCOUNT, NOW, OWNER, arrive, services_in, status
from tests.ui.screen import drive, inbox, lines, message, reply, shown, type_into, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")

READY = {
    "saved": {"thanks": "Thank you, {name}!", "export": "Look under Settings."},
    "macros": {"praised": ("tag praise", "done"), "answered": ("reply Hello {name}", "tag hello")},
}


def test_a_saved_reply_goes_into_the_composer_and_a_macro_is_done_and_undone_as_one(tmp_path):
    services = services_in(tmp_path, 3, **READY)
    name = services.store.all(Conversation)[0].author_name

    async def scenario(app, pilot):
        await pilot.press("m")
        await pilot.pause()
        assert "thanks" in shown(app) and "macro praised" in shown(app)
        await typed(pilot, "thanks")
        await pilot.press("enter")
        await pilot.pause()
        assert f"Thank you, {reply(app).mention.author_name}!" in shown(app)
        assert services.store.all(Outgoing)[0].text.startswith("Thank you, ")
        assert "y send" in shown(app)  # with nothing to be filled in, it is reviewed at once
        await pilot.press("d")
        await pilot.pause()
        await type_into(pilot, "m", "praised", "enter")
        assert "2 open" in lines(app)[0] and "macro praised on @" in message(app) and "u: undo" in message(app)
        await pilot.press("u")
        assert "3 open" in lines(app)[0] and "#praise" not in shown(app)
        await pilot.press("colon")
        await typed(pilot, "macro answered")
        await pilot.press("enter")
        assert "macro answered answers @" in shown(app) and "Hello Edsger" in shown(app)
        assert [item.state for item in services.store.all(Outgoing)] == [OutgoingState.DISCARDED]
        await pilot.press("y")
        assert "2 open" in lines(app)[0]
        await pilot.press("m", "escape")
        await pilot.pause()
        services.settings = replace(services.settings, saved={}, macros={})
        await pilot.press("j", "m")
        assert "[saved]" in message(app)

    drive(services, scenario)
    assert name


def test_mute_and_spam_are_here_at_once_and_on_the_network_after_a_second_key(tmp_path):
    services = services_in(tmp_path, 4)

    async def scenario(app, pilot):
        await pilot.press("exclamation_mark")
        assert "m mute here" in lines(app)[-1] and "b block" not in lines(app)[-1]
        await pilot.press("s")
        assert "3 open" in lines(app)[0] and "spam, muted here" in message(app)
        with services.store.write() as write:
            known = services.store.get(AccountState, ACCOUNT.id)
            write.put(replace(known, capabilities=replace(known.capabilities, block=True, mute=True)))
        await pilot.press("exclamation_mark", "b")
        assert "block on the network: @" in lines(app)[-1]
        await pilot.press("b")
        assert services.store.all(Act) == [] and "3 open" in lines(app)[0]
        await pilot.press("exclamation_mark", "b", "y")
        assert "2 open" in lines(app)[0] and "will block @" in message(app)
        await pilot.press("exclamation_mark", "m", "enter", "full_stop")
        assert "0 open" in lines(app)[0]

    drive(services, scenario)
    assert [act.kind for act in services.store.all(Act)] == [ActKind.BLOCK]
    assert [conversation.tags for conversation in services.store.all(Conversation) if conversation.tags] == [("spam",)]


def test_praise_is_handed_off_only_after_its_author_agreed(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await pilot.press("space", "g")
        assert "agreed to being quoted?  y/n" in lines(app)[-1]
        await pilot.press("n")
        assert services.store.all(Outgoing) == [] and "ask first" in message(app)
        await pilot.press("space", "g", "y")
        await pilot.pause()
        assert "post from brand" in lines(app)[0] and "https://example.net/@" in shown(app)
        await pilot.press("escape", "p")
        await pilot.pause()
        await pilot.press("3", "L")
        assert inbox(app).panes.pane.name == "mentions" and "where these words come from" in message(app)

    drive(services, scenario)
    assert services.store.all(Outgoing)[0].state is OutgoingState.DRAFT
    assert "agreed to be quoted" in services.store.all(Note)[0].text


def test_ones_own_words_stand_above_the_quotation_and_no_empty_lines_where_there_are_none(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await pilot.press("space", "g", "y")
        await pilot.pause()
        await pilot.press("escape", "p")
        await pilot.pause()
        (unused,) = services.store.all(Outgoing)
        assert unused.text.startswith("> No. 0")
        await pilot.press("space", "g", "y")
        await pilot.pause()
        await typed(pilot, "Thanks")
        await pilot.press("escape", "p")
        await pilot.pause()
        (words,) = (item.text for item in services.store.all(Outgoing) if item.id != unused.id)
        assert words == f"Thanks\n\n{unused.text}"

    drive(services, scenario)


def test_an_answer_under_our_post_stays_a_conversation_with_an_owner_and_a_tag(tmp_path):
    services = services_in(tmp_path, 0)
    variants, _ = posts.write_post(services.desk(), "news", ["brand"])
    with services.store.write() as write:
        write.put(replace(variants[0], state=OutgoingState.SENT, remote_id="p1", sent_at=NOW))
    arrive(services, 1, in_reply_to="p1")

    async def scenario(app, pilot):
        await pilot.press("space", "g")
        assert "said under our post" in lines(app)[-1]
        await pilot.press("c", "enter")
        assert "@lea" in lines(app)[1] and "#support" in lines(app)[1]
        await pilot.press("L")
        assert inbox(app).panes.pane.name == "posts"

    drive(services, scenario)


def test_the_leader_shows_each_views_number_and_its_key_opens_as_many_rows(tmp_path):
    services = services_in(tmp_path, 9)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.done(services.desk(), ids[:2])
    conversations.claim(services.desk(), ids[2:5])
    conversations.snooze(services.desk(), ids[5:6], "3d")

    async def scenario(app, pilot):
        for key, said in (("o", "open: 6"), ("m", "mine: 3"), ("e", "done: 2"), ("z", "snoozed: 1")):
            await pilot.press("space")
            assert said in shown(app)
            await pilot.press(key)
            assert len(inbox(app).panes.rows.numbers) == int(said.split()[-1])

    drive(services, scenario)


def test_a_small_screen_has_the_leaders_keys_on_pages(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("space")
        seen = shown(app)
        assert "more keys" in seen and lines(app)[0].strip()
        for _ in range(8):
            await pilot.press("space")
            seen += shown(app)
        assert "waiting for their answer: 0" in seen and "hand off" in seen and "quit" in seen
        await pilot.press("escape")
        assert "more keys" not in shown(app)

    drive(services, scenario, (40, 12))


def test_hold_all_and_publish_now_ask_and_another_key_than_the_first_confirms(tmp_path):
    services = services_in(tmp_path, 2)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    replies.reply(services.desk(), ids[0], "hello")
    posts.write_post(services.desk(), "news", ["brand"], at="fri 9am")

    async def scenario(app, pilot):
        await pilot.press("space", "h")
        assert "hold all 2 replies and posts" in lines(app)[-1]
        await pilot.press("h")
        assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.SCHEDULED}
        await pilot.press("space", "h", "y")
        assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.HELD}
        await pilot.press("space", "L")
        assert "release all 2 held, 1 at once, 1 later?" in shown(app)
        await pilot.press("y")
        assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.SCHEDULED}
        await pilot.press("space", "h", "y", "3", "space", "p", "p")
        assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.HELD}
        await pilot.press("space", "p", "y")
        assert "goes out" in message(app)

    drive(services, scenario)
    post = next(item for item in services.store.all(Outgoing) if item.conversation is None)
    assert post.state is OutgoingState.SCHEDULED and (post.scheduled_at - NOW).total_seconds() == 10


def test_what_is_said_on_the_screen_names_things_and_no_ids(tmp_path):
    services = services_in(tmp_path, 3)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.assign(services.desk(), ids, "kim")
    posts.write_post(services.desk(), "news for all", ["brand"], at="fri 9am")
    posts.write_post(services.desk(), "more news", ["brand"], at="fri 10am")

    async def scenario(app, pilot):
        await pilot.press("A")
        assert message(app).endswith("is assigned to kim since Mon 23 Nov 13:00; a me enter takes it over")
        await pilot.press("3", "h")
        assert "held: 'news for all'" in message(app)
        await pilot.press("j", "x", "k", "x", "b")
        assert "a draft again: 2 items" in message(app)

    drive(services, scenario)


def test_a_filter_that_goes_leaves_the_cursor_where_it_is(tmp_path):
    services = services_in(tmp_path, 30)

    async def scenario(app, pilot):
        await pilot.press("backslash")
        await typed(pilot, "No. 2")
        await pilot.press("enter", "j", "j", "j")
        row = next(line for line in lines(app) if line.startswith(">"))
        await pilot.press("q")
        assert next(line for line in lines(app) if line.startswith(">")) == row

    drive(services, scenario)


def test_the_way_to_a_post_from_elsewhere_says_so_and_has_its_link(tmp_path):
    services = services_in(tmp_path, 0)
    arrive(services, 1, in_reply_to="ours-1")
    conversation = services.store.all(Conversation)[0]
    link = "https://example.social/@brand/1"
    above = status(7, conversation.since, remote_id="ours-1", author="@brand@example.social", ours=True, url=link)

    async def scenario(app, pilot):
        await pilot.press("L")
        assert "it did not begin under a post of ours" in message(app)
        with services.store.write() as write:
            joining.add_context(services.store, write, OWNER, conversation.id, above, above.created_at)
        await pilot.press("L")
        assert f"that post was not written in commtui: {link}" in " ".join(shown(app).split())

    drive(services, scenario, (100, 30))


def test_a_list_to_choose_from_stays_where_nothing_has_the_typed_name(tmp_path):
    services = services_in(tmp_path, 2, **READY)

    async def scenario(app, pilot):
        await pilot.press("m")
        await pilot.pause()
        assert "enter takes" in lines(app)[-1] and "2 open" in lines(app)[0]
        await pilot.press("j", "enter")
        await pilot.pause()
        assert "none of that name: ctrl+u shows all" in shown(app)
        await pilot.press("backspace", "down", "enter")
        await pilot.pause()
        assert "Look under Settings." in shown(app)

    drive(services, scenario)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
@pytest.mark.parametrize("draft", ["", "Hello."])
def test_a_saved_reply_takes_the_same_keys_with_and_without_a_draft_and_its_end_is_in_sight(tmp_path, draft, size):
    services = services_in(tmp_path, 1, **READY)

    async def scenario(app, pilot):
        if draft:
            await pilot.press("r")
            await typed(pilot, draft)
            await pilot.press("escape", "p")
            await pilot.pause()
        await pilot.press("m", "t", "enter")
        await pilot.pause()
        assert "y send" in shown(app) and "Thank you, " in shown(app) and draft in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario, size)
    (sent,) = services.store.all(Outgoing)
    name = services.store.all(Conversation)[0].author_name
    assert sent.text == (f"{draft}\n\n" if draft else "") + f"Thank you, {name}!"
    assert sent.state is OutgoingState.SCHEDULED
