"""Whatever becomes of a request on the way, exactly one record is in the repository, and the cache says so."""

import asyncio
import signal
import subprocess
import sys
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.community import replies
from commtui.config.edit import add_account
from commtui.config.paths import Home
from commtui.config.secrets import Secrets
from commtui.config.settings import Account
from commtui.config.watch import SettingsFile
from commtui.marketing import posts
from commtui.model.clock import SystemClock
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes
from commtui.outgoing.form import Form
from commtui.store.store import Store
from tests.networks.bluesky import logins
from tests.networks.bluesky.home import Bench
from tests.servers import proxy

pytestmark = pytest.mark.slow
PUT = "/xrpc/com.atproto.repo.putRecord"
SESSION = "/xrpc/com.atproto.server.createSession"
RESOLVE = "/xrpc/com.atproto.identity.resolveHandle"
LIES = {"error": "UpstreamFailure", "message": "the server behind it is away"}


def out(network, text, name="brand"):
    """The records with that text."""
    return [record for record in network.list_records(name) if record["value"]["text"] == text]


HARMS = {
    "request-lost": proxy.drop_request("POST", PUT),
    "request-reset": proxy.reset("POST", PUT),
    "answer-lost": proxy.drop_answer("POST", PUT),
    "answer-reset": proxy.drop_answer("POST", PUT, reset=True),
    "answer-cut": proxy.cut(20, "POST", PUT),
    "502-that-lies": proxy.answer(502, LIES, method="POST", path=PUT, forward=True),
    "502-that-is-true": proxy.answer(502, LIES, method="POST", path=PUT),
    "html-after-it-was-done": proxy.Effect(
        "html", "POST", PUT, forward=True, raw=proxy.html().raw
    ),
    "empty-answer": proxy.Effect("empty", "POST", PUT, forward=True, raw=proxy.empty().raw),
    "429": proxy.answer(429, {"error": "RateLimitExceeded"}, {"retry-after": "7"}, "POST", PUT),
    "expired-token": proxy.answer(400, {"error": "ExpiredToken", "message": "Token has expired"}, None, "POST", PUT),
    "mentioned-one-not-resolved": proxy.drop_answer("GET", RESOLVE),
}  # fmt: skip


@pytest.mark.parametrize(
    ("harm", "times"),
    [
        *((harm, 1) for harm in HARMS),
        ("answer-lost", 3),
        ("expired-token", 2),
    ],
)
def test_post_is_out_exactly_once_whatever_becomes_of_a_request(tmp_path, network, through, harm, times):
    here = Bench(tmp_path, network, through.url)
    text = f"once: {harm} {times} @ada.test"
    rule = through.rule(HARMS[harm], times=times)

    async def job():
        items, _ = posts.write_post(here.desk, text, ["bsky"], hold=timedelta(seconds=10))
        await here.deliver_for(4000)
        await here.close()
        return here.item(items[0])

    item = asyncio.run(job())
    found_at_once = HARMS[harm].forward and harm != "mentioned-one-not-resolved"
    assert rule.hits == (1 if found_at_once else times)
    (record,) = out(network, text)
    assert (item.state, item.remote_id) == (OutgoingState.SENT, record["uri"])
    assert record["value"]["facets"][0]["features"][0]["did"] == network.did("ada")


def test_request_that_is_lost_again_at_its_second_try_waits_for_a_person(tmp_path, network, through):
    here = Bench(tmp_path, network, through.url)
    rule = through.rule(HARMS["request-lost"], times=2)

    async def job():
        items, _ = posts.write_post(here.desk, "once: lost twice", ["bsky"], hold=timedelta(seconds=10))
        await here.deliver_for(86_400)
        unknown = here.item(items[0])
        assert (unknown.state, rule.hits) == (OutgoingState.UNKNOWN, 2)
        assert out(network, "once: lost twice") == []
        changes.retry(here.desk, [unknown.id])
        await here.deliver_for(60)
        await here.close()
        return here.item(items[0])

    item = asyncio.run(job())
    (record,) = out(network, "once: lost twice")
    assert (item.state, item.remote_id) == (OutgoingState.SENT, record["uri"])


@pytest.mark.parametrize("harm", ["answer-lost", "request-lost"])
def test_reply_is_out_exactly_once_whatever_becomes_of_a_request(tmp_path, network, through, harm):
    mention = network.post("ada", f"@brand.test once: {harm}?")
    network.process_all()
    here = Bench(tmp_path, network, through.url)

    async def job():
        assert await here.runner().fetch()
        question = next(status for status in here.mentions() if status.remote_id == mention)
        through.rule(HARMS[harm], times=1)
        reply, _ = replies.reply(here.desk, question.id, f"once: {harm}!")
        await here.deliver_for(600)
        await here.close()
        return here.item(reply)

    item = asyncio.run(job())
    (record,) = out(network, f"once: {harm}!")
    assert (item.state, item.remote_id) == (OutgoingState.SENT, record["uri"])
    assert record["value"]["reply"]["parent"] == record["value"]["reply"]["root"] == network.ref(mention)


PROGRAM = """
import asyncio, sys
from pathlib import Path
from commtui.config.paths import Home
from commtui.config.watch import SettingsFile
from commtui.model.clock import SystemClock
from commtui.store.store import Store
from commtui.sync.connect import connector
from commtui.sync.engine import Engine
home = Home.at(Path(sys.argv[1]))
clock = SystemClock()
store = Store(home.data)
asyncio.run(Engine(store, SettingsFile(home), clock, connector(home, clock, store)).once(wait=False))
"""
STEPS = {
    "login": (SESSION, "POST", True),
    "resolving-the-handle": (RESOLVE, "GET", True),
    "before-the-record-is-written": (PUT, "POST", False),
    "after-the-record-is-written": (PUT, "POST", True),
}


@pytest.mark.parametrize("step", STEPS)
def test_post_is_out_exactly_once_when_the_program_is_killed(tmp_path, network, through, step):
    path, method, forward = STEPS[step]
    text = f"killed: {step} @ada.test"
    did, _, password = network.account("brand")
    home = Home.at(tmp_path)
    home.prepare()
    account = Account(name="bsky", network="bluesky", server=through.url, user=did, options={"cards": False})
    add_account(home, account)
    Secrets(home, account).save("token", password)
    settings = SettingsFile(home)
    desk = Desk(Store(home.data), SystemClock(), settings.current, "me")
    items, _ = posts.write_post(desk, text, ["bsky"], hold=timedelta(0))
    rule = through.rule(proxy.hang(method, path, forward=forward), times=1)
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        rule.wait(timeout=60)
        while path == PUT and forward and not out(network, text):  # the server is to have acted before the kill
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    through.clear()
    for _ in range(4):
        subprocess.run(command, check=True, timeout=60)
        store = Store(home.data)
        (item,) = store.all(Outgoing)
        if item.state is OutgoingState.SENT:
            break
        with store.write() as write:  # the clock is real here: the gaps between read-backs are skipped
            since = item.doubtful_since and item.doubtful_since - timedelta(minutes=10)
            write.put(replace(item, next_try_at=SystemClock().now(), doubtful_since=since))
    (record,) = out(network, text)
    assert item.state is OutgoingState.SENT
    assert item.remote_id == record["uri"]
    assert item.id == items[0].id


def test_same_text_twice_answers_the_same_record_without_a_second_commit(network):
    item = logins.outgoing("once: said twice")

    async def job(client):
        return [await client.send(item, ()) for _ in range(3)]

    sent = logins.run(logins.login(network), job)
    assert len({(item.remote_id, item.extra["own_cid"]) for item in sent}) == 1
    assert len(out(network, "once: said twice")) == 1
    assert not any(item.note for item in sent)


def test_what_is_out_is_never_overwritten_by_a_later_edit_of_the_draft(network):
    item = logins.outgoing("once: the first version")
    other = logins.outgoing("once: the second version", key=item.key, extra={})
    other = replace(other, created_at=item.created_at)

    async def job(client):
        return await client.send(item, ()), await client.send(other, ())

    first, second = logins.run(logins.login(network), job)
    assert first.remote_id == second.remote_id
    assert "earlier version" in second.note
    assert len(out(network, "once: the first version")) == 1
    assert out(network, "once: the second version") == []


def test_thread_of_posts_that_broke_off_goes_on_where_it_stopped(tmp_path, network, through):
    words = " ".join(f"thread{number}" for number in range(120))
    here = Bench(tmp_path, network, through.url)
    through.rule(proxy.drop_request("POST", PUT), nth=2, times=1)
    through.rule(proxy.drop_answer("POST", PUT), nth=4, times=1)

    async def job():
        items, _ = posts.write_post(here.desk, words, ["bsky"], form=Form(thread=True), hold=timedelta(seconds=1))
        await here.deliver_for(4000)
        await here.close()
        return here.store.outgoing.of_post(items[0].post)

    rows = asyncio.run(job())
    parts = [record for record in network.list_records("brand") if record["value"]["text"].startswith("thread")]
    parts.sort(key=lambda part: part["uri"])
    assert " ".join(part["value"]["text"] for part in parts) == words
    assert all(len(part["value"]["text"]) <= 300 for part in parts) and len(parts) > 3
    assert "reply" not in parts[0]["value"]
    for above, below in pairwise(parts):
        assert below["value"]["reply"]["parent"]["uri"] == above["uri"]
        assert below["value"]["reply"]["root"]["uri"] == parts[0]["uri"]
    assert {row.state for row in rows} == {OutgoingState.SENT}
    assert {row.remote_id for row in rows} == {part["uri"] for part in parts}
