"""The record of an account, as its engine keeps it."""

from __future__ import annotations

from msgspec import Struct

from commtui.model.abilities import Capabilities, Limits
from commtui.model.clock import AwareDatetime
from commtui.model.states import Health
from commtui.model.strings import Id, Opaque


class AccountState(Struct, frozen=True, kw_only=True):
    """What the engine knows of an account: its cursor in the network's notifications and its health."""

    id: Id
    name: str
    network: Id
    cursor: Opaque | None = None
    health: Health = Health.UNKNOWN
    since: AwareDatetime | None = None
    error: str | None = None
    synced_at: AwareDatetime | None = None
    """When the last fetch went through."""
    handle: Id = ""
    limits: Limits = Limits()
    counting: Id = ""
    """The rule by which a refusal showed that the server counts, links whole; it goes before what the server states."""
    capabilities: Capabilities = Capabilities()
    left_out: int = 0
    """Mentions older than the first sync's bound."""
    waits: dict[Opaque, AwareDatetime] = {}
    """Until when its server asked to wait, by what for (networks/gates.py)."""
    spent: dict[Opaque, int] = {}
    """What was used up of what its server allows for writes: points by the ten minutes, as to when these end (ISO)."""
    dates_off: float = 0.0
    """Seconds by which its server dates our texts ahead of our clock, by those that are known to be ours."""
    user: Id = ""
    """The lasting name of the login, when it was last checked."""
    skipped: int = 0
    """How many notifications could not be read, since the account was added."""
    skipped_at: AwareDatetime | None = None
    """When the last of those came."""
    missed_since: AwareDatetime | None = None
    """Some of what came after this moment was not in the server's list any more when it was fetched."""
    filtered: int = 0
    """Messages of strangers that the server keeps aside until they are accepted."""
    filtered_people: int = 0
    """How many people wrote them."""
    checked_at: AwareDatetime | None = None
    """When open mentions were last looked at."""
    checked_to: Id | None = None
    """The conversation after which the next turn begins; None: at the longest waiting one."""
