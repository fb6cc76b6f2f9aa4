"""Uploads: v2, which may go on working at it after its answer, or v1 where that is all there is."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from commtui.model.media_types import type_of
from commtui.model.records import Media
from commtui.networks.answers import Answer
from commtui.networks.base import AnswerLost, Gone, Malformed, Refused, Unreachable, Unsupported
from commtui.networks.http import Http
from commtui.networks.mastodon import parse
from commtui.networks.mastodon.entities import MediaAttachment, UploadedMedia

UPLOAD_SECONDS = 600.0
WAITS = (1.0, 1.0, 2.0, 3.0, 5.0) + (10.0,) * 30
"""Seconds between looks at what the server is still working at: five minutes in all."""


async def upload(http: Http, media: Media) -> Media:
    """Uploads the file at `media.url`; the result has its remote_id.

    Raises Refused, Unsupported, Unreachable; not AnswerLost, since nobody sees an upload, and to repeat it is harmless.
    """
    path = Path(media.url)
    kind = type_of(path.name) or "application/octet-stream"
    try:
        with path.open("rb") as file:  # noqa: ASYNC230  a local file, read as it goes out
            answer = await _post(http, {"file": (path.name, file, kind)}, media.alt)
    except OSError as error:
        raise Refused(f"cannot read {media.url}: {error.strerror or error}") from None
    except AnswerLost as error:
        raise error.harmless() from None
    entity = answer.read(UploadedMedia)
    if media.alt and entity.description != media.alt:
        entity = await _describe(http, entity.id, media.alt) or entity
    if answer.status == 202 or not entity.url:
        await _settled(http, entity.id)
    return replace(media, remote_id=entity.id, kind=entity.type or media.kind)


async def _post(http: Http, files: dict[str, object], alt: str) -> Answer:
    form = {"description": alt} if alt else {}
    for version in (2, 1):
        try:
            return await http.call("POST", f"/api/v{version}/media", form=form, files=files, seconds=UPLOAD_SECONDS)
        except (Gone, Unsupported):
            if version == 1:
                raise Unsupported(f"{http.host} takes no files") from None
    raise AssertionError("unreachable")


async def _describe(http: Http, remote_id: str, alt: str) -> UploadedMedia | None:
    """Gives the alt text anew to a server that dropped it from the upload."""
    try:
        answer = await http.call("PUT", f"/api/v1/media/{parse.segment(remote_id)}", body={"description": alt})
        return answer.read(UploadedMedia)
    except AnswerLost as error:
        raise error.harmless() from None
    except (Refused, Malformed):
        return None


async def _settled(http: Http, remote_id: str) -> None:
    for wait in WAITS:
        answer = await http.get(f"/api/v1/media/{parse.segment(remote_id)}")
        if answer.status != 206 and answer.read(MediaAttachment).url:
            return
        await http.clock.sleep(wait)
    raise Unreachable(f"{http.host} is still working at the file: it is tried again later")
