"""What is done: posting, editing, deleting, liking, boosting, muting, reporting, media, scheduled posts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dateutil.parser import isoparse

from tests.servers.quirks import show
from tests.servers.quirks.answers import answered
from tests.servers.quirks.calls import Answer, Call, Problem, route
from tests.servers.quirks.reads import MISSING, by_id, relationship, visible
from tests.servers.quirks.things import Account, Status, length, make_id

NOT_YET = "Validation failed: Scheduled at The scheduled date must be in the future"


def _text(call: Call) -> dict[str, Any]:
    """The checked fields of a new or an edited status."""
    fields, quirks = call.fields, call.quirks
    media = fields.get("media_ids") or []
    media = [media] if isinstance(media, str) else [str(one) for one in media]
    text, spoiler = str(fields.get("status") or ""), str(fields.get("spoiler_text") or "")
    if not text.strip() and not media:
        raise Problem(quirks.refused, "Validation failed: Text can't be blank")
    counted = text + (spoiler if quirks.count_warning else "")
    per_url = None if quirks.links_count_whole else quirks.characters_reserved_per_url
    if length(counted, per_url) > quirks.max_characters:
        raise Problem(quirks.refused, f"Validation failed: Text character limit of {quirks.max_characters} exceeded")
    if len(media) > quirks.max_media_attachments:
        raise Problem(quirks.refused, "Validation failed: Cannot attach more than 4 files")
    for one in media:
        if one not in call.world.media:
            raise Problem(quirks.refused, "Validation failed: Media attachment not found")
        if call.world.media[one]["polls"] > 0:
            raise Problem(quirks.refused, "Cannot attach files that have not finished processing. Try again later!")
    return {"text": text, "spoiler": spoiler, "media": media}


@route("POST", "/api/v1/statuses")
def post(call: Call) -> Answer:
    assert call.user  # a refused login loses no answer
    return answered(call, call.quirks.post_answers, lambda: _post(call))


def _post(call: Call) -> Answer:
    user, world, quirks = call.user, call.world, call.quirks
    key = call.request.headers.get("idempotency-key")
    replayed = world.keys.get((user.acct, key or ""))
    if key and replayed is not None and not replayed.deleted and quirks.idempotency != "ignored":
        if quirks.idempotency == "error":
            raise Problem(500, "We're sorry, but something went wrong on our end")
        return Answer(show.status(world, replayed, user))
    fields = {**_text(call), "visibility": str(call.fields.get("visibility") or "public")}
    fields["language"] = call.fields.get("language") or "en"
    fields["in_reply_to"] = _parent(call, call.fields.get("in_reply_to_id"))
    made = _schedule(call, fields)
    if isinstance(made, Answer):
        return made
    status = world.post(user.acct, fields["text"], key=key, created_at=made, through_api=True, **_rest(fields))
    if key:
        world.keys[user.acct, key] = status
    for number in range(quirks.flood):
        world.post(user.acct, f"from elsewhere, number {number}")
    answer = show.status(world, status, user)
    return Answer({**answer, "media_attachments": []} if quirks.drop_media else answer)


def _rest(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "text"}


def _parent(call: Call, identity: Any) -> str | None:
    if not identity:
        return None
    try:
        return visible(call, str(identity)).id
    except Problem:
        if call.quirks.orphan == "accepted":
            return None
        if call.quirks.orphan == "error":
            raise Problem(500, "Internal Server Error") from None
        raise Problem(404, "The post you are trying to reply to does not appear to exist.") from None


def _schedule(call: Call, fields: dict[str, Any]) -> Answer | datetime | None:
    """The ScheduledStatus, or when the post that goes out now is dated."""
    given, style = call.fields.get("scheduled_at"), call.quirks.scheduling
    if not given or style == "ignored":
        return None
    try:
        at = isoparse(str(given))
    except ValueError:
        raise Problem(422, NOT_YET) from None
    now = call.world.clock()
    if style == "strict" and at <= now:
        return at
    if at <= now + timedelta(minutes=5):
        if style == "strict":
            raise Problem(422, "scheduled_at must be at least 5 minutes in the future")
        return None
    seq = call.world.next()
    identity = make_id(call.quirks.status_ids, seq, now, "scheduled")
    call.world.scheduled[identity] = (at, call.user, fields)
    return Answer(_scheduled(call, identity))


def _scheduled(call: Call, identity: str) -> dict[str, Any]:
    at, _, fields = call.world.scheduled[identity]
    params = {"text": fields["text"], "visibility": fields["visibility"], "in_reply_to_id": fields["in_reply_to"]}
    return {"id": identity, "scheduled_at": show.when(at), "params": params, "media_attachments": []}


def _own_scheduled(call: Call) -> str:
    row = call.world.scheduled.get(call.parts[0])
    if row is None or row[1] is not call.user:
        raise Problem(404, MISSING)
    return call.parts[0]


@route("GET", "/api/v1/scheduled_statuses")
def scheduled(call: Call) -> Answer:
    return Answer([_scheduled(call, k) for k, row in call.world.scheduled.items() if row[1] is call.user])


@route("GET", "/api/v1/scheduled_statuses/*")
def one_scheduled(call: Call) -> Answer:
    return Answer(_scheduled(call, _own_scheduled(call)))


@route("PUT", "/api/v1/scheduled_statuses/*")
def reschedule(call: Call) -> Answer:
    identity = _own_scheduled(call)
    at = isoparse(str(call.fields["scheduled_at"]))
    if at <= call.world.clock() + timedelta(minutes=5):
        raise Problem(422, NOT_YET)
    call.world.scheduled[identity] = (at, *call.world.scheduled[identity][1:])
    return Answer(_scheduled(call, identity))


@route("DELETE", "/api/v1/scheduled_statuses/*")
def unschedule(call: Call) -> Answer:
    del call.world.scheduled[_own_scheduled(call)]
    return Answer({})


def _own(call: Call) -> Status:
    status = visible(call, call.parts[0])
    if status.account is not call.user:
        raise Problem(404, MISSING)
    return status


@route("PUT", "/api/v1/statuses/*")
def edit(call: Call) -> Answer:
    return answered(call, call.quirks.act_answers, lambda: _edit(call))


def _edit(call: Call) -> Answer:
    status, fields = _own(call), _text(call)
    status.spoiler = fields["spoiler"]
    status.media = fields["media"] or status.media
    _edit_poll(call, status)
    changed = call.world.edit(status, fields["text"], through_api=True)
    return Answer(show.status(call.world, changed, call.user))


def _edit_poll(call: Call, status: Status) -> None:
    """As Mastodon: without `poll` the poll goes; with other answers its votes go."""
    given, poll = call.fields.get("poll"), status.extra.pop("poll", None)
    if not isinstance(given, dict) or not isinstance(poll, dict):
        return
    kept = given["options"] == [option["title"] for option in poll["options"]]
    options = poll["options"] if kept else [{"title": title, "votes_count": 0} for title in given["options"]]
    status.extra["poll"] = {**poll, "options": options}


@route("DELETE", "/api/v1/statuses/*")
def delete(call: Call) -> Answer:
    return answered(call, call.quirks.act_answers, lambda: _delete(call))


def _delete(call: Call) -> Answer:
    status = _own(call)
    shown = {**show.status(call.world, status, call.user), "text": status.text}
    call.world.delete(status)
    return Answer(shown)


def _on_status(call: Call) -> Answer:
    return answered(call, call.quirks.act_answers, lambda: _do_on_status(call))


def _do_on_status(call: Call) -> Answer:
    user, world = call.user, call.world
    status, verb = visible(call, call.parts[0]), call.request.path.rsplit("/", 1)[1]
    if verb == "favourite":
        world.favourite(user.acct, status)
    elif verb == "unfavourite":
        status.favourites.discard(user.acct)
    elif verb == "reblog":
        mine = next((row for row in world.statuses_of(user.acct) if row.reblog is status), None)
        status = mine or world.reblog(user.acct, status)
    elif verb == "unreblog":
        for row in world.statuses_of(user.acct):
            if row.reblog is status:
                world.delete(row)
    return Answer(show.status(world, status, user))


for _verb in ("favourite", "unfavourite", "reblog", "unreblog", "bookmark", "unbookmark", "mute", "unmute"):
    route("POST", f"/api/v1/statuses/*/{_verb}")(_on_status)


def _on_account(call: Call) -> Answer:
    user, verb = call.user, call.request.path.rsplit("/", 1)[1]
    other: Account = by_id(call, call.parts[0])
    if verb == "follow":
        user.follows.add(other.acct)
        call.world.notify("follow", user.acct, to=other.acct)
    names = user.muted if "mute" in verb else user.blocked
    if verb in ("mute", "block"):
        names.add(other.acct)
    elif verb in ("unmute", "unblock"):
        names.discard(other.acct)
    return Answer(relationship(user, other))


for _verb in ("mute", "unmute", "block", "unblock", "follow", "unfollow"):
    route("POST", f"/api/v1/accounts/*/{_verb}")(_on_account)


@route("POST", "/api/v1/reports")
def report(call: Call) -> Answer:
    target = by_id(call, str(call.fields.get("account_id") or ""))
    row = {**call.fields, "by": call.user.acct, "target": target.acct}
    call.world.reports.append(row)
    return Answer({"id": str(len(call.world.reports)), "action_taken": False, **call.fields})


def _upload(call: Call) -> Answer:
    version, world = call.request.path.split("/")[2], call.world
    if call.quirks.media == "none" or (version == "v2" and call.quirks.media != "v2"):
        raise Problem(404, "Not Found")
    user, given = call.user, call.fields.get("file")
    if not isinstance(given, tuple):
        raise Problem(422, "Validation failed: File can't be blank")
    name, kind, data = given
    if not kind.startswith("image/"):
        raise Problem(422, "Validation failed: File content type is invalid")
    if len(data) > call.quirks.media_size:
        raise Problem(422, "Validation failed: File size must be less than the limit")
    identity = make_id(call.quirks.status_ids, world.next(), world.clock(), "media")
    url = f"{call.server.url}/media/{name}"
    shown = {"id": identity, "type": "image", "url": url, "preview_url": url}
    shown["description"] = call.fields.get("description")
    polls = call.quirks.media_polls if version == "v2" else 0
    world.media[identity] = {"shown": shown, "polls": polls, "data": data, "by": user.acct, "type": kind}
    return Answer({**shown, "url": None}, 202) if polls else Answer(shown)


route("POST", "/api/v1/media")(_upload)
route("POST", "/api/v2/media")(_upload)


@route("GET", "/api/v1/media/*")
def media(call: Call) -> Answer:
    row = call.world.media.get(call.parts[0])
    if row is None or row["by"] != call.user.acct:
        raise Problem(404, MISSING)
    if row["polls"] > 0:
        row["polls"] -= 1
        return Answer({**row["shown"], "url": None}, 206)
    return Answer(row["shown"])


@route("PUT", "/api/v1/media/*")
def describe(call: Call) -> Answer:
    row = call.world.media.get(call.parts[0])
    if row is None or row["by"] != call.user.acct:
        raise Problem(404, MISSING)
    row["shown"]["description"] = call.fields.get("description")
    return Answer(row["shown"])
