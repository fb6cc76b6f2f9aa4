"""What an account has used up of what its server allows is counted on from one run of the program to the next."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.config.settings import Account
from commtui.model.records import AccountState
from commtui.networks.base import RateLimited
from commtui.networks.bluesky import budget
from commtui.networks.bluesky.budget import PUT, Budget
from commtui.store.errors import StoreFull
from commtui.store.store import Store
from commtui.sync.stored_points import SLOT, StoredPoints
from tests.clock import FakeClock

BRAND = Account(name="brand", network="bluesky", user="did:plc:brand")
AGAIN = Account(name="again", network="bluesky", user="@brand.example")
OTHER = Account(name="other", network="bluesky", user="did:plc:other")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    with store.write() as write:
        for account, did in ((BRAND, "did:plc:brand"), (AGAIN, "did:plc:brand"), (OTHER, "did:plc:other")):
            write.put(AccountState(id=account.id, name=account.name, network="bluesky", user=did))
    return store


def run(store, clock, writes, account=BRAND):
    """A run of the program that writes so often: how often it could, and the wait that it was told then."""
    purse, points = Budget(), StoredPoints(store, clock, account)
    for done in range(writes):
        try:
            purse.spend(clock, "host", PUT, points)
        except RateLimited as error:
            return done, error.retry_after
    return writes, 0.0


def test_each_run_begins_where_the_one_before_ended(store, monkeypatch):
    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 20), (86_400.0, 35_000)))
    clock = FakeClock()
    assert [run(store, clock, 4)[0] for _ in range(4)] == [4, 4, 2, 0]
    _, wait = run(store, clock, 1)
    assert 3600 <= wait <= 3600 + SLOT.total_seconds()
    clock.advance(wait)
    assert run(store, clock, 99)[0] == 10


def test_two_processes_and_two_accounts_of_one_login_share_it_and_others_do_not(tmp_path, store, monkeypatch):
    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 20), (86_400.0, 35_000)))
    clock, second = FakeClock(), Store(tmp_path / "data")
    assert run(store, clock, 5)[0] == 5
    second.poll()
    assert run(second, clock, 4, AGAIN)[0] == 4
    store.poll()
    assert run(store, clock, 5)[0] == 1
    assert run(store, clock, 99, OTHER)[0] == 10
    second.close()


def test_the_day_s_limit_counts_over_all_runs(store, monkeypatch):
    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 5000), (86_400.0, 60)))
    clock = FakeClock()
    done = 0
    for _ in range(12):
        done += run(store, clock, 3)[0]
        clock.advance(7200)
    assert done == 30
    clock.advance(3600)
    assert run(store, clock, 3)[0] == 3


@given(st.lists(st.tuples(st.floats(0, 5000), st.integers(1, 4)), max_size=30))
def test_no_hour_ever_holds_more_than_is_allowed(tmp_path_factory, gaps):
    store, clock = Store(tmp_path_factory.mktemp("home") / "data"), FakeClock()
    spent = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(budget, "WINDOWS", ((3600.0, 10), (86_400.0, 40)))
        for gap, writes in gaps:
            clock.advance(gap)
            spent += [clock.monotonic()] * run(store, clock, writes)[0]
    for seconds, most in ((3600.0, 10), (86_400.0, 40)):
        for at in spent:
            assert sum(PUT for when in spent if at - seconds < when <= at) <= most
    (state,) = store.all(AccountState) or [None]
    assert state is None or len(state.spent) <= 147
    store.close()


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_is_set_waits_for_an_hour_at_most(store, monkeypatch, days):
    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 20), (86_400.0, 35_000)))
    assert run(store, FakeClock(), 6)[0] == 6
    clock = FakeClock(FakeClock().now() + timedelta(days=days))
    _, wait = run(store, clock, 99)
    assert wait <= 3600 + SLOT.total_seconds()
    clock.advance(wait)
    assert run(store, clock, 1)[0] == 1


def test_what_a_full_disk_cannot_keep_is_counted_in_this_process(store, monkeypatch):
    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 20), (86_400.0, 35_000)))

    def full(self, points):
        raise StoreFull(store.file, "no room")

    monkeypatch.setattr(StoredPoints, "_write", full)
    assert run(store, FakeClock(), 99)[0] == 10
