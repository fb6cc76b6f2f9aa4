"""What leaves, leaves once, whatever becomes of the answers: on servers with and without Idempotency-Key."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from tests.servers import proxy as harm
from tests.servers.proxy import Proxy
from tests.whole.home import Desk, ended, until

POSTS = "/api/v1/statuses"
SERVERS = ({"idempotency": "honoured"}, {"idempotency": "ignored"}, {"idempotency": "error"})
DO: dict[str, Any] = {"method": "POST", "path": POSTS, "forward": True}
HARMS = {
    "the answer is dropped": lambda text: harm.drop_answer("POST", POSTS, where=text),
    "the connection is reset": lambda text: harm.drop_answer("POST", POSTS, reset=True, where=text),
    "the answer is cut": lambda text: harm.cut(9, "POST", POSTS, where=text),
    "garbage with 200": lambda text: harm.answer(200, b"\x00\x1b[2J{oops", where=text, **DO),
    "a web page with 200": lambda text: harm.html(200, where=text, **DO),
    "an empty 500": lambda text: harm.empty(500, where=text, **DO),
    "a 502 that lies": lambda text: harm.answer(502, b"Bad gateway", where=text, **DO),
}  # fmt: skip


def says(text: str):
    """Whether a request carries the text."""
    return lambda request: text in request.fields.get("status", "")


def keys_of(proxy: Proxy, text: str) -> list[str]:
    """The Idempotency-Key of every sending of the text."""
    return [r.headers["idempotency-key"] for r in proxy.of("POST", POSTS) if says(text)(r)]


def replies(home: Desk) -> dict[str, dict]:
    """text -> reply."""
    return {row["text"]: row for row in home.list("replies")}


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server["idempotency"])
def test_an_answer_lost_in_any_way_makes_one_post_and_it_is_known_to_be_sent(desk, quirks, server):
    server, home = quirks(**server), desk()
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        for n in range(len(HARMS)):
            server.mention("ada", f"question {n}")
        assert home.run("sync").code == 0
        expected = sorted(home.list("mentions"), key=lambda row: row["text"])
        for mention, (name, effect) in zip(expected, HARMS.items(), strict=True):
            proxy.rule(effect(says(name)), times=1)
            assert home.run("reply", mention["id"], f"when {name}").code == 0
        done = home.run("sync")
        assert done.code == 0, done
        rows = replies(home)
        assert {row["state"] for row in rows.values()} == {"sent"}, rows
        for mention, name in zip(expected, HARMS, strict=True):
            out = [s for s in server.statuses_of("brand") if name in s.text]
            assert [(s.in_reply_to, s.id) for s in out] == [(mention["remote_id"], rows[f"when {name}"]["remote_id"])]
            assert len(keys_of(proxy, name)) == 1, "found by reading back: no second try"


def test_what_never_arrived_on_a_server_without_the_key_waits_for_a_person_and_is_sent_with_the_same_key(desk, quirks):
    server, home = quirks(idempotency="ignored"), desk()
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        server.mention("ada", "question")
        assert home.run("sync").code == 0
        here, busy = says("here it is"), {"Retry-After": "1"}
        proxy.rule(harm.drop_request("POST", POSTS, where=here), times=1)
        proxy.rule(harm.answer(503, b"", busy, method="POST", path=POSTS, where=here), times=1)
        assert home.run("reply", home.list("mentions")[0]["id"], "here it is").code == 0
        for tries in (1, 2):
            assert home.run("sync").code == 3
            row = replies(home)["here it is"]
            assert (row["state"], row["tries"], row["look_alikes"]) == ("unknown", tries, [])
            assert home.run("retry", row["id"]).code == 0
        assert home.run("sync").code == 0
        row = replies(home)["here it is"]
        assert (row["state"], row["tries"]) == ("sent", 3)
        keys = keys_of(proxy, "here it is")
        assert len(keys) == 3 and len(set(keys)) == 1
        assert [s.key for s in server.statuses_of("brand")] == keys[:1]


def test_a_503_with_retry_after_that_lies_makes_one_post(desk, quirks):
    server, home = quirks(idempotency="ignored"), desk()
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        proxy.rule(harm.answer(503, b"", {"Retry-After": "1"}, where=says("once"), **DO), times=1)
        assert home.run("post", "only once", "--hold", "0s").code == 0
        assert home.run("sync").code == 0
        (row,) = home.list("posts")
        assert (row["state"], [s.id for s in server.statuses_of("brand")]) == ("sent", [row["remote_id"]])


@pytest.mark.slow
def test_a_request_that_timed_out_is_found(desk, quirks):
    server, home = quirks(idempotency="ignored"), desk()
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("alan"), "alan")
        server.mention("ada", "and you?", to="alan")
        assert home.run("sync").code == 0
        proxy.rule(harm.hang("POST", POSTS, forward=True, where=says("no answer")), times=1)
        assert home.run("reply", home.list("mentions")[0]["id"], "no answer").code == 0
        with worker(home):
            until(lambda: {row["state"] for row in replies(home).values()} == {"sent"}, "sent", 120)
        assert len(keys_of(proxy, "no answer")) == 1
        assert [s.id for s in server.statuses_of("alan")] == [replies(home)["no answer"]["remote_id"]]


class worker:
    """`commtui run`, ended by SIGTERM."""

    def __init__(self, home: Desk) -> None:
        self.process = home.start("run")

    def __enter__(self):
        return self.process

    def __exit__(self, *_):
        self.process.terminate()
        assert ended(self.process).code == 0


@pytest.mark.parametrize(("number", "state"), [(signal.SIGKILL, "sending"), (signal.SIGTERM, "unknown")])
@pytest.mark.parametrize("forward", [True, False], ids=["the server has it", "the server has it not"])
def test_ended_while_the_request_hangs_the_next_run_reads_back(desk, quirks, number, state, forward):
    server, home = quirks(idempotency="ignored"), desk()
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        server.mention("ada", "question")
        assert home.run("sync").code == 0
        hanging = proxy.rule(harm.hang("POST", POSTS, forward=forward), times=1)
        assert home.run("reply", home.list("mentions")[0]["id"], "one answer").code == 0
        process = home.start("run")
        hanging.wait()
        if forward:
            server.wait_for("POST", POSTS)
        os.kill(process.pid, number)
        assert ended(process).code == (0 if number == signal.SIGTERM else -number)
        assert replies(home)["one answer"]["state"] == state, "what was being sent is on disk as that"
        if forward:
            assert home.run("sync").code == 0
            assert replies(home)["one answer"]["state"] == "sent"
            assert len(keys_of(proxy, "one answer")) == 1
        else:
            assert home.run("sync").code == 3, "once is not often enough to send again"
            assert replies(home)["one answer"]["state"] == "unknown"
        (out,) = server.statuses_of("brand") if forward else [None]
        assert out is None or out.id == replies(home)["one answer"]["remote_id"]
