"""The demo network: a simulated community in the process. No request ever leaves the machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from commtui.model.abilities import Capabilities, Limits, Proofs, Visibility
from commtui.model.records import Act, ActKind, Media, Outgoing
from commtui.networks.base import (
    FIRST_SYNC_MOST,
    Absence,
    Batch,
    Gone,
    Login,
    LoginRefused,
    Profile,
    Refused,
    Seen,
    Sent,
    Status,
    Thread,
)
from commtui.networks.demo import failures
from commtui.networks.demo.script import FIRST, Script
from commtui.networks.demo.shared import SharedWorld
from commtui.networks.demo.world import World, cursor_of, key_of

PAGE: Final = 20
"""Events in a batch."""
LONGEST_SLEEP: Final = 3600.0
CHECK_EVERY: Final = 2.0
"""Seconds between two checks of the folder by the stream: another process may have added something."""
WRONG_TOKEN: Final = "wrong"  # noqa: S105 - the one token that is refused is no secret


class Demo:
    """A community simulated in the process: a pure function of its seed, its start, the time, and what we said in it.

    `login.options` (all optional):

    - `seed`: an integer; another seed tells the same stories at other times and in another order.
    - `pace`: seconds between arrivals on average (30); 0: nothing arrives unless we say something.
    - `lively`: how many arrivals come at that pace (240) before the gaps grow twentyfold.
    - `folder`: where `world.json` is stored, so that a restart finds the same world; without it the world is in memory
      only. A stored world wins over seed, pace and lively.
    - `history`: whether the two months before the past are in it, too (false); main/demo_history.py writes
      it, and what was done with it, into a demo's home.
    - `failures`: failures by method, see `failures.Planned`.

    A word in an outgoing text causes a failure, see `failures.WORDS`: #refuse, #gone, #login, #offline, #limit,
    #lost-not-sent, #lost, #garbage. The token `wrong` is refused; any other, even an empty one, is accepted.
    """

    name: ClassVar[str] = "demo"
    script: ClassVar[Script] = FIRST
    limits: ClassVar[Limits] = Limits(characters=500, media=4, image_bytes=8_000_000, video_bytes=8_000_000)
    file: ClassVar[str] = "world.json"
    """What its world is kept in, in the login's folder."""
    needs_token: ClassVar[bool] = False
    title: ClassVar[str] = "Demo (simulated, nothing leaves this machine)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        edit=True,
        favourite=True,
        boost=True,
        mute=True,
        block=True,
        report=True,
        media=True,
        content_warning=True,
        visibilities=tuple(Visibility),
        direct_messages=True,
        threads=True,
        streaming=True,
        proofs=Proofs(key=tuple(Visibility), listed=tuple(Visibility)),
    )

    def __init__(self, login: Login) -> None:
        self._login = login
        self._user = login.user or self.script.brand.user
        self._planned = failures.Planned(login.options.get("failures"))
        self._shared = SharedWorld(login, self._user, self.script, self.file)
        self._wake = asyncio.Event()
        self._closed = False

    # -- the interface ---------------------------------------------------------------------------------------------

    async def check(self) -> Profile:
        self._enter("check")
        return Profile(self._user, f"@{self._user}", self.script.brand.name, self.limits, self.capabilities)

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        world = self._enter("fetch")
        left_out = 0
        if cursor is None:
            key, left_out = world.before(since, FIRST_SYNC_MOST)
        else:
            key = key_of(cursor)
        first = cursor is None
        while True:
            items, key = world.after(key, PAGE)
            last = len(items) < PAGE
            if items or first:
                yield Batch(items, cursor_of(key) or cursor, left_out=left_out if last else 0)
            if last:
                return
            world = self._enter("fetch")

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        world = self._enter("thread")
        self._visible(world, remote_id)
        return world.thread(remote_id, most)

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        world = self._enter("look_up")
        gone = tuple(remote_id for remote_id in remote_ids if not world.is_visible(remote_id))
        return Seen(tuple(world.statuses[remote_id] for remote_id in remote_ids if remote_id not in gone), gone)

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        world = self._enter("send")
        if item.key in world.by_key:
            return _sent(world.by_key[item.key])
        self._check_length(item.text, item.spoiler, media)
        if item.in_reply_to_remote:
            self._visible(world, item.in_reply_to_remote)
        word = self._word(item.text, item.key)
        if word and word not in failures.SENT_ALL_THE_SAME:
            raise failures.error(word[1:])
        self._add(
            {
                "op": "send",
                "id": self._shared.seed.remote_id(f"sent:{item.key}"),
                "key": item.key,
                "text": item.text,
                "in_reply_to": item.in_reply_to_remote,
                "visibility": item.visibility.value,
                "spoiler": item.spoiler,
                "language": item.language,
                "media": [
                    {"url": file.url, "alt": file.alt, "kind": file.kind, "remote_id": file.remote_id} for file in media
                ],
            }
        )
        if word:
            raise failures.error(word[1:])
        return _sent(self._shared.now().by_key[item.key])

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence:
        status = self._enter("find").by_key.get(item.key)
        return _sent(status) if status else Absence(complete=True)

    async def upload(self, media: Media) -> Media:
        self._enter("upload")
        path = Path(media.url)
        if not path.is_file():
            raise Refused(f"no such file: {media.url}")
        if path.stat().st_size > (self.limits.image_bytes or 0):
            raise Refused(f"larger than 8 MB: {media.url}")
        return replace(media, remote_id=self._shared.seed.remote_id(f"media:{media.url}"))

    async def act(self, act: Act) -> Sent | None:
        world = self._enter("act")
        self._check_act(world, act)
        if act.kind == ActKind.DELETE and act.target not in world.statuses.keys() - world.deleted:
            return None
        word = self._word(act.text, act.id) if act.kind == ActKind.EDIT else None
        if word and word not in failures.SENT_ALL_THE_SAME:
            raise failures.error(word[1:])
        self._add({"op": "act", "kind": act.kind.value, "target": act.target, "text": act.text})
        if word:
            raise failures.error(word[1:])
        return _sent(world.statuses[act.target]) if act.kind == ActKind.EDIT else None

    async def stream(self) -> AsyncIterator[None]:
        self._enter("stream")
        last_event = self._shared.now().now
        yield
        while not self._closed:
            world = self._shared.now()
            _, newest = world.after((last_event, 2, ""), FIRST_SYNC_MOST)
            if newest and newest[0] > last_event:
                last_event = newest[0]
                yield
                continue
            due = world.next_due
            wait = (due - self._login.clock.now()).total_seconds() if due else LONGEST_SLEEP
            longest = CHECK_EVERY if self._login.options.get("folder") else LONGEST_SLEEP
            await self._sleep(min(max(wait, 0.001), longest))

    async def aclose(self) -> None:
        self._closed = True
        self._wake.set()

    # -- for tests -------------------------------------------------------------------------------------------------

    def say(
        self,
        text: str,
        who: str = "mira",
        in_reply_to: str | None = None,
        visibility: Visibility = Visibility.PUBLIC,
    ) -> str:
        """Lets one of the people (`script.people`) write to us now; returns the remote_id.

        Two objects on one `folder` share a world: what is said through one arrives through the other.
        """
        if who not in self.script.people:
            raise ValueError(f"nobody here is called {who!r}")
        entry = self._add(
            {"op": "say", "who": who, "text": text, "in_reply_to": in_reply_to, "visibility": visibility.value}
        )
        return str(entry["id"])

    # -- inside ----------------------------------------------------------------------------------------------------

    def _enter(self, method: str) -> World:
        """The first step of every request: planned failures, the token, the world as it is now."""
        failure = self._planned.next(method)
        if failure:
            raise failures.error(failure)
        if self._login.secret() == WRONG_TOKEN:
            raise LoginRefused("the demo does not accept the token `wrong`; any other will do")
        return self._shared.now()

    def _add(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Adds to the world what is said or done here, and wakes the stream."""
        entry = self._shared.add(entry)
        self._wake.set()
        return entry

    def _word(self, text: str, key: str) -> str | None:
        """The word in `text` that makes this try fail."""
        word = failures.word_in(text)
        return word if word and failures.fails_now(word, self._shared.count_try(key)) else None

    def _check_length(self, text: str, spoiler: str, media: tuple[Media, ...]) -> None:
        length = len(text) + len(spoiler)
        if length > (self.limits.characters or 0):
            raise Refused(f"{length} characters, {self.limits.characters} are allowed: shorten the text")
        if not text.strip() and not media:
            raise Refused("the text is empty")
        if len(media) > self.limits.media:
            raise Refused(f"{len(media)} attachments, {self.limits.media} are allowed")

    def _visible(self, world: World, remote_id: str) -> Status:
        try:
            return world.visible(remote_id)
        except KeyError:
            raise Gone("not found: deleted, hidden, or never seen by this account") from None

    def _check_act(self, world: World, act: Act) -> None:
        """Raises Gone if there is nothing to act on, Refused for another's text."""
        if act.kind in (ActKind.MUTE, ActKind.UNMUTE, ActKind.BLOCK, ActKind.UNBLOCK, ActKind.REPORT, ActKind.READ):
            return
        if act.kind == ActKind.DELETE:
            if act.target in world.statuses and not world.statuses[act.target].ours:
                raise Refused("only what we wrote ourselves can be deleted")
            return
        status = self._visible(world, act.target)
        if act.kind == ActKind.EDIT:
            if not status.ours:
                raise Refused("only what we wrote ourselves can be edited")
            self._check_length(act.text, status.spoiler, status.media)

    async def _sleep(self, seconds: float) -> None:
        """Waits for `seconds` of the clock, or until something is added here."""
        self._wake.clear()
        waits = [
            asyncio.ensure_future(self._login.clock.sleep(seconds)),
            asyncio.ensure_future(self._wake.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:  # not awaited: a cancellation of ours that came meanwhile would be taken for theirs
                task.cancel()


def _sent(status: Status) -> Sent:
    return Sent(status.remote_id, status.url, status.created_at)
