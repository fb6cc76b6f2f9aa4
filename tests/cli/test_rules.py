"""`commtui rules`, the doctor's check of rules, and undo of a rule's step by its id."""

from __future__ import annotations

import pytest

from commtui.model.records import Conversation, Mention
from commtui.triage import rules
from tests.cli.conftest import CONFIG
from tests.config.test_rule_settings import LATE

RULES = """
[[rule]]
name = "parcels"
when = "parcel"
then = ["tag parcel", "assign round-robin", "notify"]

[[rule]]
name = "broken"
when = "blend"
then = ["tag blend", "assign zoe"]
"""
RULES += f'{LATE}when = "tag:parcel"\n'


@pytest.fixture
def ruled(busy):
    """A home with rules which have run on its three mentions."""
    busy.home.config.write_text(busy.home.config.read_text() + RULES)
    desk = busy.desk()
    rules.note_rules(desk)
    with desk.store.write() as write:
        found = sorted(desk.store.all(Mention), key=lambda mention: mention.created_at)
        rules.run_on_mentions(desk, write, found)
    desk.store.close()
    return busy


def test_list_says_what_each_does_how_often_it_ran_and_what_is_wrong(ruled):
    parcels, broken, late = ruled("rules", "list", "--json").json
    assert (parcels["rule"], parcels["on"], parcels["when"], parcels["runs"]) == ("parcels", "mention", "parcel", 1)
    assert parcels["problem"] is None and parcels["last_at"].endswith("Z")
    assert broken["problem"].startswith("rule broken, line 2: zoe is not among the config's teammates: anna, ben")
    assert (broken["runs"], broken["failed"], broken["last_error"]) == (1, 1, broken["problem"])
    assert (late["after_s"], late["working_time"], late["hours"], late["runs"]) == (4 * 3600, True, "open", 0)
    text = ruled("rules", "list").out
    assert "parcels  on a new mention: parcel\n    then tag parcel; assign round-robin; notify" in text
    assert "late  on no answer for 4h of working time: tag:parcel; in open hours" in text
    seen = [line for line in text.splitlines() if " seen since " in line]
    assert ["for waits that begin from then on" in line for line in seen] == [False, False, True]
    assert "BAD  rule broken, line 2: zoe" in text and "ran 1 time, 1 of them failed" in text


def test_explain_says_which_rule_did_what_when_and_why_and_undo_takes_it_back(ruled):
    [run] = ruled("rules", "explain", ruled.ids[0], "--json").json
    assert (run["rule"], run["why"], run["did"], run["notice"]) == (
        "parcels",
        "parcel",
        "tag parcel; assign anna; notify",
        "parcels",
    )
    assert run["changed"] and run["error"] is None and run["undone"] is False
    line = ruled("rules", "explain", run["conversation"]).out
    assert (
        f"{run['id']}  rule parcels on {ruled.ids[0]}\n    tag parcel; assign anna; notify (because of parcel)" in line
    )
    failed = ruled("rules", "explain", ruled.ids[2]).out
    assert "rule broken on" in failed and "    failed: rule broken, line 2: zoe is not among" in failed
    assert "no rule has run" in ruled("rules", "explain", ruled.ids[1]).err
    assert "nothing to undo" in ruled("undo").err
    assert "undo: rule" in ruled("undo", run["id"][:6]).err
    assert ruled("show", ruled.ids[0], "--json").json["tags"] == []
    assert "already undone" in ruled("undo", run["op_id"]).err
    assert "undone" in ruled("rules", "explain", ruled.ids[0]).out
    assert "redo: rule" in ruled("undo", "--redo").err
    assert ruled("show", ruled.ids[0], "--json").json["tags"] == ["parcel"]
    assert "no step v0000000000 here" in ruled("undo", "v0000000000", code=1).err
    assert "takes no ID" in ruled("undo", run["id"], "--redo", code=2).err


def test_undo_of_a_run_that_changed_nothing_says_so(busy):
    busy("tag", busy.ids[0], "parcel")
    rule = '\n[[rule]]\nname = "parcels"\nwhen = "parcel"\nthen = ["tag parcel"]\n'
    busy.home.config.write_text(busy.home.config.read_text() + rule)
    desk = busy.desk()
    with desk.store.write() as write:
        rules.run_on_mentions(desk, write, desk.store.all(Mention))
    desk.store.close()
    [run] = busy("rules", "explain", busy.ids[0], "--json").json
    assert (run["changed"], run["op_id"]) == (False, None)
    assert busy("undo", run["id"]).err == f"nothing to undo: the rule changed nothing in {run['id']}\n"
    assert busy("show", busy.ids[0], "--json").json["tags"] == ["parcel"]


def test_test_says_what_would_happen_and_changes_nothing(busy):
    busy.home.config.write_text(busy.home.config.read_text() + RULES)
    before = busy("list", "mentions", "--json").json
    tried = busy("rules", "test", "--json")
    assert [(row["rule"], row["mention"], row["did"]) for row in tried.json] == [
        ("parcels", busy.ids[0], "tag parcel; assign anna; notify"),
        ("broken", busy.ids[2], None),
    ]
    assert "3 mentions since" in tried.err and "parcels 1, broken 1, late 0; nothing was changed" in tried.err
    assert "note: rule broken, line 2: zoe" in tried.err
    [line] = busy("rules", "test", "--since", "29m").out.splitlines()
    assert line.endswith("broken: failed: rule broken, line 2: zoe is not among the config's teammates: anna, ben, me")
    assert busy("list", "mentions", "--json").json == before
    assert busy("log", "--json").json == []
    assert busy("rules", "list", "--json").json[0]["runs"] == 0
    assert "cannot be read as a time in the past" in busy("rules", "test", "--since", "yesteryear", code=2).err


def test_the_doctor_names_what_is_wrong_and_what_has_failed(ruled):
    found = {
        (finding["subject"], finding["level"]): finding["sentence"]
        for finding in ruled("doctor", "--json", code=None).json
    }
    assert "zoe is not among" in found["rule broken", "bad"]
    assert found["rule broken", "warn"].startswith("failed 1 time of 1, the last time: rule broken, line 2: zoe")
    assert not any(subject == "rule parcels" for subject, _ in found)


def test_without_rules_it_says_how_to_write_some(busy):
    assert "write some as [[rule]] in the config" in busy("rules", "list").err
    assert busy("rules", "list", "--json").json == []
    assert not any(finding["subject"] == "rules" for finding in busy("doctor", "--json", code=None).json)
    assert "rule" not in CONFIG
    assert {conversation.tags for conversation in busy.desk().store.all(Conversation)} == {()}
