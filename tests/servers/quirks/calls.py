"""One request on its way through the server: what handlers are given and what they give back."""

from __future__ import annotations

import email.parser
import email.policy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.servers.effects import Request
from tests.servers.quirks.things import Account

if TYPE_CHECKING:
    from tests.servers.quirks.server import QuirkServer


class Problem(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers or {}


@dataclass
class Answer:
    """`body` is made JSON unless it is bytes."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    """The connection ends after so many bytes of the body; -1: nothing is sent at all."""


class Call:
    """A request with its user, the parts of its path and its fields."""

    def __init__(self, server: QuirkServer, request: Request, parts: tuple[str, ...]) -> None:
        self.server = server
        self.world = server
        self.quirks = server.quirks
        self.request = request
        self.parts = parts
        self.query: dict[str, list[str]] = parse_qs(urlsplit(request.target).query, keep_blank_values=True)
        self._fields: dict[str, Any] | None = None

    @property
    def maybe_user(self) -> Account | None:
        """Who asks; a token that is not known is refused even where none is needed."""
        if self.request.token is None:
            return None
        return self.user

    @property
    def user(self) -> Account:
        """Who asks. Raises Problem without a token, with a wrong one, or beyond its scopes."""
        owner = self.world.owner(self.request.token)
        if owner is None:
            raise Problem(self.quirks.bad_token, "The access token is invalid")
        needed = "read" if self.request.method == "GET" else "write"
        if not any(scope.split(":")[0] == needed for scope in owner[1].split()):
            raise Problem(403, "This action is outside the authorized scopes")
        return owner[0]

    def many(self, name: str) -> list[str]:
        """A query parameter that may be given as `name[]`."""
        return [*self.query.get(name, []), *self.query.get(f"{name}[]", [])]

    def flag(self, name: str) -> bool:
        """A query parameter that is true or not."""
        return self.query.get(name, ["false"])[-1] in ("true", "1")

    @property
    def limit(self) -> int:
        """How many rows the page may have."""
        try:
            asked = int(self.query["limit"][-1])
        except (KeyError, ValueError):
            asked = self.quirks.default_limit
        return max(1, min(asked, self.quirks.max_limit))

    @property
    def fields(self) -> dict[str, Any]:
        """The body: JSON, a form or multipart. `name[]` is a list under `name`; a file is (name, type, bytes)."""
        if self._fields is None:
            self._fields = _fields(self.request)
        return self._fields


def _fields(request: Request) -> dict[str, Any]:
    kind, body = request.headers.get("content-type", ""), request.body
    if "json" in kind:
        try:
            found = json.loads(body or b"{}")
        except ValueError as error:
            raise Problem(400, "Bad JSON") from error
        return found if isinstance(found, dict) else {}
    if "multipart" in kind:
        parser = email.parser.BytesParser(policy=email.policy.HTTP)
        whole = parser.parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
        out: dict[str, Any] = {}
        for part in whole.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            data = part.get_payload(decode=True)
            data = data if isinstance(data, bytes) else b""
            filename = part.get_filename()
            out[name] = data.decode() if filename is None else (filename, part.get_content_type(), data)
        return out
    pairs = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {k.removesuffix("[]"): v if k.endswith("[]") else v[-1] for k, v in pairs.items()}


Handler = Callable[[Call], Answer]
ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Adds a handler; `*` in the path stands for one part of it, which may hold encoded slashes."""
    pattern = re.compile("^" + re.escape(path).replace(r"\*", "([^/]+)") + "$")

    def add(handler: Handler) -> Handler:
        ROUTES.append((method, pattern, handler))
        return handler

    return add


def find_route(request: Request) -> tuple[Handler, tuple[str, ...]] | None:
    """The handler for a request, and the parts of its path, decoded."""
    path = urlsplit(request.target).path
    matches = [
        (tuple(unquote(part) for part in found.groups()), handler)
        for method, pattern, handler in ROUTES
        if method == request.method and (found := pattern.match(path))
    ]
    if not matches:
        return None
    parts, handler = min(matches, key=lambda match: len(match[0]))  # words before `*`
    return handler, parts


def error_body(style: str, text: str) -> tuple[bytes, str]:
    """An error as this server words it, and its content type."""
    if style == "text":
        return text.encode(), "text/plain; charset=utf-8"
    if style == "html":
        page = f"<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
        return page.encode(), "text/html; charset=utf-8"
    if style == "empty":
        return b"", "text/plain"
    shape: dict[str, Any] = {"errors": [{"detail": text}]} if style == "list" else {"error": text}
    return json.dumps(shape).encode(), "application/json; charset=utf-8"
