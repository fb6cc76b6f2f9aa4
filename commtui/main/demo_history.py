"""A demo's history, written into its new home: what came, by its networks, and what the team did with it.

All of it goes through intake and verbs, each at its own time, in one transaction: log, people and report are those of a
home that was in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from commtui.activity import passive_log
from commtui.activity.desk import Desk
from commtui.community import conversations, intake, merging, muting, people, replies
from commtui.community.joining import Owner
from commtui.config.paths import Home
from commtui.config.settings import Account, Settings
from commtui.main.demo_calendar import fill_calendar, make_campaigns
from commtui.marketing.posts import write_post
from commtui.model import ids
from commtui.model.clock import Clock, Moment
from commtui.model.records import AccountState, Outgoing
from commtui.networks.base import FIRST_SYNC_MOST, Sent
from commtui.networks.demo import Demo, SecondDemo
from commtui.networks.demo.history import PAST, OldConversation, past_life
from commtui.networks.demo.shared import SharedWorld
from commtui.networks.demo.timeline import WorldEvent
from commtui.networks.demo.world import cursor_of
from commtui.store.store import Store
from commtui.store.write import Write
from commtui.sync.connect import login_for
from commtui.sync.ledger import Ledger
from commtui.triage import rules

OPTION: Final = "history"
"""The option of the accounts whose home gets a history."""
NETWORKS: Final = {network.name: network for network in (Demo, SecondDemo)}
PLANNED: Final = timedelta(days=6)
"""How long before the demo begins its campaigns were planned."""
MINUTE: Final = timedelta(minutes=1)
ANNAS: Final = 45
"""Of a hundred conversations so many are Anna's; BENS are Ben's; the rest is ours."""
BENS: Final = 30
ASSIGNED: Final = 0.75
"""How often who answers takes the conversation first."""
WRITTEN: Final[tuple[Callable[[Desk], object], ...]] = (
    lambda desk: people.link(desk, "@mira@beans.example", "@mira.plaza.example"),
    lambda desk: people.link(desk, "@gus@roast.example", "@gus.plaza.example"),
    lambda desk: people.mark(desk, "@mira@beans.example", "vip"),
    lambda desk: people.note(desk, "@mira@beans.example", "half bags, for her father: one cup a day"),
    lambda desk: people.tag(desk, "@oona@makers.example", "press"),
    lambda desk: people.note(desk, "@oona@makers.example", "writes a column on Thursdays; quotes only with a link"),
    lambda desk: people.tag(desk, "@pete@pourover.example", "wholesale"),
    lambda desk: people.tag(desk, "@marlow@roast.example", "wholesale"),
    lambda desk: people.tag(desk, "@ike@makers.example", "contributor"),
)
"""What is written down about people."""
Move = tuple[datetime, int, Callable[[], object]]
"""Something that happened: when, its number among the account's, and what does it."""


def fill(home: Home, store: Store, clock: Clock, settings: Settings) -> None:
    """Writes the history of a demo's home that has none yet. Raises StoreError; NetworkError for a world that cannot be
    stored."""
    accounts = [account for account in settings.accounts if account.options.get(OPTION) and account.network in NETWORKS]
    if not accounts or store.get(AccountState, accounts[0].id) is not None:
        return
    with store.write(durable=False) as write:
        undo = store.log.undo_stack(settings.me)
        lives = [_Life(home, store, write, clock, settings, account) for account in accounts]
        planned = Desk(store, Moment(clock.now() - PLANNED), settings, settings.me)
        found = [move for life in lives for move in life.moves()]
        found.append((planned.now, 0, partial(make_campaigns, planned, accounts[0].name, clock.now())))
        moves = sorted(found, key=lambda move: move[:2])
        for _, _, do in moves:
            do()
        noted = Desk(store, Moment(moves[-1][0]), settings, _teammate(settings, 0))
        for step in WRITTEN:
            step(noted)
        for life in lives:
            life.keep_cursor()
        fill_calendar(Desk(store, clock, settings, settings.me), accounts[0].name)
        write.set_undo(settings.me, *undo)  # nobody undoes by chance what was weeks ago


def _teammate(settings: Settings, number: int) -> str:
    return settings.teammates[number] if number < len(settings.teammates) else settings.me


class _Life:
    """The history of one account."""

    def __init__(
        self, home: Home, store: Store, write: Write, clock: Clock, settings: Settings, account: Account
    ) -> None:
        network = NETWORKS[account.network]
        login = login_for(home, clock, account, network.needs_token)
        shared = SharedWorld(login, account.user or network.script.brand.user, network.script, network.file)
        self._world, self._script = shared.now(), network.script
        self._life = past_life(self._world.seed, network.script)
        self._store, self._write, self._settings, self._account = store, write, settings, account
        self._owner = Owner(account.id, account.network)
        named = ((post.name, post.campaign) for post in network.script.past_posts)
        self._campaigns = {self._world.seed.remote_id(f"post:{name}"): campaign for name, campaign in named}
        """The campaign of a post, by its remote id."""
        self._written: dict[str, str] = {}
        """remote_id of a text of ours -> the item that it will be."""
        self._merged: dict[str, str] = {}
        """The word of two episodes -> the conversation of the first."""

    def moves(self) -> Iterator[Move]:
        """What happened, in no order."""
        found: list[tuple[datetime, Callable[[], object]]] = []
        for status in [self._world.statuses[ours.remote_id] for _, ours in self._life.posts] + [
            self._world.statuses[self._world.seed.remote_id(f"post:{post.name}")] for post in self._script.past_posts
        ]:
            found += self._post(status.remote_id)
        found += [(event.at, partial(self._react, event)) for event in self._life.reactions]
        for number, old in enumerate(self._life.conversations):
            found += self._conversation(old, self._world.seed.random(f"team:{number}"))
        return ((at, number, do) for number, (at, do) in enumerate(found))

    def keep_cursor(self) -> None:
        """What came later is fetched, where it is not there yet."""
        key, _ = self._world.before(self._world.seed.start - PAST, FIRST_SYNC_MOST)
        self._write.put(
            AccountState(
                id=self._account.id, name=self._account.name, network=self._account.network, cursor=cursor_of(key)
            )
        )

    def _desk(self, who: str, at: datetime) -> Desk:
        return Desk(self._store, Moment(at), self._settings, who)

    # posts

    def _post(self, remote_id: str) -> Iterator[tuple[datetime, Callable[[], object]]]:
        status = self._world.statuses[remote_id]
        begun = status.created_at - timedelta(days=1)
        campaign = self._campaigns.get(remote_id)

        def write() -> None:
            desk = self._desk(_teammate(self._settings, 0), begun)
            items, _ = write_post(desk, status.text, [self._account.name], at=status.created_at, campaign=campaign)
            self._written[remote_id] = items[0].id

        yield begun, write
        yield status.created_at, partial(self._send, remote_id)

    def _react(self, event: WorldEvent) -> None:
        by = event.who.handle if event.who else ""
        status = self._world.statuses[event.remote_id]
        intake.add_engagement(
            self._store, self._write, self._owner, event.does.value, event.remote_id, by, event.at, status=status
        )

    def _send(self, remote_id: str) -> None:
        """It leaves, as delivery writes it."""
        status, item = self._world.statuses[remote_id], self._store.get(Outgoing, self._written[remote_id])
        ledger = Ledger(self._store, Moment(status.created_at))
        sending = ledger.begin(item) if item else None
        if sending is not None:
            ledger.accept(sending, Sent(remote_id, status.url, status.created_at))

    # conversations

    def _conversation(self, old: OldConversation, random: Random) -> Iterator[tuple[datetime, Callable[[], object]]]:
        episode, said = old.episode, old.said
        draw = random.uniform(0, 100)
        who = _teammate(self._settings, 0 if draw < ANNAS else 1 if draw < ANNAS + BENS else 2)
        conversation = ids.conversation_id(self._mention(said[0]))
        for number, event in enumerate(said):
            if event.who:
                yield event.at, partial(self._arrive, event)
            else:
                yield event.at - self._settings.hold, partial(self._reply, event, said[number - 1], who)
                yield event.at, partial(self._send, event.remote_id)
        ours = next((event.at for event in said if event.who is None), None)
        handled = ours - 3 * MINUTE if ours else said[-1].at + random.uniform(10, 200) * MINUTE

        def at(moment: datetime, do: Callable[..., object], *given: object) -> tuple[datetime, Callable[[], object]]:
            return moment, lambda: do(self._desk(who, moment), *given)

        if episode.reopened:
            yield at(said[0].at + 5 * MINUTE, conversations.done, (conversation,))
            yield at(handled - 5 * MINUTE, conversations.reopen, (conversation,))
        if random.random() < ASSIGNED:
            yield at(handled, conversations.assign, (conversation,), who)
        for name in episode.tags:
            yield at(handled + MINUTE, conversations.tag, (conversation,), name)
        if episode.note:
            yield at(handled + 2 * MINUTE, conversations.note, (conversation,), episode.note)
        first = self._merged.setdefault(episode.same, conversation) if episode.same else conversation
        if first != conversation:
            yield at(said[0].at + MINUTE, merging.merge, (first, conversation))
        last = max(handled, said[-1].at) + random.uniform(3, 60) * MINUTE
        if episode.left == "muted":
            yield at(handled, muting.spam, (conversation,))
        elif episode.left == "snoozed":
            until = self._world.seed.start + timedelta(days=2, hours=random.randrange(48))
            yield at(last, conversations.snooze_until, (conversation,), until)
        elif episode.left == "done" and not (episode.same and ours is None):
            yield at(last, conversations.done, (conversation,))

    def _mention(self, event: WorldEvent) -> str:
        return ids.mention_id(self._account.network, self._account.id, event.remote_id)

    def _arrive(self, event: WorldEvent) -> None:
        """It comes, as a fetch brings it."""
        status = self._world.statuses[event.remote_id]
        via = self._world.via(event, status)
        with self._store.write() as write:
            mention = intake.add_mention(self._store, write, self._owner, status, via, event.at, event.at)
            if mention is not None:
                passive_log.log_intake(write, event.at, passive_log.ARRIVE, (mention.id,), self._account.name)
                rules.run_on_mentions(self._desk(self._settings.me, event.at), write, [mention])

    def _reply(self, event: WorldEvent, answered: WorldEvent, who: str) -> None:
        desk = self._desk(who, event.at - self._settings.hold)
        item, _ = replies.reply(desk, self._mention(answered), event.text)
        self._written[event.remote_id] = item.id
