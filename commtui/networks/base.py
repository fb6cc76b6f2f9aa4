"""What a network is to commtui: a Protocol with capabilities, and the tree of errors that delivery knows how to meet.

A plug-in is a class with this shape under the entry-point group `commtui.networks`; its author runs the contract
suite `commtui.networks.contract` against it. Every method may raise the errors below and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from msgspec import Struct

from commtui.model.abilities import Capabilities, Limits
from commtui.model.clock import AwareDatetime, Clock
from commtui.model.incoming import Status as Status
from commtui.model.records import Act, LookAlike, Media, Outgoing, Via
from commtui.model.strings import Address, Id, Opaque
from commtui.networks.kept import Spent as Spent
from commtui.networks.kept import Waits as Waits


class NetworkError(Exception):
    """Anything that a network can do to us. `str()` is one line for a person: what happened and the way out."""

    status: int | None = None
    """The HTTP status that it came with, where there was one."""


class Unreachable(NetworkError):
    """The request was not acted upon: no connection, or an answer that says so. Safe to try again."""

    retry_after: float | None = None


class RateLimited(Unreachable):
    """Told to wait. `retry_after` is in seconds; `host_wide` when the limit is not this account's alone."""

    def __init__(self, message: str, retry_after: float, host_wide: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.host_wide = host_wide


class AnswerLost(NetworkError):
    """The request may have been acted upon: a time-out or a cut after it was written, an error or an answer that is not
    to be trusted. Read back before another try."""

    retry_after: float | None = None
    """Seconds that the server asks to wait."""

    def harmless(self) -> Unreachable:
        """The error for what nobody sees and is as well done twice: a lost answer is as good as none."""
        error = Unreachable(str(self))
        error.status, error.retry_after = self.status, self.retry_after
        return error


class LoginRefused(NetworkError):
    """The token is not accepted (any more): the account waits for a person. A second argument is the way out."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


class Refused(NetworkError):
    """The server refused: too long, not allowed. The same request would be refused again."""


class TooLong(Refused):
    """The text fits the limits that the server states, and is too long for it: it counts links whole, and the rest by
    the rule `counting` (see Limits)."""

    def __init__(self, message: str, counting: str) -> None:
        super().__init__(message)
        self.counting = counting


class Gone(Refused):
    """What it is about is not there: deleted, hidden, or blocked."""


class Malformed(NetworkError):
    """An answer that is not what the interface promises, or that is too large."""


class Unsupported(Refused):
    """This network, server or login has no such thing."""


class Profile(Struct, frozen=True):
    """Who the login is, and what it may do here."""

    user: Id
    """The lasting name: user@host on Mastodon, the DID on Bluesky. The account's id is derived from it."""
    handle: Id
    """`@user@host`, as people write it."""
    name: str
    limits: Limits
    capabilities: Capabilities
    extra: Mapping[Opaque, Opaque] = {}
    names: tuple[Id, ...] = ()
    """Other names by which the config may call this login."""


class EventKind(StrEnum):
    """What a batch or a stream can bring."""

    MENTION = "mention"
    EDITED = "edited"
    DELETED = "deleted"
    ENGAGEMENT = "engagement"


class Incoming(Struct, frozen=True):
    """One thing that happened. `status` for a mention or an edit, `remote_id` for a deletion or engagement's post."""

    kind: EventKind
    via: Via = Via.MENTION
    status: Status | None = None
    remote_id: Id | None = None
    engagement: str = ""
    """like, boost, follow."""
    by: Id = ""
    at: AwareDatetime | None = None
    count: int = 1
    """How many of that engagement: more than one where the network has folded them already."""


class Filtered(Struct, frozen=True):
    """What the server keeps aside until somebody accepts it: messages of strangers."""

    messages: int
    people: int


class Batch(Struct, frozen=True):
    """A page of what happened, and the cursor to save with it in one transaction."""

    items: tuple[Incoming, ...]
    cursor: Opaque | None
    skipped: int = 0
    """Malformed items left out, each logged."""
    left_out: int = 0
    """First sync only: how many are known to lie before its bound (-1: some, uncounted)."""
    missed_since: datetime | None = None
    """Something that came after this moment cannot be reached any more; None: all of it was."""
    filtered: Filtered | None = None
    """What is kept aside now; None: this batch does not say."""


class Thread(Struct, frozen=True):
    """The context of a status, each list oldest first. `missing`: a parent is deleted, blocked or hidden."""

    ancestors: tuple[Status, ...]
    descendants: tuple[Status, ...]
    missing: bool = False
    status: Status | None = None
    """The status itself as it is now, where the network gives it: an edit may have notified nobody."""


class Seen(Struct, frozen=True):
    """What became of texts that were looked up."""

    found: tuple[Status, ...] = ()
    """As they are now."""
    gone: tuple[Id, ...] = ()
    """The remote_ids of those that are deleted or hidden; one that nothing is known of is in neither."""


LOOK_UP_MOST = 20
"""How many texts are looked up at a time."""


class Sent(Struct, frozen=True):
    """The network has it."""

    remote_id: Id
    url: Address | None
    at: AwareDatetime
    note: str = ""
    """Something a person should know: an attachment that the server left out."""
    extra: Mapping[Opaque, Opaque] = {}


class Absence(Struct, frozen=True):
    """What a read-back showed that did not find the text."""

    complete: bool = False
    """Whether everything was read in which it would stand. What that proves is said by `Capabilities.proofs`."""
    look_alikes: tuple[LookAlike, ...] = ()
    """Texts of ours of about that time that are not `taken`: one of them may be it, as the server changed it."""


class Login(Struct, frozen=True):
    """What a network needs to speak for an account. `secret` gives the token anew at every call and is never logged.

    `save` stores secrets that the network itself renews (Bluesky's refresh token) by name; an empty one is refused.
    `turn` is entered to renew them: nobody else, in whatever process, renews this account's meanwhile. It raises
    TimeoutError. `waits`, `spent`: None where nothing can be kept. `dates_off`: the seconds by which the server dates
    our texts ahead of our clock, as far as texts have shown it (AccountState.dates_off).
    """

    account: str
    server: str
    user: str
    secret: Callable[[], str]
    save: Callable[[str, str], None]
    load: Callable[[str], str | None]
    clock: Clock
    insecure_http: bool = False
    options: Mapping[str, Any] = {}
    turn: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
    waits: Waits | None = None
    spent: Spent | None = None
    dates_off: Callable[[], float] = float


FIRST_SYNC_DAYS = 30
FIRST_SYNC_MOST = 1000


class Network(Protocol):
    """One login on one network. Made on the engine's loop, used there only, closed with `aclose`."""

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    needs_token: ClassVar[bool]
    """Whether a login has a secret; where it has none, nothing looks for one."""

    def __init__(self, login: Login) -> None: ...

    async def check(self) -> Profile:
        """Who the login is: one request where the limits are known already. Raises LoginRefused."""
        ...

    def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        """What came after `cursor`, in batches, each with the cursor from which the next fetch goes on.

        Without a cursor: what came since `since`, at most FIRST_SYNC_MOST; the last batch says what was left out.
        Ends when in step. A poll with nothing new is one request.
        """
        ...

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        """The context of a status: at most `most` parents, and the answers. Raises Gone."""
        ...

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        """What became of at most LOOK_UP_MOST texts of others, in few requests. Raises Unsupported."""
        ...

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        """Sends a reply or a variant with `item.key`; `media` are uploaded already.

        Returns only what the network shows as ours with this text, or what it answers to the key. Raises AnswerLost
        for anything else but a clear refusal.
        """
        ...

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence | None:
        """Reads back whether `item` is out, after a try that began at `item.doubtful_since` or `item.sending_since`.

        `taken`: remote_ids and addresses that other items of ours hold; where texts are compared, an equal text there
        is another's. None: it was not found, and nothing more is known.
        """
        ...

    async def upload(self, media: Media) -> Media:
        """Uploads a file; the result has its remote_id. Raises Unsupported, Refused, AnswerLost."""
        ...

    async def act(self, act: Act) -> Sent | None:
        """Does an act that can be repeated without harm. Raises Unsupported."""
        ...

    def stream(self) -> AsyncIterator[None]:
        """Yields whenever something may have come, so that the engine fetches; once at the start. Raises Unsupported.

        Streams only say *that*: fetch with its cursor is the one way in, so a reconnect loses nothing.
        """
        ...

    async def aclose(self) -> None:
        """Closes connections."""
        ...
