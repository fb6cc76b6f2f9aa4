"""Answers of a server, and our errors for those that are not 2xx and for those that did not arrive."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import httpx
from msgspec import Struct

from commtui.model.clock import Clock
from commtui.model.text import message_line
from commtui.networks import gates
from commtui.networks.base import (
    AnswerLost,
    Gone,
    LoginRefused,
    Malformed,
    NetworkError,
    RateLimited,
    Refused,
    Unreachable,
    Unsupported,
)
from commtui.networks.json_texts import decode
from commtui.networks.payloads import S, read
from commtui.system.masking import mask

MOST_LINES = 3
"""Words about an error with more lines than that are a page."""
READS = frozenset(("GET", "HEAD"))
NO_REFUSALS = frozenset((408, 409, 425, 499))
"""Errors of the client's by their number that may come after the server acted: time-outs, and what is there already."""
LOG_IN_ANEW = "log in anew with `commtui account add`"
Error = TypeVar("Error", bound=NetworkError)


def server_words(text: str, most: int = 200) -> str:
    """Words of a server, fit for a message: secrets go out before the words are cut, since half of one is not known."""
    return message_line(mask(text), most)


class Unreadable(Malformed):
    """An answer that is too large, or JSON that cannot be decoded: a smaller page may be readable."""

    def __init__(self, message: str, begun: bytes = b"") -> None:
        super().__init__(message)
        self.begun = begun
        """What was read of it."""


class Problem(Struct, frozen=True):
    """What servers say of an error, in one of these fields."""

    error_description: str = ""
    message: str = ""
    error: str = ""
    detail: str = ""


class Answer(Struct, frozen=True):
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    where: str
    """`GET host/path`, for messages: without the query, which may be private."""
    links: Mapping[str, str] = {}
    """Relation (next, prev) -> address, of the Link header."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def date(self) -> datetime | None:
        """The server's time."""
        return gates.server_time(self.headers)

    def json(self) -> Any:
        """The body, read as JSON. Raises Malformed; Unreadable for what begins like JSON."""
        try:
            return decode(self.body)
        except ValueError as error:
            if self.kind() == "JSON":
                raise Unreadable(f"{self.where} answered JSON that cannot be read: {error}", self.body) from None
            raise Malformed(f"{self.where} answered {self.kind()} instead of JSON") from None

    def read(self, kind: type[S]) -> S:
        """The body, read as that struct. Raises Malformed."""
        value = self.json()
        try:
            return read(value, kind)
        except Malformed as error:
            raise Malformed(f"{self.where} answered something unexpected: {error}") from None

    def kind(self) -> str:
        """What the body is, in a word or two."""
        if not self.body.strip():
            return "nothing"
        start = self.body.lstrip()[:1]
        return "an HTML page" if start == b"<" else "JSON" if start in b"{[" else "plain text"

    def error_text(self) -> str:
        """The server's own words about an error, in one clean line of at most 200 characters; empty if it has none."""
        kind = self.kind()
        text = ""
        if kind == "JSON":
            try:
                problem = self.read(Problem)
                texts = (problem.error_description, problem.message, problem.error, problem.detail)
                text = next((words for words in texts if words.strip()), "")
            except Malformed:
                pass
        elif kind == "plain text":
            text = self.body[:2000].decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:  # a page for the server's own developers; its first line says what happened
            text = lines[0]
        return server_words(text)


def is_about_one(error: NetworkError) -> bool:
    """Whether a read failed at what it asked for, so that others may well be answered: not the login, nor the server
    as a whole."""
    if isinstance(error, Refused | Malformed):
        return True
    return isinstance(error, Unreachable) and not isinstance(error, RateLimited) and error.status is not None


NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def _name_is_unknown(error: BaseException | None) -> bool:
    """Whether a request failed since the server's name leads to no address."""
    while error is not None:
        if isinstance(error, socket.gaierror):
            return error.errno == socket.EAI_NONAME
        error = error.__cause__ or error.__context__
    return False


def transport_error(error: Exception, method: str, where: str) -> NetworkError:
    """Our error for one of the transport's: Unreachable if the request cannot have been done, else AnswerLost."""
    why = server_words(str(error)) or "no answer in time"
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        why = "no answer in time"
    if _name_is_unknown(error):
        why = "no server of that name is known"
    host = where.partition(" ")[2].partition("/")[0]
    if isinstance(error, NEVER_SENT):
        return Unreachable(f"cannot reach {host}: {why}")
    if method in READS:
        return Unreachable(f"{host} broke off: {why}")
    return AnswerLost(f"{host} broke off, so it is not known whether it was done: {why}")


def with_status(error: Error, answer: Answer) -> Error:
    """`error` with the status of `answer`."""
    error.status = answer.status
    return error


def refusal(answer: Answer, method: str, clock: Clock) -> NetworkError:
    """Our error for an answer that is not 2xx, with its `status`."""
    words = answer.error_text() or f"HTTP {answer.status}" + (
        "" if answer.kind() in ("nothing", "JSON") else f", {answer.kind()}"
    )
    host = answer.where.partition(" ")[2].partition("/")[0]
    status = answer.status
    error: NetworkError
    if status == 401:
        error = LoginRefused(f"{host} does not accept the login: {words}", LOG_IN_ANEW)
    elif status in (404, 410):
        error = Gone(f"{host}: {words} (deleted, hidden, or never there)")
    elif status in (405, 501):
        error = Unsupported(f"{host} cannot do that: {words}")
    elif status >= 500 or status in NO_REFUSALS:
        if method in READS:
            error = Unreachable(f"{host} is in trouble: {words}")
        else:  # also with Retry-After: a front end answers so when the server behind it takes too long, or is gone
            error = AnswerLost(f"{host} is in trouble, so it is not known whether it was done: {words}")
        error.retry_after = gates.wait_told(
            {k: v for k, v in answer.headers.items() if k == "retry-after"}, clock.now()
        )
    elif status >= 400:
        error = Refused(f"{host} refused: {words}")
    else:
        error = Malformed(f"{answer.where} answered HTTP {status}")
        if method not in READS:
            error = AnswerLost(f"{answer.where} answered HTTP {status}: it may have been done")
    return with_status(error, answer)
