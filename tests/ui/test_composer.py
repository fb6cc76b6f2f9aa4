"""The composer's review: files with alt text, content warnings, and lengths as the network counts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from textual import events

from commtui.activity.refusals import OtherText
from commtui.model.abilities import Limits
from commtui.model.records import AccountState, Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.ui.composer.buffer import Position
from commtui.ui.composer.draft import time_words
from commtui.ui.composer.reply_draft import ReplyDraft
from tests.sentences import refused
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import composer, drive, lines, reply, shown, type_into, typed, until

pytestmark = pytest.mark.usefixtures("waits_for_work")


def can(services, **capabilities):
    with services.store.write() as write:
        known = services.store.get(AccountState, ACCOUNT.id)
        limits = Limits(characters=500, counting="mastodon", per_url=23, media=2, image_bytes=1000)
        more = replace(known.capabilities, **capabilities)
        write.put(replace(known, handle="@brand@example.social", limits=limits, capabilities=more))


def test_media_and_warning_are_offered_only_where_the_network_has_them(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("r", "a", "escape")
        await pilot.pause()
        assert "y send" in shown(app) and "m media" not in shown(app) and "w warning" not in shown(app)
        await pilot.press("e", "escape")
        can(services, media=True, content_warning=True)
        await pilot.press("e", "escape")
        await pilot.pause()
        assert "m media" in shown(app) and "w warning" in shown(app)
        await pilot.press("p")

    drive(services, scenario)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_a_file_is_shown_with_its_alt_text_and_goes_out_with_the_warning(tmp_path, size):
    services = services_in(tmp_path / "home", 1)
    can(services, media=True, content_warning=True)
    (tmp_path / "cat.png").write_bytes(b"x" * 900)
    (tmp_path / "big.png").write_bytes(b"x" * 1001)

    async def scenario(app, pilot):
        await type_into(pilot, "r", "see", "escape", "m")
        await typed(pilot, f"{tmp_path}/big")
        await pilot.press("enter")
        await pilot.pause()
        assert "big.png has 1,001 bytes" in shown(app)
        await pilot.press("ctrl+u")
        app.screen.post_message(events.Paste(f"'{tmp_path}/nothing.png'"))
        await pilot.press("enter")
        await pilot.pause()
        assert "cannot attach" in shown(app)
        await type_into(pilot, "ctrl+u", f"{tmp_path}/ca", "tab", "enter", "enter")
        assert "+ cat.png: no alt text" in shown(app)
        await pilot.press("m", "r")
        await pilot.pause()
        assert "cat.png" not in shown(app)
        await pilot.press("m")  # the folder of before
        await pilot.pause()
        await typed(pilot, "cat")
        await pilot.press("enter")
        await typed(pilot, "a cat")
        await pilot.press("enter", "w")
        await typed(pilot, "pets")
        await pilot.press("enter")
        await pilot.pause()
        assert "+ cat.png: a cat" in shown(app) and "CW: pets" in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario, size)
    sent = services.store.all(Outgoing)[0]
    assert (sent.state, sent.spoiler) == (OutgoingState.SCHEDULED, "pets")
    assert [(file.url, file.alt, file.kind) for file in sent.media] == [(str(tmp_path / "cat.png"), "a cat", "image")]


def test_the_length_counts_the_handle_that_the_network_puts_before_a_reply(tmp_path):
    services = services_in(tmp_path, 1)
    can(services, addresses=True)

    async def scenario(app, pilot):
        await pilot.press("r")
        await pilot.pause()
        author = reply(app).mention.author
        name = author.split("@")[1]
        put = len(f"@{name} ")
        composer(app).text_box.insert("x" * (500 - put + 3))
        await pilot.pause()
        assert "503/500 (3 too many)" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "503 characters, 3 too many (limit 500)" in shown(app) and "y send" not in shown(app)
        await pilot.press("y", "escape", "p")
        await pilot.pause()
        conversation = services.store.all(Outgoing)[0]
        assert conversation.state is OutgoingState.DRAFT and len(conversation.text) == 503 - put
        await pilot.press("r")
        await pilot.pause()
        composer(app).text_box.text = f"hello {author}"
        await pilot.pause()
        assert f"{len(f'hello @{name}')}/500" in shown(app)
        await pilot.press("escape", "d")

    drive(services, scenario)


def test_the_others_of_a_mention_are_named_in_the_review_and_can_be_left_out(tmp_path):
    services = services_in(tmp_path, 1)
    can(services, addresses=True)
    mention = services.store.all(Mention)[0]
    with services.store.write() as write:
        write.put(replace(mention, author="@ada@a.example", others=("@bob@b.example", "@eve@e.example")))

    async def scenario(app, pilot):
        await type_into(pilot, "r", "yes", "escape")
        assert "o others" in shown(app)
        assert "begins with @ada@a.example @bob@b.example @eve@e.example" in " ".join(shown(app).split())
        await pilot.press("o", "ctrl+u")
        await typed(pilot, "bob carl")
        await pilot.press("enter")
        await pilot.pause()
        assert "carl is not named in what you answer" in " ".join(shown(app).split())
        await type_into(pilot, "ctrl+u", "@eve", "enter")
        assert "begins with @ada@a.example @eve@e.example" in " ".join(shown(app).split())
        assert "@bob@b.example" not in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    (sent,) = services.store.all(Outgoing)
    assert (sent.state, sent.others) == (OutgoingState.SCHEDULED, ("@eve@e.example",))


def test_a_reply_may_leave_later_and_its_time_outlives_the_draft(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await type_into(pilot, "r", "good morning", "escape")
        assert "t time" in shown(app)
        await pilot.press("t")
        await typed(pilot, "tomorrow 9")
        await pilot.press("enter")
        assert "Tue 24 Nov 09:00 Europe/Berlin" in shown(app)
        await pilot.press("p")
        await pilot.pause()
        await pilot.press("r", "escape")
        await pilot.pause()
        assert "Tue 24 Nov 09:00 Europe/Berlin" in shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert "goes out Tue 24 Nov 09:00" in shown(app)
        await pilot.press("u", "g", "r", "escape", "t", "enter")
        await pilot.pause()
        assert "Tue 24 Nov" not in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    (reply,) = services.store.all(Outgoing)
    assert reply.state is OutgoingState.SCHEDULED and reply.hold_window
    assert reply.scheduled_at == services.clock.now() + services.settings.hold


def test_another_window_that_answers_meanwhile_is_reported_before_the_text_leaves_and_no_text_is_lost(tmp_path):
    services = services_in(tmp_path, 1)
    texts = lambda: {item.text: item.state for item in services.store.all(Outgoing)}  # noqa: E731

    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "draft")
        composer(app).save()
        other = ReplyDraft(lambda: replace(services.desk(), who="kim"), services.store.all(Conversation)[0].id)
        assert other.text == "draft"
        other.save("draft of kim")
        await typed(pilot, " of lea")
        composer(app).save()
        other.save("draft of kim's")
        assert texts() == {"draft of kim's": OutgoingState.DRAFT, "draft of lea": OutgoingState.DRAFT}
        with refused(services.desk(), OtherText, "lea is writing here"):
            other.send("draft of kim's")
        other.send("draft of kim's")
        services.clock.moment += timedelta(seconds=12)
        await pilot.press("escape", "y")
        await pilot.pause()
        assert "kim answered 12 s ago: 'draft of kim's'; y sends this one, too" in shown(app)
        assert texts()["draft of lea"] is OutgoingState.DRAFT
        await pilot.press("y")
        await pilot.pause()
        assert texts() == {"draft of kim's": OutgoingState.SCHEDULED, "draft of lea": OutgoingState.SCHEDULED}

    drive(services, scenario)


def test_a_text_that_another_window_wrote_over_is_kept_when_the_person_says_so(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "mine")
        composer(app).save()
        ReplyDraft(services.desk, services.store.all(Conversation)[0].id).save("yours")
        await pilot.press("escape", "p")
        await pilot.pause()
        assert sorted(item.text for item in services.store.all(Outgoing)) == ["mine", "yours"]

    drive(services, scenario)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    ("key", "bad", "said"),
    [("t", "dy", "cannot be read"), ("m", "dyd", "cannot attach"), ("s", "dyd", "none of"), ("a", "dyd", "no such")],
)
def test_a_refused_value_stays_to_be_mended_and_what_is_typed_next_is_no_key_of_the_review(
    tmp_path, size, key, bad, said
):
    services = services_in(tmp_path, 1, saved={"thanks": "Thank you"})
    can(services, media=True, content_warning=True)

    async def scenario(app, pilot):
        await pilot.press("c" if key == "a" else "r")
        await typed(pilot, "first and the end")
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press(key, "ctrl+u")
        await pilot.pause()
        await typed(pilot, bad)
        await pilot.press("enter")
        await pilot.pause()
        assert said in " ".join(shown(app).split()) and f": {bad}" in shown(app).replace(":  ", ": ")
        await typed(pilot, "yd")  # thought to be typed into the question: and so it is
        assert f": {bad}yd" in shown(app).replace(":  ", ": ") and "!" not in shown(app)
        await pilot.press("enter", "escape")
        await pilot.pause()
        facts = " ".join(shown(app).split())
        assert ("post, public, in 10s" if key == "a" else "reply to @edsger0, public, in 10s") in facts
        assert "y send" in facts and "and the end" in facts
        await pilot.press("p")

    drive(services, scenario, size)
    assert [(item.text, item.state) for item in services.store.all(Outgoing)] == [
        ("first and the end", OutgoingState.DRAFT)
    ]


def test_a_long_text_shows_its_end_in_the_review_of_a_low_screen(tmp_path):
    services = services_in(tmp_path, 1)
    can(services, media=True, content_warning=True)

    async def scenario(app, pilot):
        await pilot.press("r")
        composer(app).text_box.insert("\n".join(f"line {number}" for number in range(30)) + " last words")
        await pilot.pause()
        composer(app).text_box.move(Position(2, 0))
        await pilot.press("escape")
        await pilot.pause()
        assert "last words" in shown(app) and "y send" in shown(app)
        await pilot.press("e")
        await pilot.pause()
        assert composer(app).text_box.buffer.cursor == (2, 0) and "line 2" in shown(app)
        await pilot.press("escape", "d")

    drive(services, scenario, (40, 12))


def test_ctrl_u_deletes_to_the_start_of_the_line_and_not_of_the_wrapped_row(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("r")
        composer(app).text_box.insert("first line\n" + "word " * 40)
        await pilot.pause()
        await pilot.press("ctrl+u")
        await pilot.pause()
        assert composer(app).text_box.text == "first line\n"
        await pilot.press("ctrl+underscore")
        await pilot.pause()
        assert composer(app).text_box.text == "first line\n" + "word " * 40
        await pilot.press("escape", "d")

    drive(services, scenario)


@pytest.mark.parametrize(
    ("size", "panes"), [((120, 40), True), ((120, 30), True), ((120, 24), False), ((80, 24), False), ((40, 12), False)]
)
def test_the_composer_stands_in_the_reader_with_the_thread_above_and_the_panes_beside_where_there_is_room(
    tmp_path, size, panes
):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        before = lines(app)
        await pilot.press("j", "r")
        await typed(pilot, "the answer")
        rows = lines(app)
        place = {word: next(y for y, row in enumerate(rows) if word in row) for word in ("reply to", "the answer")}
        assert "No. 1" in "\n".join(rows[place["reply to"] : place["the answer"]])
        assert rows[0].startswith(" 1 Mentions") is panes and "esc review" in rows[-1]
        await pilot.press("escape", "d", "k")
        await until(pilot, lambda: lines(app)[1] == before[1])  # beside the list the preview follows in a moment

    drive(services, scenario, size)


@pytest.mark.parametrize(
    ("setting", "machine", "said"),
    [
        ("", "Europe/Berlin", "Tue 24 Nov 09:00"),
        ("Europe/Berlin", "Europe/Berlin", "Tue 24 Nov 09:00"),
        ("Europe/Berlin", "Asia/Tokyo", "Tue 24 Nov 09:00 Europe/Berlin"),
    ],
)
def test_a_time_that_is_chosen_names_its_zone_where_the_machine_has_another_one(
    tmp_path, monkeypatch, setting, machine, said
):
    monkeypatch.setenv("TZ", machine)
    assert time_words(services_in(tmp_path, zone=setting).desk(), datetime(2026, 11, 24, 8, tzinfo=UTC)) == said
