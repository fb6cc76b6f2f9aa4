"""Verbs by key, by `:` line, by leader and palette; filters; empty states; config and themes while running."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.community import conversations, replies
from commtui.marketing import posts
from commtui.model.records import Act, ActKind, Conversation, Note, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState, Reason
from commtui.outgoing import acts
from tests.ui.fill import NOW, SETTINGS, services_in
from tests.ui.screen import composer, drive, inbox, lines, message, shown, type_into, typed


def open_ones(services):
    return [
        conversation
        for conversation in services.store.all(Conversation)
        if conversation.status is ConversationStatus.OPEN
    ]


def test_the_same_verbs_work_by_key_and_by_line_and_dot_repeats(tmp_path):
    services = services_in(tmp_path, 6)

    async def scenario(app, pilot):
        await pilot.press("t")
        await typed(pilot, "bug")
        await pilot.press("enter")
        assert "#bug" in lines(app)[1] and "tagged bug" in message(app)
        await pilot.press("j", ".")
        assert "#bug" in lines(app)[2]
        await pilot.press("j", "colon")
        await typed(pilot, "snooze 2h")
        await pilot.press("enter")
        assert "5 open" in lines(app)[0] and "snoozed until Mon 23 Nov" in message(app)
        await pilot.press("colon")
        await typed(pilot, "assin kim")
        await pilot.press("enter")
        assert "do you mean assign?" in lines(app)[-2] and lines(app)[-1] == ":assin kim"
        await pilot.press("escape", "a")
        await typed(pilot, "kim")
        await pilot.press("enter", "y", "A")
        assert "assigned to kim" in message(app) and message(app).startswith("!")
        await pilot.press("i")
        await typed(pilot, "ask billing")
        await pilot.press("enter")
        assert "noted" in message(app)

    drive(services, scenario)
    assert sum("bug" in conversation.tags for conversation in services.store.all(Conversation)) == 2
    assert [note.text for note in services.store.all(Note)] == ["ask billing"]


def test_snooze_is_two_keys(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("s", "enter")
        assert "2 open" in lines(app)[0] and "Tue 24 Nov 09:00" in message(app)

    drive(services, scenario)


def test_filter_search_and_mark_all_find_the_same_rows(tmp_path):
    services = services_in(tmp_path, 30)

    async def scenario(app, pilot):
        await pilot.press("slash")
        await typed(pilot, "No. 17")
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert next(line for line in lines(app) if line.startswith(">")).count("No. 17") == 1
        await pilot.press("backslash")
        await typed(pilot, "from:ada")
        await pilot.press("enter")
        assert "filter: from:ada" in lines(app)[0]
        rows = [line for line in lines(app) if "No. " in line]
        assert rows and all(" ada" in row for row in rows)
        await pilot.press("backslash", *["backspace"] * 8)
        await typed(pilot, "is:opne")
        await pilot.press("enter")
        assert "did you mean is:open?" in " ".join(lines(app)[-3:-1]) and lines(app)[-1].endswith("is:opne")
        await pilot.press("escape", "q")
        assert "filter" not in lines(app)[0]
        await pilot.press("asterisk")
        assert "marked" in lines(app)[0]

    drive(services, scenario)


def test_a_public_act_asks_and_only_y_confirms(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("space")
        assert "boost the mention (asks" in shown(app)
        await pilot.press("b")
        assert "boost to all our followers: @" in lines(app)[-1]
        await pilot.press("b")
        assert services.store.all(Act) == []
        await pilot.press("space", "b", "y")
        assert "will boost @" in message(app)

    drive(services, scenario)
    assert [act.kind for act in services.store.all(Act)] == [ActKind.BOOST]


def test_a_post_is_written_for_a_time_and_listed(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "news for all")
        await pilot.press("escape", "t")
        await typed(pilot, "fri 9am")
        await pilot.press("enter")
        assert "Fri 27 Nov 09:00 Europe/Berlin" in shown(app)
        await pilot.press("y")
        await pilot.pause()
        await pilot.press("j")
        assert re.search(r" 3 Posts  1 scheduled  next Fri 09:00", shown(app))
        await pilot.press("3", "E")
        await pilot.pause()
        await typed(pilot, "more ")
        await pilot.press("escape", "y")
        await pilot.pause()

    drive(services, scenario)
    post = services.store.all(Outgoing)[0]
    assert post.state is OutgoingState.SCHEDULED
    assert post.text == "news for allmore "


def test_too_long_or_empty_a_reply_cannot_be_sent_and_nothing_is_lost(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("r", "escape")
        assert "the text is empty" in shown(app) and "y send" not in shown(app)
        await pilot.press("e")
        composer(app).text_box.insert("x" * 501)
        await pilot.pause()
        assert "501/500 (1 too many)" in shown(app)
        await pilot.press("escape")
        assert "y send" not in shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert composer(app).is_open
        await pilot.press("escape", "p")

    drive(services, scenario)
    assert len(services.store.all(Outgoing)[0].text) >= 501


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
def test_without_an_account_it_says_what_to_do_next(tmp_path, size):
    services_in(tmp_path, 0).store.close()  # an account was here once
    services = services_in(tmp_path, 0, accounts=())

    async def scenario(app, pilot):
        assert "No account yet" in shown(app) and "space N adds one" in shown(app)
        await pilot.press("c")
        assert "no account to post from: space N adds one" in message(app)

    drive(services, scenario, size)


def test_with_nothing_open_it_names_what_waits_and_the_next_key(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("e", "e", "s", "enter")
        assert "Nothing is open" in shown(app) and "1 snoozed: space z shows them" in shown(app)
        await pilot.press("space", "z")
        assert "filter: is:snoozed" in lines(app)[0] and lines(app)[1].startswith("> z")

    drive(services, scenario)


def test_the_demo_says_so_on_every_screen(tmp_path):
    services = services_in(tmp_path, 3)
    services.demo = True

    async def scenario(app, pilot):
        assert "DEMO" in shown(app)
        for keys, back in ((("s",), "escape"), (("question_mark",), "q"), (("ctrl+p",), "escape"), (("r",), "escape")):
            await pilot.press(*keys)
            await pilot.pause()
            assert "DEMO" in shown(app), keys
            await pilot.press(back)
        assert "DEMO" in shown(app)

    drive(services, scenario)


def test_help_and_palette_are_made_of_the_commands(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert "keys and commands" in shown(app) and "half a page down" in shown(app)
        await pilot.press("q", "ctrl+p")
        await typed(pilot, "assign to me")
        await pilot.press("enter")
        await pilot.pause()
        assert "@lea" in lines(app)[1]

    drive(services, scenario)


def test_the_palette_takes_a_query_for_the_filter(tmp_path):
    services = services_in(tmp_path, 3)
    first, *_ = services.store.all(Conversation)
    conversations.tag(services.desk(), [first.id], "bug")

    async def scenario(app, pilot):
        await pilot.press("ctrl+p")
        await typed(pilot, "is:opne")
        await pilot.press("enter")
        await pilot.pause()
        assert "unknown is:opne; did you mean is:open?" in shown(app) and "command: " in shown(app)
        await pilot.press("ctrl+u")
        await typed(pilot, "tag:bug is:open")
        assert "filter: tag:bug is:open" in shown(app), shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "filter: tag:bug is:open (1)" in lines(app)[0], shown(app)

    drive(services, scenario)


def test_settings_that_change_take_effect_at_once(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        before = app.styles_by_role["plain"]
        services.settings = replace(SETTINGS, theme="commtui-light", keys={"done": ("d",)})
        await pilot.pause(0.6)
        assert app.styles_by_role["plain"] != before and app.theme == "commtui-light"
        await pilot.press("d")
        assert "2 open" in lines(app)[0]
        services.problem = "config.toml, line 3: unknown key"
        await pilot.press("j")
        assert "line 3" in shown(app)

    drive(services, scenario)


def test_what_is_stuck_says_why_and_is_released_by_a_person(tmp_path):
    services = services_in(tmp_path, 2)
    ids = [conversation.id for conversation in open_ones(services)]
    reply, _ = replies.reply(services.desk(), ids[0], "hello")
    with services.store.write() as write:
        write.put(replace(reply, state=OutgoingState.HELD, reason=Reason.NEWER_ANSWER))
    posts.write_post(services.desk(), "late one", ["brand"], at=NOW + timedelta(seconds=1))

    async def scenario(app, pilot):
        assert " 2 Replies  1 held" in shown(app)
        services.clock.moment += timedelta(minutes=5)
        await pilot.press("2")
        assert "held" in shown(app) and "(newer answer)" in shown(app)
        await pilot.press("space", "l", "y")
        assert services.store.get(Outgoing, reply.id).state is OutgoingState.SCHEDULED
        await pilot.press("3")
        assert "late 4m" in shown(app)

    drive(services, scenario)


def test_marks_filter_pane_and_row_are_back_at_the_next_start(tmp_path):
    services = services_in(tmp_path, 40)

    async def first(app, pilot):
        await pilot.press("backslash")
        await typed(pilot, "No.")
        await pilot.press("enter", "j", "x", "j", "j")

    drive(services, first)

    async def second(app, pilot):
        rows = inbox(app).panes.rows
        assert (rows.at, len(rows.marks), inbox(app).panes.pane.filter_text) == (4, 1, "No.")

    drive(services, second)


def put(services, item, **changes):
    with services.store.write() as write:
        write.put(replace(services.store.get(type(item), item.id), **changes))


def test_a_verb_over_mixed_marks_does_what_it_can_and_says_what_it_left_out(tmp_path):
    services = services_in(tmp_path, 4)
    sent = [
        replies.reply(services.desk(), conversation.id, f"no. {n}")[0]
        for n, conversation in enumerate(open_ones(services))
    ]
    for item in sent[:2]:
        put(services, item, state=OutgoingState.HELD, reason=Reason.BY_HAND)
    put(services, sent[2], state=OutgoingState.FAILED, error="refused")

    async def scenario(app, pilot):
        await pilot.press("2", "asterisk", "space", "l")
        assert "release, each at its time: 2 items?" in lines(app)[-1]
        await pilot.press("y")
        assert "released: 2 items; left out: 1 failed, 1 scheduled" in shown(app)
        await pilot.press("g", "asterisk", "h")
        assert "held: 3 items; left out: 1 failed" in shown(app)

    drive(services, scenario)
    states = sorted(item.state.value for item in services.store.all(Outgoing))
    assert states == ["failed", "held", "held", "held"]


def test_a_refused_act_says_how_it_is_tried_again_and_that_does_it(tmp_path):
    services = services_in(tmp_path, 2)
    acts.act(services.desk(), ActKind.BOOST, open_ones(services)[0].id)
    (act,) = services.store.all(Act)

    async def scenario(app, pilot):
        put(services, act, state=OutgoingState.FAILED, error="too many today", tries=1)
        await pilot.pause()
        await pilot.pause(0.1)
        text = message(app)
        assert "the boost of @" in text and "failed: too many today; space a on it tries again" in text
        await pilot.press("space", "a")
        assert "try again: the boost of @" in lines(app)[-1]
        await pilot.press("n")
        assert services.store.get(Act, act.id).state is OutgoingState.FAILED
        await pilot.press("space", "a", "y")
        now = services.store.get(Act, act.id)
        assert now.state is OutgoingState.SCHEDULED and now.error is None
        assert "retrying now: the boost of @" in message(app)

    drive(services, scenario)


def test_star_goes_by_the_search_of_its_own_pane(tmp_path):
    services = services_in(tmp_path, 3)
    for text in ("about coffee", "about tea"):
        posts.write_post(services.desk(), text, ["brand"])

    async def scenario(app, pilot):
        await pilot.press("slash")
        await typed(pilot, "No. 1")
        await pilot.press("enter", "asterisk")
        assert "1 marked" in lines(app)[0]
        await pilot.press("escape", "3", "asterisk")
        assert "2 marked" in shown(app)
        await pilot.press("escape", "slash")
        await typed(pilot, "tea")
        await pilot.press("enter", "asterisk")
        assert "1 marked ('tea')" in shown(app)
        await pilot.press("escape", "1", "asterisk")
        assert "1 marked ('no. 1')" in shown(app)

    drive(services, scenario)


def test_undo_of_a_step_on_several_says_how_many(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "s", "enter", "u")
        assert "undo: snooze of 2 conversations" in message(app)

    drive(services, scenario)


def test_a_command_line_with_a_slip_stays_and_earlier_lines_and_names_are_a_key_away(tmp_path):
    services = services_in(tmp_path, 4)

    async def scenario(app, pilot):
        await pilot.press("colon")
        await typed(pilot, "snoze 2h")
        await pilot.press("enter")
        assert "do you mean snooze?" in lines(app)[-2] and lines(app)[-1] == ":snoze 2h"
        await pilot.press("e")  # a letter, no verb
        assert lines(app)[-1] == ":snoze 2he" and "4 open" in lines(app)[0]
        await pilot.press("ctrl+u", "s", "n", "tab")
        assert lines(app)[-1].startswith(":snooze")
        await typed(pilot, "2h")
        await pilot.press("enter")
        assert "3 open" in lines(app)[0] and "snoozed until" in message(app)
        await pilot.press("colon", "x", "up")
        assert lines(app)[-1] == ":snooze 2h"
        await pilot.press("up", "up")
        assert lines(app)[-1] == ":snoze 2h"
        await pilot.press("down", "down")
        assert lines(app)[-1] == ":x"
        await pilot.press("down", "backspace", "r", "e", "tab")
        text = " ".join(lines(app)[-3].split() + lines(app)[-2].split())
        assert "recall" in text and "retry" in text and lines(app)[-1] == ":re"
        await pilot.press("escape")
        assert "3 open" in lines(app)[0]
        await pilot.press("colon")
        await typed(pilot, "snooze gestern")
        await pilot.press("enter")
        assert "'gestern' cannot be read" in " ".join(lines(app)[-4:]) and lines(app)[-1] == ":snooze gestern"
        await pilot.press("escape")

    drive(services, scenario)


@pytest.mark.parametrize("end", [OutgoingState.SENT, OutgoingState.FAILED])
def test_the_word_of_a_countdown_gives_way_to_what_became_of_it_beside_another_countdown(tmp_path, end):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await type_into(pilot, "r", "other", "escape", "y")
        await type_into(pilot, "r", "mine", "escape", "y")
        assert "sends in 10s" in message(app)
        mine = next(item for item in services.store.all(Outgoing) if item.text == "mine")
        put(services, mine, state=OutgoingState.SENDING)
        await pilot.pause(0.1)
        assert message(app).startswith("sending: reply to @")
        if end is OutgoingState.SENT:
            put(services, mine, state=end)
            await pilot.pause(0.1)
            assert message(app).startswith("sent to @")
            await pilot.press("j")
            put(services, mine, state=end, error="x")
            await pilot.pause(0.1)
            assert "sent to" not in message(app)  # told once; the next key took it away
            return
        await pilot.press("t")  # a question stands before the line
        put(services, mine, state=end, error="too long")
        await pilot.pause(0.1)
        assert "failed: too long" not in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        told = message(app)
        assert told.startswith("! reply to @") and "failed: too long; space a on it tries again" in told
        await pilot.press("j")
        put(services, mine, state=end, error="too long still")
        await pilot.pause(0.1)
        assert "failed: too long" not in shown(app)

    drive(services, scenario)


def test_what_a_person_holds_keeps_its_time_in_sight(tmp_path):
    services = services_in(tmp_path, 2)
    for days in (1, 2):
        posts.write_post(services.desk(), f"post {days}", ["brand"], at=NOW + timedelta(days=days))
    stopped, _ = posts.write_post(services.desk(), "stopped", ["brand"], at=NOW + timedelta(days=3))
    put(services, stopped[0], state=OutgoingState.HELD, reason="late")

    async def scenario(app, pilot):
        await pilot.press("3", "space", "h", "y", "escape")
        assert " 3 Posts  3 held" in shown(app)
        assert re.search(r"held \w+ \d\d:\d\d +post 1 +\(by hand\)", shown(app)), shown(app)

    drive(services, scenario)


def test_a_verb_that_is_not_possible_says_so_before_it_asks_and_names_verbs_that_exist(tmp_path):
    services = services_in(tmp_path, 2)
    post, _ = posts.write_post(services.desk(), "news", ["brand"], at=NOW + timedelta(days=1), draft=True)

    async def scenario(app, pilot):
        await pilot.press("3", "space", "l")
        assert not inbox(app).prompt.display
        assert "cannot release what is draft; possible: reschedule, discard, edit" in " ".join(shown(app).split())

    drive(services, scenario)
    assert services.store.get(Outgoing, post[0].id).state is OutgoingState.DRAFT
