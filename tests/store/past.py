"""What was done long ago."""

from datetime import timedelta

from commtui.community import conversations, replies
from tests.triage.desks import arrive, sent

LONG = timedelta(days=180)


def long_ago(desk, clock, count=3):
    """Done conversations with a reply, a note and a second mention, half a year old; their first mentions."""
    made = []
    for number in range(count):
        one = arrive(desk, f"{number}", f"question {number}")
        arrive(desk, f"{number}b", "and more", answers=f"{number}")
        reply, _ = replies.reply(desk, one.id, "an answer")
        sent(desk, reply, f"reply{number}")
        conversations.note(desk, [one.id], "a note")
        conversations.done(desk, [one.id])
        made.append(one)
    clock.advance(LONG.total_seconds() + 86400)
    return made
