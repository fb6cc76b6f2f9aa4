"""`backup` and `restore` by the command line."""

import sqlite3
import subprocess
import sys
from contextlib import closing


def commtui(home, *words):
    return subprocess.run(
        [sys.executable, "-m", "commtui", "--home", str(home), *words], capture_output=True, text=True, check=False
    )


def test_a_home_goes_into_a_file_and_comes_out_of_it(tmp_path, busy):
    copy = tmp_path / "copy.jsonl"
    folder = busy.home.config.parent
    output = commtui(folder, "backup", str(copy))
    assert output.returncode == 0, output.stderr
    assert "secrets" in output.stderr
    restored = commtui(tmp_path / "other", "restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    one, other = (commtui(place, "list", "mentions", "--json").stdout for place in (folder, tmp_path / "other"))
    assert one == other != ""
    again = commtui(tmp_path / "other", "restore", str(copy))
    assert again.returncode == 1
    assert again.stderr.startswith("commtui: ") and "is not empty" in again.stderr
    assert commtui(folder, "backup", str(copy)).returncode == 1
    assert commtui(tmp_path / "third", "restore", str(tmp_path / "nothing")).returncode == 1


def test_what_a_backup_leaves_out_is_named(tmp_path, busy):
    folder = busy.home.config.parent
    (folder / "secrets" / "brand.secret").write_text("hunter2")
    (folder / "themes" / "mine.toml").symlink_to(folder / "secrets" / "brand.secret")
    (folder / "replies" / "hi.md").symlink_to(tmp_path / "hi.md")
    said = commtui(folder, "backup", str(tmp_path / "copy.jsonl")).stderr
    assert "note: left out: themes/mine.toml: it is a link to a secret" in said
    assert "note: left out: replies/hi.md: it is a link; saved replies are read from files only" in said


def test_doctor_reads_every_byte_of_the_store_repairs_it_and_says_what_it_did(busy):
    folder = busy.home.config.parent
    sound = commtui(folder, "doctor", "--store")
    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert "all of it was read" in sound.stdout
    with closing(sqlite3.connect(busy.home.data / "store.db")) as database, database:  # as a bad sector does
        database.execute("UPDATE mentions SET doc = replace(doc, 'a', 'b') WHERE place = 2")
    damaged = commtui(folder, "doctor", "--store")
    assert damaged.returncode == 3
    assert "BAD" in damaged.stdout and "repaired" in damaged.stdout
    assert "Traceback" not in damaged.stderr
    again = commtui(folder, "doctor", "--store")
    assert again.returncode == 0, again.stdout
