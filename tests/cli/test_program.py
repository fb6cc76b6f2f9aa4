"""The program as people and scripts run it: what stands on stdout, what on stderr, and the exit code."""

import logging
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.cli.app import main
from commtui.community import replies, reply_drafts
from commtui.config.edit import add_account
from commtui.model import times
from commtui.model.abilities import Capabilities
from commtui.model.clock import SystemClock
from commtui.model.query_terms import KEYS
from commtui.model.records import AccountState, Act, ActKind, Conversation, LookAlike, Media, Outgoing, Poll, PollOption
from commtui.model.states import Health, OutgoingState
from commtui.outgoing import acts
from commtui.sentences.reasons import NOT_READABLE
from tests.cli.conftest import CONFIG, PROGRAM, ROOT
from tests.cli.program import services_at
from tests.triage.desks import BRAND, arrive, conversation_of

COMMON = ["id", "lane", "kind", "account", "network", "remote_id", "url", "text", "created_at"]
OF_MENTION = [
    "via", "author", "author_name", "others", "conversation", "campaign", "status", "assignee", "tags", "priority",
    "unread", "snoozed_until", "due_at", "at_risk", "overdue", "service_level", "muted", "muted_until", "edited",
    "deleted", "pending", "erased", "bot", "language", "language_guessed", "spoiler", "media", "poll",
]  # fmt: skip
OF_OUTGOING = [
    "state", "reason", "conversation", "in_reply_to", "others", "post", "campaign", "series", "after", "scheduled_at",
    "sent_at", "tries", "error", "look_alikes",
]  # fmt: skip


def test_list_is_one_array_of_flat_objects_with_every_field(busy):
    found = busy("list", "mentions", "--json").json
    assert [row["id"] for row in found] == busy.ids
    assert all(list(row) == COMMON + OF_MENTION for row in found)
    first = found[0]
    assert first["account"] == "brand" and first["kind"] == "mention" and first["lane"] == "community"
    assert first["assignee"] is None and first["tags"] == [] and first["snoozed_until"] is None
    assert first["created_at"].endswith("Z") and first["status"] == "open" and first["unread"] is True
    assert busy("list", "mentions", "--format", "json", "--limit", "2").json == found[:2]
    assert busy("list", "mentions", "--limit", "0", "--json").json == []
    for most in ("9223372036854775808", "99999999999999999999"):
        assert busy("list", "mentions", "--limit", most, "--json").json == found


def test_list_in_text_is_a_line_for_each_mention_and_markup_stays_text(busy):
    lines = busy("list", "mentions").out.splitlines()
    assert [line.split()[0] for line in lines] == busy.ids
    assert "[not markup]" in lines[0] and "I love it really" in lines[1]
    narrow = busy("list", "mentions", COLUMNS="40").out.splitlines()
    assert max(map(len, narrow)) <= 40 and len(narrow) == 3


def test_a_query_chooses_and_a_wrong_one_names_the_nearest(busy):
    assert [mention["id"] for mention in busy("list", "mentions", "from:grace", "love", "--json").json] == [busy.ids[1]]
    assert busy("list", "mentions", "-from:grace", "--json").json[1]["id"] == busy.ids[2]
    assert "is:open" in busy("list", "mentions", "is:opn", code=2).err
    assert "(at character 9)" in busy("list", "mentions", "tag:bug", "form:ada", code=2).err


def test_a_verb_talks_on_stderr_and_says_when_nothing_is_to_change(busy):
    first = busy.ids[0]
    done = busy("done", first)
    assert done.out == "" and "done" in done.err
    again = busy("done", first)
    assert "nothing to change" in again.err
    assert busy("list", "mentions", "is:done", "--json").json[0]["id"] == first
    assert first not in busy("list", "mentions").out


def test_one_bad_id_among_many_changes_nothing(busy):
    first, second, _ = busy.ids
    assert "no mention" in busy("done", first, "mzzzz", second, code=1).err
    assert len(busy("list", "mentions").out.splitlines()) == 3


def test_an_ambiguous_id_lists_the_candidates(busy):
    error = busy("done", "m", code=2).err
    assert all(id_ in error for id_ in busy.ids)


@pytest.mark.slow
def test_every_verb_on_several_conversations_is_one_step_that_undo_takes_back(busy):
    first, second, _ = busy.ids
    steps = {
        ("assign", first, second, "anna"): ("assignee", None, "anna"),
        ("tag", first, second, "#Bug"): ("tags", [], ["bug"]),
        ("snooze", first, second, "tomorrow", "9am"): ("status", "open", "snoozed"),
        ("snooze", first, second, "answer"): ("status", "open", "snoozed"),
        ("claim", first, second): ("assignee", None, "me"),
        ("read", first, second): ("unread", True, False),
    }
    for words, (field, before, after) in steps.items():
        busy(*words)
        shown = [busy("show", entry, "--json").json[field] for entry in (first, second)]
        assert shown == [after, after], words
        assert "undo: " in busy("undo").err
        assert busy("show", first, "--json").json[field] == before, words
    assert "redo: read" in busy("undo", "--redo").err
    assert busy("show", second, "--json").json["unread"] is False


def test_mute_takes_off_the_list_and_unmute_brings_back(busy):
    busy("mute", busy.ids[0])
    assert busy.ids[0] not in busy("list", "mentions").out
    assert [mention["id"] for mention in busy("list", "mentions", "is:muted", "--json").json] == [busy.ids[0]]
    busy("unmute", busy.ids[0])
    assert busy.ids[0] in busy("list", "mentions").out


def test_a_stranger_is_taken_with_a_note_and_a_teammate_without(busy):
    assert "not among" in busy("assign", busy.ids[0], "zoe").err
    assert "not among" not in busy("assign", busy.ids[0], "anna").err
    assert "zoe" not in busy("list", "mentions", "assigned:anna").out
    assert "anna" in busy("claim", busy.ids[0], code=1).err


def test_a_time_that_cannot_be_read_is_wrong_usage_and_says_what_can_be_said(busy):
    assert "fri 14:30" in busy("snooze", busy.ids[0], "someday", code=2).err
    assert "past" in busy("snooze", busy.ids[0], "2001-01-01", code=2).err
    assert "no time given" in busy("snooze", busy.ids[0], code=2).err
    assert "Europe/Berlin" in busy("snooze", busy.ids[0], "tomorrow").err


def test_show_at_tells_a_past_state_and_refuses_the_future(busy):
    one = busy.ids[0]
    busy("tag", one, "billing")
    moment = SystemClock().now().isoformat()
    busy("note", one, "ask Ben")
    busy("done", one)
    then = busy("show", one, "--at", moment, "--json").json
    assert (then["status"], then["tags"]) == ("open", ["billing"])
    assert [text["id"] for text in then["thread"]] == [one]
    output = busy("show", one, "--at", moment).out
    assert "open" in output and "#billing" in output and "ask Ben" not in output
    assert "done" in busy("show", one, "--at", "0s").out
    assert "in the future" in busy("show", one, "--at", "2999-01-01", code=2).err
    assert "cannot be read" in busy("show", one, "--at", "soon", code=2).err
    assert "not here yet" in busy("show", one, "--at", "9d", code=1).err


def test_log_limit_shows_the_newest(busy):
    for tag in ("one", "two", "three"):
        busy("tag", busy.ids[0], tag)
    whole = busy("log", "--json").json
    assert busy("log", "--limit", "2", "--json").json == whole[-2:]
    assert busy("log", busy.ids[0], "--limit", "1", "--json").json == whole[-1:]
    assert busy("log", "--limit", "0", "--json").json == []
    assert busy("log", "--limit", "99999999999999999999", "--json").json == whole


def test_log_says_whose_each_id_is(busy):
    busy("claim", busy.ids[0], busy.ids[1])
    output = busy("log").out
    assert f"{busy.ids[0]} @ada@example.org {busy.ids[1]} @grace@example.org" in output
    reply = busy("reply", busy.ids[2], "it does", "--hold", "5m").out.split()[0]
    busy("recall", reply)
    assert f"recall      {reply} @alan@example.org" in busy("log", "--limit", "1").out


def test_doctor_warns_where_a_reply_waits_and_nobody_sends(busy):
    def engine():
        return next(check for check in busy("doctor", "--json").json if check["subject"] == "sending")

    assert engine()["level"] == "ok"
    busy("reply", busy.ids[2], "it does", "--hold", "5m")
    assert engine()["level"] == "warn" and "a reply or post waits to be sent" in engine()["sentence"]
    assert "commtui run" in engine()["way_out"]


def test_a_file_of_a_kind_that_no_network_takes_is_refused_with_those_that_go(busy, tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    errors = busy("post", "x", "--account", "brand", "--media", str(tmp_path / "notes.txt"), code=2).err
    assert "notes.txt can't be attached" in errors and "png" in errors and "mp4" in errors


def test_an_act_that_failed_is_tried_again_by_its_id(busy):
    desk = busy.desk()
    acts.act(desk, ActKind.BOOST, busy.ids[0])
    (act,) = desk.store.all(Act)
    with desk.store.write() as write:
        write.put(replace(act, state=OutgoingState.FAILED, error="too many today"))
    desk.store.close()
    assert "retrying now" in busy("retry", act.id).err
    assert busy("show", act.id, "--json").json["state"] == "scheduled"
    assert "cannot retry what is scheduled" in busy("retry", act.id, code=1).err


def test_show_has_what_may_be_a_doubtful_reply_below_it(busy):
    busy("reply", busy.ids[0], "It left today.")
    desk = busy.desk()
    (reply,) = desk.store.all(Outgoing)
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    alike = (
        LookAlike(remote_id="77", url="https://x.example/77", text="It left\ntoday!", created_at=at),
        LookAlike(remote_id="78", url=None, text="", created_at=None),
    )
    with desk.store.write() as write:
        write.put(replace(reply, state=OutgoingState.UNKNOWN, look_alikes=alike))
    desk.store.close()
    lines = [line.strip() for line in busy("show", reply.id).out.splitlines()]
    first = lines.index("may be it: https://x.example/77, " + times.echo(at, "Europe/Berlin", desk.now))
    assert lines[first + 1 : first + 5] == ["It left", "today!", "may be it: 78", NOT_READABLE]
    assert any("It left today." in line for line in lines)
    found = busy("show", reply.id, "--json").json["look_alikes"]
    assert [(each["remote_id"], each["text"]) for each in found] == [("77", "It left\ntoday!"), ("78", "")]


def test_note_reads_stdin_and_show_has_it(busy):
    busy("note", busy.ids[0], "-", stdin="she called\ntwice\n")
    shown = busy("show", busy.ids[0]).out
    assert "note by me" in shown and "    twice" in shown
    assert "empty" in busy("note", busy.ids[0], "-", stdin="\n", code=2).err


def test_a_post_at_the_minute_of_others_says_how_many_they_are(busy):
    notes = [busy("post", "news", "--account", "brand", "--at", "fri 9:00").err for _ in range(3)]
    assert "of this account" not in notes[0]
    assert "note: 1 other of this account leaves then\n" in notes[1]
    assert "note: 2 others of this account leave then\n" in notes[2]


def test_reply_prints_its_id_and_when_it_leaves(busy):
    done = busy("reply", busy.ids[2], "it does", "--hold", "5m")
    identity, rest = done.out.split(" ", 1)
    assert rest.startswith("goes out ") and "Europe/Berlin" in rest
    assert "nothing is running that sends" in done.err
    (item,) = busy("list", "replies", "--json").json
    assert list(item) == COMMON + OF_OUTGOING
    assert item["id"] == identity and item["state"] == "scheduled" and item["in_reply_to"] == busy.ids[2]
    assert item["post"] is None and item["sent_at"] is None and item["tries"] == 0
    thread = busy("show", busy.ids[2], "--json").json["thread"]
    assert [text["id"] for text in thread] == [busy.ids[2], identity]
    assert busy("show", identity, "--json").json["thread"] == thread
    assert "draft" in busy("recall", identity).err
    assert busy("show", identity, "--json").json["state"] == "draft"


def test_poll_files_and_warning_of_a_mention_are_shown_and_a_row_is_never_empty(shell):
    add_account(shell.home, BRAND)
    desk = shell.desk()
    poll = Poll((PollOption("Kenya", 5), PollOption("Peru")), ends_at=desk.now + timedelta(days=1, hours=12))
    asked = arrive(desk, "1", "which?", poll=poll, spoiler="beans")
    seen = arrive(desk, "2", "", media=(Media("https://x/1.png", "a broken grinder", "image"),))
    empty = arrive(desk, "3", "")
    rows = {line.split()[0]: line for line in shell("list", "mentions").out.splitlines()}
    assert rows[asked.id].endswith("[poll] (beans) which?")
    assert rows[seen.id].endswith("[1 image] a broken grinder") and rows[empty.id].endswith("[no text]")
    shown = shell("show", asked.id).out
    assert "    (beans)\n    which?\n    poll, ends in 1d1" in shown and "    ( ) Kenya: 5\n    ( ) Peru\n" in shown
    found = shell("show", asked.id, "--json").json
    assert found["spoiler"] == "beans" and found["poll"]["options"][1] == {"text": "Peru", "votes": None}
    picture = shell("show", seen.id, "--json").json
    assert picture["media"] == [{"kind": "image", "url": "https://x/1.png", "alt": "a broken grinder"}]
    assert "    [no text]\n" in shell("show", empty.id).out


def test_reply_names_whom_it_goes_to_beside_the_author_and_leaves_out_whom_it_is_told_to(busy):
    desk = busy.desk()
    others = ("@bob@example.org", "@eve@far.example")
    asked = arrive(desk, "9", "shall we?", others=others)
    with desk.store.write() as write:
        capabilities = Capabilities(addresses=True)
        write.put(AccountState(id=BRAND.id, name="brand", network="demo", handle=BRAND.user, capabilities=capabilities))
    assert busy("show", asked.id, "--json").json["others"] == list(others)
    assert "goes to @bob@example.org, @eve@far.example, too" in busy("reply", asked.id, "yes", "--hold", "5m").err
    assert busy("list", "replies", "--json").json[0]["others"] == list(others)
    assert "@carl is not named" in busy("reply", asked.id, "y", "--without", "@carl", code=2).err
    done = busy("reply", asked.id, "and yes", "--anyway", "--without", "bob", "--json")
    assert done.json["others"] == ["@eve@far.example"] and "goes to @eve@far.example, too" in done.err
    done = busy("reply", asked.id, "and only you", "--anyway", "--without", "all", "--json")
    assert done.json["others"] == [] and "too;" not in done.err


def test_reply_takes_stdin_where_that_is_no_terminal(busy):
    busy("reply", busy.ids[0], "--hold", "5m", stdin="two\nlines 🎉\n")
    assert busy("list", "replies", "--json").json[0]["text"] == "two\nlines 🎉"
    busy("reply", busy.ids[1], "-", "--hold", "5m", stdin="dash")
    assert [reply["text"] for reply in busy("list", "replies", "dash", "--json").json] == ["dash"]


def test_an_empty_reply_is_refused_and_one_that_is_no_text_too(busy):
    assert "empty" in busy("reply", busy.ids[0], stdin="", code=1).err
    assert busy("list", "replies", "--json").json == []
    child = busy.start("reply", busy.ids[0])
    child.stdin.buffer.write(b"\xff")
    _, error = child.communicate(timeout=60)
    assert child.returncode == 1 and "UTF-8" in error


def test_reply_with_media_keeps_pairs_in_order_and_missing_files_are_wrong_usage(busy, tmp_path):
    for name in ("a.png", "b.mp4"):
        (tmp_path / name).write_bytes(b"x")
    done = busy(
        "reply", busy.ids[0], "look", "--hold", "5m", "--visibility", "public", "--cw", "food",
        "--media", str(tmp_path / "a.png"), "--alt", "a plate", "--media", str(tmp_path / "b.mp4"), "--json",
    )  # fmt: skip
    assert "no --alt" in done.err and "b.mp4" in done.err
    item = busy.desk().store.get(Outgoing, done.json["id"])
    assert [(file.url, file.alt, file.kind) for file in item.media] == [
        (str(tmp_path / "a.png"), "a plate", "image"),
        (str(tmp_path / "b.mp4"), "", "video"),
    ]
    assert item.spoiler == "food"
    assert "cannot attach" in busy("reply", busy.ids[0], "x", "--media", "/nowhere.png", code=2).err
    assert "no length of time" in busy("reply", busy.ids[0], "x", "--hold", "later", code=2).err


def test_post_needs_an_account_where_there_are_several_and_makes_a_variant_for_each(busy):
    error = busy("post", "hello", code=2).err
    assert "--account brand" in error and "--account other" in error
    done = busy("post", "hello", "--account", "brand", "--account", "other", "--at", "fri 14:30", "--late", "hold")
    first, second = (line.split()[0] for line in done.out.splitlines())
    found = busy("list", "posts", "--json").json
    assert {row["id"] for row in found} == {first, second}
    assert len({row["post"] for row in found}) == 1 and found[0]["lane"] == "marketing"
    post = found[0]["post"]
    assert first in busy("show", post, code=2).err
    busy("reschedule", post, "next", "week")
    assert len({post["scheduled_at"] for post in busy("list", "posts", "--json").json}) == 1
    busy("edit", post, "hello all")
    assert {post["text"] for post in busy("list", "posts", "--json").json} == {"hello all"}
    assert busy("status", "--json").json["next_post"]["id"] in (first, second)
    busy("discard", post)
    assert {post["state"] for post in busy("list", "posts", "--json").json} == {"discarded"}
    assert "'nobody'" in busy("post", "x", "--account", "nobody", code=2).err
    assert "fri 14:30" in busy("post", "x", "--account", "brand", "--at", "whenever", code=2).err
    assert "brand" in busy("post", "x", code=2, stdin="").err


def test_an_empty_home_says_what_to_do(shell):
    assert "account add" in shell("status").out
    assert shell("list", "mentions", "--json").out == "[]\n"
    assert "account add" in shell("post", "x", code=1).err
    assert "account add" in shell("account", "list").err
    assert "nothing to undo" in shell("undo").err
    assert shell("log", "--json").json == []


def test_status_needs_a_person_when_something_failed(busy):
    quiet = busy("status", "--json").json
    assert list(quiet) == [
        "open", "unassigned", "waiting", "snoozed", "overdue", "at_risk", "next_due", "outgoing", "next_post",
        "accounts", "cache_age_s", "needs_person", "engine",
    ]  # fmt: skip
    assert quiet["open"] == 3 and quiet["outgoing"] == {} and quiet["needs_person"] == []
    desk = busy.desk()
    item, _ = replies.reply(desk, busy.ids[0], "too much", hold=timedelta(minutes=5))
    with desk.store.write() as write:
        write.put(replace(item, state=OutgoingState.FAILED, error="the server said no"))
    assert {"why": "failed", "id": item.id} in busy("status", "--json", code=3).json["needs_person"]
    short = busy("status", "--format", "tmux", code=3).out
    assert short.count("\n") == 1 and "!1 failed" in short and "\x1b" not in short and "#" not in short
    assert f"{item.id} @ada@example.org failed" in busy("status", code=3).out
    assert "the server said no" in busy("list", "replies").out
    busy("retry", item.id)
    assert busy("list", "replies", "--json").json[0]["state"] == "scheduled"
    busy("discard", item.id)
    assert busy("status").code == 0


def test_status_needs_a_person_when_an_answer_is_overdue_or_a_login_refused(busy):
    desk = busy.desk()
    conversation = conversation_of(desk, f"c{busy.ids[0][1:]}")
    with desk.store.write() as write:
        write.put(replace(conversation, since=desk.now - timedelta(days=2)))
    assert busy("status", "--json", code=3).json["needs_person"] == [{"why": "overdue", "id": conversation.id}]
    assert "[overdue 1d]" in busy("list", "mentions", conversation.author).out
    busy("done", conversation.id)
    with desk.store.write() as write:
        write.put(AccountState(id=BRAND.id, name="brand", network="demo", health=Health.REFUSED, error="revoked"))
    done = busy("status", code=3)
    assert "brand refused" in done.out and "revoked" in done.out
    assert "!brand refused" in busy("status", "--format", "tmux", code=3).out


def test_the_log_tells_who_did_what_to_which(busy):
    busy("tag", busy.ids[0], "bug")
    busy("done", busy.ids[1])
    both = busy("log", "--json").json
    assert [item["verb"] for item in both] == ["tag", "done"]
    assert list(both[0]) == ["op_id", "at", "who", "verb", "ids", "detail", "undoes", "process", "changes"]
    assert both[0]["who"] == "me" and both[0]["changes"][0]["after"] == {"tags": ["bug"]}
    assert [entry["verb"] for entry in busy("log", busy.ids[0], "--json").json] == ["tag"]
    assert "done" in busy("log", "--limit", "1").out and "tag" not in busy("log", "--limit", "1").out


@pytest.mark.slow
def test_several_commands_at_once_lose_nothing(busy):
    words = [("tag", id_, f"t{number}") for number in range(3) for id_ in busy.ids]
    words += [("note", id_, f"note {number}") for number in range(2) for id_ in busy.ids]
    running = [busy.start(*word) for word in words]
    for child in running:
        _, error = child.communicate("", timeout=120)
        assert child.returncode == 0, error
    found = busy("list", "mentions", "--json").json
    assert [row["tags"] for row in found] == [["t0", "t1", "t2"]] * 3
    assert len(busy("log", "--json").json) == len(words)
    for _ in words:
        assert "undo: " in busy("undo").err
    assert [mention["tags"] for mention in busy("list", "mentions", "--json").json] == [[]] * 3


def test_of_several_people_who_claim_at_once_one_has_it_and_the_others_are_told_who(busy):
    config = busy.home.config
    config.write_text(config.read_text().replace('me = "me"\n', ""))
    people = ["anna", "ben", "kim", "lou"]
    running = [busy.start("claim", busy.ids[0], USER=who) for who in people]
    said = [child.communicate("", timeout=120)[1] for child in running]
    (owner,) = (who for who, child in zip(people, running, strict=True) if child.returncode == 0)
    assert sorted(child.returncode for child in running) == [0, 1, 1, 1]
    assert busy("list", "mentions", "--json").json[0]["assignee"] == owner
    assert sum(f"is assigned to {owner}" in line for line in said) == 3
    assert len(busy("log", "--json").json) == 1


def test_a_reader_that_has_enough_is_no_error(busy):
    desk = busy.desk()
    with desk.store.write() as write:
        conversation = write.get(Conversation, f"c{busy.ids[0][1:]}")
        write.put(replace(conversation, tags=tuple(f"tag-{number:05}" for number in range(20_000))))
    child = busy.start("show", busy.ids[0], "--json")
    child.stdout.read(10)
    child.stdout.close()
    error = child.stderr.read()
    assert child.wait(60) == 0
    assert error == ""


def test_ctrl_c_ends_with_130_and_no_traceback(busy):
    child = busy.start("reply", busy.ids[0], "-")
    child.stdin.write("half a")
    child.stdin.flush()
    _wait_for_reading(child.pid)
    child.send_signal(signal.SIGINT)
    _, error = child.communicate(timeout=60)
    assert (child.returncode, error) == (130, "")
    assert busy("list", "replies", "--json").json == []


def _wait_for_reading(pid):
    """Until the process sleeps in a read of its stdin: file 0 of its system call."""
    for _ in range(600):
        with open(f"/proc/{pid}/syscall") as file:
            call = file.read().split()
        if call[:2] == ["0", "0x0"]:
            return
        time.sleep(0.05)
    raise AssertionError("it never read stdin")


def test_errors_are_one_line(busy):
    busy.home.config.write_text('me = "me"\nzon = "UTC"\n')
    done = busy("status", code=1)
    assert done.err.startswith("commtui: ") and ":2:" in done.err and "`zone`" in done.err
    assert done.err.count("\n") == 1
    busy.home.config.write_text(CONFIG)
    with closing(sqlite3.connect(busy.home.data / "store.db")) as database:
        database.execute("PRAGMA user_version = 9000")
    done = busy("list", "mentions", code=1)
    assert done.err.startswith("commtui: ") and "newer commtui" in done.err and done.err.count("\n") == 1


def test_a_fault_of_ours_is_one_line_and_the_log_has_the_rest(busy, capsys):
    services = services_at(busy.folder)
    nowhere: dict[str, object] = {}
    services.desk = lambda: nowhere["nowhere"]
    before = list(logging.getLogger().handlers)
    try:
        assert main(["status"], lambda home: services) == 1
    finally:
        for handler in set(logging.getLogger().handlers) - set(before):
            logging.getLogger().removeHandler(handler)
            handler.close()
    error = capsys.readouterr().err
    assert error.startswith("commtui: a fault of commtui's own: KeyError: 'nowhere'") and error.count("\n") == 1
    assert "Traceback" in (busy.home.state / "commtui.log").read_text()


def test_a_view_lists_the_mentions_of_its_rows(busy):
    with busy.home.config.open("a") as config:
        config.write('[views]\nmine = "assigned:anna"\n')
    first, second, *_ = busy.ids
    busy("assign", first, "anna")
    busy("done", second)
    assert [mention["id"] for mention in busy("list", "mentions", "--view", "mine", "--json").json] == [first]
    assert busy("list", "mentions", "--view", "mine", "is:done", "--json").json == []
    listed = [mention["id"] for mention in busy("list", "mentions", "--view", "unassigned", "--json").json]
    assert sorted(listed) == sorted(set(busy.ids) - {first, second})
    unknown = busy("list", "mentions", "--view", "nix", code=2).err
    assert "no view 'nix'; there are: mine, open, unassigned" in unknown
    assert "--view is for mentions" in busy("list", "replies", "--view", "mine", code=2).err


def test_replies_of_long_ago_are_found_by_their_words(busy):
    desk = busy.desk()
    item, _ = replies.reply(desk, busy.ids[0], "the lid of the grinder")
    old = replace(item, state=OutgoingState.SENT, sent_at=desk.now - timedelta(days=99))
    with desk.store.write() as write:
        write.put(old)
    assert busy("list", "replies", "is:sent", "--json").json == []
    assert [item["id"] for item in busy("list", "replies", "grinder", "lid", "--json").json] == [item.id]
    assert busy("list", "posts", "grinder", "--json").json == []


def test_help_names_every_command_and_version_says_its_own(shell):
    assert "account add" in shell("--help").out and "exit" in shell("--help").out.lower()
    assert shell("--version").out.startswith("commtui ")
    assert "WHEN" in shell("snooze", "--help").out
    assert "remove" in shell("account", "--help").out
    assert shell("help", "snooze").out == shell("snooze", "--help").out and shell("help").out == shell("--help").out
    assert shell("help", "account", "add").out == shell("account", "add", "--help").out
    about_queries = shell("help", "query").out
    assert "help query" in shell("--help").out and all(f"  {key}:" in about_queries for key in KEYS)
    assert all(len(line) <= 50 for line in shell("help", "query", COLUMNS="50").out.splitlines())
    assert "do you mean `list`" in shell("lst", code=2).err
    assert "--demo" in shell("--demo", "status", code=2).err


@pytest.mark.parametrize("words", [["--help"], ["status"], ["status", "--format", "tmux"], ["done", "--help"]])
def test_quick_commands_import_nothing_heavy(busy, words):
    heavy = ["textual", "rich", "httpx", "asyncio", "tomlkit", "dateutil", "tzlocal", "logging", "subprocess", "shutil"]
    program = (
        "import sys, os, io, contextlib\n"
        "from commtui.cli.app import main\n"
        "from tests.cli.program import HomeServices, find_home\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main({words!r}, lambda home: HomeServices(find_home(home, os.environ)))\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=busy.environ(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]", done.stdout


def editor_script(tmp_path, body: str) -> str:
    path = tmp_path / "editor.py"
    path.write_text("import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n" + body)
    return f"{sys.executable} {path}"


def on_a_terminal(shell, *words, **more):
    """Runs a command with a terminal as stdin; what it printed on both outputs, and the exit code."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*PROGRAM, *words], cwd=ROOT, env=shell.environ(**more), stdin=theirs, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        out, err = child.communicate(timeout=60)
    finally:
        os.close(ours)
    assert "Traceback" not in err
    return out, err, child.returncode


def test_without_text_on_a_terminal_the_editor_opens_with_what_is_answered(busy, tmp_path):
    seen = tmp_path / "seen"
    editor = editor_script(
        tmp_path,
        f"old = path.read_text()\npathlib.Path({str(seen)!r}).write_text(old)\npath.write_text('Yes!\\n' + old)\n",
    )
    out, err, code = on_a_terminal(busy, "reply", busy.ids[0], "--hold", "5m", EDITOR=editor)
    assert code == 0, err
    assert ">8" in seen.read_text() and "# @ada@example.org" in seen.read_text() and "parcel" in seen.read_text()
    assert busy("list", "replies", "--json").json[0]["text"] == "Yes!"
    assert out.startswith("r")


@pytest.mark.parametrize(
    ("body", "message"),
    [("", "nothing was saved"), ("sys.exit(1)", "the editor ended with 1"), ("path.write_text('')", "empty")],
)
def test_an_editor_left_without_a_text_sends_nothing(busy, tmp_path, body, message):
    reply_drafts.draft(busy.desk(), busy.ids[0], "half a text")
    _, err, code = on_a_terminal(busy, "reply", busy.ids[0], EDITOR=editor_script(tmp_path, body))
    assert code == 1 and message in err
    (reply,) = busy("list", "replies", "--json").json
    assert (reply["state"], reply["text"]) == ("draft", "half a text")


def test_what_was_saved_in_an_editor_that_failed_is_kept(busy, tmp_path):
    editor = editor_script(tmp_path, "path.write_text('an hour of work')\nsys.exit(3)\n")
    _, err, code = on_a_terminal(busy, "post", "--account", "brand", EDITOR=editor)
    assert code == 1
    kept = Path(err.split("your text is in ")[1].strip())
    assert kept.read_text() == "an hour of work"
    shutil.rmtree(kept.parent)


def test_edit_opens_the_editor_with_the_text(busy, tmp_path):
    identity = busy("reply", busy.ids[0], "helo", "--hold", "5m").out.split()[0]
    editor = editor_script(tmp_path, "path.write_text(path.read_text().replace('helo', 'hello'))\n")
    _, err, code = on_a_terminal(busy, "edit", identity, VISUAL=editor)
    assert code == 0, err
    assert busy("show", identity, "--json").json["text"] == "hello"


def test_a_mention_that_is_answered_already_is_answered_again_only_anyway(busy):
    busy("reply", busy.ids[0], "first", "--hold", "5m")
    errors = busy("reply", busy.ids[0], "second", "--hold", "5m", code=1).err
    assert "answered" in errors and "'first'; with --anyway this is sent, too; kept as draft r" in errors
    states = lambda: {reply["text"]: reply["state"] for reply in busy("list", "replies", "--json").json}  # noqa: E731
    assert states() == {"first": "scheduled", "second": "draft"}
    busy("reply", busy.ids[0], "second", "--hold", "5m", "--anyway")
    assert states() == {"first": "scheduled", "second": "scheduled"}


def test_doctor_names_the_tag_of_a_service_level_that_no_conversation_has_and_an_unknown_account(busy):
    busy("tag", busy.ids[0], "press")
    level = '\n[[service_level]]\nname = "papers"\nfirst = "2h"\ntags = ["press", "presse"]\naccounts = ["brnad"]\n'
    busy.home.config.write_text(busy.home.config.read_text() + level)
    found = busy("doctor", code=3).out
    checked = busy("config", "check", code=1).out
    assert set(checked.splitlines()) < set(found.splitlines()) and "the network knows it" not in checked
    assert "BAD   service levels: 'papers' is for the account 'brnad', which is not in the config" in found
    assert "warn  service levels: 'papers' is for the tag 'presse', which no conversation has so far" in found
    assert "tag 'press'," not in found
    for line in (line for line in found.splitlines() if "service levels" in line):
        assert line in checked
    busy.home.config.write_text(busy.home.config.read_text().replace("brnad", "brand"))
    rows = busy("config", "check", "--json").json
    assert [row["sentence"] for row in rows if row["subject"] == "service levels"] == [
        "'papers' is for the tag 'presse', which no conversation has so far"
    ]


def test_config_check_says_that_rules_and_macros_were_not_checked_where_the_store_cannot_be_read(busy):
    rule = '\n[[rule]]\nname = "answer"\nthen = ["reply hello"]\n'
    busy.home.config.write_text(busy.home.config.read_text() + rule)
    assert "BAD   rule answer:" in busy("config", "check", code=1).out
    for file in busy.home.data.iterdir():
        file.unlink()
    (busy.home.data / "store.db").write_bytes(b"no database" * 1000)
    checked = busy("config", "check", code=1).out
    found = busy("doctor", code=3).out
    assert "rule answer:" not in checked and "BAD   store: " in checked
    assert set(checked.splitlines()) < set(found.splitlines())
    busy.home.config.write_text("[[[")
    assert "store" not in busy("config", "check", code=1).out


def test_doctor_ends_with_3_while_something_needs_a_person_and_names_what_is_wrong_with_the_keys(busy):
    healthy = busy("doctor").out
    assert "attention" not in healthy and "it opens; 3 open conversations" in healthy and "no files yet" in healthy
    desk = busy.desk()
    item, _ = replies.reply(desk, busy.ids[0], "no")
    with desk.store.write() as write:
        write.put(replace(item, state=OutgoingState.FAILED, error="refused"))
    desk.store.close()
    busy.home.config.write_text(busy.home.config.read_text() + '\n[keys]\ndnoe = "ctrl+a"\ndone = "ctrl+a"\n')
    output = busy("doctor", code=3).out
    author = "@ada@example.org"
    assert f"attention {item.id}: {author} failed" in output and "BAD" not in output
    home = str(busy.folder)
    assert f"commtui --home {home} show {item.id}" in busy("doctor", "--home", home, code=3).out
    assert f"commtui --home {home} show {item.id}" in busy("--home", home, "doctor", code=3).out
    assert "warn  keys: dnoe: no such command" in output and "ctrl+a can't be reached" in output
    assert busy("status", code=3).code == 3


def test_mentions_are_listed_open_first_then_waiting_then_snoozed_and_by_is_as_the_pane_has_them(busy):
    first, second, third = busy.ids
    busy("snooze", first, "2h")
    busy("reply", second, "thanks", "--hold", "5m")
    assert [mention["id"] for mention in busy("list", "mentions", "--json").json] == [third, second, first]
    assert [mention["id"] for mention in busy("list", "mentions", "net:demo", "--json").json] == [third, second, first]
    assert [mention["id"] for mention in busy("list", "mentions", "is:open", "--json").json] == [third]
    assert [mention["id"] for mention in busy("list", "mentions", "is:snoozed", "--json").json] == [first]


def test_a_limit_below_zero_a_short_beginning_and_two_swapped_letters_are_reported_in_plain_words(busy):
    assert "--limit: must not be below zero" in busy("list", "mentions", "--limit", "-3", code=2).err
    errors = busy("list", "mentions", "--limit", "-x", code=2).err
    assert "'-x' is no whole number" in errors and "x00" not in errors
    assert "do you mean `done`?" in busy("dnoe", busy.ids[0], code=2).err
    assert " more" not in busy("done", "m", code=2).err
    desk = busy.desk()
    for number in range(9):
        arrive(desk, f"more {number}")
    desk.store.close()
    errors = busy("done", "m", code=2).err
    assert errors.count(", m") == 9 and errors.rstrip().endswith(" and 2 more")


def test_the_log_of_an_item_names_of_a_batch_only_what_concerns_it(busy):
    busy("tag", *busy.ids, "bug")
    lines = [line for line in busy("log", busy.ids[1]).out.splitlines() if "tag" in line]
    assert len(lines) == 1 and "@grace@example.org" in lines[0]
    assert "@ada@example.org" not in lines[0] and "@alan@example.org" not in lines[0]


def test_a_reply_beside_a_draft_of_ones_own_names_it(busy):
    reply = busy("reply", busy.ids[0], "first words", "--hold", "5m").out.split()[0]
    busy("recall", reply)
    errors = busy("reply", busy.ids[0], "other words", "--hold", "5m", "--anyway").err
    assert "note: your draft of 'first words' stays: commtui list replies is:draft" in errors
    assert "replies    1 draft, 1 scheduled" in busy("status").out or "1 scheduled, 1 draft" in busy("status").out


def test_unknown_ids_of_every_kind_are_reported_in_the_same_words(busy):
    assert "no post bzzzz here" in busy("show", "bzzzz", code=1).err
    assert "no act xzzzz here" in busy("show", "xzzzz", code=1).err
    assert "no item qzzzz here: ids begin with m, c, r, p, b or x" in busy("show", "qzzzz", code=1).err


def test_what_needs_a_person_is_listed_with_its_author_and_the_rest_is_counted_once(busy):
    desk = busy.desk()
    items = [replies.reply(desk, arrive(desk, f"n{number}").id, "no")[0] for number in range(7)]
    with desk.store.write() as write:
        for item in items:
            write.put(replace(item, state=OutgoingState.FAILED, error="refused"))
    arrive(desk, "old", ago=60 * 24 * 9, author="@olive@example.org")
    desk.store.close()
    status, doctor = busy("status", code=3).out, busy("doctor", code=3).out
    assert status.count("@ada@example.org failed") == doctor.count("@ada@example.org failed") == 5
    assert "attention 3 more: they need a person" in doctor and "and 3 more" in status


def test_an_unknown_item_names_a_command_that_works(busy):
    errors = busy("show", "zzzz", code=1).err
    command = errors.partition("`")[2].partition("`")[0]
    assert command == "commtui list mentions"
    assert busy(*command.split()[1:]).code == 0


def test_posts_go_out_at_the_next_slots_and_without_slots_the_config_is_named(busy):
    refused = busy("post", "news", "--account", "brand", "--at", "next slot", code=2)
    assert "no slots for brand" in refused.err and "[[account]]" in refused.err
    text = busy.home.config.read_text()
    busy.home.config.write_text(text.replace('name = "brand"', 'name = "brand"\nslots = ["mon,fri 9:00", "sat 10am"]'))
    made = [busy("post", "news", "--account", "brand", "--at", "next slot", "--json").json[0] for _ in range(3)]
    ids, times = [item["id"] for item in made], [item["scheduled_at"] for item in made]
    assert len(set(times)) == 3 and times == sorted(times)
    busy("reschedule", *ids, "next slot")
    moved = {item["id"]: item["scheduled_at"] for item in busy("list", "posts", "--json").json}
    assert [moved[identity] for identity in ids][:2] == times[1:]
    assert "is for posts" in busy("snooze", busy.ids[0], "next slot", code=2).err
    busy.home.config.write_text(text.replace('name = "brand"', 'name = "brand"\nslots = ["mon 25:00"]'))
    assert "'25:00' is no time of a day" in busy("status", code=1).err
