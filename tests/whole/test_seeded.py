"""Twenty runs of sending through faults; `python -m tests.whole.seeded --runs 1000` makes as many as one wants."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest

from tests.servers.quirks.settings import PostAnswer, Quirks, Rewriting
from tests.whole.seeded.plan import KINDS, make
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
    assert any(life.second for life in lives) and any(life.restore for life in lives)
    assert {life.jump > 0 for life in lives if life.jump} == {True, False}, "a clock that jumps either way"
    assert any(len({item.text for item in plan.items}) < len(plan.items) for plan in plans), "two equal texts"
    assert {item.kind for plan in plans for item in plan.items} == set(KINDS)
    assert any(plan.failing_reads for plan in plans)


def test_the_plans_have_every_kind_of_server():
    plans = [make(seed) for seed in range(200)]

    def values(switch: str) -> set[Any]:
        return {plan.server[switch] for plan in plans}

    def elements(switch: str) -> set[Any]:
        return {value for plan in plans for value in plan.server[switch]}

    assert elements("post_answers") == set(get_args(PostAnswer))
    assert elements("rewrites") == set(get_args(Rewriting))
    for switch in ("idempotency", "source", "date", "link"):
        assert values(switch) == set(get_args(get_type_hints(Quirks)[switch])), switch
    assert values("errors") == {"json", "text", "empty", "html"}
    assert values("own_list") == {"all", "public", "none"}
    for switch in ("home_timeline", "conversations", "source_field", "listed_twice", "wraps_boosted"):
        assert values(switch) == {True, False}, switch
    assert {0.0, 400.0} < values("lag"), "reads that lag for longer than a try"
    assert {(off > 0) - (off < 0) for off in values("created_at_off")} == {-1, 0, 1}
    assert 0 in values("flood") and max(values("flood")) > 80, "more own posts than the largest page has"
    blind = [plan.server for plan in plans if plan.server["own_list"] == "none" and not plan.server["home_timeline"]]
    assert {"ignored"} <= {server["idempotency"] for server in blind}, "sent texts that nothing shows"
