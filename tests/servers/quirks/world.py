"""The state of the server and what a test does to it from inside the process. Every call may come from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.effects import Request
from tests.servers.quirks.odd import odd
from tests.servers.quirks.rewriting import content
from tests.servers.quirks.settings import Quirks
from tests.servers.quirks.things import MENTION, Account, Notification, Status, make_id


class World:
    """Accounts, statuses and notifications. Users are named without `@`, and made when first named."""

    def __init__(self, quirks: Quirks) -> None:
        self.quirks = quirks
        self.lock = threading.RLock()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        """The server's own time: a test may replace it."""
        self.host = "quirks.example"
        self.accounts: dict[str, Account] = {}
        self.all_statuses: list[Status] = []
        self.by_id: dict[str, Status] = {}
        self.notifications: list[Notification] = []
        self.removed: list[Notification] = []
        self.scheduled: dict[str, tuple[datetime, Account, dict[str, Any]]] = {}
        self.keys: dict[tuple[str, str], Status] = {}
        self.reports: list[dict[str, Any]] = []
        self.media: dict[str, dict[str, Any]] = {}
        self.listeners: list[Callable[[str, str, Any], None]] = []
        self.hooks: list[Callable[[str, Request], None]] = []
        """Called with "before" and "after" around the work that each request asks for."""
        self._seq = 0
        self._tokens: dict[str, tuple[str, str]] = {}

    def next(self) -> int:
        """Counts every thing that the server ever made."""
        self._seq += 1
        return self._seq

    @property
    def statuses(self) -> list[Status]:
        """What is out, oldest first."""
        with self.lock:
            return [status for status in self.all_statuses if not status.deleted]

    def statuses_of(self, user: str) -> list[Status]:
        """What the user has out, boosts included, oldest first."""
        return [status for status in self.statuses if status.account.acct == user]

    def account(self, acct: str) -> Account:
        """The account, made if it is new. `zoe@far.example` lives elsewhere."""
        with self.lock:
            acct = acct.lower().removeprefix("@").removesuffix(f"@{self.host}")
            if acct not in self.accounts:
                seq = self.next()
                identity = make_id(self.quirks.status_ids, seq, self.clock(), "account")
                self.accounts[acct] = Account(seq, identity, acct, acct.split("@")[0].title())
            return self.accounts[acct]

    def token(self, user: str, scopes: str = "read write follow") -> str:
        """An access token: always the same for the same user and scopes."""
        with self.lock:
            token = f"quirks-{user}-{scopes.replace(' ', '.')}"
            self.account(user)
            self._tokens[token] = (user, scopes)
            return token

    def owner(self, token: str | None) -> tuple[Account, str] | None:
        """Whose token it is, and its scopes."""
        user = self._tokens.get(token or "")
        return (self.account(user[0]), user[1]) if user else None

    def revoke(self, token: str) -> None:
        """Ends a token."""
        with self.lock:
            self._tokens.pop(token, None)

    def post(
        self,
        user: str,
        text: str,
        in_reply_to: str | Status | None = None,
        *,
        created_at: datetime | None = None,
        html: str | None = None,
        visibility: str = "public",
        spoiler: str = "",
        media: list[str] | None = None,
        language: str | None = "en",
        key: str | None = None,
        extra: dict[str, object] | None = None,
        through_api: bool = False,
    ) -> Status:
        """Publishes, and notifies those who are mentioned. `html` in place of the HTML that the server would make.

        `through_api`: the text is rewritten, and reads show the status later, as the quirks say.
        """
        with self.lock:
            now = self.clock()
            dated = created_at or now + timedelta(seconds=self.quirks.created_at_off)
            author, at, seq = self.account(user), created_at or now, self.next()
            parent = in_reply_to.id if isinstance(in_reply_to, Status) else in_reply_to
            content = self.content(text, through_api) if html is None else html
            identity = make_id(self.quirks.status_ids, seq, at, "status")
            status = Status(seq, identity, author, text, content, dated, visibility, parent, spoiler, language)
            status.media, status.key, status.extra = list(media or ()), key, dict(extra or {})
            status.address = identity
            if through_api and self.quirks.lag:
                status.readable_at = now + timedelta(seconds=self.quirks.lag)
            for found in MENTION.finditer(text):
                named = self.account(found[0])
                if named is not author and named not in status.mentions:
                    status.mentions.append(named)
            self.all_statuses.append(status)
            self.by_id[identity] = status
            notified = list(status.mentions)
            above = self.by_id.get(parent or "")
            if self.quirks.reply_notifies and above and above.account not in (author, *notified):
                notified.append(above.account)
            asked = above.account if above and above.account is not author and self.quirks.approval else None
            status.pending = asked in notified
            for named in notified:
                self.notify(
                    "pending.reply" if named is asked else "mention", user, status, to=named.acct, created_at=at
                )
            self.tell(author.acct, "update", status)
            return status

    def mention(self, author: str, text: str, in_reply_to: str | Status | None = None, **more: Any) -> Status:
        """Somebody writes to `to` (brand): `@brand` is put before the text if it is not in it. `more`: as in `post`."""
        to = more.pop("to", "brand")
        if f"@{to}" not in text:
            text = f"@{to} {text}"
        return self.post(author, text, in_reply_to, **more)

    def mentions(self, count: int, to: str = "brand", created_at: datetime | None = None) -> list[Status]:
        """Many at once, from a few people, each text with its number: `number 17`; odd ones in the middle."""
        people = ("ada", "grace", "alan", "zoe@far.example")
        made = []
        for n in range(count):
            if n == count // 2:
                for name in self.quirks.odd_items:
                    odd(self, name)
            made.append(self.mention(people[n % len(people)], f"number {n}", to=to, created_at=created_at))
        return made

    def notify(
        self,
        kind: str,
        by: str,
        status: Status | None = None,
        to: str = "brand",
        created_at: datetime | None = None,
    ) -> Notification:
        """A notification of any kind, known or not: follow, favourite, reblog, reaction, ..."""
        with self.lock:
            at, seq = created_at or self.clock(), self.next()
            identity = make_id(self.quirks.notification_ids, seq, at, kind)
            notification = Notification(seq, identity, self.account(to), kind, self.account(by), status, at)
            self.notifications.append(notification)
            if by not in notification.to.muted | notification.to.blocked:
                self.tell(to, "notification", notification)
            return notification

    def edit(
        self, status: str | Status, text: str, html: str | None = None, tell: bool = True, through_api: bool = False
    ) -> Status:
        """Changes a text. The notification of it changes too; with `tell=False` no stream says so."""
        with self.lock:
            changed = self.find(status)
            changed.text = text
            changed.content = self.content(text, through_api) if html is None else html
            changed.edited_at = self.clock()
            if self.quirks.edit_changes_id:
                old = changed.id
                changed.id = make_id(self.quirks.status_ids, self.next(), changed.edited_at, "status")
                self.by_id[changed.id] = self.by_id.pop(old)
                for row in self.all_statuses:
                    row.in_reply_to = changed.id if row.in_reply_to == old else row.in_reply_to
            for to in {changed.account.acct, *(named.acct for named in changed.mentions)} if tell else ():
                self.tell(to, "status.update", changed)
            return changed

    def delete(self, status: str | Status, tell: bool = True) -> None:
        """Deletes a status; its notifications go with it, or stay without it (quirk `deleted`)."""
        with self.lock:
            gone = self.find(status)
            gone.deleted = True
            if self.quirks.deleted == "gone":
                self.removed += [row for row in self.notifications if row.status is gone]
                self.notifications = [row for row in self.notifications if row.status is not gone]
            for to in {gone.account.acct, *(named.acct for named in gone.mentions)} if tell else ():
                self.tell(to, "delete", gone)

    def reblog(self, user: str, status: str | Status) -> Status:
        """Boosts: a wrapper with its own id; the author hears of it."""
        with self.lock:
            original = self.find(status)
            at, seq = self.clock(), self.next()
            identity = make_id(self.quirks.status_ids, seq, at, "status")
            made = Status(seq, identity, self.account(user), "", original.content, at, reblog=original)
            made.address, original.boosted_by = identity, made.account
            self.all_statuses.append(made)
            self.by_id[identity] = made
            self.notify("reblog", user, original, to=original.account.acct)
            return made

    def favourite(self, user: str, status: str | Status) -> Status:
        """Likes, once; the author hears of it."""
        with self.lock:
            liked = self.find(status)
            if user not in liked.favourites:
                liked.favourites.add(user)
                self.notify("favourite", user, liked, to=liked.account.acct)
            return liked

    def find(self, status: str | Status) -> Status:
        """The status that is not deleted. Raises KeyError."""
        if isinstance(status, str) and self.quirks.wraps_boosted and status not in self.by_id:
            status = status.swapcase()
        found = status if isinstance(status, Status) else self.by_id[status]
        if found.deleted:
            raise KeyError(found.id)
        return found

    def content(self, text: str, through_api: bool) -> str:
        """The HTML of a text."""
        ways = self.quirks.rewrites if through_api else ()
        return content(text, ways, self.quirks.mention_html, self.host)

    def is_readable(self, status: Status) -> bool:
        """Whether reads show it already."""
        return status.readable_at is None or status.readable_at <= self.clock()

    def is_filtered(self, row: Notification) -> bool:
        """Whether the notification is kept aside."""
        if not self.quirks.filters or row.status is None or row.status.visibility != "direct":
            return False
        return row.by.acct not in row.to.follows | row.to.accepts

    def listed(self, user: Account, everything: bool = False) -> list[Notification]:
        """The notifications that the user sees, oldest first: those of muted and blocked accounts vanish.

        `everything`: those that are kept aside, too.
        """
        hidden = user.muted | user.blocked
        rows = [row for row in self.notifications if row.to is user and row.by.acct not in hidden]
        return [row for row in rows if everything or not self.is_filtered(row)]

    def add_empty_notifications(self, user: Account, count: int, older: bool) -> None:
        """Adds mentions of statuses that are not there, newer than all the others or older; of these a few are kept."""
        nobody, first = self.account("nobody"), min((row.seq for row in self.notifications), default=0)
        for number in range(count):
            seq = first - count + number if older else self.next()
            identity = make_id(self.quirks.notification_ids, seq, self.clock(), "mention")
            row = Notification(seq, identity, user, "mention", nobody, None, self.clock())
            self.notifications.insert(number if older else len(self.notifications), row)
        empty = [row for row in self.notifications if row.by is nobody]
        for row in empty[2 * count : -2 * count]:
            self.notifications.remove(row)

    def publish_due(self) -> None:
        """Publishes what the server has scheduled and whose time has come."""
        with self.lock:
            for identity, (at, account, fields) in sorted(self.scheduled.items(), key=lambda item: item[1][0]):
                if at <= self.clock():
                    del self.scheduled[identity]
                    self.post(account.acct, **fields)

    def tell(self, user: str, event: str, thing: Status | Notification) -> None:
        """Hands an event to the streams of a user."""
        for listener in list(self.listeners):
            listener(user, event, thing)
