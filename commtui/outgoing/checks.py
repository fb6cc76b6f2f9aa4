"""Checks a text against the limits of its network, before it is scheduled."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity.errors import BadAttachment
from commtui.activity.refusals import CannotSend
from commtui.model import threads
from commtui.model.abilities import Limits
from commtui.model.addressing import addressed, domain_of, local_name
from commtui.model.length import excess
from commtui.model.records import AccountState, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing.attachments import check_media
from commtui.store.store import Store


def limits_of(store: Store, account: str) -> Limits:
    """Returns the limits of the account's server; no limits until the server was asked once."""
    state = store.get(AccountState, account)
    return state.limits if state else Limits()


def puts_handles(store: Store, account: str) -> bool:
    """Whether the account's network puts the handles of those whom a reply is for before its text."""
    state = store.get(AccountState, account)
    return state is not None and state.capabilities.addresses


def as_sent(store: Store, account: str, text: str, mention: Mention | None, others: Sequence[str] = ()) -> str:
    """Returns the text as its network counts it: some put the handles of the author and of `others` before a reply."""
    state = store.get(AccountState, account)
    if mention is None or state is None or not state.capabilities.addresses:
        return text
    accts = [local_name(handle, state.handle) for handle in (mention.author, *others)]
    return addressed(text, accts, domain_of(state.handle))


def _can_be_cut(item: Outgoing, limits: Limits) -> bool:
    """Whether the text may go out as several posts that fit."""
    if threads.ASKED not in item.extra:
        return False
    try:
        threads.texts_of(item, limits)
    except ValueError:
        return False
    return True


def check(store: Store, item: Outgoing) -> None:
    """Raises CannotSend if its network does not accept it: nothing in it, too much, or a file that is refused."""
    if not item.text.strip() and not item.media:
        raise CannotSend("empty")
    mention = store.get(Mention, item.in_reply_to) if item.in_reply_to else None
    counted = item.text
    if item.state is not OutgoingState.SENT:
        counted = as_sent(store, item.account, item.text, mention, item.others)
    state = store.get(AccountState, item.account)
    for ability in ("threads", "quotes"):
        if ability.removesuffix("s") in item.extra and state and not getattr(state.capabilities, ability):
            raise CannotSend("ability", network=item.network, ability=ability)
    limits = limits_of(store, item.account)
    if item.state is not OutgoingState.SENT:
        try:
            check_media(item.media, [limits])
        except BadAttachment as error:
            raise CannotSend("media", media=error) from error
    exceeded = excess("" if _can_be_cut(item, limits) else counted, limits, item.spoiler, len(item.media))
    if exceeded:
        raise CannotSend("excess", excess=exceeded, addressed=counted != item.text)
