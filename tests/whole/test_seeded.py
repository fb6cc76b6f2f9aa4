"""Twenty runs of sending through faults; `python -m tests.whole.seeded --runs 1000` makes as many as one wants."""

from __future__ import annotations

import pytest

from tests.whole.seeded.plan import make
from tests.whole.seeded.run import run

RUNS = 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(RUNS))
def test_nothing_is_out_twice_and_nothing_is_lost_without_a_word(seed):
    plan = make(seed)
    assert run(plan).faults == [], f"python -m tests.whole.seeded --seed {seed} -v\n{plan}"


def test_a_seed_makes_the_same_plan_each_time():
    assert make(7) == make(7) != make(8)


def test_the_plans_have_every_kind_of_fault():
    plans = [make(seed) for seed in range(200)]
    lives = [life for plan in plans for life in plan.lives]
    assert {life.kill_moment for life in lives if life.kill_at} == {"before", "after"}
    assert {life.decide for life in lives} == {"", "retry", "release"}
    assert (
        any(life.second for life in lives) and any(life.restore for life in lives) and any(life.jump for life in lives)
    )
    assert any(len({item.text for item in plan.items}) < len(plan.items) for plan in plans), "two equal texts"
