"""A network in a folder: every text is one JSON file. The smallest plug-in that keeps commtui's whole contract.

`options.folder` is where the files are; a text with `@user` in it is a mention.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from msgspec import json

from commtui.model.abilities import Capabilities, Limits, Proofs, Visibility
from commtui.model.records import Act, Media, Outgoing, Via
from commtui.networks.base import (
    Absence,
    Batch,
    EventKind,
    Gone,
    Incoming,
    Login,
    Malformed,
    Profile,
    Refused,
    Seen,
    Sent,
    Status,
    Thread,
    Unsupported,
)

LIMITS = Limits(characters=500, media=0)
PAGE = 40


class Letterbox:
    """One login. Its methods raise the errors of commtui.networks.base and no others."""

    name: ClassVar[str] = "letterbox"
    title: ClassVar[str] = "Letterbox (a folder of JSON files)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        delete=False, proofs=Proofs(key=(Visibility.PUBLIC,), listed=(Visibility.PUBLIC,))
    )
    needs_token: ClassVar[bool] = False

    def __init__(self, login: Login) -> None:
        self.login = login
        self.folder = Path(login.options["folder"])

    async def check(self) -> Profile:
        return Profile(self.login.user, f"@{self.login.user}", self.login.user, LIMITS, self.capabilities)

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        if cursor is not None and not cursor.isdecimal():
            raise Malformed(f"not a cursor of the letterbox: {cursor!r}")
        letters = [letter for letter in self._letters() if letter["id"] > (cursor or "") and self._speaks_to_us(letter)]
        if cursor is None:
            letters = [letter for letter in letters if datetime.fromisoformat(letter["at"]) >= since]
            if not letters:
                yield Batch((), "0")
        for start in range(0, len(letters), PAGE):
            page = letters[start : start + PAGE]
            yield Batch(
                tuple(Incoming(EventKind.MENTION, Via.MENTION, self._status(letter)) for letter in page), page[-1]["id"]
            )

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        letters = {letter["id"]: letter for letter in self._letters()}
        if remote_id not in letters:
            raise Gone("this letter is not there any more")
        above, below = [], [remote_id]
        parent = letters[remote_id]["in_reply_to"]
        while parent in letters and len(above) < most:
            above.insert(0, letters[parent])
            parent = letters[parent]["in_reply_to"]
        for letter in letters.values():
            if letter["in_reply_to"] in below:
                below.append(letter["id"])
        descendants = [self._status(letters[remote]) for remote in below[1:]]
        return Thread(tuple(map(self._status, above)), tuple(descendants), status=self._status(letters[remote_id]))

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        letters = {letter["id"]: letter for letter in self._letters()}
        found = tuple(self._status(letters[remote_id]) for remote_id in remote_ids if remote_id in letters)
        return Seen(found, tuple(remote_id for remote_id in remote_ids if remote_id not in letters))

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        known = await self.find(item)
        if isinstance(known, Sent):
            return known
        if not item.text or len(item.text) > 500:
            raise Refused("a letter has 1 to 500 characters")
        if item.in_reply_to_remote and item.in_reply_to_remote not in {letter["id"] for letter in self._letters()}:
            raise Gone("the letter that this one answers is not there any more")
        now = self.login.clock.now()
        remote_id = write(self.folder, self.login.user, item.text, now, item.in_reply_to_remote, item.key)
        return Sent(remote_id, None, now)

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence:
        for letter in self._letters():
            if letter["key"] == item.key:
                return Sent(letter["id"], None, datetime.fromisoformat(letter["at"]))
        return Absence(complete=True)

    async def upload(self, media: Media) -> Media:
        raise Unsupported("a letterbox takes no attachments")

    async def act(self, act: Act) -> Sent | None:
        raise Unsupported(f"a letterbox knows no {act.kind.value}")

    async def stream(self) -> AsyncIterator[None]:
        raise Unsupported("a letterbox has no stream: it is polled")
        yield

    async def aclose(self) -> None:
        return

    def _letters(self) -> list[dict[str, Any]]:
        return [json.decode(path.read_bytes()) for path in sorted(self.folder.glob("*.json"))]

    def _speaks_to_us(self, letter: dict[str, Any]) -> bool:
        return letter["author"] != self.login.user and f"@{self.login.user.partition('@')[0]}" in letter["text"]

    def _status(self, letter: dict[str, Any]) -> Status:
        author = letter["author"]
        return Status(
            remote_id=letter["id"],
            author=f"@{author}",
            author_name=author.partition("@")[0],
            author_id=author,
            text=letter["text"],
            created_at=datetime.fromisoformat(letter["at"]),
            in_reply_to=letter["in_reply_to"],
            ours=author == self.login.user,
        )


def write(
    folder: Path, author: str, text: str, at: datetime, in_reply_to: str | None = None, key: str | None = None
) -> str:
    """Puts a letter into the folder; its id. Ids grow, and a file appears whole or not at all."""
    number = len(list(folder.glob("*.json")))
    while True:
        number += 1
        letter = {
            "id": f"{number:012}",
            "author": author,
            "text": text,
            "at": at.isoformat(),
            "in_reply_to": in_reply_to,
            "key": key,
        }
        draft = folder / f"{key or number}.draft"
        draft.write_bytes(json.encode(letter))
        try:
            (folder / f"{letter['id']}.json").hardlink_to(draft)
        except FileExistsError:
            continue
        finally:
            draft.unlink()
        return f"{number:012}"
