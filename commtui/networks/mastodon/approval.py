"""Answers to us that wait for our approval (GoToSocial's interaction requests)."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from commtui.model.records import Act, ActKind
from commtui.networks.answers import Answer
from commtui.networks.base import Gone, Malformed, Refused
from commtui.networks.http import Http
from commtui.networks.mastodon.pages import query_of
from commtui.networks.mastodon.parse import segment
from commtui.networks.payloads import Id, read_known

PATH: Final = "/api/v1/interaction_requests"
MOST_PAGES: Final = 5
WAYS: Final = {ActKind.ACCEPT: "authorize", ActKind.REJECT: "reject"}


class Reply(Struct, frozen=True):
    """The answer that waits."""

    id: Id


class InteractionRequest(Struct, frozen=True):
    """Something that waits for our approval: a reply, a like, a boost."""

    id: Id
    reply: Reply | None = None


async def decide(http: Http, act: Act) -> None:
    """Accepts or rejects the answer `act.target`. Raises Gone where the opposite has been decided, or it is deleted.

    One that does not wait any more is accepted if it is there, and rejected if not: by an earlier try, or elsewhere.
    """
    waiting = await _request_of(http, act.target)
    if waiting is not None:
        await http.call("POST", f"{PATH}/{segment(waiting)}/{WAYS[act.kind]}")
    elif await _is_there(http, act.target) is not (act.kind is ActKind.ACCEPT):
        raise Gone(f"{http.host}: this answer waits for no approval any more")


async def _is_there(http: Http, remote_id: str) -> bool:
    try:
        await http.get(f"/api/v1/statuses/{segment(remote_id)}")
    except Gone:
        return False
    return True


async def _request_of(http: Http, remote_id: str) -> str | None:
    """The id of the request about an answer; None if there is none. Raises Refused where that cannot be told."""
    query: tuple[tuple[str, str], ...] = (("limit", "40"), ("replies", "true"))
    for _ in range(MOST_PAGES):
        answer: Answer = await http.get(PATH, query)
        values = answer.json()
        if not isinstance(values, list):
            raise Malformed(f"{answer.where} answered something that is no list of requests")
        for request in read_known(values, InteractionRequest):
            if request.reply is not None and request.reply.id == remote_id:
                return request.id
        query = query_of(answer.links, "next")
        if not query or not values:
            return None
    raise Refused(f"{http.host} has more answers that wait than are looked through")
