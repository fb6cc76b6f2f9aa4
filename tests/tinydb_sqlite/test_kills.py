"""Processes killed at random, many at a time; and the race of SQLite's that turns keep away."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.store.tinydb_sqlite.check import check

ROOT = Path(__file__).parents[2]


def run(module, *arguments):
    command = [sys.executable, "-m", f"tests.tinydb_sqlite.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_writers_and_readers_killed_at_random_lose_and_tear_nothing(tmp_path):
    rounds = 300
    report = run("fork_kills", tmp_path / "store.db", rounds)
    assert report["wrong"] == []
    assert report["lost"] == 0
    assert report["acknowledged"] > rounds
    assert report["checkpoints"] > 3
    assert check(tmp_path / "store.db").is_sound


@pytest.mark.slow
def test_two_writers_and_two_checkpointers_corrupt_nothing(tmp_path):
    """Without turns SQLite up to 3.51.2 may lose pages: sqlite.org/wal.html#walresetbug. Whether it does depends on
    chance: test_turns.py shows that turns are taken."""
    report = run("checkpoint_race", tmp_path / "store.db", 15)
    assert report["errors"] == []
    assert report["checkpoints"] > 100 and report["transactions"] > 1000
    assert check(tmp_path / "store.db").is_sound
    assert report["lost"] == 0


@pytest.mark.slow
def test_four_writers_take_turns(tmp_path):
    report = run("four_writers", tmp_path / "store.db", 5)
    counts = report["transactions"]
    assert report["errors"] == [] and len(counts) == 4
    assert min(counts) > max(counts) / 5  # nobody starves
    assert report["present"] == counts
