"""`python -m tests.community.claimer FOLDER WHO`: claims each conversation of a home for WHO, one by one.

It prints `ready`, waits for a line, and then prints, as JSON, what it got, and who has each of the others since when.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from commtui.activity.refusals import AlreadyAssigned
from commtui.model.records import Conversation
from commtui.triage.verbs import VERBS
from tests.triage.desks import desk_on


def main(folder: Path, who: str) -> None:
    """Claims them, in the order in which they came."""
    desk = desk_on(folder, who=who)
    ids = sorted(conversation.id for conversation in desk.store.all(Conversation))
    print("ready", flush=True)
    sys.stdin.readline()
    got: list[str] = []
    told: dict[str, str] = {}
    for identity in ids:
        try:
            VERBS["claim"].call(desk, [identity])
            got.append(identity)
        except AlreadyAssigned as error:
            told[identity] = f"{error.assignee} {error.since and error.since.isoformat()}"
    desk.store.close()
    print(json.dumps([got, told]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
