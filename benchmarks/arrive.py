"""What other people do while the screen is open, from a process of its own: `python benchmarks/arrive.py HOME new|answer N`.

`new`: N new mentions, one transaction each, as they come from a stream. `answer`: the Nth conversation of the list
gets another mention, so that its row changes.
"""

import random
import sys
from datetime import timedelta
from pathlib import Path

from fill import conversation, texts
from msgspec.structs import replace

from commtui.community.deadlines import Deadlines
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.model import ids
from commtui.model.clock import SystemClock
from commtui.model.records import Conversation
from commtui.model.states import Queue
from commtui.store.store import Store


def main(home: str, kind: str, count: int) -> None:
    place = Home.at(Path(home))
    settings, store, now = load(place, {}), Store(place.data), SystemClock().now()
    store.deadlines = Deadlines(lambda: settings)
    chance, bodies = random.Random(f"{kind}{now}"), texts(now.microsecond)
    numbers = store.conversations.by_wait(Queue.OPEN)
    for n in range(1 if kind == "answer" else count):
        at = now + timedelta(microseconds=n)
        row, mention = conversation(10**9 + chance.randrange(10**9), at, next(bodies), chance, False)
        if kind == "answer":
            before = store.at(Conversation, numbers[count])
            assert before is not None
            mention = replace(mention, conversation=before.id)
            row = replace(
                before, newest=mention.id, newest_at=at, text=row.text, unread=True, mentions=before.mentions + 1
            )
        with store.write(durable=False) as write:
            write.put(mention)
            write.put(row)
    print(ids.from_number("c", ids.number(row.id)))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
