"""The ten most common jobs and the keys that they take: the README's table. tests/ui/test_jobs.py presses the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from commtui.ui.keys import keymap
from commtui.ui.keys.keymap import readable
from commtui.ui.keys.table import BY_ID


class Command(str):
    """A command of the screen: its key is pressed, whatever the preset."""


class Text(str):
    """What is typed freely: an answer, a time, a path. It counts for nothing."""


class Job(NamedTuple):
    """What a person wants, and the way to it from the row that it is about."""

    name: str
    most: int
    """Key presses at most, free text left out."""
    steps: tuple[str, ...]
    """Keys, commands and free texts."""


C, T = Command, Text
JOBS: Final = (
    Job("answer somebody", 3, (C("reply"), T("So sorry, a new one is on its way."), "esc", "y")),
    Job("it is done, on to the next", 1, (C("done"),)),
    Job("snooze until tomorrow", 2, (C("snooze"), "enter")),
    Job("assign to a teammate", 3, (C("assign"), "k", "enter")),
    Job("answer with a saved reply", 4, (C("saved"), "p", "enter", "y")),
    Job("a spammer and all six mentions: muted, tagged, gone", 3, (C("mark-author"), C("quiet"), "s")),
    Job("a crisis: one saved reply to each of 26 people", 6,
        (C("mark-words"), T("crash"), "enter", C("saved"), "o", "enter", "y")),
    Job("three posts a day later", 5, (C("mark"), C("mark"), C("mark"), C("snooze"), T("+1d"), "enter")),
    Job("a post on two accounts, at a time, with an image and its alt text", 12,
        (C("compose"), T("Fresh from the drum roaster."), "esc", "a", "down", "x", "enter",
         "t", T("fri 14:30"), "enter", "m", T("roaster.png"), "enter", T("a drum roaster"), "enter", "y")),
    Job("hold everything that would be sent", 3, (C("hold-all"), "y")),
)  # fmt: skip


def keys_of(job: Job, preset: str) -> list[str]:
    """The steps of a job as keys and free texts, with the keys of a preset."""
    keys, bound = [], keymap.preset(preset)
    for step in job.steps:
        if not isinstance(step, Command):
            keys.append(step)
        elif bound[step]:
            keys.append(readable(bound[step][0]))
        else:
            keys += [readable(bound["leader"][0]), BY_ID[step].leader]
    return keys


def presses(job: Job, preset: str = "default") -> int:
    """How many keys are pressed, free text left out."""
    return sum(not isinstance(key, Text) for key in keys_of(job, preset))


def rows(jobs: Iterable[Job]) -> Iterator[str]:
    """A row for each job, with the keys of the default preset and their number."""
    for job in jobs:
        keys = [f"*{key}*" if isinstance(key, Text) else f"`{key}`" for key in keys_of(job, "default")]
        yield f"| {job.name} | {' '.join(keys)} | {presses(job)} |"


def table() -> str:
    """The jobs."""
    return "\n".join(
        ["| from the row that it is about | keys | presses beside the text |", "|---|---|---|", *rows(JOBS)]
    )
