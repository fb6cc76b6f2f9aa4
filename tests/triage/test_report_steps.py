"""The waits of the report, which come from the log, after any sequence of real steps."""

import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity.passive_log import ARRIVE, log_intake
from commtui.community import intake
from commtui.model.figures import spread
from commtui.model.records import Via
from commtui.model.service_levels import waits
from commtui.triage.report import report
from tests.clock import FakeClock
from tests.community import test_deadline_clock as deadline_clock
from tests.community.test_deadline_clock import LEVELS, STEPS, Reference, take
from tests.triage.desks import OWNER, desk_on, mention, status

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
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 200)), max_size=10), st.booleans())
def test_the_waits_of_a_report_are_those_that_the_steps_began_and_ended(steps, begins_with_a_bot):
    with tempfile.TemporaryDirectory() as folder, patch.object(deadline_clock, "arrive", arrive):
        clock, known = FakeClock(), Reference()
        desk = desk_on(Path(folder), clock, service_levels=LEVELS)
        one = arrive(desk, "0", bot=begins_with_a_bot)
        known.bot(desk.now) if begins_with_a_bot else known.write(desk.now)
        for number, (step, minutes) in enumerate(steps, 1):
            clock.advance(minutes * 60)
            known.look(desk.now)
            take(desk, known, one, step, str(number))
        clock.advance(3 * 3600)
        known.look(desk.now)
        found = report(desk, desk.now - 9 * DAY, desk.now)
        assert [row.wait for row in found.whole.waits] == waits(known.events)
        desk.store.close()


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
