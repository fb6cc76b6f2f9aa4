"""Whether a text names an account, and the handle that is put before an answer that does not name whom it answers."""

from __future__ import annotations

import re


def mentions(text: str, acct: str, domain: str) -> bool:
    """Whether `text` mentions that account: `@user@host`, or `@user` alone for one of the server's own."""
    name, _, host = acct.lower().partition("@")
    full = re.escape(f"@{name}@{host or domain.lower()}")
    end = r"(?![\w@]|[.:-]\w)"
    forms = [full] if host else [full, re.escape(f"@{name}")]
    return any(re.search(rf"(?<![\w/@]){form}{end}", text.lower()) for form in forms)


def addressed(text: str, acct: str, domain: str) -> str:
    """The text with the author's handle before it, unless it has it, as Mastodon's own web client does.

    Without, an answer notifies nobody on some servers, and a direct one reaches nobody on any.
    """
    return text if mentions(text, acct, domain) else f"@{acct} {text}"


def local_name(author: str, ours: str) -> str:
    """A handle as our server writes it: `@ada@host` as `ada@host`, or as `ada` if the host is that of `ours`."""
    name, _, host = author.lstrip("@").partition("@")
    return name if not host or host.lower() == domain_of(ours) else f"{name}@{host}"


def domain_of(handle: str) -> str:
    """The host of `@user@host`, small letters; empty if it has none."""
    return handle.lstrip("@").partition("@")[2].lower()
