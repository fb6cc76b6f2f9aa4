"""What can go wrong with the store, in words for a person: the journal's own tree of errors serves the whole room."""

from commtui.store.journal.errors import StoreError

__all__ = ["StoreError"]
