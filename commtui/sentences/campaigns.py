"""The sentences about campaigns: what was done, and what is wrong with a name or a goal."""

from __future__ import annotations

from typing import Final

from commtui.activity import errors, refusals
from commtui.activity.outcome import Outcome, Released
from commtui.model.campaign_records import Goal, GoalKind
from commtui.model.campaigns import Fate, Figures
from commtui.model.text import number_of
from commtui.sentences.naming import Naming

CAMPAIGN_VERBS: Final = ("add", "edit", "pause", "resume", "end")
_DONE: Final = {
    "campaign add": "made",
    "campaign edit": "changed",
    "campaign pause": "paused",
    "campaign resume": "goes on",
    "campaign end": "ended",
}
_NOTHING: Final = {
    "campaign edit": "is so already",
    "campaign pause": "is paused already",
    "campaign resume": "goes on already: nothing of it is held for a pause",
    "campaign end": "has ended already",
}
_IN_ORDER: Final = (Fate.OUT, Fate.SCHEDULED, Fate.LATE, Fate.HELD, Fate.FAILED)
GOAL_EXAMPLES: Final = "`5 posts by 2027-06-01`, `40 replies by fri`, or `none`"
CampaignError = errors.BadGoal | errors.NoCampaignName | refusals.CampaignNameTaken | refusals.CampaignEnded


def campaign_sentence(outcome: Outcome, naming: Naming) -> str:
    """Returns what was done to a campaign, and what became of its posts."""
    name = f"campaign {outcome.value}"
    if outcome.op_id is None:
        return f"{name} {_NOTHING[outcome.verb]}"
    text = f"{name} {_DONE[outcome.verb]}"
    if outcome.posts:
        text += f": {number_of(outcome.posts, 'post')} held"
    if outcome.released is not None:
        text += _released(outcome.released)
    return text


def _released(released: Released) -> str:
    parts = [
        *([f"{number_of(released.leaving, 'post')} scheduled again"] if released.leaving else []),
        *([f"{released.held} held for being late"] if released.held else []),
        *([f"{released.skipped} skipped for being late"] if released.skipped else []),
    ]
    return f": {', '.join(parts)}" if parts else ""


def campaign_error(error: CampaignError, naming: Naming) -> str:
    """Returns what is wrong with a campaign's name, goal or state."""
    match error:
        case errors.BadGoal():
            return _bad_goal(error)
        case errors.NoCampaignName():
            return (
                f"{error.given!r} looks like an id: choose another name" if error.given else "a campaign needs a name"
            )
        case refusals.CampaignNameTaken():
            return f"there is a campaign {error.name} already"
        case refusals.CampaignEnded():
            return f"campaign {error.name} has ended; {naming.way('campaign resume', repr(error.name))} lets it go on"


def _bad_goal(error: errors.BadGoal) -> str:
    goal = error.error
    match goal.problem:
        case "what":
            return f"no goal counts {goal.given}: posts, replies, clicks or followers"
        case "count":
            return f"no goal of {goal.given}: it is a number from 1 to 1,000,000,000"
        case "past":
            return f"the day of the goal is over: {goal.given}"
        case "far":
            return f"the day of the goal is too far away: {goal.given}"
        case "time":
            return str(goal.error)
    return f"{goal.given!r} is no goal: {GOAL_EXAMPLES}"


def goal_words(goal: Goal) -> str:
    """Returns a goal as it is typed: `5 posts by 2027-06-01`."""
    return f"{goal.count:,} {goal.what.value} by {goal.by.isoformat()}"


def progress_words(goal: Goal, figures: Figures) -> str:
    """Returns how a goal stands: `3 of 5 posts, on pace`."""
    if figures.so_far is None:
        return f"{goal.count:,} {goal.what.value}, not counted here"
    pace = figures.pace.value if figures.pace else ""
    return f"{figures.so_far:,} of {goal.count:,} {goal.what.value}, {pace}"


def post_counts(figures: Figures) -> str:
    """Returns how many posts are planned and how these stand; fates of none are left out."""
    if not figures.planned:
        return "no posts planned" + _drafts(figures)
    stands = [f"{figures.posts[fate]:,} {fate.value}" for fate in _IN_ORDER if figures.posts[fate]]
    return f"{figures.planned:,} planned: {', '.join(stands)}{_drafts(figures)}"


def _drafts(figures: Figures) -> str:
    drafts = figures.posts[Fate.DRAFT]
    return f"; {number_of(drafts, 'draft')}" if drafts else ""


def reply_counts(figures: Figures) -> str:
    """Returns how many replies came, and in how many conversations an answer of ours is out."""
    if not figures.replies:
        return "no replies yet"
    replies = number_of(figures.replies, "reply", "replies")
    where = number_of(figures.conversations, "conversation")
    return f"{replies} in {where}, {figures.answered:,} answered"


def formula(goal: Goal, figures: Figures) -> str:
    """Returns the sum by which a goal's pace is told; empty where nothing is counted."""
    match goal.what:
        case GoalKind.POSTS:
            more = (figures.expected or 0) - (figures.so_far or 0)
            return f"{figures.so_far:,} out + {more:,} scheduled by then = {figures.expected:,} of {goal.count:,}"
        case _ if figures.so_far is None:
            return f"{goal.what.value} are not counted here: say how many there are (`campaign edit --reached N`)"
        case _ if figures.expected is None:
            return "no post is out yet: nothing tells how fast it goes"
    so_far, expected = figures.so_far, figures.expected
    return f"{so_far:,} x whole time / time gone (since the first post was out) = {expected:,} of {goal.count:,}"


_OF_POSTS: Final = (
    "A post counts once, whatever the number of its accounts, by the first of these that is true on one of them: failed"
    " (skipped and unknown too), late, held, scheduled, draft; else it is out. Planned are all but drafts."
)
_OF_REPLIES: Final = (
    "A reply counts for the campaign of the post under which its conversation began, each mention there once; in"
    " `commtui report` it counts as any mention does. Answered are the conversations in which an answer of ours is out."
)
RULES: Final = (_OF_POSTS, _OF_REPLIES)
"""What counts where."""
