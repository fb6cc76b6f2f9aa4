"""What can go wrong, each in one sentence that names the thing and the way out."""

from __future__ import annotations


class StoreError(Exception):
    """Something about the store that a person has to know. Its text is one sentence, ready to be shown."""


class StoreFull(StoreError):
    """There was no room to write. Nothing changed, in memory or on disk; everything acknowledged is still there."""


class StoreDamaged(StoreError):
    """A file of the store cannot be read at all; `repair` saves what can be saved."""

    repair = "run the repair (it saves what is readable)"
    """What the message tells a person to do: a program puts the name of its own command here."""


class NewerFormat(StoreError):
    """The store was written by a newer program."""


class NetworkFolder(StoreError):
    """The folder is on a network file system."""


class ReadOnly(StoreError):
    """A change was asked of a store that was opened for reading only."""


class AwaitInTransaction(StoreError):
    """The asyncio loop ran while a transaction was open, or another task tried to join it."""


class Closed(StoreError):
    """The store is closed, was opened before a fork, or can no longer vouch for what it writes."""
