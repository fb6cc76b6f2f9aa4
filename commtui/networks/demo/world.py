"""The simulated community's state at a moment: what is visible, in which order, and what is due next."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from commtui.model.abilities import Visibility
from commtui.model.clock import from_iso
from commtui.model.records import ActKind, Media, Via
from commtui.networks.base import EventKind, Incoming, Status, Thread
from commtui.networks.demo.people import BRAND_NAME, PEOPLE
from commtui.networks.demo.replies import after_post, after_reply
from commtui.networks.demo.scenes import Does, Human, Mood
from commtui.networks.demo.timeline import Happening, Seed, arrival, past

Key = tuple[datetime, int, str]
_KINDS = {Does.SAYS: EventKind.MENTION, Does.EDITS: EventKind.EDITED, Does.DELETES: EventKind.DELETED}


class World:
    """Built from a seed and a log; `reach` lets the time pass, `apply` takes an entry of the log. No IO, no clock."""

    def __init__(self, seed: Seed, user: str) -> None:
        self.seed = seed
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
        self._due: list[tuple[Key, Happening]] = [(happening.key, happening) for happening in past(seed)]
        heapq.heapify(self._due)
        self._slot = 0
        self._push_arrival()
        self.reach(seed.start)

    def _push(self, happening: Happening) -> None:
        heapq.heappush(self._due, (happening.key, happening))

    def _push_arrival(self) -> None:
        happening = arrival(self.seed, self._slot)
        if happening:
            self._push(replace(happening, name=f"slot:{self._slot:09d}"))

    def reach(self, now: datetime) -> None:
        """Lets everything happen that is due by `now`. Time never runs backwards here."""
        self.now = max(self.now, now)
        while self._due and self._due[0][1].at <= self.now:
            _, happening = heapq.heappop(self._due)
            if happening.name.startswith("slot:"):
                self._slot += 1
                self._push_arrival()
            self._happen(happening)

    @property
    def next_due(self) -> datetime | None:
        """When something happens next, if nobody says anything until then."""
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
        """The context of a status that is there. Raises KeyError for one that is not."""
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
        below.sort(key=lambda each: (each.created_at, each.remote_id))
        return Thread(tuple(reversed(ancestors)), tuple(below), missing)

    def visible(self, remote_id: str) -> Status:
        """A status that has not been deleted. Raises KeyError."""
        if remote_id in self.deleted:
            raise KeyError(remote_id)
        return self.statuses[remote_id]

    # -- what is said from here ------------------------------------------------------------------------------------

    def apply(self, entry: dict[str, Any]) -> None:
        """Takes an entry of the log: what we sent or did, or what a test had somebody say."""
        at = from_iso(entry["at"])
        self.reach(at)
        self._applied += 1
        if entry["op"] == "send":
            self._sent(entry, at)
        elif entry["op"] == "act":
            self._act(ActKind(entry["kind"]), entry["target"], entry["text"])
        elif entry["op"] == "say":
            self._happen(
                Happening(
                    at=at,
                    name=f"{self._applied:09d}",
                    does=Does.SAYS,
                    remote_id=entry["id"],
                    who=PEOPLE[entry["who"]],
                    text=entry["text"],
                    parent=entry["in_reply_to"],
                    visibility=Visibility(entry["visibility"]),
                    language=PEOPLE[entry["who"]].language,
                    mood=Mood.ASK,
                    rank=1,
                )
            )

    def _sent(self, entry: dict[str, Any], at: datetime) -> None:
        remote_id, parent = entry["id"], entry["in_reply_to"]
        visibility = Visibility(entry["visibility"])
        ours = Happening(
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
        self._happen(ours)
        self.by_key[entry["key"]] = self.statuses[remote_id]
        if parent is None:
            follow = after_post(self.seed, entry["key"], remote_id, at)
        elif parent in self._authors:
            follow = after_reply(
                self.seed, entry["key"], remote_id, at, self._authors[parent], ours.mood, self._replies, visibility
            )
            self._replies += 1
        else:
            return
        for happening in follow:
            self._push(happening)

    def _act(self, kind: ActKind, target: str, text: str) -> None:
        if kind == ActKind.DELETE:
            self.deleted.add(target)
        elif kind == ActKind.EDIT:
            self.statuses[target] = replace(self.statuses[target], text=text, edited=True)
        elif kind in (ActKind.MUTE, ActKind.BLOCK):
            self._silenced.add(target)
        elif kind in (ActKind.UNMUTE, ActKind.UNBLOCK):
            self._silenced.discard(target)

    # -- what happens ----------------------------------------------------------------------------------------------

    def _happen(self, it: Happening) -> None:
        if it.who and it.who.handle in self._silenced:
            return
        if it.does in (Does.SAYS, Does.OURS):
            if it.parent in self.deleted:
                return
            self._appear(it)
            if it.does == Does.OURS:
                return
        elif it.does in (Does.EDITS, Does.DELETES):
            if it.remote_id not in self.statuses or it.remote_id in self.deleted:
                return
            if it.does == Does.EDITS:
                self.statuses[it.remote_id] = replace(self.statuses[it.remote_id], text=it.text, edited=True)
            else:
                self.deleted.add(it.remote_id)
        elif it.does != Does.FOLLOWS and (it.remote_id not in self.statuses or it.remote_id in self.deleted):
            return
        self._keys.append(it.key)
        self._events.append(self._incoming(it))

    def _incoming(self, it: Happening) -> Incoming:
        kind = _KINDS.get(it.does, EventKind.ENGAGEMENT)
        if kind == EventKind.ENGAGEMENT:
            by = it.who.handle if it.who else ""
            return Incoming(kind, remote_id=it.remote_id or None, engagement=it.does.value, by=by, at=it.at)
        if kind == EventKind.DELETED:
            return Incoming(kind, remote_id=it.remote_id, at=it.at)
        status = self.statuses[it.remote_id]
        return Incoming(kind, self._via(it, status), status, it.remote_id, at=it.at)

    def _via(self, it: Happening, status: Status) -> Via:
        if it.via:
            return it.via
        if status.visibility == Visibility.DIRECT:
            return Via.DIRECT
        parent = self.statuses.get(status.in_reply_to or "")
        return Via.ANSWER if parent and parent.ours else Via.MENTION

    def _appear(self, it: Happening) -> None:
        handle = it.who.handle if it.who else f"@{self._user}"
        user, _, host = handle.removeprefix("@").partition("@")
        quoted = it.via == Via.QUOTE
        self.statuses[it.remote_id] = Status(
            remote_id=it.remote_id,
            author=handle,
            author_name=it.who.name if it.who else BRAND_NAME,
            author_id=handle,
            text=it.text,
            created_at=it.at,
            url=f"https://{host}/@{user}/{it.remote_id}",
            in_reply_to=None if quoted else it.parent,
            visibility=it.visibility,
            spoiler=it.spoiler,
            language=it.language,
            media=it.media,
            ours=it.who is None,
            extra={"quotes": it.parent} if quoted and it.parent else {},
        )
        self._moods[it.remote_id] = it.mood
        if it.who:
            self._authors[it.remote_id] = it.who
        if it.parent and not quoted:
            self._children[it.parent].append(it.remote_id)
