"""The state of the simulated community at a moment: what is visible, in which order, and what is due next."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from commtui.model.abilities import Visibility
from commtui.model.clock import from_iso, to_iso
from commtui.model.records import ActKind, Media, Via
from commtui.networks.base import EventKind, Incoming, Malformed, Status, Thread
from commtui.networks.demo.history import old_events
from commtui.networks.demo.replies import after_post, after_reply
from commtui.networks.demo.scenes import Does, Human, Mood
from commtui.networks.demo.script import Script
from commtui.networks.demo.timeline import Seed, WorldEvent, arrival, past

Key = tuple[datetime, int, str]
_KINDS = {Does.SAYS: EventKind.MENTION, Does.EDITS: EventKind.EDITED, Does.DELETES: EventKind.DELETED}


class World:
    """Built from a seed and a log: `reach` moves the time on, `apply` adds an entry of the log. No IO, no clock."""

    def __init__(self, seed: Seed, user: str, script: Script) -> None:
        self.seed = seed
        self.script = script
        self.now = seed.start
        self.statuses: dict[str, Status] = {}
        self.by_key: dict[str, Status] = {}
        """What we sent, by its idempotency key."""
        self.deleted: set[str] = set()
        self._user = user
        self._moods: dict[str, Mood] = {}
        self._authors: dict[str, Human] = {}
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        self._silenced: set[str] = set()
        self._replies = 0
        self._applied = 0
        self._keys: list[Key] = []
        self._events: list[Incoming] = []
        self._due: list[tuple[Key, WorldEvent]] = [(event.key, event) for event in past(seed, script)]
        if seed.history:
            self._due += [(event.key, event) for event in old_events(seed, script)]
        heapq.heapify(self._due)
        self._slot = 0
        self._push_arrival()
        self.reach(seed.start)

    def _push(self, event: WorldEvent) -> None:
        heapq.heappush(self._due, (event.key, event))

    def _push_arrival(self) -> None:
        event = arrival(self.seed, self._slot) if self.script.arrivals else None
        if event:
            self._push(replace(event, name=f"slot:{self._slot:09d}"))

    def reach(self, now: datetime) -> None:
        """Applies every event that is due by `now`. An earlier `now` than the last changes nothing."""
        self.now = max(self.now, now)
        while self._due and self._due[0][1].at <= self.now:
            _, event = heapq.heappop(self._due)
            if event.name.startswith("slot:"):
                self._slot += 1
                self._push_arrival()
            self._apply_event(event)

    @property
    def next_due(self) -> datetime | None:
        """When the next event is due, if nothing is added until then; None: never."""
        return self._due[0][1].at if self._due else None

    def after(self, key: Key | None, most: int) -> tuple[tuple[Incoming, ...], Key | None]:
        """At most `most` events after `key`, oldest first, and the key of the last one (or `key`)."""
        begin = bisect_right(self._keys, key) if key else 0
        end = min(begin + most, len(self._keys))
        return tuple(self._events[begin:end]), self._keys[end - 1] if end > begin else key

    def before(self, since: datetime, most: int) -> tuple[Key | None, int]:
        """For a first sync: the key after which to begin, and how many mentions lie before it."""
        begin = next((index for index, key in enumerate(self._keys) if key[0] >= since), len(self._keys))
        mentions = [index for index, event in enumerate(self._events) if event.kind == EventKind.MENTION]
        if len(mentions) > most:
            begin = max(begin, mentions[-most])
        left_out = sum(index < begin for index in mentions)
        return (self._keys[begin - 1] if begin else None), left_out

    def thread(self, remote_id: str, most: int) -> Thread:
        """The context of a status. Raises KeyError if it is unknown or deleted."""
        status = self.visible(remote_id)
        ancestors: list[Status] = []
        missing = False
        parent = status.in_reply_to
        while parent and len(ancestors) < most:
            if parent in self.deleted or parent not in self.statuses:
                missing = True
                break
            ancestors.append(self.statuses[parent])
            parent = self.statuses[parent].in_reply_to
        below, waiting = [], list(self._children[remote_id])
        while waiting:
            child = waiting.pop()
            if child not in self.deleted:
                below.append(self.statuses[child])
                waiting += self._children.get(child, [])
        below.sort(key=lambda child: (child.created_at, child.remote_id))
        return Thread(tuple(reversed(ancestors)), tuple(below), missing)

    def visible(self, remote_id: str) -> Status:
        """A status by its id. Raises KeyError if it is unknown or deleted."""
        if remote_id in self.deleted:
            raise KeyError(remote_id)
        return self.statuses[remote_id]

    def is_visible(self, remote_id: str) -> bool:
        """Whether there is such a status that is not deleted."""
        return remote_id in self.statuses and remote_id not in self.deleted

    # -- entries of the log ------------------------------------------------------------------------------------

    def apply(self, entry: dict[str, Any]) -> None:
        """Adds an entry of the log: what we sent or did, or what a test lets somebody say."""
        at = from_iso(entry["at"])
        self.reach(at)
        self._applied += 1
        if entry["op"] == "send":
            self._sent(entry, at)
        elif entry["op"] == "act":
            self._act(ActKind(entry["kind"]), entry["target"], entry["text"])
        elif entry["op"] == "say":
            self._apply_event(
                WorldEvent(
                    at=at,
                    name=f"{self._applied:09d}",
                    does=Does.SAYS,
                    remote_id=entry["id"],
                    who=self.script.people[entry["who"]],
                    text=entry["text"],
                    parent=entry["in_reply_to"],
                    visibility=Visibility(entry["visibility"]),
                    language=self.script.people[entry["who"]].language,
                    mood=Mood.ASK,
                    rank=1,
                )
            )

    def _sent(self, entry: dict[str, Any], at: datetime) -> None:
        remote_id, parent = entry["id"], entry["in_reply_to"]
        visibility = Visibility(entry["visibility"])
        ours = WorldEvent(
            at=at,
            name=remote_id,
            does=Does.OURS,
            remote_id=remote_id,
            text=entry["text"],
            parent=parent,
            visibility=visibility,
            spoiler=entry["spoiler"],
            language=entry["language"],
            media=tuple(Media(**media) for media in entry["media"]),
            mood=self._moods.get(parent, Mood.CHAT) if parent else Mood.CHAT,
        )
        self._apply_event(ours)
        self.by_key[entry["key"]] = self.statuses[remote_id]
        if parent is None:
            follow = after_post(self.seed, self.script, entry["key"], remote_id, at)
        elif parent in self._authors:
            follow = after_reply(
                self.seed, entry["key"], remote_id, at, self._authors[parent], ours.mood, self._replies, visibility
            )
            self._replies += 1
        else:
            return
        for event in follow:
            self._push(event)

    def _act(self, kind: ActKind, target: str, text: str) -> None:
        if kind == ActKind.DELETE:
            self.deleted.add(target)
        elif kind == ActKind.EDIT:
            self.statuses[target] = replace(self.statuses[target], text=text, edited=True)
        elif kind in (ActKind.MUTE, ActKind.BLOCK):
            self._silenced.add(target)
        elif kind in (ActKind.UNMUTE, ActKind.UNBLOCK):
            self._silenced.discard(target)

    # -- events ----------------------------------------------------------------------------------------------

    def _apply_event(self, event: WorldEvent) -> None:
        if event.who and event.who.handle in self._silenced:
            return
        if event.does in (Does.SAYS, Does.OURS):
            if event.parent in self.deleted:
                return
            self._appear(event)
            if event.does == Does.OURS:
                return
        elif event.does in (Does.EDITS, Does.DELETES):
            if event.remote_id not in self.statuses or event.remote_id in self.deleted:
                return
            if event.does == Does.EDITS:
                self.statuses[event.remote_id] = replace(self.statuses[event.remote_id], text=event.text, edited=True)
            else:
                self.deleted.add(event.remote_id)
        elif event.does != Does.FOLLOWS and (event.remote_id not in self.statuses or event.remote_id in self.deleted):
            return
        self._keys.append(event.key)
        self._events.append(self._incoming(event))

    def _incoming(self, event: WorldEvent) -> Incoming:
        kind = _KINDS.get(event.does, EventKind.ENGAGEMENT)
        if kind == EventKind.ENGAGEMENT:
            by = event.who.handle if event.who else ""
            target = None if event.does == Does.FOLLOWS else event.remote_id or None
            return Incoming(kind, remote_id=target, engagement=event.does.value, by=by, at=event.at)
        if kind == EventKind.DELETED:
            return Incoming(kind, remote_id=event.remote_id, at=event.at)
        status = self.statuses[event.remote_id]
        return Incoming(kind, self.via(event, status), status, event.remote_id, at=event.at)

    def via(self, event: WorldEvent, status: Status) -> Via:
        """How somebody spoke to us there."""
        if event.via:
            return event.via
        if status.visibility == Visibility.DIRECT:
            return Via.DIRECT
        parent = self.statuses.get(status.in_reply_to or "")
        return Via.ANSWER if parent and parent.ours else Via.MENTION

    def _appear(self, event: WorldEvent) -> None:
        handle = event.who.handle if event.who else f"@{self._user}"
        user, _, host = handle.removeprefix("@").partition("@")
        quoted = event.via == Via.QUOTE
        self.statuses[event.remote_id] = Status(
            remote_id=event.remote_id,
            author=handle,
            author_name=event.who.name if event.who else self.script.brand.name,
            author_id=handle,
            text=event.text,
            created_at=event.at,
            url=f"https://{host or user}/@{user}/{event.remote_id}",
            in_reply_to=None if quoted else event.parent,
            visibility=event.visibility,
            spoiler=event.spoiler,
            language=event.language,
            media=event.media,
            ours=event.who is None,
            bot=event.who is not None and event.who.bot,
            extra={"quotes": event.parent} if quoted and event.parent else {},
        )
        self._moods[event.remote_id] = event.mood
        if event.who:
            self._authors[event.remote_id] = event.who
        if event.parent and not quoted:
            self._children[event.parent].append(event.remote_id)


def cursor_of(key: Key | None) -> str | None:
    """What a fetch hands out for it."""
    return f"{to_iso(key[0])} {key[1]} {key[2]}" if key else None


def key_of(cursor: str) -> Key:
    """The key of a cursor. Raises Malformed."""
    try:
        at, rank, name = cursor.split(" ", 2)
        return (from_iso(at), int(rank), name)
    except ValueError:
        raise Malformed(f"no cursor of the demo's: {cursor[:60]!r}") from None
