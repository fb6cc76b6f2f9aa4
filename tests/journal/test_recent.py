"""What a journal said, once for each document, leads to the tables that all its changes in turn lead to."""

from hypothesis import given
from hypothesis import strategies as st

from commtui.store.journal.base import Base
from commtui.store.journal.columns import Wanted
from commtui.store.journal.format import LOG_HEADER_SIZE
from commtui.store.journal.log import Log
from commtui.store.journal.recent import Recent
from commtui.store.journal.state import TableState
from tests.journal.calls import open_db

IDS = st.integers(1, 6)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("p"), st.sampled_from("ab"), IDS, st.sampled_from([b'{"n":1}', b'{"n":2}'])),
        st.tuples(st.just("d"), st.sampled_from("ab"), IDS, st.just(b"")),
        st.tuples(st.sampled_from("cx"), st.sampled_from("ab"), st.just(0), st.just(b"")),
    ),
    max_size=30,
)


class Tables(dict):
    """Tables of which `a` has three documents in its snapshot."""

    def __missing__(self, name):
        self[name] = state = TableState(Base(Wanted()), 0, exists=False)
        return state


def tables(db):
    made = Tables()
    old = db.journal.state("a")
    made["a"] = TableState(old.base, old.highest, exists=True)
    return made


def told(made):
    """All but the ranks, which may have gaps."""
    return {
        name: (state.exists, state.highest, [(ident, raw) for _, ident, raw in state.frozen()()])
        for name, state in made.items()
    }


@given(changes=CHANGES)
def test_replaying_the_last_change_of_each_document_is_replaying_all(changes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("s") / "s"
    with open_db(folder) as db:
        db.table("a").insert_multiple([{"n": 0}, {"n": 0}, {"n": 0}])
        db.compact()
        log = db.journal.log
        assert isinstance(log, Log)
        recent, one, other = Recent(), tables(db), tables(db)
        recent.begin(log)
        for flag, table, ident, raw in changes:
            one[table].apply(flag, ident, raw)
        recent.note(log, changes, LOG_HEADER_SIZE, log.offset)
        kept = recent.take(log)
        assert kept is not None
        assert len(kept.last) <= 12
        kept.replay(other.__getitem__, one)
        assert told(other) == told(one)
