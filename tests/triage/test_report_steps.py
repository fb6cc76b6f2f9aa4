"""The waits of the report, which come from the log, after any sequence of real steps."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity.passive_log import ARRIVE, log_intake
from commtui.community import intake
from commtui.model.figures import spread
from commtui.model.records import Via
from commtui.model.service_levels import waits
from commtui.triage.report import report
from tests.community.clock_steps import STEPS, Walk
from tests.triage.desks import OWNER, mention, status

DAY = timedelta(days=1)


def arrive(desk, remote_id, answers=None, **fields):
    """Takes in a mention, and logs it as the engine does."""
    with desk.store.write() as write:
        intake.add_mention(
            desk.store,
            write,
            OWNER,
            status(remote_id, desk.now, answers=answers, **fields),
            Via.MENTION,
            desk.now,
            None,
        )
        log_intake(write, desk.now, ARRIVE, (mention(desk, remote_id).id,), "brand")
    return mention(desk, remote_id)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, max_size=10), st.booleans())
def test_the_waits_of_a_report_are_those_that_the_steps_began_and_ended(steps, begins_with_a_bot):
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(Path(folder), arrive, begins_with_a_bot)
        for _ in walk.take(steps):
            pass
        walk.wait(180)
        found = report(walk.desk, walk.desk.now - 9 * DAY, walk.desk.now)
        assert [row.wait for row in found.whole.waits] == waits(walk.known.events)
        walk.desk.store.close()


@given(st.lists(st.integers(0, 50), max_size=40))
def test_median_p90_and_slowest_are_values_that_so_many_do_not_exceed(values):
    n, *found = spread(values)
    assert n == len(values)
    for percent, value in zip((50, 90, 100), found, strict=True):
        if not values:
            assert value is None
            continue
        assert value in values
        assert 100 * sum(other <= value for other in values) >= percent * n
        assert 100 * sum(other < value for other in values) < percent * n
