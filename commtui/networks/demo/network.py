"""The demo network: a simulated community in the process. No request ever leaves the machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from commtui.model.abilities import Capabilities, Limits, Visibility
from commtui.model.clock import from_iso, to_iso
from commtui.model.records import Act, ActKind, Media, Outgoing
from commtui.networks.base import (
    FIRST_SYNC_MOST,
    Batch,
    Gone,
    Login,
    LoginRefused,
    Malformed,
    Profile,
    Refused,
    Sent,
    Status,
    Thread,
)
from commtui.networks.demo import failures
from commtui.networks.demo.memory import Memory
from commtui.networks.demo.people import BRAND_NAME, BRAND_USER, PEOPLE
from commtui.networks.demo.timeline import Seed, whole_ms
from commtui.networks.demo.world import Key, World

PACE: Final = 30.0
LIVELY: Final = 240
PAGE: Final = 20
LONGEST_SLEEP: Final = 3600.0
LOOK_EVERY: Final = 2.0
"""Seconds between the stream's looks at a folder, in which another process may have had somebody say something."""
WRONG_TOKEN: Final = "wrong"  # noqa: S105  the one token that is refused, no secret
LIMITS: Final = Limits(characters=500, media=4, media_bytes=8_000_000)


class Demo:
    """A community that lives in the process: a pure function of its seed, its start, the time, and what we said in it.

    `login.options` (all may be left out):

    - `seed`: an integer; another seed tells the same stories at other times and in another order.
    - `pace`: seconds between arrivals on average (30); 0: nobody says anything of their own accord.
    - `lively`: how many arrivals come at that pace (240) before the gaps grow twentyfold.
    - `folder`: where `world.json` is kept, so that a restart meets the same world. Without it, memory only. A world
      that is there already wins over seed, pace and lively.
    - `failures`: failures by method, see `failures.Planned`.

    A word in an outgoing text brings a failure about, see `failures.WORDS`: #refuse, #gone, #login, #offline, #limit,
    #lost-not-sent, #lost, #garbage. The token `wrong` is refused; any other, even an empty one, is accepted.
    """

    name: ClassVar[str] = "demo"
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
        streaming=True,
        idempotent=True,
    )

    def __init__(self, login: Login) -> None:
        self._login = login
        self._user = login.user or BRAND_USER
        self._planned = failures.Planned(login.options.get("failures"))
        self._memory: Memory | None = None
        self._world: World | None = None
        self._wake = asyncio.Event()
        self._closed = False

    # -- the interface ---------------------------------------------------------------------------------------------

    async def check(self) -> Profile:
        self._enter("check")
        return Profile(self._user, f"@{self._user}", BRAND_NAME, LIMITS, self.capabilities)

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        world = self._enter("fetch")
        left_out = 0
        if cursor is None:
            key, left_out = world.before(since, FIRST_SYNC_MOST)
        else:
            key = _key(cursor)
        first = cursor is None
        while True:
            items, key = world.after(key, PAGE)
            last = len(items) < PAGE
            if items or first:
                yield Batch(items, _cursor(key) or cursor, left_out=left_out if last else 0)
            if last:
                return
            world = self._enter("fetch")

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        world = self._enter("thread")
        self._there(world, remote_id)
        return world.thread(remote_id, most)

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        world = self._enter("send")
        if item.key in world.by_key:
            return _sent(world.by_key[item.key])
        self._measure(item.text, item.spoiler, media)
        if item.in_reply_to_remote:
            self._there(world, item.in_reply_to_remote)
        word = self._word(item.text, item.key)
        if word and word not in failures.ACTS_FIRST:
            raise failures.error(word[1:])
        self._note(
            {
                "op": "send",
                "id": self._seed.remote_id(f"sent:{item.key}"),
                "key": item.key,
                "text": item.text,
                "in_reply_to": item.in_reply_to_remote,
                "visibility": item.visibility.value,
                "spoiler": item.spoiler,
                "language": item.language,
                "media": [
                    {"url": each.url, "alt": each.alt, "kind": each.kind, "remote_id": each.remote_id} for each in media
                ],
            }
        )
        if word:
            raise failures.error(word[1:])
        return _sent(self._now_world().by_key[item.key])

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | None:
        status = self._enter("find").by_key.get(item.key)
        return _sent(status) if status else None

    async def upload(self, media: Media) -> Media:
        self._enter("upload")
        path = Path(media.url)
        if not path.is_file():
            raise Refused(f"no such file: {media.url}")
        if path.stat().st_size > (LIMITS.media_bytes or 0):
            raise Refused(f"larger than 8 MB: {media.url}")
        return replace(media, remote_id=self._seed.remote_id(f"media:{media.url}"))

    async def act(self, act: Act) -> Sent | None:
        world = self._enter("act")
        self._look(world, act)
        if act.kind == ActKind.DELETE and act.target not in world.statuses.keys() - world.deleted:
            return None
        word = self._word(act.text, act.id) if act.kind == ActKind.EDIT else None
        if word and word not in failures.ACTS_FIRST:
            raise failures.error(word[1:])
        self._note({"op": "act", "kind": act.kind.value, "target": act.target, "text": act.text})
        if word:
            raise failures.error(word[1:])
        return _sent(world.statuses[act.target]) if act.kind == ActKind.EDIT else None

    async def stream(self) -> AsyncIterator[None]:
        self._enter("stream")
        told = self._now_world().now
        yield
        while not self._closed:
            world = self._now_world()
            _, newest = world.after((told, 2, ""), FIRST_SYNC_MOST)
            if newest and newest[0] > told:
                told = newest[0]
                yield
                continue
            due = world.next_due
            wait = (due - self._login.clock.now()).total_seconds() if due else LONGEST_SLEEP
            longest = LOOK_EVERY if self._login.options.get("folder") else LONGEST_SLEEP
            await self._sleep(min(max(wait, 0.001), longest))

    async def aclose(self) -> None:
        self._closed = True
        self._wake.set()

    # -- the simulated people's mouth ------------------------------------------------------------------------------

    def say(
        self,
        text: str,
        who: str = "mira",
        in_reply_to: str | None = None,
        visibility: Visibility = Visibility.PUBLIC,
    ) -> str:
        """Has one of the people (`people.PEOPLE`) say something to us now; returns its remote_id. For tests.

        Two objects on one `folder` live in one world: what is said through one arrives through the other.
        """
        if who not in PEOPLE:
            raise ValueError(f"nobody here is called {who!r}")
        said = self._note(
            {"op": "say", "who": who, "text": text, "in_reply_to": in_reply_to, "visibility": visibility.value}
        )
        return str(said["id"])

    # -- inside ----------------------------------------------------------------------------------------------------

    def _enter(self, method: str) -> World:
        """What every request begins with: planned failures, the token, the world as it is now."""
        planned = self._planned.next(method)
        if planned:
            raise failures.error(planned)
        if self._login.secret() == WRONG_TOKEN:
            raise LoginRefused("the demo does not accept the token `wrong`; any other will do")
        return self._now_world()

    def _now_world(self) -> World:
        now = whole_ms(self._login.clock.now())
        if self._memory is None or self._world is None or self._memory.changed():
            options = self._login.options
            start = self._world.seed.start if self._world else now
            fresh = Seed(
                int(options.get("seed", 0)),
                start,
                float(options.get("pace", PACE)),
                int(options.get("lively", LIVELY)),
            )
            self._memory = Memory(options.get("folder"), fresh)
            self._world = World(self._memory.seed, self._user)
            for entry in self._memory.entries:
                self._world.apply(entry)
        self._world.reach(now)
        return self._world

    @property
    def _kept(self) -> Memory:
        self._now_world()
        assert self._memory is not None
        return self._memory

    @property
    def _seed(self) -> Seed:
        return self._kept.seed

    def _note(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Keeps what is said or done here, then lets it take effect, in this order; returns it with its id and time."""
        with self._kept.alone():
            world = self._now_world()
            name = f"said:{len(self._kept.entries)}"
            entry = {"at": to_iso(world.now), "id": self._seed.remote_id(name), **entry}
            self._kept.add(entry)
            world.apply(entry)
        self._wake.set()
        return entry

    def _word(self, text: str, key: str) -> str | None:
        """The word in `text` by which this try fails."""
        word = failures.word_in(text)
        if not word:
            return None
        with self._kept.alone():
            return word if failures.fails_now(word, self._kept.try_again(key)) else None

    def _measure(self, text: str, spoiler: str, media: tuple[Media, ...]) -> None:
        length = len(text) + len(spoiler)
        if length > (LIMITS.characters or 0):
            raise Refused(f"{length} characters, {LIMITS.characters} are allowed: shorten the text")
        if not text.strip() and not media:
            raise Refused("the text is empty")
        if len(media) > LIMITS.media:
            raise Refused(f"{len(media)} attachments, {LIMITS.media} are allowed")

    def _there(self, world: World, remote_id: str) -> Status:
        try:
            return world.visible(remote_id)
        except KeyError:
            raise Gone("it is not there (any more): deleted, hidden, or never seen by this account") from None

    def _look(self, world: World, act: Act) -> None:
        """Raises what stands against an act: nothing to act upon, or not ours."""
        if act.kind in (ActKind.MUTE, ActKind.UNMUTE, ActKind.BLOCK, ActKind.UNBLOCK, ActKind.REPORT, ActKind.READ):
            return
        if act.kind == ActKind.DELETE:
            if act.target in world.statuses and not world.statuses[act.target].ours:
                raise Refused("only what we wrote ourselves can be deleted")
            return
        status = self._there(world, act.target)
        if act.kind == ActKind.EDIT:
            if not status.ours:
                raise Refused("only what we wrote ourselves can be edited")
            self._measure(act.text, status.spoiler, status.media)

    async def _sleep(self, seconds: float) -> None:
        """Waits on the clock, or until something is said here."""
        self._wake.clear()
        waits = [
            asyncio.ensure_future(self._login.clock.sleep(seconds)),
            asyncio.ensure_future(self._wake.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each


def _sent(status: Status) -> Sent:
    return Sent(status.remote_id, status.url, status.created_at)


def _cursor(key: Key | None) -> str | None:
    return f"{to_iso(key[0])} {key[1]} {key[2]}" if key else None


def _key(cursor: str) -> Key:
    try:
        at, rank, name = cursor.split(" ", 2)
        return (from_iso(at), int(rank), name)
    except ValueError:
        raise Malformed(f"no cursor of the demo's: {cursor[:60]!r}") from None
