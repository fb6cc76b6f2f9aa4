"""`@record`: what `@dataclass(frozen=True, slots=True)` gives, at a fraction of its price."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.record import record


@record
class Row:
    """A record."""

    id: str
    count: int = 3
    tags: tuple[str, ...] = ()
    extra: dict[str, int] = field(default_factory=dict)

    def words(self):
        return f"{self.id} {self.count}"


@dataclass(frozen=True, slots=True)
class Same:
    """The same as a dataclass."""

    id: str
    count: int = 3
    tags: tuple[str, ...] = ()
    extra: dict[str, int] = field(default_factory=dict)


VALUES = st.fixed_dictionaries(
    {"id": st.text()},
    optional={"count": st.integers(), "tags": st.tuples(st.text()), "extra": st.dictionaries(st.text(), st.integers())},
)


@given(VALUES, VALUES)
def test_it_holds_equals_and_shows_itself_as_the_dataclass_does(one, other):
    ours, theirs = Row(**one), Same(**one)
    assert [getattr(ours, each.name) for each in fields(ours)] == [
        getattr(theirs, each.name) for each in fields(theirs)
    ]
    assert repr(ours) == repr(theirs).replace("Same", "Row", 1)
    assert (ours == Row(**other)) is (theirs == Same(**other))
    assert (ours != Row(**other)) is (theirs != Same(**other))
    assert replace(ours, **other) == Row(**{**one, **other})
    assert copy.deepcopy(ours) == pickle.loads(pickle.dumps(ours)) == ours


def test_it_is_another_than_what_is_no_such_record():
    others: tuple[object, ...] = (Same("a"), ("a", 3, (), {}))
    assert not [other for other in others if Row("a") == other]


def test_values_that_can_be_hashed_make_a_record_that_can():
    @record
    class Plain:
        """One."""

        id: str

    assert len({Plain("a"), Plain("a"), Plain("b")}) == 2
    with pytest.raises(TypeError):
        hash(Row("a"))


@pytest.mark.parametrize("made", [True, False])
def test_wrong_arguments_are_named(made):
    @record
    class Late:
        """One that was made before, or is made for the first time."""

        id: str
        name: str

    if made:
        Late("a", "b")
    for wrong, said in (((), "'id' and 'name'"), (("a",), "'name'"), (("a", "b", "c"), "3 positional arguments but 4")):
        with pytest.raises(TypeError, match=f"Late.__init__.*{said}"):
            Late(*wrong)
    with pytest.raises(TypeError, match="unexpected keyword argument 'nome'"):
        Late("a", "b", nome="c")  # type: ignore[call-arg]


def test_it_cannot_be_changed_and_takes_no_other_names():
    row = Row("a")
    for change in (
        lambda: setattr(row, "count", 4),
        lambda: setattr(row, "other", 4),
        lambda: delattr(row, "count"),
    ):
        with pytest.raises(FrozenInstanceError):
            change()
    assert not hasattr(row, "__dict__") and row == Row("a")


def test_two_records_share_no_default():
    one, other = Row("a"), Row("a")
    one.extra["x"] = 1
    assert other.extra == {}


def test_it_has_its_own_methods_and_can_be_matched():
    match Row("a", 4):
        case Row(name, count):
            assert f"{name} {count}" == Row("a", 4).words()
        case _:
            pytest.fail("no match")
