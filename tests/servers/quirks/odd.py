"""Notifications such as no server should send, and answers that are no page of them."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.servers.quirks.calls import Answer, Call, Problem
from tests.servers.quirks.things import Notification

if TYPE_CHECKING:
    from tests.servers.quirks.world import World

DEEP = "@@deep@@"
"""The server sends what is nested 100,000 deep in place of this text."""
LARGE = 9_000_000
"""Bytes of one text; a client may refuse answers of more than 8 MiB."""
READABLE = frozenset(("surrogate", "surrogate id", "no date", "year 1", "year 9999", "backdated", "future"))
"""With these the mention itself can be read."""
OVERFLOW = "Fri, 31 Dec 9999 23:59:59 -9999"

_ITEMS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "type": lambda shown: {**shown, "type": {"a": 1}},
    "key": lambda shown: {**shown, ("group_key" if "group_key" in shown else "id"): {"a": 1}},
    "null": lambda shown: None,
    "text": lambda shown: "oops",
}
_STATUSES: dict[str, dict[str, object]] = {
    "id": {"id": {"a": 1}},
    "surrogate": {"url": "https://far.example/\ud800", "language": "\ud800"},
    "surrogate id": {"id": "11\ud800"},
    "deep": {"card": DEEP},
    "large": {"content": "<p>@brand odd large " + "x" * LARGE},
    "no account": {"account": None},
    "no date": {"created_at": "11968-11-07T17:22:13.599Z"},
    "year 1": {"created_at": "0001-01-01T00:00:00.000Z"},
    "year 9999": {"created_at": "9999-12-31T23:59:59.999Z"},
    "backdated": {"created_at": "2014-01-01T00:00:00.000Z"},
    "future": {"created_at": "2099-01-01T00:00:00.000Z"},
}


def odd(world: World, name: str) -> Notification:
    """Somebody mentions brand, with `odd NAME` for a text, and the notification or its status is odd in that way."""
    status = world.mention("eve@odd.example", f"odd {name}", extra=dict(_STATUSES.get(name, {})))
    notification = world.notifications[-1]
    assert notification.status is status
    notification.odd = _ITEMS.get(name)
    return notification


def listed_again(call: Call, answer: Answer) -> Answer:
    """The answer to a request for notifications, after what is next in `page_answers`. Raises Problem."""
    kinds = call.quirks.page_answers
    kind = kinds.pop(0) if kinds else "right"
    call.request.outcome = kind
    if kind == "gzip":
        return Answer(bomb(), headers={"Content-Encoding": "gzip, gzip"})
    if kind == "deep":
        return Answer({"notification_groups": DEEP} if "/v2/" in call.request.path else DEEP)
    if kind == "port":
        return Answer(b"", 302, {"Location": f"http://{call.world.host.partition(':')[0]}:99999999/api"})
    if kind == "loop":
        return Answer(b"", 302, {"Location": call.request.target})
    if kind == "dates":
        raise Problem(
            429, "rate limit reached", {"Retry-After": OVERFLOW, "Date": "Mon, 01 Jan 99999999999 00:00:00 GMT"}
        )
    if kind == "html":
        return Answer(b"<!DOCTYPE html><h1>We'll be back</h1>", headers={"Content-Type": "text/html"})
    if kind == "empty":
        return Answer(b"")
    if kind == "cut":
        answer.cut_after = 9
    if kind == "502":
        raise Problem(502, "Bad gateway")
    if kind == "object":
        return Answer({"error": "none today"})
    if kind == "garbage":
        return Answer(b"\x00\xff\x1b[2J{oops")
    return answer


@functools.cache
def bomb() -> bytes:
    """64 MiB of nothing, packed twice: a few hundred bytes."""
    return gzip.compress(gzip.compress(b"[" + b" " * (64 << 20) + b"]", 6), 9)


def encoded(body: Any) -> bytes:
    """JSON as it goes on the wire; lone surrogates are escaped, DEEP is as deep as it says."""
    try:
        data = json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        data = json.dumps(body).encode()
    return data.replace(json.dumps(DEEP).encode(), b"[" * 100_000 + b"]" * 100_000)
