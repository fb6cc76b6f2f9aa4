"""What can go wrong with the store, in words for a person."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be read or written; `str()` names the thing and the way out. Nothing acknowledged is lost."""
