"""What a login is made of, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

Part = Literal["server", "user", "password", "code", "token", "name", "whole"]
"""What a person gives for a login; `whole`: none of them alone."""


class LoginError(Exception):
    """A login cannot be added; `str()` is one line, `part` what it is about."""

    def __init__(self, message: str, part: Part = "whole", is_usage: bool = False) -> None:
        super().__init__(message)
        self.part = part
        self.is_usage = is_usage
        """No request could mend it: the network is unknown, or has no such way to log in."""


def free_name(handle: str, used: Collection[str]) -> str:
    """Returns a name made from a handle that none of `used` is, whatever its case: brand, brand-2, ..."""
    own = handle.strip("@").partition("@")[0]
    base = "".join(letter if letter.isalnum() or letter in "_-." else "-" for letter in own).strip(".-")[:80]
    base = base or "account"
    taken = {name.casefold() for name in used}
    name, number = base, 2
    while name.casefold() in taken:
        name, number = f"{base}-{number}", number + 1
    return name
