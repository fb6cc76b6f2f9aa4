"""The whole job on servers with every quirk alone, and with random sets of them.

COMMTUI_EXAMPLES=100 tries so many random sets, other ones each time.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.servers.quirks.each import EACH
from tests.whole.job import Job

EXAMPLES = int(os.environ.get("COMMTUI_EXAMPLES") or 0)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("quirk", EACH)
def test_the_whole_job_on_a_server_with_one_quirk(tmp_path, quirk):
    assert Job(tmp_path, quirk).do() == {}


def test_the_whole_job_on_a_server_without_quirks(tmp_path):
    job = Job(tmp_path)
    assert job.do() == {}
    assert {job.state_of(item) for item in job.lost} == {"sent"}, "where nothing is hidden, what is lost is found"


@settings(
    max_examples=EXAMPLES or 6,
    derandomize=not EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a smaller set is found by hand sooner than by hundreds of jobs
    suppress_health_check=list(HealthCheck),
)
@given(st.sets(st.sampled_from(sorted(EACH)), min_size=2, max_size=6))
@pytest.mark.timeout(0)
def test_the_whole_job_on_a_server_with_several_quirks(quirks):
    with tempfile.TemporaryDirectory() as folder:
        assert Job(Path(folder), *sorted(quirks)).do() == {}
