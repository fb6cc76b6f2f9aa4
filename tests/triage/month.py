"""A recorded month of a community, from a seed: records and steps of the log, put into a store as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from commtui.model import ids
from commtui.model.authors import person_id
from commtui.model.campaign_records import Campaign
from commtui.model.clock import to_iso
from commtui.model.people import Link, link_id
from commtui.model.records import Activity, Change, Conversation, Mention, Outgoing, Via
from commtui.model.states import ConversationStatus, OutgoingState, Priority
from commtui.store.store import Store

NOW = datetime(2026, 11, 16, 9, 30, 20, tzinfo=UTC)
"""Clocks go back in Berlin on 25 October."""
SPAN = timedelta(days=45)
AUTHORS = 1500
CAMPAIGNS = ("g00000000c1", "g00000000c2")
"""The second one is not there any more."""
WHO = ("me", "anna", "ben")
STEPS = ("message", "message", "message", "bot", "reply", "reply", "reply", "done", "done", "reopen", "snooze", "undo")


class Month:
    """What is put into the store, as it is made."""

    def __init__(self, seed: int, accounts: tuple[str, ...]) -> None:
        self.random, self.accounts = Random(seed), accounts
        self.records: list[Any] = []
        self.steps: list[Activity] = []
        self.mentions = 0

    def fill(self, store: Store, mentions: int) -> None:
        """Makes conversations until there are that many mentions, and writes it all."""
        merged: list[Conversation] = []
        while self.mentions < mentions:
            elder = self.random.choice(merged) if merged and self.random.random() < 0.05 else None
            merged.append(self.conversation(elder))
            if elder is not None:
                merged.pop()
        for number in range(0, AUTHORS, 100):
            one, other = (person_id("demo", f"did:{each}", "") for each in (number, number + 1))
            self.records.append(Link(id=link_id(one, other), one=one, other=other, who="me", at=NOW - SPAN))
        self.records.append(Campaign(id=CAMPAIGNS[0], name="Spring roast", created_at=NOW - SPAN, zone="UTC"))
        self.steps.sort(key=lambda step: step.at)
        for begin in range(0, len(self.records), 1000):
            with store.write(durable=False) as write:
                for record in self.records[begin : begin + 1000]:
                    write.put(record)
        with store.write() as write:
            for step in self.steps:
                write.log(step)

    def conversation(self, elder: Conversation | None) -> Conversation:
        """Makes a conversation with its mentions, replies and steps; `elder`: the one that it was folded into."""
        random = self.random
        account = elder.account if elder else random.choice(self.accounts)
        author, at = random.randrange(AUTHORS), NOW - timedelta(seconds=random.randrange(int(SPAN.total_seconds())))
        first = self.mention(account, author, at, elder.id if elder else "", random.random() < 0.05)
        own = ids.conversation_id(first.id)
        into = elder.id if elder else own
        state = {"status": "open", "since": to_iso(at)}
        undoable: list[Activity] = []
        for _ in range(random.randrange(1, 9)):
            at += timedelta(seconds=int(random.expovariate(1 / 30_000)) + 61)
            if at > NOW - timedelta(hours=1):
                break
            step = random.choice(STEPS)
            if step in ("message", "bot"):
                self.mention(account, random.randrange(AUTHORS) if step == "bot" else author, at, into, step == "bot")
                if state["status"] != "open" or state["since"] > to_iso(at):
                    self.log("commtui", "arrive", own, state, at, status="open", since=to_iso(at))
                undoable.clear()
            elif step == "reply":
                self.log(random.choice(WHO), "reply", own, state, at, status="waiting")
                self.reply(account, into, at + timedelta(seconds=random.randrange(60)), OutgoingState.SENT)
                undoable.clear()
            elif step == "undo":
                self.undo(undoable, own, state, at)
            elif step == "done" and state["status"] != "done":
                undoable.append(self.log(random.choice(WHO), "done", own, state, at, status="done"))
            elif step == "reopen" and state["status"] != "open":
                undoable.append(self.log("rule:x", "reopen", own, state, at, status="open", since=to_iso(at)))
            elif step == "snooze" and state["status"] != "open":
                wake = to_iso(at + timedelta(seconds=random.randrange(60, 90_000)))
                undoable.append(self.log("me", "snooze", own, state, at, status="open", since=wake))
        if random.random() < 0.1:
            self.reply(account, into, at, random.choice((OutgoingState.DRAFT, OutgoingState.FAILED)))
        record = Conversation(
            id=own,
            account=account,
            network="demo",
            status=ConversationStatus(state["status"]),
            since=datetime.fromisoformat(state["since"]),
            newest=first.id,
            newest_at=first.created_at,
            author=first.author,
            author_name="",
            text="hello",
            muted=random.random() < 0.03,
            assignee=random.choice((None, None, *WHO)),
            tags=tuple(sorted(random.sample(("billing", "praise", "press"), random.randrange(3)))),
            priority=random.choice(tuple(Priority)),
            via=random.choice(tuple(Via)),
            folded_into=elder.id if elder else None,
            campaign=random.choice((None, None, None, *CAMPAIGNS)),
        )
        self.records.append(record)
        return record

    def mention(self, account: str, author: int, at: datetime, conversation: str, bot: bool) -> Mention:
        """Makes a mention; without a `conversation` it opens one."""
        self.mentions += 1
        identity = ids.mention_id("demo", account, str(self.mentions))
        record = Mention(
            id=identity,
            account=account,
            network="demo",
            remote_id=str(self.mentions),
            via=Via.MENTION,
            conversation=conversation or ids.conversation_id(identity),
            author=f"@a{author}@example.org",
            author_id=f"did:{author}",
            author_name="",
            text="hello",
            created_at=at,
            bot=bot,
            erased=author % 97 == 0,
        )
        self.records.append(record)
        return record

    def reply(self, account: str, conversation: str, at: datetime, state: OutgoingState) -> None:
        """Makes a reply."""
        self.records.append(
            Outgoing(
                id=ids.derived(ids.REPLY, str(len(self.records))),
                account=account,
                network="demo",
                text="hello",
                state=state,
                created_at=at - timedelta(minutes=2),
                key="k",
                conversation=conversation,
                author=self.random.choice(WHO),
                sent_at=at if state is OutgoingState.SENT else None,
            )
        )

    def log(
        self, who: str, verb: str, conversation: str, state: dict[str, str], at: datetime, **fields: str
    ) -> Activity:
        """Makes a step that changes the state of a conversation."""
        after = {name: value for name, value in fields.items() if state[name] != value}
        change = Change(
            table="conversations", id=conversation, before={name: state[name] for name in after}, after=after
        )
        state.update(fields)
        op_id = f"op{len(self.steps)}"
        step = Activity(op_id=op_id, at=at, who=who, verb=verb, ids=(conversation,), changes=(change,))
        self.steps.append(step)
        return step

    def undo(self, undoable: list[Activity], conversation: str, state: dict[str, str], at: datetime) -> None:
        """Takes the last step back; sometimes does it again."""
        verbs: Iterator[str] = iter(("undo", "redo") if self.random.random() < 0.3 else ("undo",))
        if not undoable:
            return
        step = undoable.pop()
        for number, verb in enumerate(verbs):
            fields = step.changes[0].before or {}
            moment = at + timedelta(seconds=number)
            taken = self.log("me", verb, conversation, state, moment, **fields)
            self.steps[-1] = Activity(
                op_id=taken.op_id,
                at=moment,
                who="me",
                verb=verb,
                ids=taken.ids,
                changes=taken.changes,
                undoes=step.op_id,
            )
            step = self.steps[-1]
