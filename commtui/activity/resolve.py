"""From what a person names to what it is: whole ids and unique prefixes, mentions to their conversations."""

from __future__ import annotations

from collections.abc import Iterable

from commtui.activity.errors import AmbiguousId, MissingRecord, NothingToAnswer, UnknownId, WrongKind
from commtui.model import ids
from commtui.model.records import Act, Conversation, Mention, Outgoing
from commtui.store.store import Store

KIND_NAMES = {"m": "mention", "c": "conversation", "r": "reply", "p": "post", "b": "post", "x": "act"}
NAMED_MOST = 10
"""How many candidates of a beginning are named; the others are counted."""
EVERY = 1_000_000_000
Item = Mention | Conversation | Outgoing | Act
_KINDS: dict[str, type[Item]] = {"m": Mention, "c": Conversation, "r": Outgoing, "p": Outgoing, "x": Act}


def whole_id(store: Store, text: str) -> str:
    """The id that `text` is or begins. Raises UnknownId, AmbiguousId."""
    text = text.strip().lower()
    if text[:1] not in KIND_NAMES:
        raise UnknownId(text)
    if len(text) == ids.LENGTH + 1:
        return text
    if text[0] == ids.POST:
        found = sorted({item.post for item in store.all(Outgoing) if item.post and item.post.startswith(text)})
    else:
        found = store.with_prefix(text, most=NAMED_MOST)
    if len(found) > 1:
        if len(found) >= NAMED_MOST and text[0] != ids.POST:
            found = store.with_prefix(text, most=EVERY)
        raise AmbiguousId(text, found[:NAMED_MOST], max(0, len(found) - NAMED_MOST))
    if not found:
        raise UnknownId(text, KIND_NAMES[text[0]])
    return found[0]


def item(store: Store, text: str) -> Item:
    """The mention, conversation, outgoing item or act that `text` names. Raises UnknownId, AmbiguousId."""
    identity = whole_id(store, text)
    found = store.get(_KINDS[identity[0]], identity) if identity[0] in _KINDS else None
    if found is None or found.id != identity:
        raise UnknownId(identity, KIND_NAMES[identity[0]])
    return found


def elder(store: Store, conversation: Conversation) -> Conversation:
    """The conversation itself, or the one that took it in: a folded id goes on working."""
    while conversation.folded_into:
        found = store.get(Conversation, conversation.folded_into)
        if found is None:
            break
        conversation = found
    return conversation


def conversation(store: Store, text: str) -> Conversation:
    """The conversation that an id names: its own, a mention's, a reply's. Raises UnknownId, AmbiguousId, WrongKind."""
    found = item(store, text)
    if isinstance(found, Mention):
        within: str | None = found.conversation
    elif isinstance(found, Outgoing):
        within = found.conversation
        if within is None:
            raise WrongKind(found.id, "post", "conversation")
    elif isinstance(found, Act):
        raise WrongKind(found.id, "act", "conversation")
    else:
        return elder(store, found)
    held = store.get(Conversation, within) if within else None
    if held is None:
        raise MissingRecord(found.id)
    return elder(store, held)


def conversations(store: Store, texts: Iterable[str]) -> list[Conversation]:
    """Each conversation that is named, once, in the order of naming. One bad id and none is given."""
    found = {each.id: each for each in (conversation(store, text) for text in texts)}
    return list(found.values())


def outgoing(store: Store, text: str) -> list[Outgoing]:
    """The outgoing item of an id, or all variants of a post's. Raises UnknownId, AmbiguousId, WrongKind."""
    identity = whole_id(store, text)
    if identity[0] == ids.POST:
        found = store.outgoing.of_post(identity)
        if not found:
            raise UnknownId(identity, "post")
        return found
    thing = item(store, identity)
    if not isinstance(thing, Outgoing):
        raise WrongKind(identity, KIND_NAMES[identity[0]], "outgoing")
    return [thing]


def handle(store: Store, text: str) -> str:
    """`@user@host` of whoever wrote what an id names, or whom it answers or is done to; empty where nobody is.

    Raises UnknownId, AmbiguousId.
    """
    if not text or text[0] not in _KINDS:
        return ""
    found: Item | None = item(store, text)
    if isinstance(found, Act):
        found = store.get(_KINDS[found.of[0]], found.of) if found.of and found.of[0] in _KINDS else None
    if isinstance(found, Outgoing):
        found = store.get(Mention, found.in_reply_to) if found.in_reply_to else None
    return found.author if isinstance(found, Conversation | Mention) else ""


def answered(store: Store, text: str) -> tuple[Mention, Conversation]:
    """What `reply ID` answers: the mention itself, or the newest of a conversation, and its conversation.

    Raises UnknownId, AmbiguousId, WrongKind.
    """
    named = item(store, text)
    holder = conversation(store, text)
    if isinstance(named, Outgoing) and named.in_reply_to:
        named = store.get(Mention, named.in_reply_to) or named
    mention = named if isinstance(named, Mention) else store.get(Mention, holder.newest)
    if mention is None:
        raise NothingToAnswer(holder.id)
    return mention, holder
