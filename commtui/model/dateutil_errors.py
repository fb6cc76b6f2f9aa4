"""What dateutil raises, as one error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from commtui.model.times import WhenError

T = TypeVar("T")


def read(function: Callable[[], T], unread: str) -> T:
    """Returns what a function of dateutil reads. Raises WhenError, which says `unread` where that is nothing, and lets
    the one that the function raises pass."""
    try:
        return function()
    except WhenError:
        raise
    except Exception:  # noqa: BLE001 - dateutil lets IndexError, KeyError, TypeError, decimal's and others out
        raise WhenError(unread) from None
