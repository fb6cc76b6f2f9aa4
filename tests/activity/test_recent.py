"""The newest steps by pages: in order, parts once, and at a cost that does not grow with the history."""

import pytest

from commtui.activity import parts
from commtui.activity.recent import PAGE, RecentSteps
from commtui.community import conversations
from commtui.model.log_records import Process
from commtui.store.store import Store
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.triage.verbs import VERBS
from tests.activity.test_parts import counted, many
from tests.triage.desks import arrive, desk_on


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def tags(desk, count, first=0):
    one = arrive(desk, "1")
    for number in range(first, first + count):
        conversations.tag(desk, [one.id], f"t{number}")


def details(steps):
    return [steps.at(number).entry.detail for number in steps.numbers]


def test_older_steps_are_read_page_by_page_and_newer_ones_stand_above(desk):
    tags(desk, PAGE + 5)
    steps = RecentSteps(desk.store.log)
    steps.read_older()
    newest = [f"t{number}" for number in reversed(range(PAGE + 5))]
    assert details(steps) == newest[:PAGE]
    assert steps.has_more
    tags(desk, 2, first=100)
    assert steps.read_newer() == set(steps.numbers[:2])
    assert details(steps) == ["t101", "t100", *newest[:PAGE]]
    steps.read_older()
    assert details(steps) == ["t101", "t100", *newest]
    assert not steps.has_more
    assert steps.read_newer() == set()


def test_a_step_in_parts_is_listed_once_also_where_a_page_ends_within_it(desk, monkeypatch):
    monkeypatch.setattr(parts, "PART", 2)
    ids = many(desk, 2 * PAGE + 20)
    VERBS["tag"].call(desk, ids, "a")
    steps = RecentSteps(desk.store.log)
    while steps.has_more:
        steps.read_older()
    assert [(steps.at(number).entry.verb, steps.at(number).items) for number in steps.numbers] == [("tag", len(ids))]
    VERBS["tag"].call(desk, ids, "b")
    assert len(steps.read_newer()) == 1
    assert [steps.at(number).items for number in steps.numbers] == [len(ids), len(ids)]


def test_only_what_matches_is_listed(desk):
    tags(desk, 12)
    steps = RecentSteps(desk.store.log, lambda entry: entry.detail in ("t3", "t7", "t20"))
    steps.read_older()
    assert details(steps) == ["t7", "t3"]
    tags(desk, 1, first=20)
    tags(desk, 1, first=21)
    steps.read_newer()
    assert details(steps) == ["t20", "t7", "t3"]


def test_a_page_costs_two_reads_however_long_the_history_is(desk, monkeypatch):
    run: list[str] = []
    for name in ("all", "run_many"):
        monkeypatch.setattr(Connection, name, counted(getattr(Connection, name), run))

    def reads() -> int:
        run.clear()
        RecentSteps(desk.store.log).read_older()
        return len(run)

    tags(desk, PAGE)
    few = reads()
    tags(desk, 5 * PAGE, first=PAGE)
    assert reads() == few <= 2


def test_a_step_names_the_process_that_wrote_it(tmp_path):
    one, two = Process(command="commtui", pid=7, host="vm"), Process(command="commtui run", pid=8, host="vm")
    mention = arrive(desk_on(tmp_path), "1")
    for number, process in enumerate((one, two, None)):
        store = Store(tmp_path, process)
        desk = desk_on(tmp_path)
        desk = type(desk)(store, desk.clock, desk.settings, desk.who)
        conversations.tag(desk, [mention.id], f"t{number}")
        store.close()
    assert [entry.process for _, entry in Store(tmp_path).log.entries(limit=3)] == [None, two, one]


def test_a_step_on_an_item_named_by_the_beginning_of_its_id_knows_the_whole_id(desk):
    one = arrive(desk, "1")
    conversations.done(desk, [one.id[:4]])
    steps = RecentSteps(desk.store.log)
    steps.read_older()
    assert steps.at(steps.numbers[0]).entry.ids == (one.id,)
