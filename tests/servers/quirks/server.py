"""The server itself: real HTTP/1.1 on a free loopback port, one thread for each connection."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from tests.servers.effects import Request, message
from tests.servers.quirks import aside, login, reads, show, writes
from tests.servers.quirks.calls import Answer, Call, Problem, error_body, find_route
from tests.servers.quirks.odd import encoded
from tests.servers.quirks.presets import PRESETS
from tests.servers.quirks.settings import Quirks
from tests.servers.quirks.streams import Streams
from tests.servers.quirks.world import World
from tests.servers.wire import end, read_request

__all__ = ["QuirkServer", "aside", "login", "reads", "writes"]


class QuirkServer(World):
    """A Mastodon-API server with switches: `QuirkServer(link="none")` or `QuirkServer("sparse", limit=30)`."""

    def __init__(self, preset: str = "mastodon", listen: str = "127.0.0.1", **switches: Any) -> None:
        super().__init__(Quirks(**{**PRESETS[preset], **switches}))
        self.logins = login.Logins()
        self.streams = Streams(self)
        self.requests: list[Request] = []
        self._listen = listen
        self._used: dict[str, list[Any]] = {}
        self._changed = threading.Condition(self.lock)
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`; the same after `stop` and `start`."""
        return f"http://{self.host}"

    def streaming_url(self) -> str | None:
        """What the instance says of its streaming."""
        if self.quirks.streaming == "none" or self.quirks.streaming_url == "missing":
            return None
        return f"{'wss' if self.quirks.streaming_url == 'wss' else 'ws'}://{self.host}"

    def __enter__(self) -> QuirkServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens (again)."""
        self._listener = socket.create_server((self._listen, self.port), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.host = f"{self._listen}:{self.port}"
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Refuses connections and ends those that are open. What the server knows stays."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.streams.drop()
        with self.lock:
            connections = list(self._open)
        for connection in connections:
            end(connection, rst=False)

    def of(self, method: str | None = None, path: str | None = None) -> list[Request]:
        """The requests with this method and path (a regular expression, matched in full), in order of arrival."""
        with self.lock:
            return [request for request in self.requests if request.matches(method, path)]

    def count(self, method: str | None = None, path: str | None = None) -> int:
        """How many such requests arrived."""
        return len(self.of(method, path))

    def wait_for(self, method: str | None = None, path: str | None = None, count: int = 1, timeout: float = 30) -> None:
        """Waits until so many such requests were answered."""
        with self._changed:
            done = self._changed.wait_for(
                lambda: sum(r.answered is not None for r in self.of(method, path)) >= count, timeout
            )
            assert done, f"{self.count(method, path)} of {count} {method} {path} in {timeout} s"

    def authorize(self, user: str, address: str) -> str:
        """What a person does who opens the address and agrees: gives the code that is shown."""
        return self.logins.agree(user, address)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, peer = listener.accept()
            except OSError:
                return
            with self.lock:
                self._open.add(client)
            threading.Thread(target=self._serve, args=(client, peer[0]), daemon=True).start()

    def _serve(self, client: socket.socket, peer: str) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with client.makefile("rb") as reader:
                while (request := read_request(reader)) is not None:
                    with self.lock:
                        request.n = len(self.requests)
                        self.requests.append(request)
                    if self._streaming(client, request, peer):
                        break
                    while self.quirks.upload_hangs and request.matches("POST", "/api/v[12]/media"):
                        time.sleep(0.01)
                    answer = self._answer(request, peer)
                    client.sendall(self._finish(request, answer))
                    if answer.cut_after is not None:
                        break
                    if request.headers.get("connection", "").lower() == "close":
                        break
        except OSError:
            pass  # the client went away: that is its right
        finally:
            with self.lock:
                self._open.discard(client)
            end(client, rst=False)

    def _finish(self, request: Request, answer: Answer) -> bytes:
        body = answer.body if isinstance(answer.body, bytes) else encoded(answer.body)
        with self._changed:
            request.answered = answer.status
            request.outcome = "answered" if request.outcome in ("arrived", "right") else request.outcome
            self._changed.notify_all()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.quirks.date == "right":
            headers["Date"] = format_datetime(self.clock() + timedelta(seconds=self.quirks.date_off), usegmt=True)
        whole = message(answer.status, body, {**headers, **answer.headers})
        cut = answer.cut_after
        return whole if cut is None else b"" if cut < 0 else whole[: len(whole) - len(body) + cut]

    def _answer(self, request: Request, peer: str) -> Answer:
        with self.lock:
            headers: dict[str, str] = {}
            try:
                if self.quirks.not_mastodon:
                    page, _ = error_body("html", "404 Not Found")
                    return Answer(page, 404, {"Content-Type": "text/html"})
                self._limits(request, peer, headers)
                self.publish_due()
                match = find_route(request)
                if match is None:
                    raise Problem(404, "Not Found")
                for hook in self.hooks:
                    hook("before", request)
                answer = match[0](Call(self, request, match[1]))
                for hook in self.hooks:
                    hook("after", request)
            except Problem as problem:
                body, kind = error_body(self.quirks.errors, problem.text)
                answer = Answer(body, problem.status, {"Content-Type": kind, **problem.headers})
            answer.headers = {**headers, **answer.headers}
            return answer

    def _limits(self, request: Request, peer: str, headers: dict[str, str]) -> None:
        """Counts the request and fills in X-RateLimit headers. Raises Problem 429."""
        if self.quirks.capacity > 0:
            self.quirks.capacity -= 1
            raise Problem(429, "server capacity exceeded", {"Retry-After": "30"})
        if self.quirks.limit is None:
            return
        now, window = self.clock(), timedelta(seconds=self.quirks.window)
        key = peer if self.quirks.limit_by == "ip" else request.token or peer
        started, used = self._used.get(key, [now, 0])
        if now >= started + window:
            started, used = now, 0
        self._used[key] = [started, used + 1]
        resets = started + window
        iso = self.quirks.limit_reset == "iso"
        if self.quirks.limit_headers:
            headers["X-RateLimit-Limit"] = str(self.quirks.limit)
            headers["X-RateLimit-Remaining"] = str(max(0, self.quirks.limit - used - 1))
            headers["X-RateLimit-Reset"] = (show.when(resets) or "") if iso else str(int(resets.timestamp()))
        if used >= self.quirks.limit:
            if self.quirks.retry_after:
                headers["Retry-After"] = str(int((resets - now).total_seconds()) + 1)
            raise Problem(429, "rate limit reached")

    def _streaming(self, client: socket.socket, request: Request, peer: str) -> bool:
        """Serves a stream, if that is what the request is for and the server has it; whether it did."""
        if self.quirks.not_mastodon or not request.path.startswith("/api/v1/streaming"):
            return False
        style = self.quirks.streaming
        socketed = "websocket" in request.headers.get("upgrade", "").lower()
        wanted = request.query.get("stream", request.path.removeprefix("/api/v1/streaming").strip("/"))
        if style == "none" or (style == "websocket") != socketed or not wanted.startswith("user"):
            return False
        token = request.token or request.query.get("access_token") or request.headers.get("sec-websocket-protocol")
        owner = self.owner(token)
        if owner is None:
            return False
        request.answered, request.outcome = 101 if socketed else 200, "streamed"
        if socketed:
            self.streams.websocket(client, request.head, owner[0])
        else:
            self.streams.events(client, owner[0])
        return True
