"""Acts: public or account changes other than texts. Each can be repeated without harm, so none needs reading back."""

from __future__ import annotations

from typing import Any

from commtui.model.records import Act, ActKind
from commtui.networks.base import AnswerLost, Gone, Malformed, Sent, Unsupported
from commtui.networks.http import Http
from commtui.networks.mastodon import entities, parse, sending
from commtui.networks.mastodon.parse import Us, segment

ON_STATUS = {
    ActKind.FAVOURITE: "favourite",
    ActKind.UNFAVOURITE: "unfavourite",
    ActKind.BOOST: "reblog",
    ActKind.UNBOOST: "unreblog",
}
ON_ACCOUNT = {
    ActKind.MUTE: "mute",
    ActKind.UNMUTE: "unmute",
    ActKind.BLOCK: "block",
    ActKind.UNBLOCK: "unblock",
}
TAKES_BACK = frozenset((ActKind.UNFAVOURITE, ActKind.UNBOOST, ActKind.UNMUTE, ActKind.UNBLOCK))
"""These undo an act on something; where that is gone, there is nothing left to undo."""


async def act(http: Http, act: Act, us: Us) -> Sent | None:
    """Does it. `extra` of a report may have `status_ids` (blank-separated), `category` and `forward`."""
    if act.kind is ActKind.READ:
        return None  # Mastodon marks notifications, not statuses: nobody else can see what we have read
    if act.kind is ActKind.DELETE:
        try:
            await http.call("DELETE", f"/api/v1/statuses/{segment(act.target)}")
        except Gone:
            pass  # already deleted
        return None
    if act.kind is ActKind.EDIT:
        return await edit(http, act, us)
    if act.kind is ActKind.REPORT:
        await report(http, act)
        return None
    if act.kind in ON_STATUS:
        path = f"/api/v1/statuses/{segment(act.target)}/{ON_STATUS[act.kind]}"
    elif act.kind in ON_ACCOUNT:
        path = f"/api/v1/accounts/{segment(act.target)}/{ON_ACCOUNT[act.kind]}"
    else:
        raise Unsupported(f"Mastodon has no {act.kind}")
    try:
        await http.call("POST", path)
    except Gone:
        if act.kind not in TAKES_BACK:
            raise
    return None


async def edit(http: Http, act: Act, us: Us) -> Sent:
    """Changes the text and nothing else: what a PUT leaves out, some servers take away."""
    path = f"/api/v1/statuses/{segment(act.target)}"
    entity = parse.answered(await http.get(path))
    before = parse.status(entity, us, http.clock.now())
    text = act.text
    answered = entity.in_reply_to_account_id
    for mention in entity.mentions:
        if answered is not None and mention.id == answered != us.id and mention.acct:
            text = sending.addressed(text, mention.acct, us.domain)
    fields: dict[str, Any] = {"status": text, "spoiler_text": before.spoiler, "sensitive": bool(before.labels)}
    if before.language:
        fields["language"] = before.language
    if before.media:
        fields["media_ids"] = [file.remote_id for file in before.media]
    try:
        answer = await http.call("PUT", path, body=fields)
    except Gone:  # it was there a moment ago
        raise Unsupported(f"{http.host} cannot edit posts") from None
    try:
        return sending.sent(parse.status(answer.read(entities.Status), us), len(before.media))
    except Malformed as error:
        raise AnswerLost(f"{http.host} took the edit, but its answer cannot be read: {error}") from None


async def report(http: Http, act: Act) -> None:
    """Tells the server's moderators of an author (`target`)."""
    fields: dict[str, Any] = {"account_id": act.target, "comment": act.text}
    if ids := act.extra.get("status_ids", "").split():
        fields["status_ids"] = ids
    if category := act.extra.get("category"):
        fields["category"] = category
    if act.extra.get("forward"):
        fields["forward"] = True
    await http.call("POST", "/api/v1/reports", body=fields)
