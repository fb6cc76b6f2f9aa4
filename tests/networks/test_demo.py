"""The demo network: the contract of every network, and what only a simulated community can promise."""

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from commtui.config.check import check_replies
from commtui.config.loading import load
from commtui.config.saved_texts import read_folder
from commtui.main.demo import demo_home
from commtui.model.abilities import Visibility
from commtui.model.records import ActKind, Via
from commtui.networks.base import (
    AnswerLost,
    EventKind,
    Gone,
    Login,
    LoginRefused,
    Malformed,
    NetworkError,
    RateLimited,
    Refused,
    Sent,
    Unreachable,
)
from commtui.networks.contract import NetworkContract
from commtui.networks.demo import Demo, failures
from commtui.networks.demo.posts import demo_posts
from commtui.networks.demo.scenes import Does
from commtui.networks.demo.script import ARRIVALS, PAST, PEOPLE
from commtui.networks.demo.timeline import BEATS
from tests.clock import START, FakeClock
from tests.networks import tools

SINCE = START - timedelta(days=30)


def login(clock=None, token="", **options):
    def unused(*_):
        raise AssertionError("the demo has no secrets to keep")

    return Login("a0", "", "", lambda: token, unused, unused, clock or FakeClock(), options=options)


def outgoing(text, key, to=None, visibility=Visibility.PUBLIC):
    return tools.outgoing("demo", text, to, key, now=START, visibility=visibility)


def act(kind, target, text=""):
    return tools.act("demo", kind, target, text, now=START)


async def everything(network, cursor=None, since=SINCE):
    """All items after the cursor, and the cursor after them."""
    items = []
    async for batch in network.fetch(cursor, since):
        items += batch.items
        cursor = batch.cursor
    return items, cursor


def fetched(network, cursor=None, since=SINCE):
    return asyncio.run(everything(network, cursor, since))


def mentions(items):
    return [item.status for item in items if item.kind == EventKind.MENTION]


class DemoContract(NetworkContract):
    """What the contract needs of a network of the demo."""

    network: ClassVar[type[Demo]] = Demo

    @pytest.fixture(autouse=True)
    def bench(self, tmp_path):
        self.clock = FakeClock()
        self.folder = tmp_path / "state"

    def make_login(self, token=None):
        return login(self.clock, token or "", folder=self.folder)

    def say(self, text, in_reply_to=None):
        return self.network(self.make_login()).say(text, in_reply_to=in_reply_to)

    def answers_to(self, remote_id):
        below = asyncio.run(self.network(self.make_login()).thread(remote_id)).descendants
        return [status.remote_id for status in below if status.in_reply_to == remote_id]


class TestDemo(DemoContract):
    network = Demo


# -- the world ---------------------------------------------------------------------------------------------------------


def test_the_past_is_there_at_the_first_fetch():
    found = mentions(fetched(Demo(login()))[0])
    assert len(found) == sum(beat.does == Does.SAYS for scene in PAST for beat in scene.beats) == 40
    assert START - timedelta(days=4) < found[0].created_at
    assert found[-1].created_at < START
    assert {"ja", "ar", "hi", "ko", "zh", "uk", "de"} <= {status.language for status in found}
    assert any(status.media and status.media[0].alt for status in found)


def test_the_past_has_every_way_of_speaking_to_us_and_every_kind_of_event():
    items = fetched(Demo(login()))[0]
    assert {item.kind for item in items} == set(EventKind)
    assert {item.via for item in items if item.kind == EventKind.MENTION} == set(Via)
    assert {item.engagement for item in items if item.kind == EventKind.ENGAGEMENT} == {"like", "boost", "follow"}
    edited = {item.remote_id for item in items if item.kind == EventKind.EDITED}
    deleted = {item.remote_id for item in items if item.kind == EventKind.DELETED}
    assert edited | deleted <= {status.remote_id for status in mentions(items)}


def test_conversations_have_one_to_five_texts_and_old_answers_of_ours():
    network = Demo(login())
    angry = next(mention for mention in mentions(fetched(network)[0]) if "Third parcel" in mention.text)
    thread = asyncio.run(network.thread(angry.remote_id))
    assert [status.ours for status in thread.descendants] == [True, False, False, False]
    assert all(1 <= sum(beat.does == Does.SAYS for beat in scene.beats) <= 5 for scene in PAST)


def test_every_text_fits_and_every_host_is_nobodys():
    for scene in (*PAST, *ARRIVALS):
        for beat in scene.beats:
            assert len(beat.text) <= 500
            assert beat.who in PEOPLE or beat.does in (Does.OURS, Does.DELETES)
    assert all(human.host.endswith(".example") for human in PEOPLE.values())


def test_equal_seeds_make_equal_worlds_and_others_do_not():
    def told(seed):
        clock = FakeClock()
        network = Demo(login(clock, seed=seed, pace=30))
        before, cursor = fetched(network)
        clock.advance(1800)
        return before + fetched(network, cursor)[0]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_world_does_not_depend_on_how_often_one_looks():
    def looked(step):
        clock, items, cursor = FakeClock(), [], None
        network = Demo(login(clock, seed=5, pace=20))
        asyncio.run(network.check())  # the world begins here
        for _ in range(3600 // step):
            clock.advance(step)
            new, cursor = fetched(network, cursor)
            items += new
        return items

    assert len(looked(60)) > 200
    assert looked(60) == looked(1800)


def test_arrivals_come_at_the_pace_then_ever_more_quietly():
    clock = FakeClock()
    network = Demo(login(clock, pace=30, lively=60))
    cursor = fetched(network)[1]
    clock.advance(30 * 60)
    lively, cursor = fetched(network, cursor)
    moments = [item.at for item in lively]
    assert moments == sorted(moments)
    # likes of what we posted, edits and deletions take slots as well; every slot brings one thing
    assert len(lively) == 60
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert min(gaps) >= 30 * 0.4 - 0.01 and max(gaps) <= 30 * 1.6 + 0.01
    clock.advance(30 * 60)
    assert len(fetched(network, cursor)[0]) == 3


def test_a_year_alone_brings_a_bounded_number_of_arrivals_in_order():
    clock = FakeClock()
    network = Demo(login(clock))
    cursor = fetched(network)[1]
    clock.advance(365 * 86_400)
    moments = [item.at for item in fetched(network, cursor)[0]]
    assert moments == sorted(moments)
    assert 240 + 1000 < len(moments) < 5000


def test_a_second_telling_has_new_ids_and_people_of_the_same_language():
    clock = FakeClock()
    network = Demo(login(clock, pace=1, lively=10_000))
    cursor = fetched(network)[1]
    clock.advance(BEATS)
    first, cursor = fetched(network, cursor)
    clock.advance(BEATS)
    second, _ = fetched(network, cursor)
    one, two = mentions(first), mentions(second)
    assert len(one) == len(two) == sum(beat.does == Does.SAYS for scene in ARRIVALS for beat in scene.beats)
    assert not {status.remote_id for status in one} & {status.remote_id for status in two}
    assert sorted(str(status.language) for status in one) == sorted(str(status.language) for status in two)
    assert sorted(status.author for status in one) != sorted(status.author for status in two)


def test_pace_zero_is_silence():
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    cursor = fetched(network)[1]
    clock.advance(86_400)
    assert fetched(network, cursor) == ([], cursor)


def test_first_sync_says_what_it_left_out():
    async def job():
        network = Demo(login())
        return [batch async for batch in network.fetch(None, START - timedelta(hours=24))]

    batches = asyncio.run(job())
    brought = len(mentions([item for batch in batches for item in batch.items]))
    assert batches[-1].left_out == 40 - brought > 0
    assert all(batch.left_out == 0 for batch in batches[:-1])


# -- what we say in it -------------------------------------------------------------------------------------------------


def answers_after(text, replies=1, seconds=120):
    """What comes in the two minutes after replies to a question."""
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    items, cursor = fetched(network)
    questions = [status for status in mentions(items) if "moka pot" in status.text or "H-20418" in status.text]
    for number in range(replies):
        asyncio.run(network.send(outgoing(text, f"k{number}", questions[number].remote_id), ()))
    clock.advance(seconds)
    return fetched(network, cursor)[0], questions


def test_a_reply_is_thanked_for_a_while_later():
    now, _ = answers_after("Seventeen clicks!", seconds=1)
    assert mentions(now) == []
    later, asked = answers_after("Seventeen clicks!")
    (thanks,) = mentions(later)
    assert thanks.author == asked[0].author
    assert [item.via for item in later if item.status] == [Via.ANSWER]


def test_a_direct_answer_stays_direct():
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    items, cursor = fetched(network)
    question = next(status for status in mentions(items) if "H-20418" in status.text)
    asyncio.run(network.send(outgoing("Done.", "k", question.remote_id, Visibility.DIRECT), ()))
    clock.advance(120)
    (answer,) = [item for item in fetched(network, cursor)[0] if item.status]
    assert (answer.via, answer.status.visibility) == (Via.DIRECT, Visibility.DIRECT)


def test_the_second_person_asks_on():
    answers, _ = answers_after("Here you are.", replies=2)
    assert len(mentions(answers)) == 2
    assert any("?" in status.text for status in mentions(answers))


def test_spam_is_not_answered_when_we_answer_it():
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    items, cursor = fetched(network)
    spam = next(status for status in mentions(items) if "FOLLOWERS" in status.text)
    asyncio.run(network.send(outgoing("no", "k", spam.remote_id), ()))
    clock.advance(600)
    assert fetched(network, cursor)[0] == []


def test_a_post_is_liked_boosted_and_answered():
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    cursor = fetched(network)[1]
    sent = asyncio.run(network.send(outgoing("Open day!", "k"), ()))
    clock.advance(600)
    items = fetched(network, cursor)[0]
    assert {item.engagement for item in items} >= {"like", "boost"}
    assert {item.remote_id for item in items if item.engagement} == {sent.remote_id}
    assert 1 <= len(mentions(items)) <= 2
    assert all(status.in_reply_to == sent.remote_id for status in mentions(items))


def test_a_reply_taken_back_in_time_gets_no_answer():
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    items, cursor = fetched(network)
    sent = asyncio.run(network.send(outgoing("oops", "k", mentions(items)[3].remote_id), ()))
    asyncio.run(network.act(act(ActKind.DELETE, sent.remote_id)))
    clock.advance(600)
    assert fetched(network, cursor)[0] == []


def test_a_muted_author_falls_silent_until_unmuted():
    clock = FakeClock()
    network = Demo(login(clock, pace=0))
    cursor = fetched(network)[1]
    asyncio.run(network.act(act(ActKind.MUTE, PEOPLE["rolf"].handle)))
    network.say("you can't hear me", "rolf")
    network.say("but me", "mira")
    assert [status.text for status in mentions(fetched(network, cursor)[0])] == ["but me"]
    asyncio.run(network.act(act(ActKind.UNMUTE, PEOPLE["rolf"].handle)))
    network.say("now you can", "rolf")
    assert [status.text for status in mentions(fetched(network, cursor)[0])] == ["but me", "now you can"]


@pytest.mark.parametrize("kind", [ActKind.EDIT, ActKind.DELETE])
def test_the_words_of_others_are_not_ours_to_change(kind):
    network = Demo(login())
    theirs = mentions(fetched(network)[0])[0]
    with pytest.raises(Refused, match="only what we wrote"):
        asyncio.run(network.act(act(kind, theirs.remote_id, "mine now")))


# -- restarts ----------------------------------------------------------------------------------------------------------


def test_a_restart_meets_the_same_world_with_the_same_cursor(tmp_path):
    clock = FakeClock()
    first = Demo(login(clock, folder=tmp_path, seed=3))
    items, cursor = fetched(first)
    asyncio.run(first.send(outgoing("Try 17 clicks.", "k", mentions(items)[4].remote_id), ()))
    first.say("later is another day")
    clock.advance(900)
    again = Demo(login(clock, folder=tmp_path, seed=99, pace=1))  # the world that is there wins
    after = fetched(first, cursor)[0]
    assert len(after) > 20
    assert fetched(again, cursor)[0] == after
    assert fetched(again)[0] == fetched(first)[0]
    assert asyncio.run(again.find(outgoing("Try 17 clicks.", "k")))


def test_world_file_holds_what_was_said_and_stands_alone(tmp_path):
    network = Demo(login(folder=tmp_path / "new" / "state"))
    asyncio.run(network.check())
    asyncio.run(network.send(outgoing("Hello ☕", "k"), ()))
    files = sorted((tmp_path / "new" / "state").iterdir())
    assert [file.name for file in files] == ["world.json", "world.lock"]
    log = json.loads(files[0].read_bytes())["log"]
    assert [(entry["op"], entry["text"], entry["key"]) for entry in log] == [("send", "Hello ☕", "k")]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', '{"format": 1, "seed": "x"}'])
def test_a_damaged_world_is_one_clear_line(tmp_path, content):
    (tmp_path / "world.json").write_text(content)
    with pytest.raises(Malformed, match=r"world\.json: remove it"):
        asyncio.run(Demo(login(folder=tmp_path)).check())


def test_a_folder_that_cannot_be_used_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unreachable, match="cannot be stored"):
        asyncio.run(Demo(login(folder=tmp_path / "file" / "state")).check())


def test_a_clock_set_back_loses_nothing(tmp_path):
    clock = FakeClock()
    network = Demo(login(clock, folder=tmp_path, pace=0))
    clock.advance(1000)
    cursor = fetched(network)[1]
    network.say("before")
    clock.advance(-500)
    network.say("after the clock was set back")
    restarted = Demo(login(clock, folder=tmp_path, pace=0))
    assert [status.text for status in mentions(fetched(restarted, cursor)[0])] == [
        "before",
        "after the clock was set back",
    ]


def test_what_two_processes_say_at_once_is_all_there(tmp_path):
    program = """
import sys
from commtui.networks.base import Login
from commtui.networks.demo import Demo
from commtui.model.clock import SystemClock
demo = Demo(Login("a", "", "", str, print, print, SystemClock(), options={"folder": sys.argv[1], "pace": 0}))
for number in range(25):
    demo.say(f"{sys.argv[2]} {number}")
"""
    voices = [subprocess.Popen([sys.executable, "-c", program, tmp_path, name]) for name in ("one", "two")]
    assert [voice.wait() for voice in voices] == [0, 0]
    log = json.loads((tmp_path / "world.json").read_bytes())["log"]
    expected = {f"{name} {number}" for name in ("one", "two") for number in range(25)}
    assert {entry["text"] for entry in log} == expected
    assert len({entry["id"] for entry in log}) == len(log) == 50


# -- failures on demand ------------------------------------------------------------------------------------------------


def tries(network, item):
    """The course of a text: each try's error by name until it is out or has failed four times."""
    course = []
    for _ in range(4):
        try:
            asyncio.run(network.send(item, ()))
        except NetworkError as error:
            course.append(type(error).__name__)
        else:
            return [*course, "sent"]
    return course


@pytest.mark.parametrize(
    ("word", "course"),
    [
        ("#refuse", ["Refused"] * 4),
        ("#gone", ["Gone"] * 4),
        ("#login", ["LoginRefused", "sent"]),
        ("#offline", ["Unreachable", "Unreachable", "sent"]),
        ("#limit", ["RateLimited", "sent"]),
        ("#lost", ["AnswerLost", "sent"]),
        ("#lost-not-sent", ["AnswerLost", "sent"]),
        ("#garbage", ["Malformed", "sent"]),
    ],
)
def test_a_word_in_the_text_brings_its_failure_about_for_each_text_again(word, course):
    network = Demo(login())
    assert tries(network, outgoing(f"Hello, {word}!", "k1")) == course
    assert tries(network, outgoing(f"{word} again", "k2")) == course


def test_tries_are_counted_over_restarts(tmp_path):
    clock = FakeClock()
    course = []
    for _ in range(3):
        network = Demo(login(clock, folder=tmp_path))
        try:
            asyncio.run(network.send(outgoing("#offline", "k"), ()))
            course.append("sent")
        except Unreachable:
            course.append("offline")
    assert course == ["offline", "offline", "sent"]


@pytest.mark.parametrize(("word", "out"), [("#lost", True), ("#garbage", True), ("#lost-not-sent", False)])
def test_reading_back_tells_whether_a_lost_text_is_out(word, out):
    network = Demo(login(pace=0))
    item = outgoing(f"Hello {word}", "k")
    with pytest.raises((AnswerLost, Malformed)):
        asyncio.run(network.send(item, ()))
    assert isinstance(asyncio.run(network.find(item)), Sent) is out
    sent = asyncio.run(network.send(item, ()))
    assert asyncio.run(network.find(item)) == sent
    ours = [status for status in network._shared.now().statuses.values() if status.text == item.text]
    assert len(ours) == 1


def test_limit_says_how_long_to_wait():
    with pytest.raises(RateLimited) as limited:
        asyncio.run(Demo(login()).send(outgoing("#limit", "k"), ()))
    assert limited.value.retry_after == 5.0


def test_planned_failures_come_in_turn_or_always():
    network = Demo(login(failures={"fetch": ["offline", "", "limit"], "check": "login", "thread": ["gone"]}))
    with pytest.raises(Unreachable):
        fetched(network)
    with pytest.raises(RateLimited):
        fetched(network)  # its first page goes well, its second is limited
    assert len(mentions(fetched(network)[0])) == 40
    for _ in range(3):
        with pytest.raises(LoginRefused):
            asyncio.run(network.check())
    with pytest.raises(Gone):
        asyncio.run(network.thread(mentions(fetched(network)[0])[0].remote_id))


def test_every_failure_that_is_named_can_be_planned():
    for word in failures.WORDS:
        assert str(failures.error(word.removeprefix("#")))
    with pytest.raises(ValueError, match="there are: refuse"):
        failures.error("typo")


def test_docs_name_every_word_and_option():
    text = (Path(__file__).parents[2] / "docs" / "demo.md").read_text()
    for word in (*failures.WORDS, "seed", "pace", "lively", "folder", "failures"):
        assert f"`{word}`" in text


# -- the stream and the calendar ---------------------------------------------------------------------------------------


def test_stream_speaks_at_the_start_at_each_arrival_and_after_what_we_say():
    async def job():
        clock = FakeClock()
        network = Demo(login(clock, pace=30))
        heard = []

        async def listen():
            async for _ in network.stream():
                heard.append(clock.monotonic())

        listener = asyncio.create_task(listen())
        await clock.run(0)
        assert heard == [0]
        await clock.run(300)
        assert len(heard) == 1 + 10
        assert clock.sleeping == 1
        network.say("now!")
        await clock.run(0)
        assert len(heard) == 12
        await network.aclose()
        await clock.run(0)
        assert listener.done()

    asyncio.run(job())


def test_stream_notices_what_another_process_has_somebody_say(tmp_path):
    async def job():
        clock = FakeClock()
        network = Demo(login(clock, folder=tmp_path, pace=0))
        heard = []

        async def listen():
            async for _ in network.stream():
                heard.append(clock.monotonic())

        listener = asyncio.create_task(listen())
        await clock.run(60)
        assert heard == [0]
        Demo(login(clock, folder=tmp_path)).say("over here")
        await clock.run(10)
        assert len(heard) == 2
        await network.aclose()
        await clock.run(0)
        assert listener.done()

    asyncio.run(job())


def test_calendar_has_posts_with_a_time_in_order_and_a_draft():
    posts = demo_posts(START)
    times = [post.at for post in posts if post.at]
    assert len(times) == 3 and times == sorted(times) and all(at > START for at in times)
    assert [(post.at, post.repeat) for post in posts].count((None, "")) == 1
    assert [post.repeat for post in posts if post.repeat] == ["every month on the 1st 10:00"]
    assert all(0 < len(post.text) <= 500 for post in posts)


def test_the_demo_has_two_teammates_who_are_nobody_of_the_community(tmp_path):
    settings = load(demo_home(tmp_path / "home", {}), {})
    assert len(settings.teammates) == 2 and not {settings.me, *settings.teammates} & set(PEOPLE)


def test_the_demo_has_saved_replies_in_files_and_in_the_config_and_nothing_is_wrong_with_them(tmp_path):
    home = demo_home(tmp_path / "home", {})
    texts = read_folder(home.replies, {})[0]
    assert {name: (reply.language, reply.asked) for name, reply in texts.replies.items()} == {
        "bug": ("en", ("version",)), "fehler": ("de", ()), "order": ("en", ("order",)),
    }  # fmt: skip
    assert {reply.language for reply in texts.replies.values()} <= {person.language for person in PEOPLE.values()}
    assert [finding.sentence for finding in check_replies(home, load(home, {}))] == ["4 saved replies, 2 macros"]


@pytest.mark.parametrize("turns", range(8))
def test_a_stream_ends_by_cancellation_at_whatever_turn_of_the_loop(turns):
    async def watch(network, events):
        async for _ in network.stream():
            events.append(True)

    async def job():
        clock, events = FakeClock(), []
        task = asyncio.create_task(watch(Demo(login(clock)), events))
        while not clock.slept:
            await asyncio.sleep(0)
        clock.advance(clock.slept[-1])  # its sleep ends in the turns in which the cancellation comes
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
        assert task.done()
        assert task.cancelled()

    asyncio.run(job())
