"""What meets a query: found in slices, and little is read of what can't be meant.

Where the places of the queue, an index or a search of the stored bytes (store/saying.py) can tell that a conversation
is not meant, no record of it is made. What is left is measured by `query.matches_conversation`, the one rule there is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeVar

from commtui.activity.desk import Desk
from commtui.store.journal import JournalDB
from commtui.store.saying import findable, saying
from commtui.triage import query, queues, views
from commtui.triage.query import Setting, Term

R = TypeVar("R")
Slices = Generator[None, None, R]
"""Work that pauses every millisecond or few, for who has other things to do in between."""
FEW: Final = 200
"""So many conversations are read at once rather than looked for."""
AT_ONCE: Final = 10
"""Conversations that are measured between two pauses."""
HOT: Final = ("open", "snoozed", "waiting", "done", "muted")
IN_THE_PANE: Final = ("open", "snoozed")
"""Where the mentions pane looks for a query that names no status: of the snoozed ones, those that are awake."""
MAY: Final = {
    "open": ("open", "snoozed"),
    "waiting": ("waiting", "snoozed"),
    "snoozed": ("snoozed",),
    "done": ("done",),
    "archived": ("done",),
    "muted": ("muted", "done"),
    "overdue": ("open", "snoozed"),
}
"""`is:` word -> the places of the queue (store/shelves.py) of which it may be true."""
MUST: Final = {"open": ("open",), "waiting": ("waiting",), "done": ("done", "archived"), "muted": ("muted",)}
"""Place of the queue -> the `is:` words that are true of all there."""


class Where(NamedTuple):
    """Where a query looks."""

    cold: bool
    """In the archive, too."""
    places: tuple[str, ...]
    """Places of the queue in the hot part."""


class Candidates(NamedTuple):
    """Conversations among which are all that are meant, each part in the order in which people wait."""

    cold: Sequence[int]
    """In the archive; some may be back in the hot part."""
    hot: Mapping[str, Sequence[int]]
    """Place of the queue -> its conversations."""


def whole(slices: Slices[R]) -> R:
    """All slices, one after the other."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            found: R = end.value
            return found


def where(terms: tuple[Term, ...], unnamed: tuple[str, ...] = IN_THE_PANE) -> Where:
    """In the archive only if it is asked for what is done; `unnamed`: the places, where no status is named."""
    named = () if query.asks_for(terms, "archived") else HOT if query.names_a_status(terms) else unnamed
    asked = [MAY[term.value] for term in terms if term.key == "is" and not term.negated and term.value in MAY]
    cold = query.asks_for(terms, "done", "archived") and all("done" in may for may in asked)
    return Where(cold, tuple(place for place in named if all(place in may for may in asked)))


def candidates(desk: Desk, terms: tuple[Term, ...], looked: Where, measure: Setting) -> Slices[Candidates]:
    """What is to be measured by the query."""
    store, archive = desk.store, desk.store.archive
    hot: Mapping[str, Sequence[int]] = {
        place: store.ordered("conversations", "_queue", place, "since") for place in looked.places
    }
    if "open" in hot and query.asks_for(terms, "overdue"):
        hot = {**hot, "open": queues.late(desk, hot["open"], measure.now - measure.answer_within)}
    hot = yield from _narrowed(store.db, terms, hot, measure)
    if not looked.cold or not archive.exists:
        return Candidates((), hot)
    done = archive.db.ordered("conversations", "_queue", "done", "since")
    cold = yield from _narrowed(archive.db, terms, {"done": done}, measure)
    return Candidates(cold["done"], hot)


def _narrowed(
    db: JournalDB, terms: tuple[Term, ...], places: Mapping[str, Sequence[int]], measure: Setting
) -> Slices[Mapping[str, Sequence[int]]]:
    """Leaves out what indexes, and then the stored bytes, know not to be meant."""
    for term in terms:
        known = _indexed(db, term, places, measure)
        if known is not None:
            yield
            places = _among(places, known)
            yield
    words = findable(query.words(terms))
    if words and _many(places):
        places = _among(places, (yield from saying(db, words)))
    for tag in findable([term.value.lstrip("#") for term in terms if term.key == "tag" and not term.negated]):
        if _many(places):
            tagged: set[int] = set()
            for numbers in db.grepping("conversations", tag):
                tagged.update(numbers)
                yield
            places = _among(places, tagged)
    return places


def _many(places: Mapping[str, Sequence[int]]) -> bool:
    return sum(map(len, places.values())) > FEW


def _among(places: Mapping[str, Sequence[int]], known: Collection[int]) -> dict[str, Sequence[int]]:
    return {place: [number for number in numbers if number in known] for place, numbers in places.items()}


def _indexed(db: JournalDB, term: Term, places: Mapping[str, Sequence[int]], measure: Setting) -> set[int] | None:
    """The conversations that may be meant, where an index can tell and it pays."""
    if term.negated:
        return None
    if term.key == "account":
        named = [each for each, name in measure.account_names.items() if name.casefold() == term.value]
        return _having(db, "account", {term.value, *named}, places)
    wanted = _wanted(term, measure)
    if wanted is None:
        return None
    desks = [(name, *name.split(":", 1)) for name in db.counts("conversations", "_desk")]
    asked = {name for name, place, who in desks if place in places and (wanted(who) or (not who and wanted(None)))}
    return _having(db, "_desk", asked, places)


def _wanted(term: Term, measure: Setting) -> Callable[[str | None], bool] | None:
    """Which assignees a term asks for; None for one that asks for none."""
    if term.key == "assigned":
        return lambda who: query.is_assigned(who, term.value, measure)
    if term.key == "is" and term.value in ("mine", "unassigned"):
        return lambda who: who == (measure.who if term.value == "mine" else None)
    return None


def _having(db: JournalDB, field: str, values: Collection[str], places: Mapping[str, Sequence[int]]) -> set[int] | None:
    known = db.counts("conversations", field)
    if 2 * sum(known.get(value, 0) for value in values) > sum(map(len, places.values())):
        return None  # to leave out so few costs more than to measure them
    return {number for value in values for number in db.having("conversations", field, value)}


def search(desk: Desk, terms: tuple[Term, ...], measure: Setting, awake: Collection[int]) -> Slices[list[int]]:
    """The rows of the mentions pane for a query, as of the moment of `measure`; `awake`: as queues.awake."""
    looked = where(terms)
    cold, hot = yield from candidates(desk, terms, looked, measure)
    archive = desk.store.archive
    left = _left(terms, "done")
    found: list[int] = []
    for begin in range(0, len(cold), AT_ONCE):
        part = [number for number in cold[begin : begin + AT_ONCE] if not archive.is_back(number)]
        found += [number for number in part if not left or _meets(desk, number, left, measure)]
        yield
    meant = []
    for place, numbers in hot.items():
        left = _left(terms, place)
        if place == "snoozed" and not query.names_a_status(terms):
            numbers = [number for number in numbers if number in awake]
        if left:
            kept: list[int] = []
            for begin in range(0, len(numbers), AT_ONCE):
                part = list(numbers[begin : begin + AT_ONCE])
                kept += [number for number in part if _meets(desk, number, left, measure)]
                yield
            numbers = kept
        meant.append(numbers)
    return [*found, *(yield from in_order(desk, meant))]


def in_order(desk: Desk, several: Iterable[Sequence[int]]) -> Slices[Sequence[int]]:
    """Several parts, each in the order in which people wait, as one."""
    parts = sorted((part for part in several if part), key=len)
    if not parts:
        return ()
    longest = parts.pop()
    few = [number for part in parts for number in part]
    if len(few) * AT_ONCE < len(longest):
        return queues.merged(desk, longest, few)
    keys = []
    for number in (*longest, *few):
        keys.append((queues.field(desk, number, "since"), number))
        if not len(keys) % AT_ONCE:
            yield
    return [number for _, number in sorted(keys)]


def _left(terms: tuple[Term, ...], place: str) -> tuple[Term, ...]:
    """What is still to be measured of conversations that stand at a place of the queue."""
    must = MUST.get(place, ())
    return tuple(term for term in terms if term.key != "is" or term.negated or term.value not in must)


def _meets(desk: Desk, number: int, terms: tuple[Term, ...], measure: Setting) -> bool:
    held = views.conversation(desk, number)
    return held is not None and query.matches_conversation(terms, held, measure, partial(views.mentions, desk, held))


def is_meant(desk: Desk, number: int, terms: tuple[Term, ...], measure: Setting, awake: Collection[int]) -> bool:
    """Whether a conversation is among what `search` finds."""
    document = desk.store.document("conversations", number)
    if document is None:
        return False
    looked, place = where(terms), document["_queue"]
    if not desk.store.archive.is_back(number):
        meant = looked.cold and place == "done"
    elif place == "snoozed" and not query.names_a_status(terms):
        meant = place in looked.places and number in awake
    else:
        meant = place in looked.places
    return meant and _meets(desk, number, terms, measure)
