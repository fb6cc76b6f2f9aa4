"""A verb on many items is done in parts: each a transaction and an entry of the log, all of them one step."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.activity import parts
from commtui.activity.refusals import AlreadyAssigned, WouldSend
from commtui.activity.undo import last_parts, redo, undo, undo_step
from commtui.community import conversations, muting
from commtui.model.records import Conversation, Outgoing, Process
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.store.store import Store
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.documents import Documents
from commtui.triage import macros
from commtui.triage.verbs import VERBS
from tests.sentences import told
from tests.triage.desks import arrive, desk_on


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PART", 3)
    desk = desk_on(tmp_path, macros={"thanks": ("tag praise", "reply Thank you!")})
    yield desk
    desk.store.close()


def many(desk, count: int) -> list[str]:
    """So many conversations."""
    return [arrive(desk, str(number), author=f"@p{number}@example.org").conversation for number in range(count)]


def statuses(desk, ids) -> list[str]:
    return [desk.store.get(Conversation, identity).status.value for identity in ids]


def entries(desk, verb: str) -> list[int]:
    """How many items each entry of the log with that verb is about."""
    return [len(step.ids) for step in desk.store.log.steps() if step.verb == verb]


def test_all_parts_are_one_step_with_one_undo(desk):
    ids = many(desk, 8)
    conversations.tag(desk, ids[:1], "before")
    outcome = VERBS["done"].call(desk, ids)
    assert (outcome.total, outcome.stopped, statuses(desk, ids)) == (8, False, ["done"] * 8)
    assert told(desk, outcome) == "done: 8 conversations"
    steps = [step for step in desk.store.log.steps() if step.verb == "done"]
    assert [len(step.ids) for step in steps] == [3, 3, 2] and {step.op_id for step in steps} == {outcome.op_id}
    assert last_parts(desk, "undo") == 3
    assert told(desk, undo(desk)) == "undo: done of 8 conversations"
    assert statuses(desk, ids) == ["open"] * 8 and last_parts(desk, "redo") == 3
    assert told(desk, redo(desk)) == "redo: done of 8 conversations"
    assert statuses(desk, ids) == ["done"] * 8
    undo(desk)
    assert entries(desk, "undo") == [2, 3, 3, 2, 3, 3]
    assert told(desk, undo(desk)) == "undo: tag of @p0@example.org" or "tag of" in told(desk, redo(desk))
    assert statuses(desk, ids) == ["open"] * 8


def test_an_undo_whose_last_part_is_one_item_counts_all(desk):
    VERBS["done"].call(desk, many(desk, 7))
    assert told(desk, undo(desk)) == "undo: done of 7 conversations"
    assert told(desk, redo(desk)) == "redo: done of 7 conversations"


def test_what_is_done_already_is_not_counted(desk):
    ids = many(desk, 8)
    conversations.done(desk, ids[:4])
    outcome = VERBS["done"].call(desk, ids)
    assert outcome.total == 4 and entries(desk, "done") == [4, 3, 2]
    assert told(desk, VERBS["done"].call(desk, ids)) == "nothing to change: 8 conversations already done"
    undo(desk)
    assert statuses(desk, ids) == ["done"] * 4 + ["open"] * 4


def test_up_to_a_part_it_is_one_transaction(desk):
    outcome = VERBS["done"].call(desk, many(desk, 3))
    assert outcome.total == 0 and entries(desk, "done") == [3]


def test_an_error_in_a_later_part_takes_all_back(desk):
    ids = many(desk, 8)
    conversations.assign(desk, ids[7:], "anna")
    with pytest.raises(AlreadyAssigned):
        VERBS["claim"].call(desk, ids)
    assert {desk.store.get(Conversation, identity).assignee for identity in ids[:7]} == {None}
    assert told(desk, undo(desk)).startswith("undo: assign of")
    assert told(desk, undo(desk)) == "nothing to undo"


def test_a_person_may_stop_it_and_take_back_what_was_done(desk):
    ids = many(desk, 8)
    seen = []
    outcome = VERBS["done"].call(replace(desk, goes_on=lambda done: seen.append(done) or done < 6), ids)
    assert seen == [0, 3, 6] and outcome.stopped and outcome.total == 6
    assert told(desk, outcome) == "done: 6 conversations; stopped, the others are as they were"
    assert statuses(desk, ids) == ["done"] * 6 + ["open"] * 2
    undo(desk)
    assert statuses(desk, ids) == ["open"] * 8


def test_others_write_between_two_parts_and_fields_that_they_changed_stay_as_they_are(desk, tmp_path):
    ids = many(desk, 8)
    other = desk_on(tmp_path, who="anna")

    def meanwhile(done: int) -> bool:
        if done == 3:
            conversations.assign(other, [ids[0], ids[7]], "anna")
        return True

    def in_another_thread(done: int) -> bool:
        thread = threading.Thread(target=meanwhile, args=(done,))
        thread.start()
        thread.join(30)
        return not thread.is_alive()

    VERBS["assign"].call(replace(desk, goes_on=in_another_thread), ids, "ben")
    assert [desk.store.get(Conversation, identity).assignee for identity in ids] == ["anna", *["ben"] * 7]
    assert "left assignee of" in told(desk, undo(desk))
    assert [desk.store.get(Conversation, identity).assignee for identity in ids] == ["anna", *[None] * 6, "anna"]
    other.store.close()


def test_of_many_that_are_left_some_are_named_and_all_counted(desk, tmp_path):
    ids = many(desk, 20)
    VERBS["assign"].call(desk, ids, "ben")
    VERBS["assign"].call(desk_on(tmp_path, who="anna"), ids, "anna")
    outcome = undo(desk)
    assert outcome.undone is not None and outcome.undone.left_total == 20
    assert told(desk, outcome).endswith("; 15 more are left as they are")


def test_spam_and_macros_are_done_in_parts(desk):
    ids = many(desk, 7)
    muting.spam(desk, ids)
    assert entries(desk, "spam") == [3, 3, 1]
    undo(desk)
    assert all(not desk.store.get(Conversation, identity).tags for identity in ids)
    outcome = macros.run_macro(desk, "thanks", ids)
    assert entries(desk, "macro thanks") == [3, 3, 1]
    assert told(desk, outcome).startswith("macro thanks on @p0@example.org and 6 more") or outcome.more == 6
    items = desk.store.all(Outgoing)
    assert [item.state for item in items] == [OutgoingState.SCHEDULED] * 7
    undo(desk)
    assert {item.state for item in desk.store.all(Outgoing)} == {OutgoingState.DRAFT}
    assert statuses(desk, ids) == ["open"] * 7


def test_a_redo_that_would_send_asks_before_anything_changes(desk):
    ids = many(desk, 7)
    macros.run_macro(desk, "thanks", ids)
    undo(desk)
    before = len(list(desk.store.log.steps()))
    with pytest.raises(WouldSend) as refused:
        redo(desk, agreed=())
    assert len(refused.value.ids) == 7
    assert len(list(desk.store.log.steps())) == before
    assert {item.state for item in desk.store.all(Outgoing)} == {OutgoingState.DRAFT}
    redo(desk, agreed=refused.value.ids, step=refused.value.step)
    assert {item.state for item in desk.store.all(Outgoing)} == {OutgoingState.SCHEDULED}


def test_the_first_part_of_a_step_is_found_without_reading_the_numbers_of_all(desk, monkeypatch):
    monkeypatch.setattr(parts, "PART", 3)
    done = VERBS["done"].call(desk, many(desk, 12))
    found: list[int] = []
    real = Documents.numbers

    def numbers(self, *query):
        result = real(self, *query)
        found.append(len(result))
        return result

    monkeypatch.setattr(Documents, "numbers", numbers)
    assert desk.store.log.step(done.op_id).verb == "done" and found == [1]
    assert len(desk.store.log.parts(done.op_id)) == 4


def counted(function, run: list[str]):
    """A method that notes the statements which it runs."""

    def noting(self, sql, *values):
        run.append(sql)
        return function(self, sql, *values)

    return noting


def test_a_part_costs_as_many_statements_as_one_item_does(desk, monkeypatch):
    monkeypatch.setattr(parts, "PART", 50)
    ids = many(desk, 120)
    run: list[str] = []
    for name in ("all", "run_many"):
        monkeypatch.setattr(Connection, name, counted(getattr(Connection, name), run))

    def statements(verb: str, named: list[str], *more: str) -> int:
        run.clear()
        VERBS[verb].call(desk, named, *more)
        return len(run)

    for number in range(3):
        statements("tag", ids[:1], f"b{number}")
    assert statements("tag", ids[:50], "a") <= statements("tag", ids[50:52], "a") + 2
    one = statements("done", ids[:2])
    assert statements("done", ids[2:52]) <= one + 2
    assert statements("done", ids[52:]) <= 2 * one + 4
    run.clear()
    undo(desk)
    assert len(run) <= 2 * one + 20


KILLED = """
import os, signal, sys
from pathlib import Path
from msgspec.structs import replace
from commtui.activity import parts
from commtui.triage.verbs import VERBS
from tests.triage.desks import desk_on

parts.PART = 3
desk = desk_on(Path(sys.argv[1]))
goes_on = lambda done: os.kill(os.getpid(), signal.SIGKILL) if done == 6 else True
VERBS["done"].call(replace(desk, goes_on=goes_on), sys.argv[2:])
"""


def test_killed_between_two_parts_it_can_be_taken_back(desk, tmp_path):
    ids = many(desk, 8)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), *ids], cwd=Path(__file__).parents[2])
    assert ended.returncode == -9
    desk.store.poll()
    assert statuses(desk, ids) == ["done"] * 6 + ["open"] * 2
    assert told(desk, undo(desk)) == "undo: done of 6 conversations"
    assert statuses(desk, ids) == ["open"] * 8


KILLED_UNDO = """
import os, signal, sys
from pathlib import Path
from msgspec.structs import replace
from commtui.activity.undo import redo, undo
from tests.triage.desks import desk_on

desk = desk_on(Path(sys.argv[1]))
goes_on = lambda done: os.kill(os.getpid(), signal.SIGKILL) if done >= int(sys.argv[3]) else True
{"undo": undo, "redo": redo}[sys.argv[2]](replace(desk, goes_on=goes_on))
"""


def killed(desk, folder, verb: str, after: int) -> None:
    """Undoes or redoes in a process that is killed when so many items are done."""
    words = (sys.executable, "-c", KILLED_UNDO, str(folder), verb, str(after))
    assert subprocess.run(words, cwd=Path(__file__).parents[2]).returncode == -9
    desk.store.poll()


def test_an_undo_killed_between_two_parts_is_ended_by_the_next(desk, tmp_path):
    ids = many(desk, 8)
    conversations.tag(desk, ids[:1], "before")
    VERBS["done"].call(desk, ids)
    for after in (2, 5):  # of 2, 3 and 3 items, the last first
        killed(desk, tmp_path, "undo", after)
        assert statuses(desk, ids).count("open") == after
        assert told(desk, undo(desk)) == "undo: done of 8 conversations"
        assert statuses(desk, ids) == ["open"] * 8
        assert told(desk, redo(desk)) == "redo: done of 8 conversations"
        assert statuses(desk, ids) == ["done"] * 8
    assert told(desk, undo(desk)) == "undo: done of 8 conversations"
    assert desk.store.get(Conversation, ids[0]).tags == ("before",)
    undo(desk)
    assert desk.store.get(Conversation, ids[0]).tags == ()


def test_an_undo_killed_twice_is_ended_by_the_third_and_is_one_step(desk, tmp_path):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    killed(desk, tmp_path, "undo", 2)
    killed(desk, tmp_path, "undo", 5)
    undo(desk)
    steps = [step for step in desk.store.log.steps() if step.verb == "undo"]
    assert len({step.op_id for step in steps}) == 1 and [len(step.ids) for step in steps] == [2, 3, 3]
    redo(desk)
    assert statuses(desk, ids) == ["done"] * 8


def test_a_redo_or_another_step_after_an_undo_that_was_killed(desk, tmp_path):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    killed(desk, tmp_path, "undo", 5)
    assert told(desk, redo(desk)) == "redo: done of 8 conversations"
    assert statuses(desk, ids) == ["done"] * 8
    killed(desk, tmp_path, "undo", 5)
    conversations.tag(desk, ids[:1], "since")
    undo(desk)
    assert statuses(desk, ids).count("open") == 5 and desk.store.get(Conversation, ids[0]).tags == ()
    assert told(desk, undo(desk)) == "undo: done of 8 conversations"
    assert statuses(desk, ids) == ["open"] * 8


def test_a_redo_killed_between_two_parts_is_ended_by_the_next_and_undone_whole(desk, tmp_path):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    undo(desk)
    killed(desk, tmp_path, "redo", 3)
    assert told(desk, redo(desk)) == "redo: done of 8 conversations"
    assert statuses(desk, ids) == ["done"] * 8
    undo(desk)
    killed(desk, tmp_path, "redo", 6)
    assert statuses(desk, ids).count("done") == 6
    assert told(desk, undo(desk)) == "undo: done of 8 conversations"
    assert statuses(desk, ids) == ["open"] * 8


def test_a_step_of_the_activity_whose_undo_was_killed_is_undone_whole(desk, tmp_path):
    ids = many(desk, 8)
    step = VERBS["done"].call(desk, ids).op_id
    conversations.tag(desk, ids[:1], "since")
    undo(desk)
    killed(desk, tmp_path, "undo", 2)
    conversations.tag(desk, ids[:1], "again")
    assert told(desk, undo_step(desk, step)) == "undo: done of 8 conversations"
    assert statuses(desk, ids) == ["open"] * 8


@pytest.mark.parametrize(("verb", "after"), [("undo", 2), ("redo", 3)])
def test_the_parts_of_what_was_killed_count_for_the_one_that_ends_it_first(desk, tmp_path, verb, after):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    conversations.tag(desk, ids[:1], "since")
    undo(desk)
    if verb == "redo":
        undo(desk)
    other = {"undo": "redo", "redo": "undo"}[verb]
    killed(desk, tmp_path, verb, after)
    assert (last_parts(desk, verb), last_parts(desk, other)) == (3, 3)
    {"undo": undo, "redo": redo}[other](desk)
    assert len(set(statuses(desk, ids))) == 1


def test_of_two_that_go_on_with_an_undo_at_once_one_leaves_it_to_the_other(desk, tmp_path, monkeypatch):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    killed(desk, tmp_path, "undo", 2)
    real, meanwhile = Store.write, [5]

    def write(self, **how):
        if meanwhile:
            killed(desk, tmp_path, "undo", meanwhile.pop())
        return real(self, **how)

    monkeypatch.setattr(Store, "write", write)
    assert undo(desk).undone.why_not == "another"
    assert entries(desk, "undo") == [2, 3] and statuses(desk, ids).count("open") == 5
    assert told(desk, undo(desk)) == "undo: done of 8 conversations"
    assert entries(desk, "undo") == [2, 3, 3] and statuses(desk, ids) == ["open"] * 8


def test_an_undo_that_still_goes_on_in_another_process_is_left_to_it(desk, tmp_path):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    named = "desk.store.log.process = Process(command='commtui undo', pid=os.getpid(), host=os.uname().nodename)\ngoes"
    code = "from commtui.model.records import Process\n" + KILLED_UNDO.replace("goes", named, 1)
    code = code.replace("os.kill(os.getpid(), signal.SIGKILL)", "(print('here', flush=True), sys.stdin.read())")
    words = (sys.executable, "-c", code, str(tmp_path), "undo", "2")
    desk.store.log.process = Process(command="commtui undo", pid=os.getpid(), host=os.uname().nodename)
    with subprocess.Popen(
        words, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "here\n"
        desk.store.poll()
        assert undo(desk).undone.why_not == redo(desk).undone.why_not == "another"
        assert statuses(desk, ids).count("open") == 2
        process.communicate("", timeout=60)
    desk.store.poll()
    assert statuses(desk, ids) == ["open"] * 8
    assert told(desk, redo(desk)) == "redo: done of 8 conversations"


def test_a_conversation_in_the_archive_comes_back_whole(desk):
    ids = many(desk, 8)
    VERBS["done"].call(desk, ids)
    with desk.store.write() as write:
        for identity in ids:
            conversation = desk.store.get(Conversation, identity)
            write.put(replace(conversation, status=ConversationStatus.DONE, done_at=desk.now.replace(year=2001)))
    assert desk.store.archive.take(desk.now.replace(year=2020)) > 0
    assert all(desk.store.conversations.is_archived(int_of(identity)) for identity in ids)
    VERBS["reopen"].call(desk, ids)
    assert statuses(desk, ids) == ["open"] * 8
    assert not any(desk.store.conversations.is_archived(int_of(identity)) for identity in ids)
    assert Store(desk.store.folder).damage == []


def int_of(identity: str) -> int:
    from commtui.model import ids

    return ids.number(identity)
