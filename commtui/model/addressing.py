"""Handles: whether a text mentions one, and the one that is put before a reply without a mention."""

from __future__ import annotations

import re

from commtui.model.servers import ascii_host


def mentions(text: str, acct: str, domain: str) -> bool:
    """Whether `text` mentions an account: `@user@host`, or `@user` alone for one of the server's own.

    The host may be written in Unicode or in its IDNA form.
    """
    name, _, host = acct.lower().partition("@")
    handle = rf"(?<![\w/@])@{re.escape(name)}(?:@([\w-]+(?:\.[\w-]+)*(?::\d+)?))?(?![\w@]|[.:-]\w)"
    for match in re.finditer(handle, text.lower()):
        if match[1] is None:
            if not host:
                return True
        elif _canonical(match[1]) == _canonical(host or domain):
            return True
    return False


def addressed(text: str, acct: str, domain: str) -> str:
    """The text with the author's handle before it, unless it has it, as Mastodon's own web client does.

    Without, an answer notifies nobody on some servers, and a direct one reaches nobody on any.
    """
    return text if mentions(text, acct, domain) else f"@{acct} {text}"


def local_name(author: str, ours: str) -> str:
    """A handle as our server writes it: `@ada@host` as `ada@host`, or as `ada` if the host is that of `ours`."""
    name, _, host = author.lstrip("@").partition("@")
    return name if not host or _canonical(host) == domain_of(ours) else f"{name}@{host}"


def domain_of(handle: str) -> str:
    """The host of `@user@host` in lower case and ASCII (its IDNA form); empty if it has none."""
    return _canonical(handle.lstrip("@").partition("@")[2])


def _canonical(host: str) -> str:
    try:
        return ascii_host(host)
    except ValueError:
        return host.lower()
