"""What the proxy can do to a request, and the wire's small change: messages and heads of HTTP/1.1."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass
class Request:
    """One request as it arrived. `outcome` is the effect's name or `forwarded`, `answered` the status passed on."""

    n: int
    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    head: bytes = field(repr=False, default=b"")
    outcome: str = "arrived"
    answered: int | None = None

    @property
    def path(self) -> str:
        """The path, percent-encoding undone, without the query."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query; of a name that occurs twice, the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The body, from JSON."""
        return json.loads(self.body)

    @property
    def fields(self) -> dict[str, Any]:
        """The body's fields, whether it came as JSON or as a form."""
        if "json" in self.headers.get("content-type", ""):
            return dict(json.loads(self.body or b"{}"))
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def token(self) -> str | None:
        """The bearer token that came with it."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        return value if kind.lower() == "bearer" else None

    def matches(self, method: str | None = None, path: str | None = None) -> bool:
        """Whether it has this method and a path that the regular expression matches in full."""
        return (method is None or self.method == method.upper()) and (
            path is None or re.fullmatch(path, self.path) is not None
        )


@dataclass
class Effect:
    """One kind of harm, for requests of a method and a path (a regular expression, matched in full)."""

    name: str
    method: str | None = None
    path: str | None = None
    where: Callable[[Request], bool] | None = None
    forward: bool = False
    """The server sees the request and acts before the harm is done."""
    seconds: float = 0.0
    cut_after: int | None = None
    """Bytes of the answer's body that are passed on."""
    reset: bool = False
    """The connection ends with RST, not with FIN."""
    raw: bytes | None = None
    """Sent in place of an answer, as it is."""
    hang: bool = False

    def matches(self, request: Request) -> bool:
        """Whether this effect is for that request."""
        return request.matches(self.method, self.path) and (self.where is None or self.where(request))


class Rule:
    """An effect in force. `hits` counts how often it struck."""

    def __init__(self, effect: Effect, nth: int, times: int | None) -> None:
        self.effect = effect
        self.skip = nth - 1
        self.left = times
        self.hits = 0
        self.released = threading.Event()
        self.struck = threading.Condition()

    def take(self, request: Request) -> bool:
        """Whether it strikes this request; the proxy asks under its lock."""
        if self.left == 0 or not self.effect.matches(request):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        with self.struck:
            self.hits += 1
            self.struck.notify_all()
        return True

    def remove(self) -> None:
        """Ends the rule; what hangs by it goes on."""
        self.left = 0
        self.released.set()

    def release(self) -> None:
        """Lets what hangs go on; later ones no longer hang."""
        self.released.set()

    def wait(self, hits: int = 1, timeout: float = 30) -> None:
        """Waits until it has struck so often."""
        with self.struck:
            if not self.struck.wait_for(lambda: self.hits >= hits, timeout):
                raise AssertionError(f"{self.effect.name} struck {self.hits} times, not {hits}, in {timeout} s")


def message(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """A whole answer on the wire."""
    given = {"Content-Type": "application/json", **(headers or {}), "Content-Length": str(len(body))}
    head = f"HTTP/1.1 {status} {responses.get(status, 'Odd')}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in given.items())
    return head.encode("latin-1") + b"\r\n" + body


def drop_answer(method: str | None = None, path: str | None = None, reset: bool = False, **more: Any) -> Effect:
    """The server acts; its answer never arrives and the connection closes."""
    return Effect("drop_answer", method, path, forward=True, cut_after=-1, reset=reset, **more)


def drop_request(method: str | None = None, path: str | None = None, reset: bool = False, **more: Any) -> Effect:
    """The connection closes before the server hears of it."""
    return Effect("drop_request", method, path, cut_after=-1, reset=reset, **more)


def delay(seconds: float, method: str | None = None, path: str | None = None, **more: Any) -> Effect:
    """The answer comes later, whole."""
    return Effect("delay", method, path, forward=True, seconds=seconds, **more)


def cut(after: int, method: str | None = None, path: str | None = None, **more: Any) -> Effect:
    """The server acts; the head and `after` bytes of the body arrive, then the connection closes."""
    return Effect("cut", method, path, forward=True, cut_after=after, **more)


def answer(
    status: int,
    body: bytes | str | dict[str, Any] | list[Any] = b"",
    headers: dict[str, str] | None = None,
    method: str | None = None,
    path: str | None = None,
    forward: bool = False,
    **more: Any,
) -> Effect:
    """This answer in place of the server's; with `forward` the server acts first (a 502 that lies)."""
    if isinstance(body, dict | list):
        body = json.dumps(body)
    data = body.encode() if isinstance(body, str) else body
    return Effect("answer", method, path, forward=forward, raw=message(status, data, headers), **more)


def garbage(data: bytes = b"\x00\xff\x1b[2J garbage\r\n\r\n", method: str | None = None, **more: Any) -> Effect:
    """Bytes that are no HTTP."""
    return Effect("garbage", method, raw=data, **more)


def html(status: int = 200, method: str | None = None, path: str | None = None, **more: Any) -> Effect:
    """A web page where JSON was asked for."""
    page = "<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>We'll be back</h1></body></html>"
    return answer(status, page, {"Content-Type": "text/html; charset=utf-8"}, method, path, **more)


def empty(status: int = 200, method: str | None = None, path: str | None = None, **more: Any) -> Effect:
    """An answer without a body."""
    return answer(status, b"", None, method, path, **more)


def too_many(
    seconds: int,
    form: str = "retry-after",
    now: datetime | None = None,
    method: str | None = None,
    path: str | None = None,
    **more: Any,
) -> Effect:
    """429. `form`: retry-after, iso or epoch (X-RateLimit-Reset, counted from `now`), or none."""
    reset = (now or datetime.now().astimezone()) + timedelta(seconds=seconds)
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
    if form == "retry-after":
        headers = {"Retry-After": str(seconds)}
    elif form == "iso":
        headers["X-RateLimit-Reset"] = reset.astimezone().isoformat().replace("+00:00", "Z")
    elif form == "epoch":
        headers["X-RateLimit-Reset"] = str(int(reset.timestamp()))
    return answer(429, {"error": "rate limit reached"}, {} if form == "none" else headers, method, path, **more)


def reset(method: str | None = None, path: str | None = None, **more: Any) -> Effect:
    """The connection is reset before the server hears of the request."""
    return drop_request(method, path, reset=True, **more)


def hang(method: str | None = None, path: str | None = None, forward: bool = False, **more: Any) -> Effect:
    """Nothing happens until the rule's `release`, then the answer comes; with `forward` the server acts first.

    Without `forward` the server hears of the request after the release, even if the client has long gone.
    """
    return Effect("hang", method, path, forward=forward, hang=True, **more)


def redirect(to: str, status: int = 302, method: str | None = None, path: str | None = None, **more: Any) -> Effect:
    """Sends the client elsewhere."""
    return answer(status, b"", {"Location": to}, method, path, **more)
