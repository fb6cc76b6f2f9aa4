"""Who is late is counted from the side of a moment on which there are fewer, and as exactly as by counting all."""

from datetime import timedelta

import pytest

from commtui.store import counting, facet_search
from commtui.store.tinydb_sqlite.documents import Documents
from commtui.triage.search import run_to_end
from tests.store.test_store import NOW, conversation, store

__all__ = ["store"]
MANY = 30


@pytest.fixture
def filled(store):
    with store.write() as write:
        for number in range(MANY):
            at = NOW + timedelta(hours=number)
            write.put(conversation(number, due_at=at, risk_at=at - timedelta(minutes=30), due_by="now"))
        write.put(conversation(MANY, due_by="now"))  # no answer is due
    return store


@pytest.mark.parametrize("first", [1, 2, 5, 1000])
def test_it_is_exact_whichever_side_has_fewer(filled, monkeypatch, first):
    monkeypatch.setattr(counting, "FIRST", first)
    for hour in range(-1, MANY + 2):
        moment = NOW + timedelta(hours=hour, minutes=1)
        assert filled.conversations.count_due_before(moment) == max(0, min(hour + 1, MANY)), hour
        assert filled.conversations.count_at_risk_before(moment) == max(0, min(hour + 1, MANY)), hour


@pytest.mark.parametrize("hours", [1, MANY - 2])
def test_where_nearly_all_are_late_or_nearly_none_few_rows_are_counted(filled, monkeypatch, hours):
    monkeypatch.setattr(counting, "FIRST", 4)
    counted: list[int] = []
    count = Documents.count
    monkeypatch.setattr(Documents, "count", lambda *given: counted.append(count(*given)) or counted[-1])
    assert filled.conversations.count_due_before(NOW + timedelta(hours=hours)) == hours
    assert sum(counted) <= 8


def test_of_all_that_is_to_be_computed_anew_only_a_part_is_listed(filled, monkeypatch):
    listed: list[int] = []
    numbers = Documents.numbers

    def noted(*given):
        found = numbers(*given)
        listed.append(len(found))
        return found

    monkeypatch.setattr(Documents, "numbers", noted)
    assert len(filled.conversations.computed_otherwise("later", 7)) == 7
    assert sum(listed) == 7


def test_conversations_with_facets_are_listed_a_part_at_a_time_by_the_index_alone(filled, monkeypatch):
    monkeypatch.setattr(facet_search, "LISTED", 7)
    listed: list[int] = []
    numbers = Documents.numbers

    def noted(documents, sql, values=()):
        found = numbers(documents, sql, values)
        listed.append(len(found))
        plan = documents.connection.all(f"EXPLAIN QUERY PLAN {sql}", values)
        assert all(b"SCAN" not in row[3] for row in plan) and any(b"COVERING INDEX" in row[3] for row in plan)
        return found

    monkeypatch.setattr(Documents, "numbers", noted)
    facets = list(filled.conversations.facet_counts())
    assert len(run_to_end(filled.conversations.with_facets(facets))) == MANY + 1
    assert max(listed) == 7 and sum(listed) == MANY + 1
