"""A proxy of ours between a client and any server: it records every request and does harm by rules.

`proxy.rule(drop_answer("POST", "/api/v1/statuses"), times=1)`; rules work at once, also while a subprocess is talking.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from typing import BinaryIO
from urllib.parse import urlsplit

from tests.servers.effects import (
    Effect,
    Request,
    Rule,
    answer,
    cut,
    delay,
    drop_answer,
    drop_request,
    empty,
    garbage,
    hang,
    html,
    message,
    redirect,
    reset,
    too_many,
)
from tests.servers.wire import end, read_request, tunnel

__all__ = [
    "Effect",
    "Proxy",
    "Request",
    "Rule",
    "answer",
    "cut",
    "delay",
    "drop_answer",
    "drop_request",
    "empty",
    "garbage",
    "hang",
    "html",
    "redirect",
    "reset",
    "too_many",
]


class Proxy:
    """Listens on a free loopback port and passes everything on to `upstream` (http://host:port)."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream.rstrip("/")
        self.requests: list[Request] = []
        self.rules: list[Rule] = []
        self._changed = threading.Condition(threading.RLock())
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.connections = 0
        """How many connections clients have opened."""
        self.up()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, which lasts as long as the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def up(self) -> None:
        """Accepts connections (again)."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """Refuses connections and cuts those that are open, until `up`."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # shutdown wakes the thread in accept; close alone would leave the port listening
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut_connections()

    def cut_connections(self) -> None:
        """Ends every open connection: a kept-alive one, a stream."""
        with self._changed:
            connections = list(self._open)
        for connection in connections:
            end(connection, rst=False)

    def close(self) -> None:
        """Ends the proxy and lets go of what hangs."""
        for rule in self.rules:
            rule.remove()
        self.down()

    def rule(self, effect: Effect, times: int | None = None, nth: int = 1) -> Rule:
        """Puts an effect in force from the `nth` matching request on, `times` times (None: until removed).

        The oldest rule that matches strikes; the rules after it don't see that request.
        """
        rule = Rule(effect, nth, times)
        with self._changed:
            self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Removes every rule and forgets the requests."""
        with self._changed:
            for rule in self.rules:
                rule.remove()
            self.rules = []
            self.requests = []

    def of(self, method: str | None = None, path: str | None = None) -> list[Request]:
        """The requests with this method and path (a regular expression, matched in full), in order of arrival."""
        with self._changed:
            return [request for request in self.requests if request.matches(method, path)]

    def count(self, method: str | None = None, path: str | None = None) -> int:
        """How many such requests arrived."""
        return len(self.of(method, path))

    def wait_for(
        self,
        method: str | None = None,
        path: str | None = None,
        count: int = 1,
        timeout: float = 30,
        done: bool = False,
        where: Callable[[Request], bool] = lambda _: True,
    ) -> list[Request]:
        """Waits until `count` such requests have arrived (with `done`: and were dealt with), and gives them."""

        def found() -> list[Request]:
            return [r for r in self.of(method, path) if where(r) and (not done or r.outcome != "arrived")]

        with self._changed:
            if not self._changed.wait_for(lambda: len(found()) >= count, timeout):
                seen = [f"{r.method} {r.target}" for r in self.requests[-20:]]
                raise AssertionError(f"{len(found())} of {count} {method} {path} in {timeout} s; seen: {seen}")
            return found()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._changed:
                if self._listener is not listener:
                    end(client, rst=True)
                    return
                self._open.add(client)
                self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client.makefile("rb") as reader:
                while (request := read_request(reader)) is not None:
                    with self._changed:
                        request.n = len(self.requests)
                        self.requests.append(request)
                        rule = next((rule for rule in self.rules if rule.take(request)), None)
                        self._changed.notify_all()
                    if not self._handle(client, request, rule):
                        break
        except OSError:
            pass  # either side went away: that is its right
        finally:
            with self._changed:
                self._open.discard(client)
            end(client, rst=False)

    def _note(self, request: Request, outcome: str) -> None:
        with self._changed:
            request.outcome = outcome
            self._changed.notify_all()

    def _handle(self, client: socket.socket, request: Request, rule: Rule | None) -> bool:
        """Deals with one request; whether the connection goes on."""
        if rule is None:
            return self._forward(client, request, None, "forwarded")
        effect = rule.effect
        if effect.hang and not effect.forward:
            rule.released.wait()
        if not effect.forward and effect.raw is None and effect.cut_after is not None:
            self._note(request, effect.name)
            end(client, rst=effect.reset)
            return False
        if effect.raw is None:
            return self._forward(client, request, rule, effect.name)
        if effect.forward:
            self._upstream_answer(request)
        time.sleep(effect.seconds)
        http = effect.raw.startswith(b"HTTP/")
        request.answered = int(effect.raw[9:12]) if http else None
        self._note(request, effect.name)
        client.sendall(effect.raw)
        return http

    def _connect(self, request: Request) -> socket.socket:
        """A connection to the server with the request on it, asking it to close after its answer."""
        parts = urlsplit(self.upstream)
        server = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=60)
        head = request.head
        if "upgrade" not in request.headers:
            head = re.sub(rb"(?im)^(connection|keep-alive):[^\r]*\r\n", b"", head)
            head = head[:-2] + b"Connection: close\r\n\r\n"
        head = re.sub(rb"(?im)^transfer-encoding:[^\r]*\r\n", b"Content-Length: %d\r\n" % len(request.body), head)
        server.sendall(head + request.body)
        return server

    def _upstream_answer(self, request: Request) -> bytes:
        """The whole answer, when it is not passed on."""
        with self._connect(request) as server:
            return b"".join(iter(lambda: server.recv(65536), b""))

    def _forward(self, client: socket.socket, request: Request, rule: Rule | None, name: str) -> bool:
        effect = rule.effect if rule else None
        try:
            server = self._connect(request)
        except OSError:
            self._note(request, "unreachable")
            client.sendall(message(502, b'{"error":"the proxy cannot reach the server"}'))
            return True
        with server:
            if "upgrade" in request.headers:
                self._note(request, name)
                return tunnel(client, server)
            with server.makefile("rb") as reader:
                head, keep = self._answer_head(reader)
                if effect is not None and rule is not None:
                    if effect.hang:
                        rule.released.wait()
                    time.sleep(effect.seconds)
                if effect is not None and effect.cut_after is not None:
                    body = reader.read()
                    self._note(request, name)
                    if effect.cut_after >= 0:
                        client.sendall(head + body[: effect.cut_after])
                    end(client, rst=effect.reset)
                    return False
                # noted before it is passed on: whoever has the answer finds the outcome here
                request.answered = int(head[9:12])
                self._note(request, name)
                client.sendall(head)
                server.settimeout(None if b"text/event-stream" in head.lower() else 60)
                while data := reader.read1(65536):
                    client.sendall(data)
        return keep

    def _answer_head(self, reader: BinaryIO) -> tuple[bytes, bool]:
        """The head as the client gets it, and whether the client can tell where the body ends."""
        lines = []
        while (line := reader.readline()) not in (b"\r\n", b""):
            lines.append(line)
        if not lines:
            raise ConnectionResetError("the server went away without an answer")
        head = re.sub(rb"(?im)^(connection|keep-alive):[^\r]*\r\n", b"", b"".join(lines))
        keep = re.search(rb"(?im)^(content-length:|transfer-encoding:)", head) is not None or head[9:12] in (
            b"204",
            b"304",
        )
        ours, theirs = self.url.encode(), self.upstream.encode()
        head = re.sub(rb"(?im)^(link|location):[^\r]*", lambda found: found[0].replace(theirs, ours), head)
        return head + (b"\r\n" if keep else b"Connection: close\r\n\r\n"), keep
