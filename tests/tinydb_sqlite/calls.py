"""Calls on a TinyDB as data: the same can be made on ours, on TinyDB's own memory storage, and in another process."""

import json
import sys
from pathlib import Path
from typing import Any

from tinydb import Query, TinyDB, where
from tinydb.table import Document

from commtui.store.tinydb_sqlite import SqliteDB

INDEXES = {"a": ["s", "o.x"], "b": ["s"]}
ORDERED = {"a": [("s", "n"), ("o.x", "s"), ("s", ("n", "l"))], "b": [("s", "n")]}
COUNTED = {"a": ["s"]}
SEARCHED = {"a": ["s", "l"]}


class Undone(Exception):
    """Raised inside a transaction on purpose."""


def open_db(folder: str | Path, **options) -> SqliteDB:
    declared = {"indexes": INDEXES, "ordered": ORDERED, "counted": COUNTED, "searched": SEARCHED}
    return SqliteDB(Path(folder) / "store.db", **{**declared, **options})


def is_below(value: Any, *limits: int) -> bool:
    return isinstance(value, int) and value < limits[0]


def query(kind: str, *arguments):
    match kind:
        case "==":
            return where(arguments[0]) == arguments[1]
        case "!=":
            return where(arguments[0]) != arguments[1]
        case "<":
            return where(arguments[0]).test(is_below, arguments[1])
        case "nested":
            return Query().o.x == arguments[0]
        case "one_of":
            return where(arguments[0]).one_of(arguments[1])
        case "exists":
            return where(arguments[0]).exists()
        case "matches":
            return where("s").matches(arguments[0], arguments[1])
        case "fragment":
            return Query().fragment(arguments[0])
        case "part":
            return Query()[arguments[0]].fragment(arguments[1])
        case "and":
            return query(*arguments[0]) & query(*arguments[1])
        case "or":
            return query(*arguments[0]) | query(*arguments[1])
        case "not":
            return ~query(*arguments[0])
    raise AssertionError(kind)


def shown(documents):
    return [[document.doc_id, dict(document)] for document in documents]


def count_up(document):
    document["n"] = document.get("n", 0) + 1 if isinstance(document.get("n", 0), int) else 0


def step_of(step):
    fields, cond = step
    return (count_up if fields is None else fields), query(*cond)


def call(db: TinyDB, name: str, table: str, *arguments):
    """Makes one call; the result as JSON has it. Errors are results too."""
    try:
        return json.loads(json.dumps(_call(db, name, table, *arguments)))
    except (ValueError, KeyError) as error:  # KeyError: TinyDB's answer to removing an id twice in one call
        return [type(error).__name__, str(error)]


def _call(db, name, table, *arguments):
    t = db.table(table)
    match name:
        case "insert":
            return t.insert(arguments[0])
        case "insert_multiple":
            return t.insert_multiple(iter(arguments[0]))
        case "insert_as":
            return t.insert(Document(arguments[1], doc_id=arguments[0]))
        case "upsert_as":
            return t.upsert(Document(arguments[1], doc_id=arguments[0]))
        case "upsert":
            return t.upsert(arguments[0], query(*arguments[1]))
        case "update":
            return t.update(arguments[0], query(*arguments[1]))
        case "update_ids":
            return t.update(arguments[0], doc_ids=arguments[1])
        case "update_all":
            return t.update(arguments[0])
        case "count_up":
            return t.update(count_up, query(*arguments[0]))
        case "update_multiple":
            return t.update_multiple([step_of(step) for step in arguments[0]])
        case "remove":
            return t.remove(query(*arguments[0]))
        case "remove_ids":
            return t.remove(doc_ids=arguments[0])
        case "truncate":
            return t.truncate()
        case "drop_table":
            return db.drop_table(table)
        case "drop_tables":
            return db.drop_tables()
        case "search":
            return shown(t.search(query(*arguments[0])))
        case "get":
            found = t.get(query(*arguments[0]))
            return found and shown([found])
        case "get_id":
            found = t.get(doc_id=arguments[0])
            return found and shown([found])
        case "get_ids":
            return shown(t.get(doc_ids=arguments[0]))
        case "count":
            return t.count(query(*arguments[0]))
        case "contains":
            return t.contains(query(*arguments[0]))
        case "contains_id":
            return t.contains(doc_id=arguments[0])
        case "all":
            return shown(t.all())
        case "len":
            return len(t)
        case "together" | "undone":
            results = []
            if isinstance(db, SqliteDB):
                try:
                    with db.transaction():
                        results = [call(db, *inner) for inner in arguments[0]]
                        if name == "undone":
                            raise Undone
                except Undone:
                    pass
            elif name == "together":
                results = [call(db, *inner) for inner in arguments[0]]
            return results if name == "together" else None
        case "ordered":
            return list(db.ordered(table, *arguments))
        case "first":
            *order, limit = arguments
            return list(db.ordered(table, *order, limit=limit))
        case "counts":
            return sorted(([str(key), number] for key, number in db.counts(table, *arguments).items()))
        case "ids_between":
            return list(db.ids_between(table, *arguments))
    raise AssertionError(name)


def serve(folder: str) -> None:
    """Makes the calls that come in on standard input, one a line."""
    db = open_db(folder)
    for line in sys.stdin:
        request = json.loads(line)
        if request[0] == "checkpoint":
            result = db.checkpoint()
        elif request[0] == "open":
            db.close()
            db = open_db(request[1])
            result = True
        else:
            result = call(db, *request)
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
