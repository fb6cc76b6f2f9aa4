"""The table of verbs. Keys, command line, prompt, palette, macros, rules, help and the docs are derived from it.

To add a verb, write its function in a lane and add one entry here.
"""

from __future__ import annotations

from typing import Final

from commtui.triage.verb import Target, Verb

CONVERSATIONS: Final = "commtui.community.conversations"
MERGING: Final = "commtui.community.merging"
MUTING: Final = "commtui.community.muting"
CHANGES: Final = "commtui.outgoing.changes"
RESCHEDULING: Final = "commtui.outgoing.rescheduling"
EITHER: Final = "commtui.outgoing.either"
ACTS: Final = "commtui.outgoing.acts"
PEOPLE: Final = "commtui.community.people"

_VERBS: Final = (
    # conversations
    Verb(id="reply", title="reply; on one of ours: edit it", applies_to=Target.OWN,
         function="commtui.community.replies:reply", argument="[TEXT]", group="Answer", form="reply",
         command="answer a mention; it is sent when the hold window is over", keys=("r",)),
    Verb(id="done", title="done, and on to the next", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:done",
         command="nothing is left to do; a new mention opens it again",
         repeatable=True, in_macros=True, in_rules=True, keys=("e",), advance=True),
    Verb(id="reopen", title="open again", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:reopen",
         command="back on the queue", repeatable=True, in_macros=True, in_rules=True, keys=("O",)),
    Verb(id="claim", title="assign to me", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:claim",
         command="assign to me what nobody else has", repeatable=True, in_macros=True, keys=("A",)),
    Verb(id="assign", title="assign to", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:assign",
         argument="WHO", command="assign to a teammate", question="assign to (a name, me, nobody)",
         repeatable=True, in_macros=True, in_rules=True, keys=("a",)),
    Verb(id="snooze", title="snooze; a post or reply: another time", applies_to=Target.CONVERSATIONS,
         function=f"{CONVERSATIONS}:snooze", argument="WHEN|answer", takes_time=True,
         command="off the queue until a time, or until they answer",
         question="snooze until (2h, tonight, fri 14:30, answer; empty: tomorrow)", default="tomorrow",
         repeatable=True, in_macros=True, in_rules=True, keys=("s",), advance=True),
    Verb(id="read", title="mark as read", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:read",
         command="seen", repeatable=True, in_macros=True, in_rules=True, leader="r"),
    Verb(id="mute", title="mute here; nobody is told", applies_to=Target.CONVERSATIONS,
         function=f"{CONVERSATIONS}:mute", argument="[WHEN]", takes_time=True,
         command="off the queue and quiet here, for ever or until a time; the network is told nothing",
         question="mute until (7d, fri, next monday; empty: for ever)", default="for ever",
         repeatable=True, in_macros=True, in_rules=True, advance=True),
    Verb(id="unmute", title="unmute", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:unmute",
         command="on the queue again", repeatable=True, in_macros=True, in_rules=True, leader="u"),
    Verb(id="tag", title="tag", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:tag", argument="TAG",
         command="add a tag", question="tag", repeatable=True, in_macros=True, in_rules=True, keys=("t",)),
    Verb(id="untag", title="untag", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:untag", argument="TAG",
         command="take a tag away", question="untag", repeatable=True, in_macros=True, in_rules=True, keys=("T",)),
    Verb(id="priority", title="priority", applies_to=Target.CONVERSATIONS, function=f"{CONVERSATIONS}:prioritize",
         argument="PRIORITY", command="urgent, high, normal or low", question="priority (urgent, high, normal, low)",
         repeatable=True, in_macros=True, in_rules=True, keys=("P",)),
    Verb(id="note", title="internal note, never sent", applies_to=Target.CONVERSATIONS,
         function=f"{CONVERSATIONS}:note", argument="TEXT", command="an internal note, never sent",
         question="note (internal)", repeatable=True, in_macros=True, in_rules=True, keys=("i",)),
    Verb(id="spam", title="spam: muted here and tagged", applies_to=Target.CONVERSATIONS, function=f"{MUTING}:spam",
         repeatable=True, advance=True),
    Verb(id="merge", title="merge what is marked", applies_to=Target.CONVERSATIONS, takes_all=True,
         function=f"{MERGING}:merge", command="make several conversations one; split takes them apart", form="merge",
         repeatable=True, leader="M"),
    Verb(id="split", title="split what was merged, or a message off", applies_to=Target.OWN, form="one",
         function=f"{MERGING}:split", command="take apart what was merged; of a mention: a conversation of its own",
         leader="s"),
    Verb(id="undo", title="undo; within the hold window it recalls a reply", applies_to=Target.OWN,
         function="commtui.activity.undo:undo", argument="[--redo]", group="Undo", form="undo",
         command="take back your last step, or the step of an id", keys=("u",)),
    Verb(id="redo", title="redo; asks before it sends again", applies_to=Target.OWN,
         function="commtui.activity.undo:redo", group="Undo", keys=("U",)),
    # replies and posts
    Verb(id="compose", name="post", title="compose a post", applies_to=Target.OWN,
         function="commtui.marketing.posts:write_post", argument="[TEXT]", group="Writing", form="post",
         command="publish a text, now or at a time", keys=("c",)),
    Verb(id="edit", title="edit a reply or post of ours", applies_to=Target.OWN, function=f"{CHANGES}:edit",
         group="Writing", form="edit", command="change the text of a reply or a post", keys=("E",)),
    Verb(id="duplicate", title="a new draft of the same post", applies_to=Target.POSTS,
         function="commtui.marketing.duplicating:duplicate", group="Writing",
         command="a new draft with the text, media and accounts of a post", keys=("=",)),
    Verb(id="reschedule", title="another time", applies_to=Target.OUTGOING, function=f"{RESCHEDULING}:reschedule",
         argument="WHEN", takes_time=True, takes_all=True, group="Writing",
         command="another time for a reply or a post",
         event="reschedule", question="send at (2h, tomorrow 9am, fri 14:30; +1d, -30m, same hour fri; next slot)"),
    Verb(id="recall", title="recall: a draft again", applies_to=Target.OUTGOING, function=f"{EITHER}:recall",
         group="Writing", command="a draft again, before it is sent", event="recall", keys=("b",)),
    Verb(id="hold", title="hold until released", applies_to=Target.OUTGOING, function=f"{CHANGES}:hold",
         group="Writing", event="hold", keys=("h",)),
    Verb(id="hold-all", title="hold everything scheduled (asks)", applies_to=Target.OWN, function=f"{CHANGES}:hold_all",
         group="Writing", leader="h"),
    Verb(id="discard", title="discard (asks)", applies_to=Target.OUTGOING, function=f"{EITHER}:discard",
         group="Writing", command="never send it", event="discard", leader="x", confirm="discard"),
    Verb(id="publish", title="publish now", applies_to=Target.OUTGOING,
         function=f"{RESCHEDULING}:publish", group="Public", public=True, event="reschedule", leader="p",
         confirm="publish now:"),
    Verb(id="retry", title="try again now", applies_to=Target.OUTGOING, function=f"{EITHER}:retry", group="Public",
         command="try again now what failed or waits for another try", public=True, event="retry", leader="a",
         confirm="send again:"),
    Verb(id="confirm", title="confirm: it is out", applies_to=Target.OUTGOING, function=f"{CHANGES}:confirm",
         group="Writing", command="what nobody knows of is out: never send it again", event="confirm", leader="y",
         confirm="it is out, never send it again:"),
    Verb(id="release", title="release what is held", applies_to=Target.OUTGOING, function=f"{EITHER}:release",
         group="Public", command="release what is held", public=True, event="release", leader="l",
         confirm="release, each at its time:"),
    Verb(id="release-all", title="release all held at once", applies_to=Target.OWN,
         function=f"{CHANGES}:release_all", group="Public", public=True, leader="L", confirm="release"),
    # acts
    Verb(id="favourite", title="favourite the mention", applies_to=Target.AUTHOR, function=f"{ACTS}:favourite",
         group="Public", public=True, leader="f", confirm="favourite"),
    Verb(id="boost", title="boost the mention", applies_to=Target.AUTHOR, function=f"{ACTS}:boost", group="Public",
         public=True, leader="b", confirm="boost to all our followers:"),
    Verb(id="delete", title="delete what we sent", applies_to=Target.SENT, function=f"{ACTS}:delete", group="Public",
         public=True, leader="d", confirm="delete for everybody:"),
    Verb(id="mute-author", title="mute author on network", applies_to=Target.AUTHOR,
         function=f"{ACTS}:mute_author", group="Public", public=True, leader="j", confirm="mute on the network"),
    Verb(id="block", title="block the author", applies_to=Target.AUTHOR, function=f"{ACTS}:block", group="Public",
         public=True, leader="k", confirm="block the author of"),
    Verb(id="report", title="report the author", applies_to=Target.AUTHOR, function=f"{ACTS}:report",
         argument="[TEXT]", group="Public", public=True, leader="!", confirm="report the author of",
         question="what is wrong (the moderators read it)"),
    Verb(id="accept", title="accept an answer", applies_to=Target.AUTHOR, function=f"{ACTS}:accept",
         group="Public", command="let others see an answer to us that waits for approval", form="one", public=True,
         leader="i", confirm="let others see the answer of"),
    Verb(id="reject", title="reject an answer", applies_to=Target.AUTHOR, function=f"{ACTS}:reject",
         group="Public", command="refuse an answer to us that waits for approval", form="one", public=True, leader="I",
         confirm="reject the answer of"),
    Verb(id="accept-filtered", title="accept filtered messages", applies_to=Target.OWN,
         function=f"{ACTS}:accept_filtered", argument="[ACCOUNT]", group="Public", form="filtered", public=True,
         command="fetch the messages of strangers that a server keeps aside", leader="F",
         confirm="accept the filtered messages of strangers"),
    # people
    Verb(id="people-link", name="people link", title="say that two authors are one person", applies_to=Target.OWN,
         function=f"{PEOPLE}:link", argument="ID ID", group="People", form="people_verb",
         command="two authors are one person"),
    Verb(id="people-unlink", name="people unlink", title="take an author out of a person", applies_to=Target.OWN,
         function=f"{PEOPLE}:unlink", argument="ID", group="People", form="people_verb",
         command="an author is linked with nobody any more"),
    Verb(id="people-mark", name="people mark", title="mark as vip", applies_to=Target.OWN, function=f"{PEOPLE}:mark",
         argument="ID vip|none", group="People", form="people_verb", command="a vip, or none any more"),
    Verb(id="people-tag", name="people tag", title="tag a person", applies_to=Target.OWN, function=f"{PEOPLE}:tag",
         argument="ID TAG", group="People", form="people_verb", command="add a tag to a person"),
    Verb(id="people-untag", name="people untag", title="untag a person", applies_to=Target.OWN,
         function=f"{PEOPLE}:untag", argument="ID TAG", group="People", form="people_verb",
         command="take a tag away from a person"),
    Verb(id="people-note", name="people note", title="internal note on a person, never sent", applies_to=Target.OWN,
         function=f"{PEOPLE}:note", argument="ID TEXT", group="People", form="people_verb",
         command="an internal note on a person, never sent"),
)  # fmt: skip
VERBS: Final = {verb.id: verb for verb in _VERBS}
"""Id -> verb, in the order of help."""


def add(verb: Verb) -> None:
    """Adds a verb. Call it before the front ends are imported: they derive their tables at import."""
    VERBS[verb.id] = verb
