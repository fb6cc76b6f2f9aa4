"""All that is held here of a person: what an export gives, and what an erasure takes away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from commtui.activity.grouping import thread_of
from commtui.model.people import Link, Person, linked
from commtui.model.records import Act, Context, Conversation, Engagement, Mention, Note, Outgoing, RuleRun
from commtui.store.store import Store

R = TypeVar("R")


class PersonalData(NamedTuple):
    """The records of a person, and those that name them."""

    authors: tuple[str, ...]
    """The ids of all authors who are this person."""
    handles: tuple[str, ...]
    """All that they were called, `@user@host`."""
    mentions: tuple[Mention, ...]
    """What they wrote to us, oldest first."""
    context: tuple[Context, ...]
    """What they wrote to others, and stands in a thread here."""
    conversations: tuple[Conversation, ...]
    """Those in which they wrote to us."""
    alone: frozenset[str]
    """The ids of those of these in which nobody else did."""
    replies: tuple[Outgoing, ...]
    """What answers them, and posts made from their words."""
    acts: tuple[Act, ...]
    """What was done about them and their texts on the network."""
    notes: tuple[Note, ...]
    """The internal notes on the conversations in which nobody else wrote."""
    rule_runs: tuple[RuleRun, ...]
    """What rules did for what they wrote."""
    engagement: tuple[Engagement, ...]
    """Likes, boosts and follows that name them."""
    people: tuple[Person, ...]
    links: tuple[Link, ...]
    naming: tuple[Any, ...]
    """Every other record that says one of their handles."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all that is theirs, `naming` left out."""
        parts: Iterable[Any] = (*self.mentions, *self.context, *self.replies, *self.acts, *self.notes, *self.rule_runs)
        own = {record.id for record in (*parts, *self.links, *self.conversations)}
        return frozenset(own | set(self.authors))


def data_of(store: Store, author: str) -> PersonalData:
    """Returns all that is held of the person who an author is, by one pass over everything."""
    authors = linked(author, store.people.neighbours)
    numbers = [said.number for said in store.people.said(authors)]
    mentions = sorted(filter(None, (store.at(Mention, number) for number in numbers)), key=lambda each: each.created_at)
    handles = tuple(dict.fromkeys(mention.author for mention in mentions))
    naming = store.erasure.naming([handle.casefold() for handle in handles]) if handles else []
    own = {mention.id for mention in mentions}
    conversations = _conversations(store, mentions)
    within = {conversation.id for conversation in conversations}
    alone, threads = _alone(store, within, own)

    def is_theirs(part: Outgoing | Note) -> bool:
        return part.conversation in alone or thread_of(store, part) in threads

    replies = {item.id: item for identity in within for item in store.outgoing.of_conversation(identity)}
    answering = [item for item in replies.values() if item.in_reply_to in own or is_theirs(item)]
    answering += [
        item for item in _of(Outgoing, naming) if item.conversation is None and within & set(item.extra.values())
    ]
    about = own | within | {item.id for item in answering}
    acts = [act for identity in sorted(about) for act in store.acts.about(identity)]
    context = [each for each in _of(Context, naming) if each.author in handles]
    notes = [note for each in sorted(within) for note in store.in_conversation(Note, each) if is_theirs(note)]
    runs = [run for identity in sorted(within) for run in store.in_conversation(RuleRun, identity)]
    runs = [run for run in runs if run.mention in own or run.conversation in alone]
    engagement = _of(Engagement, naming)
    theirs = {*about, *(each.id for kind in (context, notes, engagement, acts, runs) for each in kind)}
    return PersonalData(
        authors=authors,
        handles=handles,
        mentions=tuple(mentions),
        context=tuple(context),
        conversations=tuple(conversations),
        alone=alone,
        replies=tuple(answering),
        acts=tuple(acts),
        notes=tuple(notes),
        rule_runs=tuple(runs),
        engagement=tuple(engagement),
        people=tuple(store.people.written(authors)),
        links=tuple({link.id: link for each in authors for link in store.people.links(each)}.values()),
        naming=tuple(record for record in naming if record.id not in theirs and not isinstance(record, Person | Link)),
    )


def _alone(store: Store, within: Collection[str], own: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the conversations in which only these mentions stand, and the threads of which only these are, also where
    a person merged them into the conversation of somebody else."""
    places: tuple[set[str], set[str]] = (set(), set())
    shared: tuple[set[str], set[str]] = (set(), set())
    for identity in within:
        for mention in store.mentions.of_conversation(identity):
            for kind, place in enumerate((identity, thread_of(store, mention))):
                places[kind].add(place)
                if mention.id not in own:
                    shared[kind].add(place)
    return frozenset(places[0] - shared[0]), frozenset(places[1] - shared[1])


def _of(kind: type[R], records: Sequence[Any]) -> list[R]:
    return [record for record in records if isinstance(record, kind)]


def _conversations(store: Store, mentions: Sequence[Mention]) -> list[Conversation]:
    """Returns the conversations of some mentions, those included that other ones took in."""
    found: dict[str, Conversation] = {}
    asked = list(dict.fromkeys(mention.conversation for mention in mentions))
    while asked:
        identity = asked.pop()
        record = store.get(Conversation, identity)
        if record is None or identity in found:
            continue
        found[identity] = record
        asked += [*store.conversations.folded_into(identity), *([record.folded_into] if record.folded_into else [])]
    return list(found.values())
