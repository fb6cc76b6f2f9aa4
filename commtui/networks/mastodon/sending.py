"""Posts a text in the form that the server needs, and takes only that text for the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from commtui.model.abilities import Limits, narrower
from commtui.model.addressing import addressed as addressed
from commtui.model.addressing import mentions as mentions
from commtui.model.records import Media, Outgoing
from commtui.networks.answers import Answer
from commtui.networks.base import Absence, AnswerLost, Malformed, Refused, Sent, Status, Unreachable
from commtui.networks.http import Http
from commtui.networks.likeness import is_letterless, same_text
from commtui.networks.mastodon import entities, handles, parse
from commtui.networks.mastodon.counting import learned
from commtui.networks.mastodon.parse import Us, segment

BEFORE: Final = timedelta(hours=1)
"""How much earlier than its sending a post may be dated by the server, measured by its Date header."""
BEFORE_WITHOUT_DATE: Final = timedelta(hours=26)
"""The same where no Date header tells how the server's clock differs from ours."""
ADDED: Final = 3
"""How many paragraphs a server may put below a text; each is a comparison of whole texts."""
AHEAD: Final = timedelta(minutes=10)
"""How far a time may lie in the future, by our clock, that is right."""


async def parent(http: Http, item: Outgoing) -> entities.Status | None:
    """What the item answers, looked at again: some servers take answers to what is deleted. Raises Gone."""
    if item.in_reply_to_remote is None:
        return None
    try:
        return parse.answered(await http.get(f"/api/v1/statuses/{segment(item.in_reply_to_remote)}"))
    except Malformed as error:  # nothing has been sent yet
        raise Unreachable(str(error)) from None


async def body(http: Http, item: Outgoing, media: tuple[Media, ...], us: Us) -> dict[str, Any]:
    """What is posted. Visibility is always sent, and is never wider than that of what is answered.

    scheduled_at never is: two of four servers publish such a post at once.
    """
    fields: dict[str, Any] = {"status": item.text, "visibility": str(item.visibility)}
    answered = await parent(http, item)
    if answered is not None:
        fields["in_reply_to_id"] = item.in_reply_to_remote
        fields["visibility"] = str(narrower(item.visibility, parse.visibility(answered.visibility)))
        fields["status"] = addressed(item.text, handles.before_answer(answered, item, us), us.domain)
    if item.spoiler:
        fields |= {"spoiler_text": item.spoiler, "sensitive": True}
    if item.language:
        fields["language"] = item.language
    if media:
        fields["media_ids"] = [file.remote_id for file in media if file.remote_id]
    return fields


async def send(
    http: Http,
    item: Outgoing,
    media: tuple[Media, ...],
    us: Us,
    limits: Limits | None = None,
    look: Callable[[Sequence[str]], Awaitable[Sent | Absence]] | None = None,
) -> Sent:
    """Posts. Raises AnswerLost for anything but a clear no, or a post of ours with this text, once it is on its way.

    `limits`: those that the server states, if they are known. Raises TooLong where a refusal shows that they differ.
    `look` looks for the item before it is sent in another form: some servers refuse what they have taken. It gets the
    accounts that the text must name: an equal one without their handles is an earlier item.
    """
    fields = await body(http, item, media, us)
    note = ""
    headers = {"Idempotency-Key": item.key}
    try:
        answer = await http.call("POST", "/api/v1/statuses", body=fields, headers=headers)
    except Refused as error:
        # with the handle the text may be too long; where the handle only notifies, it can be left out
        if fields["status"] == item.text or fields["visibility"] == "direct" or error.status not in (400, 422):
            raise learned(error, fields["status"], item.spoiler, limits or Limits()) from None
        if look is not None and isinstance(await look(_put_before(fields["status"], item.text)), Sent):
            raise AnswerLost(f"{http.host} shows what it refused: {error}") from None
        fields["status"], note = item.text, "sent without the handles: with them, the server refused the text"
        try:
            answer = await http.call("POST", "/api/v1/statuses", body=fields, headers=headers)
        except Refused as again:
            raise learned(again, item.text, item.spoiler, limits or Limits()) from None
    entity, status = own_answer(http, answer, us)
    parent_id = fields.get("in_reply_to_id")
    symbols = is_letterless(item.text) and is_letterless(status.text)  # what else could be the answer, at this moment?
    longer = bool(item.text.strip()) and not item.spoiler
    known = is_text(entity, status, item) or symbols or (longer and shows(item.text, status.text))
    if not known or status.in_reply_to not in (parent_id, None):
        raise AnswerLost(f"{http.host} answered with another post of ours than was sent")
    if not is_of_now(status.created_at, answer, http, begun_at(item)):
        raise AnswerLost(f"{http.host} answered with an earlier post of ours")
    return sent(entity, status, len(fields.get("media_ids", ())), parent_id, note)


def _put_before(posted: str, text: str) -> list[str]:
    """The accounts whose handles were put before a text."""
    return [handle.removeprefix("@") for handle in posted.removesuffix(text).split()]


def own_answer(http: Http, answer: Answer, us: Us) -> tuple[entities.Status, Status]:
    """The post of ours that is the answer to a write. Raises AnswerLost for anything else."""
    try:
        entity = parse.answered(answer)
        status = parse.status(entity, us, http.clock.now())
    except Malformed as error:
        raise AnswerLost(f"{http.host} took it, but its answer cannot be read: {error}") from None
    if not status.ours:
        raise AnswerLost(f"{http.host} answered with somebody else's post")
    return entity, status


def is_text(entity: entities.Status, status: Status, item: Outgoing) -> bool:
    """Whether a post has the item's text and warning, but for what servers change.

    By its plain text where the server gives that, else by what it shows.
    """
    if not item.text.strip() and len(item.media) != len(status.media):
        return False
    for text in (status.text, *([entity.text] if entity.text else [])):
        if same_text(item.text, text) and (not item.spoiler or same_text(item.spoiler, status.spoiler)):
            return True
        if item.spoiler and not status.spoiler and same_text(f"{item.spoiler} {item.text}", text):
            return True
    return False


def shows(text: str, shown: str) -> bool:
    """Whether a post shows the text, perhaps with at most ADDED paragraphs below it that the server put there."""
    parts = shown.split("\n\n")
    counts = range(len(parts), max(len(parts) - ADDED - 1, 0), -1)
    return any(same_text(text, "\n\n".join(parts[:count])) for count in counts)


def begun_at(item: Outgoing) -> datetime:
    """From when on the item may be out."""
    return item.doubtful_since or item.sending_since or item.created_at


def sent(entity: entities.Status, status: Status, files: int = 0, answered: str | None = None, note: str = "") -> Sent:
    """What the network has, and what a person should know of it."""
    notes = [note] if note else []
    missing = files - len(status.media)
    if missing > 0:
        notes.append(f"the server left out {missing} of {files} attachments")
    if answered is not None and status.in_reply_to is None:
        notes.append("what it answers is gone, so it stands alone")
    extra = {"uri": entity.uri} if entity.uri else {}
    return Sent(status.remote_id, status.url, status.created_at, "; ".join(notes), extra)


def is_of_now(at: datetime, answer: Answer, http: Http, begun: datetime) -> bool:
    """Whether a post is of the sending that began then: by the Date header, or as the server dates our texts."""
    by_header, by_texts = _by_header(at, answer, http), _by_texts(at, http)
    earliest = begun - (BEFORE if answer.date else BEFORE_WITHOUT_DATE)
    return by_header >= earliest or (by_texts is not None and by_texts >= begun - BEFORE)


def our_time(at: datetime, answer: Answer, http: Http) -> datetime:
    """A server's time of a text of ours by our clock."""
    by_texts = _by_texts(at, http) if http.dates_off() else None
    return by_texts or _by_header(at, answer, http)


def _by_header(at: datetime, answer: Answer, http: Http) -> datetime:
    """The same by the answer's Date header, which tells how the server's clock differs from ours, if it is right."""
    try:
        return at - (answer.date - http.clock.now() if answer.date else timedelta())
    except OverflowError:  # year 1 or 9999
        return at


def _by_texts(at: datetime, http: Http) -> datetime | None:
    """The same by how the server dated our earlier texts; None where that is wrong now: it lies in the future."""
    try:
        ours = at - timedelta(seconds=http.dates_off())
    except OverflowError:
        return None
    return ours if ours <= http.clock.now() + AHEAD else None
