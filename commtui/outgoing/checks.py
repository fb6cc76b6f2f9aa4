"""Checks a text against what its network can take, before it is put on its way."""

from __future__ import annotations

from commtui.activity.refusals import CannotSend
from commtui.model.abilities import Limits
from commtui.model.addressing import addressed, domain_of, local_name
from commtui.model.length import excess
from commtui.model.records import AccountState, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store


def limits_of(store: Store, account: str) -> Limits:
    """The bounds of the account's server; without any until it was asked once."""
    known = store.get(AccountState, account)
    return known.limits if known else Limits()


def as_sent(store: Store, account: str, text: str, mention: Mention | None) -> str:
    """The text as its network will count it: some put before an answer the handle of whom it answers."""
    known = store.get(AccountState, account)
    if mention is None or known is None or not known.capabilities.addresses:
        return text
    return addressed(text, local_name(mention.author, known.handle), domain_of(known.handle))


def check(store: Store, item: Outgoing) -> None:
    """Raises CannotSend for what its network cannot take: nothing to say, too long, too many attachments."""
    if not item.text.strip() and not item.media:
        raise CannotSend("empty")
    mention = store.get(Mention, item.in_reply_to) if item.in_reply_to else None
    counted = item.text if item.state is OutgoingState.SENT else as_sent(store, item.account, item.text, mention)
    known = store.get(AccountState, item.account)
    for ability in ("threads", "quotes"):
        if ability.removesuffix("s") in item.extra and known and not getattr(known.capabilities, ability):
            raise CannotSend("ability", network=item.network, ability=ability)
    if "thread" in item.extra:  # its network cuts it into posts that fit
        return
    exceeded = excess(counted, limits_of(store, item.account), item.spoiler, len(item.media))
    if exceeded:
        raise CannotSend("excess", excess=exceeded, addressed=counted != item.text)
