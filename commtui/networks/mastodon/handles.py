"""Who is named by a status, and which handles go before what answers it."""

from __future__ import annotations

from urllib.parse import urlsplit

from commtui.model.addressing import canonical_handle, local_name, mentions, same_account
from commtui.model.records import Act, Outgoing
from commtui.networks.mastodon import entities
from commtui.networks.mastodon.us import Us


def handle_of(acct: str, domain: str) -> str:
    """The handle (`@user@host`) of an `acct`. A local account's has no host: the server's domain stands in."""
    return canonical_handle(f"@{acct}" if "@" in acct else f"@{acct}@{domain}")


def acct_of(mention: entities.StatusMention) -> str:
    """The `acct` of an account that a status names, where it is missing as its address tells; empty if nothing does."""
    if mention.acct:
        return mention.acct.removeprefix("@")
    try:
        parts = urlsplit(mention.url)
    except ValueError:
        return mention.username
    name = mention.username or parts.path.rstrip("/").rpartition("/")[2].removeprefix("@")
    return f"{name}@{parts.netloc}" if name and parts.netloc else name


def is_us(mention: entities.StatusMention, us: Us) -> bool:
    """Whether a status names us here. The name decides: on some servers the ids in this list are 0, 1 and so on."""
    acct = acct_of(mention)
    return same_account(acct, us.name, us.domain) if acct and us.name else mention.id == us.id


def others(entity: entities.Status, us: Us) -> tuple[str, ...]:
    """The handles (`@user@host`) of those whom a status names beside us and its author, each once."""
    named: list[str] = []
    for mention in entity.mentions:
        acct = acct_of(mention)
        known = [entity.account.acct, *named]
        if acct and not is_us(mention, us) and not any(same_account(acct, other, us.domain) for other in known):
            named.append(acct)
    return tuple(handle_of(acct, us.domain) for acct in named)


def names(entity: entities.Status, shown: str, acct: str, us: Us) -> bool:
    """Whether a status names an account, in its text (`shown`) or beside it."""
    beside = (acct_of(mention) for mention in entity.mentions)
    return mentions(shown, acct, us.domain) or any(same_account(acct, other, us.domain) for other in beside if other)


def before_answer(answered: entities.Status, item: Outgoing, us: Us) -> list[str]:
    """The accounts whose handles go before an answer: its author, if that is not us, and whom the item keeps."""
    author = [] if answered.account.id == us.id else [answered.account.acct]
    return author + [local_name(other, f"@{us.name}@{us.domain}") for other in item.others]


def before_edited(act: Act, edited: entities.Status, shown: str, parent: entities.Status | None, us: Us) -> list[str]:
    """The accounts whose handles an edited answer keeps: the author of what it answers, and those that stand in it now
    (`shown`) though nobody typed them (`extra["typed"]`: the old text as it was typed)."""
    author = [parent.account.acct] if parent is not None and parent.account.id != us.id else []
    typed = act.extra.get("typed", "")
    named = [acct_of(mention) for mention in edited.mentions if not is_us(mention, us)]
    put = [acct for acct in named if acct and mentions(shown, acct, us.domain) and not mentions(typed, acct, us.domain)]
    return author + put
