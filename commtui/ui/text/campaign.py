"""A campaign on the screen: its row with the figures, the heads of the columns, and the facts above its posts."""

from __future__ import annotations

from typing import Final

from commtui.model.campaign_records import CampaignState, Goal
from commtui.model.campaigns import Fate, Figures, Pace
from commtui.sentences.campaigns import RULES, formula, goal_words, post_counts, progress_words, reply_counts
from commtui.triage.campaigns import Counted
from commtui.ui.text.cells import fit, roomy, wrap
from commtui.ui.text.rows import Piece, Pieces, RowContext, filled, lead, under_cursor

HEADS: Final = ("planned", "out", "late", "failed", "replies", "answered")
WIDE: Final = 72
"""Columns of a screen from which on a row has all figures; below, the state and the goal."""
STATE: Final = 8
_PACES: Final = {Pace.BEHIND: "late", Pace.MISSED: "late"}


def _goal_width(width: int) -> int:
    return max(14, width // 5)


def _name_width(width: int) -> int:
    figures = sum(len(head) + 1 for head in HEADS) if width >= WIDE else 0
    return max(8, width - 2 - STATE - figures - _goal_width(width))


def column_heads(width: int) -> Pieces:
    """The line above the rows."""
    heads = "".join(f"{head} " for head in HEADS) if width >= WIDE else ""
    name = "name".ljust(_name_width(width))
    return (("dim", f"  {name}{'state'.ljust(STATE)}{heads}goal"),)


def campaign_row(row: Counted, pointed: bool, width: int) -> Pieces:
    """`>Open day    running        8   3    1      0      12        9 3/5 posts on pace`."""
    campaign, figures = row
    name = fit(roomy(campaign.name), _name_width(width) - 1) + " "
    resting = campaign.state in (CampaignState.PAUSED, CampaignState.DONE)
    pieces: list[Piece] = [
        (under_cursor("plain", pointed), lead(pointed, False)[1]),
        (under_cursor("plain", pointed), name),
        (under_cursor("dim" if resting else "plain", pointed), campaign.state.value.ljust(STATE)),
    ]
    if width >= WIDE:
        pieces += [(under_cursor(role, pointed), text) for role, text in _numbers(figures)]
    pieces.append(_goal(campaign.goal, figures, pointed))
    return filled(pieces, width)


def _numbers(figures: Figures) -> list[Piece]:
    numbers = (
        figures.planned,
        figures.posts[Fate.OUT],
        figures.posts[Fate.LATE],
        figures.posts[Fate.FAILED],
        figures.replies,
        figures.answered,
    )
    return [
        ("late" if number and head in ("late", "failed") else "plain", f"{number:>{len(head)},} ")
        for head, number in zip(HEADS, numbers, strict=True)
    ]


def _goal(goal: Goal | None, figures: Figures, pointed: bool) -> Piece:
    if goal is None:
        return under_cursor("dim", pointed), "none"
    if figures.so_far is None or figures.pace is None:
        return under_cursor("dim", pointed), f"{goal.count:,} {goal.what.value}"
    role = _PACES.get(figures.pace, "plain")
    return under_cursor(role, pointed), f"{figures.so_far:,}/{goal.count:,} {figures.pace.value}"


def head_lines(row: Counted, context: RowContext) -> list[Pieces]:
    """What stands above the posts of a campaign: what it is for, its goal with the sum, figures and their rules."""
    campaign, figures = row
    facts = [
        ("intention", campaign.intention),
        ("audience", campaign.audience),
        ("message", " / ".join(filter(None, campaign.message.splitlines()))),
        ("accounts", ", ".join(context.account(account, account) for account in campaign.accounts)),
        ("slots", "; ".join(campaign.slots)),
        ("tags", " ".join(f"#{tag}" for tag in campaign.tags)),
    ]
    lines: list[Pieces] = []
    if campaign.goal:
        role = _PACES.get(figures.pace, "plain") if figures.pace else "plain"
        lines += _wrapped(role, f"goal: {goal_words(campaign.goal)}: {progress_words(campaign.goal, figures)}", context)
        lines += _wrapped("dim", f"  {formula(campaign.goal, figures)}", context)
    lines += _wrapped("plain", f"posts: {post_counts(figures)}", context)
    lines += _wrapped("plain", f"replies: {reply_counts(figures)}", context)
    for label, value in facts:
        lines += _wrapped("plain", f"{label}: {roomy(value)}", context) if value else []
    for rule in RULES:
        lines += _wrapped("dim", rule, context)
    return [*lines, ()]


def _wrapped(role: str, text: str, context: RowContext) -> list[Pieces]:
    return [((role, f"  {line}"),) for line in wrap(text, context.width - 2)]
