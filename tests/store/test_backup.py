"""Backup and restore: an equal home, or one line and nothing made."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import astuple, replace

from commtui.activity.refusals import BackupError, BackupFault
from commtui.activity.undo import undo
from commtui.config.paths import Home
from commtui.marketing import posts
from commtui.model.records import Conversation, Mention, Note, Outgoing
from commtui.model.states import OutgoingState, Queue, Reason
from commtui.sentences.store import explain
from commtui.store.errors import OldFormat, StoreFull
from commtui.store.store import Store
from commtui.store.transfer import Transfer
from commtui.triage import views
from commtui.triage.backup import backup, restore
from commtui.triage.query import parse
from tests.sentences import refused
from tests.store.past import LONG, long_ago
from tests.triage.desks import BRAND, arrive, desk_on


def empty_home(tmp_path: Path) -> Home:
    """Another home, in which nothing is yet."""
    other = Home.at(tmp_path / "other")
    other.prepare()
    return other


def test_a_backup_restores_to_an_equal_home_without_the_secrets(desk, clock, home, tmp_path):
    home.config.write_text('me = "me" # mine\n')
    (home.secrets / "brand.token").write_text("very-secret-token")
    (home.themes / "mine.toml").write_text('name = "mine"\n')
    (home.themes / "ocean.yaml").write_text('scheme: "Ocean"\n')
    (home.replies / "bug report.md").write_text("Sorry, {name}!\n")
    (home.replies / "macros.toml").write_text("[macros]\n")
    (home.replies / "broken.md").write_bytes(b"\xe9")
    (home.replies / "out.md").symlink_to(home.secrets / "brand.token")
    long_ago(desk, clock)
    desk.store.archive.take(desk.now - LONG)
    arrive(desk, "new")
    posts.write_post(desk, "news", ["brand"], at="2h")
    target = tmp_path / "copy.jsonl"
    copied = backup(desk, home, target)
    assert b"very-secret-token" not in target.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600
    other = empty_home(tmp_path)
    restored = restore(other, target)
    assert (restored.documents, restored.files, restored.held) == (copied.documents, copied.files, 1)
    again = Store(other.data)
    (post,) = [item for item in again.all(Outgoing) if item.text == "news"]
    assert (post.state, post.reason) == (OutgoingState.HELD, Reason.RESTORED)
    with again.write() as write:  # all else is equal
        unasked = {"doubts": 0, "doubtful_since": None, "resend": False}  # before it is sent, the network is asked
        write.put(replace(post, state=OutgoingState.SCHEDULED, reason=None, **unasked))
    kinds: tuple[Any, ...] = (Conversation, Mention, Outgoing, Note)
    for kind in kinds:
        assert sorted(again.all(kind), key=lambda record: record.id) == sorted(
            desk.store.all(kind), key=lambda record: record.id
        )
    assert len(again.conversations.by_wait(Queue.DONE, archived=True)) == 3
    assert list(again.log.steps()) == list(desk.store.log.steps())
    assert again.log.undo_stack("me") == desk.store.log.undo_stack("me")
    assert other.config.read_text() == home.config.read_text()
    assert {path.name for path in other.themes.iterdir()} == {"mine.toml", "ocean.yaml"}
    assert {path.name for path in other.replies.iterdir()} == {"bug report.md", "macros.toml"}
    assert (other.replies / "bug report.md").read_text() == "Sorry, {name}!\n"
    again.close()


def test_links_of_config_and_themes_are_followed_and_what_is_left_out_is_named(desk, clock, home, tmp_path):
    dotfiles, token = tmp_path / "dotfiles", tmp_path / "brand.token"
    dotfiles.mkdir()
    (dotfiles / "config.toml").write_text('me = "me"\n')
    (dotfiles / "mine.toml").write_text('name = "mine"\n')
    (dotfiles / "via.toml").symlink_to(dotfiles / "mine.toml")
    (dotfiles / "hi.md").write_text("Hi!")
    (home.secrets / "brand.secret").write_text("very-secret-token")
    token.write_text("very-secret-token")
    home.config.symlink_to(dotfiles / "config.toml")
    (home.themes / "mine.toml").symlink_to(dotfiles / "via.toml")
    (home.themes / "bad.toml").symlink_to(home.secrets / "brand.secret")
    (dotfiles / "into").symlink_to(home.secrets)
    (home.themes / "worse.toml").symlink_to(dotfiles / "into" / "brand.secret")
    (home.themes / "token.toml").symlink_to(token)
    (home.themes / "gone.toml").symlink_to(dotfiles / "nothing")
    (home.themes / "zero.toml").symlink_to("/dev/zero")
    (home.themes / "round.toml").symlink_to(home.themes / "round.toml")
    (home.themes / "folder.toml").mkdir()
    (home.themes / "notes.txt").symlink_to(home.secrets / "brand.secret")  # no theme: nobody expects it in a backup
    (home.replies / "hi.md").symlink_to(dotfiles / "hi.md")
    (home.replies / "latin.md").write_bytes(b"\xe9")
    desk = replace(desk, settings=replace(desk.settings, accounts=(replace(BRAND, token_file=token),)))
    target = tmp_path / "copy.jsonl"
    copied = backup(desk, home, target)
    assert b"very-secret-token" not in target.read_bytes()
    assert {name: str(why) for name, why in map(astuple, copied.left_out)} == {
        "themes/bad.toml": "private",
        "themes/worse.toml": "private",
        "themes/token.toml": "private",
        "themes/gone.toml": "unreadable",
        "themes/zero.toml": "no file",
        "themes/round.toml": "unreadable",
        "themes/folder.toml": "no file",
        "replies/hi.md": "link",
        "replies/latin.md": "no text",
    }
    other = empty_home(tmp_path)
    restore(other, target)
    assert other.config.read_text() == 'me = "me"\n' and not other.config.is_symlink()
    assert [(path.name, path.read_text()) for path in other.themes.iterdir()] == [("mine.toml", 'name = "mine"\n')]
    assert list(other.replies.iterdir()) == []


def test_what_a_backup_brings_passes_the_gate(desk, home, tmp_path):
    arrive(desk, "1", "plain")
    target = tmp_path / "copy.jsonl"
    backup(desk, home, target)
    hostile = target.read_bytes().replace(b'"plain"', msgspec.json.encode("pla\x1b[31min\u202e"))
    target.write_bytes(hostile)
    other = empty_home(tmp_path)
    restore(other, target)
    again = Store(other.data)
    assert {mention.text for mention in again.all(Mention)} == {"plain"}
    assert {conversation.text for conversation in again.all(Conversation)} == {"plain"}


HOSTILE = {
    "no table": {"table": 5, "id": 1, "doc": {}},
    "unknown table": {"table": "../evil", "id": 1, "doc": {}},
    "no document": {"table": "notes", "id": 1},
    "a list": {"table": "notes", "id": 1, "doc": []},
    "no id": {"table": "notes", "doc": {}},
    "a text for an id": {"table": "notes", "id": "x", "doc": {}},
    "an id of 65 bits": {"table": "undo", "id": 1 << 64, "doc": {"who": "me", "done": [], "undone": []}},
    "a wrong part": {"table": "notes", "id": 1, "part": "else", "doc": {}},
    "no record": {"table": "notes", "id": 1, "doc": {"text": "x"}},
    "a number for a text": {
        "table": "notes", "id": 0,
        "doc": {"id": "n0000000000", "conversation": "c0000000000", "who": "me", "at": "2026-01-01", "text": 5},
    },
    "another's id": {
        "table": "notes", "id": 7,
        "doc": {"id": "n0000000000", "conversation": "c0000000000", "who": "me", "at": "2026-01-01", "text": "x"},
    },
    "a bad time": {
        "table": "notes", "id": 0,
        "doc": {"id": "n0000000000", "conversation": "c0000000000", "who": "me", "at": "never", "text": "x"},
    },
    "a newer record": {"table": "notes", "id": 0, "doc": {"v": 99}},
    "a version that is none": {"table": "notes", "id": 0, "doc": {"v": "x"}},
    "no steps": {"table": "undo", "id": 1, "doc": {"who": "me", "done": [5], "undone": []}},
    "no file": {"file": 5, "text": ""},
    "no text": {"file": "config.toml"},
    "a hidden path": {"file": "themes/../config.toml", "text": ""},
    "another folder of the home": {"file": "secrets/brand.md", "text": ""},
    "a reply of another kind": {"file": "replies/run.sh", "text": ""},
}  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_line_of_a_backup_is_named_and_nothing_is_made(desk, home, tmp_path, line):
    arrive(desk, "1")
    target = tmp_path / "copy.jsonl"
    documents = backup(desk, home, target).documents
    lines = target.read_bytes().splitlines(keepends=True)
    lines.insert(2, msgspec.json.encode(line) if line.get("id") != 1 << 64 else json.dumps(line).encode())
    lines[2] += b"\n"
    lines[-1] = msgspec.json.encode({"end": documents + ("table" in line)}) + b"\n"
    target.write_bytes(b"".join(lines))
    other = empty_home(tmp_path)
    with refused(desk, BackupError, r"copy\.jsonl:3: .*; nothing was restored"):
        restore(other, target)
    assert list(other.data.iterdir()) == [] and not other.config.exists()


@pytest.mark.parametrize("depth", [1_100, 5_000, 100_000])
def test_a_line_that_is_nested_too_deep_is_named(tmp_path, depth):
    for line in ('{"a":' * depth + "1" + "}" * depth, "[" * depth, '{"table":"notes","id":0,"doc":' + "[" * depth):
        target = tmp_path / "copy.jsonl"
        target.write_text(f'{{"commtui":"backup","format":1}}\n{line}\n{{"end":0}}\n')
        other = empty_home(tmp_path)
        with pytest.raises(BackupError) as raised:
            restore(other, target)
        assert raised.value.line == 2
        assert list(other.data.iterdir()) == []


def test_a_line_without_an_end_is_not_read_into_the_memory(tmp_path, monkeypatch, desk):
    monkeypatch.setattr("commtui.triage.backup.LONGEST", 1 << 20)
    other = empty_home(tmp_path)
    tracemalloc.start()
    try:
        with refused(desk, BackupError, r"/dev/zero:1: not a line of a backup; nothing was restored"):
            restore(other, Path("/dev/zero"))
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("version", ["true", "0", "-1", "1.0", '"1"', "null"])
def test_a_header_without_a_format_is_no_backup(tmp_path, version):
    target = tmp_path / "copy.jsonl"
    target.write_text(f'{{"commtui":"backup","format":{version}}}\n{{"end":0}}\n')
    other = empty_home(tmp_path)
    with pytest.raises(BackupError) as raised:
        restore(other, target)
    assert raised.value.fault is BackupFault.NO_BACKUP


def test_a_restore_that_meets_a_full_disk_leaves_an_empty_home(desk, home, tmp_path, monkeypatch):
    for number in range(30):
        arrive(desk, f"{number}")
    target = tmp_path / "copy.jsonl"
    backup(desk, home, target)
    other = empty_home(tmp_path)
    monkeypatch.setattr("commtui.triage.backup.BATCH", 10)
    left = [3]

    def put(transfer, places):
        left[0] -= 1
        if not left[0]:
            raise StoreFull(other.data, "no space")
        return real(transfer, places)

    real = Transfer.put
    monkeypatch.setattr(Transfer, "put", put)
    with pytest.raises(StoreFull):
        restore(other, target)
    monkeypatch.undo()
    assert list(other.data.iterdir()) == []
    assert restore(other, target).documents == 60


@pytest.mark.parametrize("damage", ["cut", "other", "newer", "outside", "garbage"])
def test_a_file_that_is_no_whole_backup_is_refused_and_nothing_is_made(desk, home, tmp_path, damage):
    arrive(desk, "1")
    target = tmp_path / "copy.jsonl"
    backup(desk, home, target)
    lines = target.read_bytes().splitlines(keepends=True)
    if damage == "cut":
        lines = lines[:-1]
    elif damage == "other":
        lines = lines[1:]
    elif damage == "newer":
        lines[0] = lines[0].replace(b'"format":1', b'"format":2')
    elif damage == "outside":
        lines.insert(1, msgspec.json.encode({"file": "../evil.toml", "text": ""}) + b"\n")
    else:
        lines.insert(1, b"\x00\xff\n")
    target.write_bytes(b"".join(lines))
    other = empty_home(tmp_path)
    with pytest.raises(BackupError):
        restore(other, target)
    assert not (tmp_path / "evil.toml").exists()
    assert Store(other.data).all(Mention) == []


def test_restore_refuses_a_home_that_is_in_use_and_backup_a_file_that_is_there(desk, home, tmp_path):
    arrive(desk, "1")
    target = tmp_path / "copy.jsonl"
    backup(desk, home, target)
    with refused(desk, BackupError, "already"):
        backup(desk, home, target)
    with refused(desk, BackupError, "is not empty"):
        restore(home, target)


def test_a_backup_of_a_commtui_before_sqlite_is_restored_whole(tmp_path, clock):
    """It was made by version 0.1.0: three conversations were archived, one of them came back and stands in both
    parts."""
    home = Home.at(tmp_path / "home")
    home.prepare()
    copied = restore(home, Path(__file__).with_name("backup_0_1.jsonl"))
    clock.advance(LONG.total_seconds() + 86400)
    desk = desk_on(home.data, clock)
    assert copied.documents == 36 - 5  # the archived copies of what came back
    assert len(desk.store.conversations.by_wait(Queue.DONE, archived=True)) == 2
    texts = [[said.text for said in views.thread(desk, one)] for one in desk.store.all(Conversation)]
    assert sorted(map(sorted, texts)) == [["a new one"], ["an answer", "and more", "it is back", "question 1"]]
    assert len(views.queue(desk, parse("is:archived question"))) == 2
    steps = [step.verb for step in desk.store.log.steps()]
    assert steps == ["reply", "note", "done"] * 3 + ["tag", "post"]
    undo(desk)
    undo(desk)
    assert [one.tags for one in desk.store.all(Conversation)] == [(), ()]
    desk.store.close()


def test_a_store_of_a_commtui_before_sqlite_is_refused_with_the_way_out(tmp_path):
    (tmp_path / "log-00000000.jl").write_bytes(b"#tinydb-journal 1 log 00000000 00000000\n")
    with pytest.raises(OldFormat) as caught:
        Store(tmp_path)
    assert "commtui backup" in explain(caught.value) and str(tmp_path) in explain(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["log-00000000.jl"]


def test_a_backup_is_of_one_moment_while_others_write(desk, clock, home, tmp_path):
    for number in range(3):
        arrive(desk, f"{number}")
    other = desk_on(home.data, clock)
    lines = desk.store.transfer.lines()
    copied = [next(lines)]
    arrive(other, "late", "while it is copied")
    copied += lines
    assert not any(b"while it is copied" in line for line in copied)
    assert sum(b'"table":"mentions"' in line for line in copied) == 3
    assert len(desk.store.all(Mention)) == 4
    other.store.close()
