"""Handles: whether a text mentions one, and those that are put before a reply that does not mention them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from commtui.model.servers import ascii_host

_LEADING = re.compile(r"\s*(@[\w-]+(?:[.-][\w-]+)*(?:@[\w-]+(?:\.[\w-]+)+(?::\d+)?)?)[,:]?(?:\s+|$)")
"""A handle at the beginning, and what separates it from what follows."""


def mentions(text: str, acct: str, domain: str) -> bool:
    """Whether `text` mentions an account: `@user@host`, or `@user` alone for one of the server's own.

    The host may be written in Unicode or in its IDNA form.
    """
    name, _, host = acct.lower().partition("@")
    handle = rf"(?<![\w/@])@{re.escape(name)}(?:@([\w-]+(?:\.[\w-]+)*(?::\d+)?))?(?![\w@]|[.:-]\w)"
    for match in re.finditer(handle, text.lower()):
        if match[1] is None:
            if not host or canonical_host(host) == canonical_host(domain):
                return True
        elif canonical_host(match[1]) == canonical_host(host or domain):
            return True
    return False


def addressed(text: str, accts: Iterable[str], domain: str) -> str:
    """The text with the handles of those accounts before it that it does not mention, as Mastodon's own web client
    does for the author and all others who are named.

    Without, an answer notifies nobody on some servers, and a direct one reaches nobody on any.
    """
    missing: list[str] = []
    for acct in accts:
        if not mentions(text, acct, domain) and not any(same_account(acct, other, domain) for other in missing):
            missing.append(acct)
    return "".join(f"@{acct} " for acct in missing) + text


def without_leading(text: str, ours: Iterable[str]) -> str:
    """The text without the handles of `ours` (`@user@host`) with which it begins; the text itself if it says nothing
    else."""
    known = {(*_key(handle, ""),) for handle in ours}
    names = {name for name, _ in known}
    rest = text
    while match := _LEADING.match(rest):
        name, host = _key(match[1], "")
        if (name, host) not in known and (host or name not in names):
            break
        rest = rest[match.end() :]
    return rest if rest.strip() else text


def same_account(one: str, other: str, domain: str) -> bool:
    """Whether two accounts (`user`, of the server `domain`, or `user@host`) are one; case and form of the host are
    nothing to go by."""
    return _key(one, domain) == _key(other, domain)


def _key(acct: str, domain: str) -> tuple[str, str]:
    name, _, host = acct.removeprefix("@").partition("@")
    return name.casefold(), canonical_host(host or domain)


def local_name(author: str, ours: str) -> str:
    """A handle as our server writes it: `@ada@host` as `ada@host`, or as `ada` if the host is that of `ours`."""
    name, _, host = author.lstrip("@").partition("@")
    return name if not host or canonical_host(host) == domain_of(ours) else f"{name}@{host}"


def domain_of(handle: str) -> str:
    """The host of `@user@host` in lower case and ASCII (its IDNA form); empty if it has none."""
    return canonical_host(handle.lstrip("@").partition("@")[2])


def canonical_handle(handle: str) -> str:
    """A handle (`@user@host` or `user@host`) with its host in the one form by which two spellings are equal."""
    user, at, host = handle.rpartition("@")
    return f"{user}@{canonical_host(host)}" if at and user.strip("@") else handle


def canonical_host(host: str) -> str:
    """A host, with a port or without, in lower case and ASCII (its IDNA form); what is no host stays in lower case."""
    name, colon, port = host.rpartition(":") if re.search(r"[^:]:\d+$", host) else (host, "", "")
    try:
        return ascii_host(name) + colon + port
    except ValueError:
        return host.lower()
