"""Our ids: a letter for the kind, then ten characters of base 32 (50 bits).

Fifty bits fit a TinyDB doc_id, so a record is found by its id without an index, and a prefix is a range of numbers.
A hundred thousand derived ids collide with a chance of about 1 in 200,000.
"""

from __future__ import annotations

from typing import Final

try:
    from _blake2 import blake2b  # hashlib's own; without the 4 ms in which hashlib loads OpenSSL
except ImportError:
    from hashlib import blake2b

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
LENGTH: Final = 10

MENTION, CONVERSATION, REPLY, VARIANT, ACCOUNT, POST, ACT = "m", "c", "r", "p", "a", "b", "x"
NOTE, REQUEST, ENGAGEMENT, CONTEXT, RULE, RULE_RUN = "n", "q", "e", "h", "l", "v"
PERSON, LINK = "u", "y"
CAMPAIGN, SERIES = "g", "s"
KINDS: Final = frozenset("mcrpabxnqehlvuygs")

_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}


def _encode(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def derived(kind: str, *parts: str) -> str:
    """The id that every machine derives from the same parts. `parts` are joined so that no two lists are alike."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return kind + _encode(int.from_bytes(digest) >> 14)


def fresh(kind: str) -> str:
    """A random id, for what is made here: replies, variants, posts, acts, campaigns."""
    import secrets  # 5 ms that reading need not pay

    return kind + _encode(secrets.randbits(50))


def fresh_key() -> str:
    """A random key by which a network knows a text that is sent again: twice as long as an id."""
    return fresh("k") + fresh("k")[1:]


def account_id(network: str, user: str) -> str:
    """`user` is the login's own lasting name on the network: user@host on Mastodon, the DID on Bluesky."""
    return derived(ACCOUNT, network, user)


def mention_id(network: str, account: str, remote_id: str) -> str:
    """Equal on every machine of a team and after a restore. `account` is our account id."""
    return derived(MENTION, network, account, remote_id)


def conversation_id(opened_by: str) -> str:
    """The id of the conversation that the mention `opened_by` (our id) opens."""
    return CONVERSATION + opened_by[1:]


def number(identity: str) -> int:
    """The doc_id of an id. Raises ValueError for what is no id of ours."""
    if len(identity) != LENGTH + 1 or identity[0] not in KINDS:
        raise ValueError(f"no id of ours: {identity!r}")
    value = 0
    for character in identity[1:]:
        if character not in _VALUES:
            raise ValueError(f"no id of ours: {identity!r}")
        value = value << 5 | _VALUES[character]
    return value


def from_number(kind: str, value: int) -> str:
    """The id whose `number` is `value`."""
    return kind + _encode(value)


def prefix_range(prefix: str) -> tuple[int, int] | None:
    """The numbers [first, last] of all ids that begin with `prefix` (its kind's letter included); None if none can."""
    if not prefix or prefix[0] not in KINDS or len(prefix) > LENGTH + 1:
        return None
    rest = prefix[1:].lower()
    if any(character not in _VALUES for character in rest):
        return None
    missing = LENGTH - len(rest)
    return (
        number(prefix[0] + rest + ALPHABET[0] * missing),
        number(prefix[0] + rest + ALPHABET[-1] * missing),
    )
