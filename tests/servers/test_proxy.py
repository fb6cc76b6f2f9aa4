"""The proxy does what its rules say, and only that; shown against the mock, which it must not disturb."""

from __future__ import annotations

import socket
import threading

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.servers import proxy as harm
from tests.servers.mock import MastodonMock
from tests.servers.proxy import Proxy
from tests.servers.quirks import client as login

STATUSES = "/api/v1/statuses"


@pytest.fixture
def client(mastodon: MastodonMock, proxy: Proxy):
    headers = {"Authorization": f"Bearer {mastodon.token('brand')}"}
    with httpx.Client(base_url=proxy.url, headers=headers, trust_env=False, timeout=10) as made:
        yield made


def test_without_rules_everything_passes_on_one_connection_and_is_recorded(mastodon, proxy, client):
    mastodon.post("ada", "one @brand")
    mastodon.post("ada", "two @brand")
    posted = client.post(STATUSES, json={"status": "hello"}, headers={"Idempotency-Key": "k1"})
    page = client.get("/api/v1/notifications", params={"limit": 1})
    older = client.get(page.links["next"]["url"])

    assert posted.status_code == 200
    assert [n["status"]["content"] for n in page.json() + older.json()] == ["<p>two @brand</p>", "<p>one @brand</p>"]
    assert page.links["next"]["url"].startswith(proxy.url)
    assert proxy.connections == 1
    assert [(r.method, r.path, r.answered) for r in proxy.requests] == [
        ("POST", STATUSES, 200),
        ("GET", "/api/v1/notifications", 200),
        ("GET", "/api/v1/notifications", 200),
    ]
    assert proxy.requests[0].fields == {"status": "hello"}
    assert proxy.requests[0].headers["idempotency-key"] == "k1"
    assert proxy.requests[0].token == "brand_token"
    assert proxy.requests[1].query == {"limit": "1"}


@pytest.mark.parametrize("rst", [False, True])
def test_a_dropped_answer_means_that_the_server_has_acted(mastodon, proxy, client, rst):
    rule = proxy.rule(harm.drop_answer("POST", STATUSES, reset=rst), times=1)
    with pytest.raises(httpx.TransportError):
        client.post(STATUSES, json={"status": "once"})
    assert [s["content"] for s in mastodon.statuses("brand")] == ["<p>once</p>"]
    assert client.post(STATUSES, json={"status": "again"}).status_code == 200
    assert rule.hits == 1
    assert [r.outcome for r in proxy.of("POST")] == ["drop_answer", "forwarded"]


@pytest.mark.parametrize("effect", [harm.drop_request("POST", STATUSES), harm.reset("POST", STATUSES)])
def test_a_dropped_request_means_that_the_server_has_not_heard_of_it(mastodon, proxy, client, effect):
    proxy.rule(effect)
    with pytest.raises(httpx.TransportError):
        client.post(STATUSES, json={"status": "never"})
    assert mastodon.statuses("brand") == []


def test_the_nth_request_that_matches_is_struck(proxy, client):
    proxy.rule(
        harm.answer(503, {"error": "no"}, path="/api/v1/notifications", where=lambda r: "limit" in r.query), 1, 2
    )
    asked = [client.get("/api/v1/notifications", params={"limit": 1}).status_code for _ in range(3)]
    assert client.get("/api/v1/notifications").status_code == 200
    assert asked == [200, 503, 200]


def test_answers_that_are_not_what_was_asked_for(proxy, client):
    def once(effect) -> httpx.Response:
        proxy.clear()
        proxy.rule(effect, times=1)
        return client.get("/api/v2/instance")

    assert once(harm.html(path="/api/v2/.*")).headers["content-type"].startswith("text/html")
    assert once(harm.empty()).content == b""
    assert once(harm.too_many(7)).headers["retry-after"] == "7"
    assert once(harm.too_many(7, "epoch")).headers["x-ratelimit-reset"].isdigit()
    assert "T" in once(harm.too_many(7, "iso")).headers["x-ratelimit-reset"]
    assert once(harm.redirect("http://127.0.0.2:1/")).headers["location"] == "http://127.0.0.2:1/"
    with pytest.raises(httpx.RemoteProtocolError):
        once(harm.garbage())
    with pytest.raises(httpx.RemoteProtocolError, match="complete message"):
        once(harm.cut(10))
    assert once(harm.delay(0.01)).json()["title"] == "Mastodon Mock"


def test_an_error_that_lies_about_what_the_server_did(mastodon, proxy, client):
    proxy.rule(harm.html(502, "POST", STATUSES, forward=True), times=1)
    assert client.post(STATUSES, json={"status": "out"}).status_code == 502
    assert len(mastodon.statuses("brand")) == 1


@pytest.mark.parametrize("forward", [False, True])
def test_a_request_hangs_until_it_is_released(mastodon, proxy, client, forward):
    rule = proxy.rule(harm.hang("POST", STATUSES, forward=forward))
    answers: list[int] = []
    caller = threading.Thread(
        target=lambda: answers.append(client.post(STATUSES, json={"status": "x"}).status_code), daemon=True
    )
    caller.start()
    rule.wait()
    assert answers == []
    rule.release()
    caller.join(30)
    assert answers == [200]


def test_down_refuses_and_up_takes_the_same_port_again(proxy, client):
    assert client.get("/health").text == "OK"
    proxy.down()
    with pytest.raises(httpx.TransportError):
        client.get("/health")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", proxy.port), 5)
    proxy.up()
    assert client.get("/health").text == "OK"


def test_a_stream_passes_as_it_comes_and_can_be_cut(mastodon, proxy, client):
    seen: list[str] = []
    opened = threading.Event()

    def listen() -> None:
        try:
            with client.stream("GET", "/api/v1/streaming/user") as stream:
                for line in stream.iter_lines():
                    seen.append(line)
                    opened.set()
        except httpx.TransportError:
            seen.append("cut")

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    proxy.wait_for("GET", "/api/v1/streaming/user", done=True)
    assert opened.wait(30)  # a heartbeat: the server's subscription stands
    mastodon.post("ada", "hey @brand")
    for _ in range(300):
        if "event: notification" in seen:
            break
        threading.Event().wait(0.1)
    assert "event: notification" in seen
    proxy.cut_connections()
    listener.join(30)
    assert seen[-1] == "cut"


def test_links_lead_through_the_proxy_and_a_websocket_passes(quirks):
    server = quirks(streaming="websocket")
    server.mentions(3)
    with Proxy(server.url) as between, login(server) as http:
        page = http.get(f"{between.url}/api/v1/notifications?limit=2")
        assert page.links["next"]["url"].startswith(f"{between.url}/api/v1/notifications?")
        address = f"ws://127.0.0.1:{between.port}/api/v1/streaming?stream=user&access_token={server.token('brand')}"
        with connect(address, proxy=None) as stream:
            server.streams.wait()
            server.mention("ada", "hey")
            assert '"event": "notification"' in stream.recv(30)
            between.cut_connections()
            with pytest.raises(ConnectionClosed):
                stream.recv(30)
