"""How many documents stand below a bound: counted from the side on which there are fewer."""

from __future__ import annotations

from typing import Any, Final

from commtui.store.tinydb_sqlite import SqliteDB

FIRST: Final = 1_000
"""Documents that are counted on either side before more of them are."""


def count_below(db: SqliteDB, table: str, field: str, value: Any, by: str, bound: str) -> int:
    """Returns how many documents of a declared order, whose `field` is counted, are below a bound.

    To count 300,000 takes 15 ms, and ten times as long where the disk has to read them. Where so many wait, nearly all
    are late, or nearly none.
    """
    most = FIRST
    with db.view():
        while True:
            below = db.count_ordered(table, field, value, by, below=bound, most=most)
            if below < most:
                return below
            others = db.count_ordered(table, field, value, by, at_least=bound, most=most)
            if others < most:
                return db.counts(table, field).get(value, 0) - others
            most *= 4
