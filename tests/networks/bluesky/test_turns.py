"""Processes that log in at the same moment: a refresh token is for one use, and a refused session is over for all."""

from __future__ import annotations

import base64
import http.server
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole.home import Desk, ended

DID = "did:plc:" + "a" * 24


class Server:
    """As much of a PDS as a start asks for: sessions whose refresh tokens are for one use. `calls` counts by name."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}
        self.reused = 0
        self.good: set[str] = set()
        self.answers: dict[str, tuple[int, dict[str, Any], dict[str, str]]] = {}
        self._used: set[str] = set()
        self._made = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                name = self.path.partition("?")[0].removeprefix("/xrpc/")
                token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
                status, body, headers = outer.answer(name, token)
                data = json.dumps(body).encode()
                self.send_response(status)
                for key, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def expire(self) -> None:
        """The access tokens of all sessions are over."""
        self.good.clear()

    def answer(self, name: str, token: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        name = name.rpartition(".")[2]
        with self._lock:
            self.calls[name] = self.calls.get(name, 0) + 1
            if name in self.answers:
                return self.answers[name]
        expired = 400, {"error": "ExpiredToken", "message": "Token has expired"}, dict[str, str]()
        if name == "refreshSession":
            with self._lock:
                if token in self._used:
                    self.reused += 1
                    return expired
                self._used.add(token)
            time.sleep(0.3)
            return 200, self._session(), {}
        if name == "createSession":
            time.sleep(0.3)
            return 200, self._session(), {}
        if token not in self.good:
            return expired
        return 200, {"did": DID, "handle": "brand.example", "notifications": []}, {}

    def _session(self) -> dict[str, Any]:
        with self._lock:
            self._made += 1
            access, refresh = (_jwt(f"{kind}{self._made}") for kind in ("access", "refresh"))
            self.good.add(access)
        return {"did": DID, "handle": "brand.example", "accessJwt": access, "refreshJwt": refresh, "active": True}


def _jwt(name: str) -> str:
    claims = json.dumps({"sub": DID, "scope": "com.atproto.appPass", "jti": name}).encode()
    return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.x"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def home(folder: Path, server: Server, user: str = DID) -> Desk:
    desk = Desk(folder, f'[[account]]\nname = "bsky"\nnetwork = "bluesky"\nserver = "{server.url}"\nuser = "{user}"\n'
                'token_env = "PASSWORD"\n')  # fmt: skip
    desk.more["PASSWORD"] = "abcd-efgh-ijkl-mnop"
    return desk


def test_processes_that_meet_an_expired_token_refresh_it_once(tmp_path: Path, server: Server) -> None:
    desk = home(tmp_path / "home", server)
    assert desk.run("sync").code == 0
    server.expire()
    server.calls.clear()
    started = [desk.start("sync"), *(desk.start("account", "check") for _ in range(3))]
    for process in started:
        done = ended(process)
        assert done.code == 0, done
    assert server.reused == 0
    assert server.calls["refreshSession"] == 1
    assert "createSession" not in server.calls


def test_processes_that_start_without_a_session_log_in_once(tmp_path: Path, server: Server) -> None:
    desk = home(tmp_path / "home", server)
    started = [desk.start("account", "check") for _ in range(4)]
    for process in started:
        assert ended(process).code == 0
    assert server.calls["createSession"] == 1


@pytest.mark.parametrize("user", [DID, "brand.example"])
def test_the_session_is_kept_over_processes(tmp_path: Path, server: Server, user: str) -> None:
    desk = home(tmp_path / "home", server, user)
    for _ in range(3):
        assert desk.run("sync").code == 0
    assert server.calls["createSession"] == 1


def test_a_session_that_is_over_is_not_tried_again_while_the_server_allows_no_login(
    tmp_path: Path, server: Server
) -> None:
    desk = home(tmp_path / "home", server)
    assert desk.run("sync").code == 0
    server.expire()
    server.answers["refreshSession"] = 400, {"error": "ExpiredToken"}, {}
    server.answers["createSession"] = (
        429,
        {"error": "RateLimitExceeded"},
        {"ratelimit-reset": str(int(time.time()) + 80_000)},
    )
    desk.run("sync")
    server.calls.clear()
    for _ in range(2):
        [row] = desk.run("sync", "--json").json["accounts"]
        assert row["health"] == "limited"
    assert server.calls == {}
