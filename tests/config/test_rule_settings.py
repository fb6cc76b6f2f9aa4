"""The tables [[rule]]."""

from datetime import timedelta
from pathlib import Path

import pytest

from commtui.config.errors import ConfigError
from commtui.config.loading import parse
from commtui.config.rules import Rule
from commtui.model.rules import Trigger

PATH = Path("/desk/config.toml")
BILLING = """
[[rule]]
name = "billing"
when = 'invoice or "last month" -from:@spam@example.org'
then = ["tag billing", ":assign round-robin ada grace", "notify"]
"""
LATE = """
[[rule]]
name = "late"
on = "unanswered"
after = "4h"
working_time = true
hours = "open"
then = ["priority high"]
"""


def problem(text):
    with pytest.raises(ConfigError) as caught:
        parse(text, PATH, {})
    return str(caught.value).removeprefix(f"{PATH}:")


def test_rules_are_read_in_the_files_order():
    assert parse(BILLING + LATE, PATH, {}).rules == (
        Rule(
            name="billing",
            when='invoice or "last month" -from:@spam@example.org',
            then=("tag billing", "assign round-robin ada grace", "notify"),
        ),
        Rule(
            name="late",
            on=Trigger.UNANSWERED,
            after=timedelta(hours=4),
            working_time=True,
            hours="open",
            then=("priority high",),
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rule]\nname = 'a'\nthen = ['done']", "`rule` must be a table headed [[rule]], in double brackets"),
        ("[[rule]]\nthen = ['done']", "1: this [[rule]] has no `name`"),
        ("[[rule]]\nname = 'a'", "1: this [[rule]] has no `then`"),
        ("[[rule]]\nname = 'a'\nthen = []", "3: `then` must be a list of command lines"),
        ("[[rule]]\nname = 'a'\nthen = 'done'", "3: `then` must be a list of command lines"),
        ("[[rule]]\nname = 'a b'\nthen = ['done']", "2: `name` must be a name of letters"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\n[[rule]]\nname = 'A'\nthen = ['done']", "two rules are named 'A'"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\non = 'tag'", "4: `on` must be one of"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\non = 'unanswered'", "set `after`"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\nafter = '4h'", "4: `after` is for a rule that is on"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\non = 'overdue'\nafter = '4h'", "5: `after` is for a rule"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\nworking_time = true", "4: `working_time` is for a rule"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\non = 'unanswered'\nafter = '90s'", "in whole minutes"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\nhours = 'night'", "4: `hours` must be one of"),
        ("[[rule]]\nname = 'a'\nthen = ['done']\nif = 'x'", "unknown key 'if'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_line(text, said):
    assert said in problem(text)
