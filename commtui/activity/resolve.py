"""Finds the records that a person names: by whole ids and unique prefixes, conversations also by their mentions."""

from __future__ import annotations

from collections.abc import Iterable

from commtui.activity.errors import AmbiguousId, MissingRecord, NothingToAnswer, UnknownId, WrongKind
from commtui.model import ids
from commtui.model.records import Act, Conversation, Mention, Outgoing
from commtui.store.store import Store

KIND_NAMES = {"m": "mention", "c": "conversation", "r": "reply", "p": "post", "b": "post", "x": "act"}
NAMED_MOST = 10
"""How many candidates of an ambiguous prefix are listed; the others are counted."""
NO_LIMIT = 1_000_000_000
Item = Mention | Conversation | Outgoing | Act
_KINDS: dict[str, type[Item]] = {"m": Mention, "c": Conversation, "r": Outgoing, "p": Outgoing, "x": Act}


def whole_id(store: Store, text: str) -> str:
    """Returns the whole id that `text` is, or is a unique prefix of. Raises UnknownId, AmbiguousId."""
    text = text.strip().lower()
    if text[:1] not in KIND_NAMES:
        raise UnknownId(text)
    if len(text) == ids.LENGTH + 1:
        return text
    if text[0] == ids.POST:
        matches = sorted({item.post for item in store.all(Outgoing) if item.post and item.post.startswith(text)})
    else:
        matches = store.with_prefix(text, most=NAMED_MOST)
    if len(matches) > 1:
        if len(matches) >= NAMED_MOST and text[0] != ids.POST:
            matches = store.with_prefix(text, most=NO_LIMIT)
        raise AmbiguousId(text, matches[:NAMED_MOST], max(0, len(matches) - NAMED_MOST))
    if not matches:
        raise UnknownId(text, KIND_NAMES[text[0]])
    return matches[0]


def item(store: Store, text: str) -> Item:
    """Returns the mention, conversation, outgoing item or act that `text` names. Raises UnknownId, AmbiguousId."""
    item_id = whole_id(store, text)
    record = store.get(_KINDS[item_id[0]], item_id) if item_id[0] in _KINDS else None
    if record is None or record.id != item_id:
        raise UnknownId(item_id, KIND_NAMES[item_id[0]])
    return record


def elder(store: Store, conversation: Conversation) -> Conversation:
    """Returns the conversation itself, or the one that it was folded into: the id of a folded one stays valid."""
    while conversation.folded_into:
        into = store.get(Conversation, conversation.folded_into)
        if into is None:
            break
        conversation = into
    return conversation


def conversation(store: Store, text: str) -> Conversation:
    """Returns the conversation of an id: its own, or that of its mention or reply.

    Raises UnknownId, AmbiguousId, WrongKind, MissingRecord.
    """
    record = item(store, text)
    if isinstance(record, Mention):
        within: str | None = record.conversation
    elif isinstance(record, Outgoing):
        within = record.conversation
        if within is None:
            raise WrongKind(record.id, "post", "conversation")
    elif isinstance(record, Act):
        raise WrongKind(record.id, "act", "conversation")
    else:
        return elder(store, record)
    found = store.get(Conversation, within) if within else None
    if found is None:
        raise MissingRecord(record.id)
    return elder(store, found)


def conversations(store: Store, texts: Iterable[str]) -> list[Conversation]:
    """Returns the conversation of each id, without duplicates, in the given order. Raises as `conversation` does."""
    texts = list(texts)
    whole = [text for text in texts if text[:1] == ids.CONVERSATION and len(text) == ids.LENGTH + 1]
    known = store.get_each(Conversation, whole) if len(whole) > 1 else {}
    by_id: dict[str, Conversation] = {}
    for text in texts:
        found = known.get(text)
        found = conversation(store, text) if found is None or found.folded_into else found
        by_id[found.id] = found
    return list(by_id.values())


def outgoing(store: Store, text: str) -> list[Outgoing]:
    """Returns the outgoing item of an id, or all variants of a post. Raises UnknownId, AmbiguousId, WrongKind."""
    item_id = whole_id(store, text)
    if item_id[0] == ids.POST:
        variants = store.outgoing.of_post(item_id)
        if not variants:
            raise UnknownId(item_id, "post")
        return variants
    record = item(store, item_id)
    if not isinstance(record, Outgoing):
        raise WrongKind(item_id, KIND_NAMES[item_id[0]], "outgoing")
    return [record]


def handle(store: Store, text: str) -> str:
    """Returns `@user@host` of the author of a mention, or of the mention that a reply or an act is about.

    Empty for a post of ours and for an id of another kind. Raises UnknownId, AmbiguousId.
    """
    if not text or text[0] not in _KINDS:
        return ""
    record: Item | None = item(store, text)
    if isinstance(record, Act):
        record = store.get(_KINDS[record.of[0]], record.of) if record.of and record.of[0] in _KINDS else None
    if isinstance(record, Outgoing):
        record = store.get(Mention, record.in_reply_to) if record.in_reply_to else None
    return record.author if isinstance(record, Conversation | Mention) else ""


def answered(store: Store, text: str) -> tuple[Mention, Conversation]:
    """Returns the mention that `reply ID` answers (of a conversation the newest), and its conversation.

    Raises UnknownId, AmbiguousId, WrongKind, NothingToAnswer.
    """
    record = item(store, text)
    within = conversation(store, text)
    if isinstance(record, Outgoing) and record.in_reply_to:
        record = store.get(Mention, record.in_reply_to) or record
    mention = record if isinstance(record, Mention) else store.get(Mention, within.newest)
    if mention is None or mention.erased:
        raise NothingToAnswer(within.id)
    return mention, within
