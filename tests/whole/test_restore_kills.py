"""`restore`, killed at any moment: the home is empty and takes the next restore, or it is restored."""

from __future__ import annotations

import random
import time

import pytest

from commtui.config.edit import add_account
from commtui.config.settings import Account
from tests.whole.home import Desk

BRAND = Account(name="brand", network="demo", user="brand@demo.example", options={"pace": 0})
KILLS = 12


@pytest.mark.slow
def test_a_killed_restore_blocks_no_other(tmp_path, desk):
    home = desk()
    add_account(home.home, BRAND)
    assert home.run("sync").code in (0, 3)
    backup = tmp_path / "backup.jsonl"
    assert home.run("backup", str(backup)).code == 0
    mentions = {row["id"] for row in home.list("mentions")}
    config = home.home.config.read_text()
    rng = random.Random(7)
    for number in range(KILLS):
        other = Desk(tmp_path / f"other{number}")
        other.home.config.unlink()
        process = other.start("restore", str(backup))
        time.sleep(rng.uniform(0.2, 1.2))
        process.kill()
        process.communicate()
        again = other.run("restore", str(backup))
        assert again.code == 0 or "not empty" in again.err, again
        assert other.home.config.read_text() == config
        assert {row["id"] for row in other.list("mentions")} == mentions
