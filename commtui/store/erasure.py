"""Takes words and names out of the log, and out of the bytes of the file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Any

import msgspec

from commtui.store import codec
from commtui.store.reader import Reader
from commtui.store.schema import BY_NAME, LOG, UNDO, WORDS
from commtui.store.tinydb_sqlite.wiping import wipe
from commtui.store.write import shown


class Erasure:
    """Reads everything once: an erasure is rare, and nothing may be left."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def naming(self, words: Sequence[str]) -> list[Any]:
        """The records whose JSON says one of some casefolded words, archived ones too."""
        asked = [word.encode() for word in words]
        return [
            codec.from_json(BY_NAME[table].kind, raw)
            for table in sorted(BY_NAME)
            for _, raw in self._reader.each_document(table)
            if _says(raw, asked)
        ]

    def replaced(self, record: Any, taken_out: Callable[[Any], Any]) -> Any:
        """The record with `taken_out` applied to its document."""
        document = shown(codec.to_document(record))
        return codec.from_document(type(record), taken_out(document))

    def redact_log(self, about: Set[str], words: Sequence[str], taken_out: Callable[[Any], Any]) -> list[str]:
        """Takes what changed of some ids, and some casefolded words, out of every step. Within a transaction.

        That a step was done, when, by whom and to what stays. Returns the op_ids of the steps of which nothing that
        changed is left: they cannot be undone any more.
        """
        asked = [word.encode() for word in words]
        empty: list[str] = []
        for number, raw in self._reader.each_document(LOG):
            document = msgspec.json.decode(raw)
            changes = [change for change in document["changes"] if not _is_about(change, about)]
            concerned = len(changes) < len(document["changes"]) or not about.isdisjoint(document["ids"])
            if not concerned and not _says(raw, asked):
                continue
            fields = {"changes": taken_out(changes), "detail": "" if concerned else taken_out(document["detail"])}
            self._db.table(LOG).update(fields, doc_ids=[number])
            if concerned and not changes:
                empty.append(document["op_id"])
        return empty

    def forget_steps(self, steps: Collection[str]) -> None:
        """Takes some steps off the undo stacks. Within a transaction."""
        for number, raw in self._reader.each_document(UNDO):
            stacks = msgspec.json.decode(raw)
            fields = {name: [step for step in stacks[name] if step not in steps] for name in ("done", "undone")}
            self._db.table(UNDO).update(fields, doc_ids=[number])

    def wipe(self) -> bool:
        """Rewrites the file without what was removed from it, and empties the journal. False: somebody reads an
        earlier state, and the journal may have some of it until they end. Raises StoreError."""
        return wipe(self._db.path, sorted(WORDS))


def _is_about(change: Mapping[str, Any], about: Set[str]) -> bool:
    """Whether a change is one of these records, or of a link with one of these people, also of one that is removed."""
    versions = (change["before"] or {}, change["after"] or {})
    return change["id"] in about or any(version.get(end) in about for version in versions for end in ("one", "other"))


def _says(raw: bytes, words: Sequence[bytes]) -> bool:
    folded = raw.decode("utf-8", "replace").casefold().encode()
    return any(word in folded for word in words)
