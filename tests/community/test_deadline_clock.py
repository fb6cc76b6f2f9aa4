"""The clock of a conversation after any sequence of steps, compared with the list of what started and stopped it."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.community.clock_steps import STEPS, Walk
from tests.triage.desks import arrive, conversation_of


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, max_size=8), st.booleans())
def test_what_is_due_follows_from_what_started_and_stopped_the_clock(steps, begins_with_a_bot):
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(Path(folder), arrive, begins_with_a_bot)
        for step in walk.take(steps):
            assert conversation_of(walk.desk, walk.one).due_at == walk.known.due(), step
        walk.desk.store.close()
