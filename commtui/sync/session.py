"""One account while the engine runs: its network, what is known of it, and the sentence on its health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.community.joining import Owner
from commtui.config.settings import Account, Settings
from commtui.model.clock import Clock
from commtui.model.records import AccountState
from commtui.model.states import Health
from commtui.networks.base import (
    LoginRefused,
    Network,
    NetworkError,
    Profile,
    RateLimited,
)
from commtui.networks.boundary import error_line
from commtui.store.store import Store
from commtui.sync.connect import Connect
from commtui.sync.faults import FAULTS
from commtui.sync.language_hints import LanguageHints
from commtui.sync.whose import check_login

log = logging.getLogger("commtui.sync")
PROFILE_AGE = timedelta(hours=12)


class Session(Struct, eq=False):
    """An account's connection. Lives on the engine's loop."""

    account: Account
    store: Store
    clock: Clock
    settings: Callable[[], Settings]
    connect: Connect
    hints: LanguageHints | None = None
    """Guesses the languages of what comes in; None: nobody does."""
    network: Network | None = None
    profile: Profile | None = None
    profile_at: datetime | None = None
    failures: int = 0
    """How many rounds in a row failed; drives the backoff."""
    last_error: NetworkError | None = None
    """The error of the last round; None: it went through."""
    wait_until: datetime | None = None
    """No request before this moment (rate limit, backoff)."""
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Fetch, stream and delivery begin at the same moment: one of them connects."""
    new: int = 0
    """Mentions that came in, texts and acts that were sent, those that were refused: since the session began."""
    sent: int = 0
    failed: int = 0
    has_accepted: bool = False
    """Messages that the server kept aside were accepted since the last fetch began: now they can be fetched."""
    skipped: int = 0
    """Notifications that could not be read, since the session began."""
    missed_since: datetime | None = None
    """See AccountState; of this session."""
    opened: dict[str, datetime] = {}
    """The conversations that were looked at because a person opened them, and when."""
    _old: list[Network] = field(default_factory=list)
    """Connections that are to be closed."""

    @property
    def owner(self) -> Owner:
        """The account as intake knows it."""
        return Owner(self.account.id, self.account.network)

    @property
    def desk(self) -> Desk:
        """The desk on which rules work."""
        settings = self.settings()
        return Desk(self.store, self.clock, settings, settings.me)

    async def open(self) -> Network:
        """The network, its login checked to be the account's, its limits fresh. Raises NetworkError."""
        async with self.opening:
            if self.network is None:
                self.network = await self.connect(self.account)
            if self.profile_at is None or self.clock.now() - self.profile_at > PROFILE_AGE:
                self.profile_at = None
                profile = await self.network.check()
                check_login(self.account, self.state(), profile)
                self.profile, self.profile_at = profile, self.clock.now()
                self._keep_profile(profile)
            return self.network

    @property
    def is_checked(self) -> bool:
        """Whether the present connection's login was accepted."""
        return self.profile_at is not None

    def renew(self) -> None:
        """The next use connects anew, by the token as it is then. What is under way ends on the old connection."""
        if self.network is not None:
            self._old.append(self.network)
            self.network, self.profile_at = None, None

    async def close(self) -> None:
        """Ends its connections."""
        self.renew()
        await self.close_old()

    async def close_old(self) -> None:
        """Ends the connections that were renewed."""
        while self._old:
            try:
                await self._old.pop().aclose()
            except NetworkError as error:
                log.warning("%s: %s", self.account.name, error)
            except FAULTS:  # its connections are given up either way
                log.exception("%s: a fault of commtui's own or of a plug-in at closing", self.account.name)

    def state(self) -> AccountState:
        """What the store knows of it."""
        state = self.store.get(AccountState, self.account.id)
        if state is None:
            return AccountState(id=self.account.id, name=self.account.name, network=self.account.network)
        return state if state.name == self.account.name else replace(state, name=self.account.name)

    def _keep_profile(self, profile: Profile) -> None:
        with self.store.write() as write:
            state = self.state()
            write.put(
                replace(
                    state,
                    handle=profile.handle,
                    limits=profile.limits.counting_whole(state.counting),
                    capabilities=profile.capabilities,
                    user=profile.user,
                )
            )

    def record_counting(self, rule: str) -> None:
        """Records that the server counts links whole, and the rest by a rule: texts are counted so from now on."""
        log.warning("%s counts links whole, and the rest by the rule %s", self.account.name, rule)
        with self.store.write() as write:
            state = self.state()
            write.put(replace(state, counting=rule, limits=state.limits.counting_whole(rule)))

    def record_login(self, profile: Profile) -> None:
        """Records a login that was checked before the account's first round."""
        self._keep_profile(profile)
        self._write_health(Health.OK, None, None)

    def record_success(self) -> None:
        """Records that a round went through: in step with the network now."""
        self.failures, self.wait_until, self.last_error = 0, None, None
        self._write_health(Health.OK, None, self.clock.now())

    def record_error(self, error: NetworkError, retry_after: float) -> None:
        """Records that a round failed; the next one may be in `retry_after` seconds."""
        self.failures += 1
        self.last_error = error
        if isinstance(error, LoginRefused):
            health = Health.REFUSED
        elif isinstance(error, RateLimited):
            health = Health.LIMITED
        else:
            health = Health.OFFLINE
        self.wait_until = self.clock.now() + timedelta(seconds=retry_after)
        log.warning("%s: %s (%s); next try in %.0f s", self.account.name, error, type(error).__name__, retry_after)
        self._write_health(health, error_line(error), None)

    def _write_health(self, health: Health, error: str | None, synced_at: datetime | None) -> None:
        with self.store.write() as write:
            state = self.state()
            write.put(
                replace(
                    state,
                    health=health,
                    error=error,
                    since=state.since if state.health is health and state.since else self.clock.now(),
                    synced_at=synced_at or state.synced_at,
                )
            )

    @property
    def refused(self) -> bool:
        """Whether its login needs a person."""
        return self.state().health is Health.REFUSED
