"""Acts: public or account changes other than texts. Each but a report can be repeated without harm."""

from __future__ import annotations

from typing import Any

from commtui.model.addressing import addressed
from commtui.model.records import Act, ActKind
from commtui.networks.base import AnswerLost, Gone, Malformed, Refused, Sent, Unsupported
from commtui.networks.http import Http
from commtui.networks.likeness import same_text
from commtui.networks.mastodon import approval, aside, entities, handles, parse, polls, readback, sending
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
LOOKED_AT = 80
"""How many of our newest posts are looked through for one whose id has changed."""
TAKES_BACK = frozenset((ActKind.UNFAVOURITE, ActKind.UNBOOST, ActKind.UNMUTE, ActKind.UNBLOCK))
"""These undo an act on something; where that is gone, there is nothing left to undo."""


async def act(http: Http, act: Act, us: Us) -> Sent | None:
    """Does it. `extra` of a report may have `status_ids` (blank-separated), `category` and `forward`."""
    if act.kind is ActKind.READ:
        return None  # Mastodon marks notifications, not statuses: nobody else can see what we have read
    if act.kind is ActKind.DELETE:
        await delete(http, act, us)
        return None
    if act.kind is ActKind.EDIT:
        return await edit(http, act, us)
    if act.kind is ActKind.ACCEPT_FILTERED:
        await aside.accept_all(http)
        return None
    if act.kind in approval.WAYS:
        await approval.decide(http, act)
        return None
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


async def delete(http: Http, act: Act, us: Us) -> None:
    """Deletes a post of ours; one that is gone already is as good as deleted, unless it only has another id now."""
    try:
        await delete_status(http, act.target)
    except Gone:
        moved = await id_now(http, act, us)
        if moved is not None:
            await delete_status(http, moved)


async def delete_status(http: Http, remote_id: str) -> None:
    """Deletes a status. Raises AnswerLost where the answer is about another one: it may stand there still."""
    answer = await http.call("DELETE", f"/api/v1/statuses/{segment(remote_id)}")
    try:
        about = readback.outline(answer.json())
    except Malformed:  # some servers answer nothing, or a word
        return
    if about.id is not None and about.id.casefold() != remote_id.casefold():
        raise AnswerLost(f"{http.host} answered to the deletion with another post")


async def id_now(http: Http, act: Act, us: Us) -> str | None:
    """The id of the post of ours that had `act.target`: on some servers an edit changes it, and leaves uri and url."""
    names = {act.extra.get("uri"), act.extra.get("url")} - {None, ""}
    if not names:
        return None
    try:
        listed = (await http.get(f"/api/v1/accounts/{segment(us.id)}/statuses", (("limit", str(LOOKED_AT)),))).json()
    except Refused:
        return None
    for value in listed if isinstance(listed, list) else []:
        post = readback.outline(value)
        if post.id != act.target and names & {post.uri, post.url}:
            return post.id
    return None


async def edit(http: Http, act: Act, us: Us) -> Sent:
    """Changes the text and nothing else: what a PUT leaves out, some servers take away."""
    target = act.target
    try:
        answer = await http.get(f"/api/v1/statuses/{segment(target)}")
    except Gone:
        moved = await id_now(http, act, us)
        if moved is None:
            raise
        target = moved
        answer = await http.get(f"/api/v1/statuses/{segment(target)}")
    path = f"/api/v1/statuses/{segment(target)}"
    entity = parse.answered(answer)
    before = parse.status(entity, us, http.clock.now())
    named = handles.before_edited(act, entity, before.text, await parent_of(http, entity), us)
    text = addressed(act.text, named, us.domain) if entity.in_reply_to_id else act.text
    fields: dict[str, Any] = {"status": text, "spoiler_text": before.spoiler, "sensitive": bool(before.labels)}
    if before.language:
        fields["language"] = before.language
    if poll := polls.kept(entity, answer.date or http.clock.now()):
        fields["poll"] = poll
    if before.media:
        fields["media_ids"] = [file.remote_id for file in before.media]
    try:
        answer = await http.call("PUT", path, body=fields)
    except Gone:  # it was there a moment ago
        raise Unsupported(f"{http.host} cannot edit posts") from None
    edited, status = sending.own_answer(http, answer, us)
    shown = sending.shows(act.text, status.text) or same_text(act.text, edited.text)
    if not shown and edited.id != entity.id and not (edited.uri and edited.uri == entity.uri):
        raise AnswerLost(f"{http.host} answered to the edit with another post")
    if not shown and status.text == before.text:
        if act.tries > 1:  # each edit may tell people: a person looks at it
            raise Refused(f"{http.host} shows another text after the edit")
        raise AnswerLost(f"{http.host} answered to the edit with another text")
    return sending.sent(edited, status, len(before.media))


async def parent_of(http: Http, entity: entities.Status) -> entities.Status | None:
    """What a post of ours answers; None where it answers nothing, or that is gone."""
    if entity.in_reply_to_id is None:
        return None
    try:
        return parse.answered(await http.get(f"/api/v1/statuses/{segment(entity.in_reply_to_id)}"))
    except (Refused, Malformed):
        return None


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
