"""A server that says our token back, wherever it can: it is on no output, on no screen and in no file of the home."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.servers.proxy import Proxy, answer, redirect
from tests.servers.quirks import QuirkServer
from tests.whole.home import Desk
from tests.whole.program import Program

NEWS = "/api/v[12]/notifications"
POST = "/api/v1/statuses"
COMMANDS = (
    ("status",), ("list", "mentions"), ("list", "mentions", "--json"), ("list", "posts", "--json"), ("log",),
    ("account", "check"), ("doctor", "--json"), ("sync", "--json", "--no-wait"),
)  # fmt: skip
WITHOUT_TOKEN = COMMANDS[:5]
"""Of these, what is run again by a process that does not know the token, and so cannot mask it."""


def status_with(server: QuirkServer, token: str, by: str) -> dict[str, Any]:
    """A status that says the token in every field."""
    link = f"https://{token}.example"
    other = {"id": "9", "username": token, "acct": f"{token}@{token}.example", "url": f"{link}/@x", "note": token}
    ours = {"id": server.account(by).id, "username": by, "acct": by, "url": link}
    return {
        "id": f"1{token}",
        "created_at": "2026-11-23T09:00:00.000Z",
        "uri": f"https://x.example/{token}",
        "url": f"https://x.example/?access_token={token}",
        "content": f"<p>say <b>{token}</b> https://x.example/{token}</p>",
        "visibility": "public",
        "spoiler_text": f"cw {token}",
        "language": token,
        "account": {**(ours if by == "brand" else other), "display_name": f"I am {token}"},
        "media_attachments": [{"id": token, "type": "image", "url": f"{link}/a.png", "description": token}],
        "poll": {"options": [{"title": token, "votes_count": 1}], "expires_at": None},
        "mentions": [{"id": "1", "acct": token, "username": token, "url": f"https://x.example/@{token}"}],
        "in_reply_to_id": None,
        "tags": [{"name": token}],
        "emojis": [],
    }


def echoes(server: QuirkServer, token: str) -> dict[str, list[Any]]:
    """Ways to say it -> effects of a proxy before the server."""
    said = {"error": f"what is {token}?", "error_description": f"Bearer {token}", "message": token}
    headers = {
        "Link": f'<https://{token}.example/?t={token}>; rel="next", <{token}>; rel="prev"',
        "Retry-After": token,
        "X-RateLimit-Reset": token,
        "WWW-Authenticate": f'Bearer realm="{token}"',
        "Date": token,
        "Content-Type": f"application/{token}",
        "Server": token,
    }
    by_other, by_us = status_with(server, token, "ada"), status_with(server, token, "brand")
    by_us |= {"content": "<p>good morning</p>", "spoiler_text": "", "created_at": server.clock().isoformat()}
    mention = {"id": f"5{token}", "type": "mention", "created_at": "2026-11-23T09:00:00.000Z"}
    news = [{**mention, "account": by_other["account"], "status": by_other}]
    broken = [
        {"id": {"a": token}, "type": [token]},
        {"id": "1", "type": "mention", "status": {"id": token, "content": 5}},
    ]
    own = {"id": server.account("brand").id, "username": "brand", "acct": "brand", "display_name": token, "url": "x"}
    instance = {"domain": token, "uri": token, "version": token, "title": token}

    def to_news(status: int, body: Any) -> Any:
        return answer(status, body, headers, "GET", NEWS)

    def to_post(status: int, body: Any) -> Any:
        return answer(status, body, headers, "POST", POST)

    def to_login(body: Any) -> Any:
        return answer(200, body, headers, "GET", "/api/v1/accounts/verify_credentials")

    return {
        **{f"JSON {code}": [to_news(code, said), to_post(code, said)] for code in (401, 422, 429, 503)},
        "HTML": [to_news(500, f"<!DOCTYPE html><title>{token}</title><pre>{token}")],
        "text": [to_post(403, f"no {token}")],
        "no JSON": [to_news(200, f"[{token}"), to_post(200, f'{{"id": {token}')],
        "redirects": [redirect(f"https://{token}.example/{token}", path=NEWS), redirect(f"/{token}", path=POST)],
        "headers": [to_news(200, [])],
        "mentions": [answer(404, path="/api/v2/notifications"), answer(200, news, {}, "GET", "/api/v1/notifications")],
        "broken mentions": [to_news(200, broken)],
        "our post": [to_post(200, by_us)],
        "the login": [to_login(own)],
        "another login": [to_login({**own, "username": token, "acct": token})],
        "the instance": [answer(200, instance, headers, "GET", "/api/v[12]/instance")],
    }


WAYS = list(echoes(QuirkServer(), "x"))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_it_is_said_nowhere(desk: Any, quirks: Any, way: str) -> None:
    server, home = quirks(streaming="none"), desk()
    token = server.token("brand")
    with Proxy(server.url) as proxy:
        variable = home.add(proxy.url, token)
        for effect in echoes(server, token)[way]:
            proxy.rule(effect)
        assert home.run("post", "good morning").code == 0
        home.run("sync", "--no-wait")
        outputs = [said_by(home, *command) for command in COMMANDS]
        unread = {**home.more}
        del home.more[variable]
        outputs += [said_by(home, *command) for command in WITHOUT_TOKEN]
        for name in sorted(set(re.findall(r"\b[mpc][0-9a-z]{10}\b", "".join(outputs)))):
            outputs.append(said_by(home, "show", name, "--json"))
        home.more.update(unread)
        if way == "mentions":
            assert len(home.list("mentions")) == 1
        if way == "our post":
            assert [post["state"] for post in home.list("posts")] == ["sent"]
        with Program(home) as inbox:
            inbox.shows("Mentions")
            inbox.keys("enter")
            inbox.pause(1)
        outputs.append(inbox.data.decode("utf-8", "replace") + inbox.text())
    assert not [text for text in outputs if token in text]
    assert proxy.requests and any(rule.hits for rule in proxy.rules)
    files = [path for path in home.folder.rglob("*") if path.is_file() and path.parent.name != "secrets"]
    assert files and not [path.name for path in files if token.encode() in path.read_bytes()]


def said_by(home: Desk, *words: str) -> str:
    done = home.run(*words)
    return done.out + done.err + json.dumps(words)
