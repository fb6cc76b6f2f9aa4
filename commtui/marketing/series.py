"""Series: texts that go out again and again. What a person does with one; the posts are made by series_posts.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk, Step, recorded_step
from commtui.activity.errors import BadTime, NoAccountNamed, NoSuchTime
from commtui.activity.moments import moment
from commtui.activity.outcome import Outcome
from commtui.activity.resolve_series import series as series_named
from commtui.marketing.campaign_posts import open_campaign
from commtui.marketing.posts import Late, account_named, problem_of, write_post
from commtui.marketing.series_posts import make, make_anew, variants_at
from commtui.model import ids, recurrence, text, when
from commtui.model.records import Series
from commtui.model.recurrence import Occurrence, Recurrence
from commtui.model.series import AHEAD, FAR, post_id, times, upcoming
from commtui.model.states import TRANSITIONS, Reason, transition
from commtui.model.times import WhenError, in_zone, wall_zone
from commtui.outgoing.form import PLAIN, Form

_INSTANT: Final = timedelta(microseconds=1)


class Plan(Struct, frozen=True):
    """What a new series is, beside its text."""

    accounts: Sequence[str]
    """Their names or ids."""
    repeat: str
    late: Late | None = None
    form: Form = PLAIN
    campaign: str | None = None
    """Its name or id."""


def add(desk: Desk, body: str, plan: Plan) -> tuple[Series, Outcome]:
    """Makes a series and the posts of its first 60 days. Returns it and the outcome.

    Raises NoAccountNamed, UnknownName, BadTime, CampaignEnded, and CannotSend for a text that a network does not
    accept: then the text is saved as a draft.
    """
    if not plan.accounts:
        raise NoAccountNamed
    form = plan.form
    chosen = [account_named(desk, name) for name in dict.fromkeys(plan.accounts)]
    meant = times_of(desk, plan.repeat)
    within = open_campaign(desk, plan.campaign) if plan.campaign is not None else None
    series = Series(
        id=ids.fresh(ids.SERIES),
        text=text.clean(body),
        accounts=tuple(account.id for account in chosen),
        repeat=text.one_line(text.clean(plan.repeat)).strip(),
        rule=meant.rule,
        zone=meant.zone,
        author=desk.who,
        created_at=desk.now,
        made_until=desk.now,
        visibility=form.visibility,
        spoiler=text.one_line(text.clean(form.spoiler or "")),
        language=form.language,
        media=form.media or (),
        thread=bool(form.thread),
        campaign=within.id if within else None,
        late=plan.late,
    )
    soonest = upcoming(series, desk.now)
    problem = problem_of(desk, variants_at(desk, series, soonest)) if soonest else None
    if problem is not None:
        if not series.text.strip():
            raise problem
        drafts, _ = write_post(desk, body, plan.accounts, late=plan.late, form=form, draft=True, campaign=plan.campaign)
        raise problem.kept_as([draft.id for draft in drafts])
    with recorded_step(desk, "series add", (series.id,)) as step:
        step.write.put(series)
        series, made = make(desk, step.write, series)
        step.detail = series.repeat
    return series, _outcome(desk, "series add", series, step, len({item.post for item in made}))


def times_of(desk: Desk, repeat: str, after: datetime | None = None) -> Recurrence:
    """Returns the times after a moment, else now, that a REPEAT means. Raises BadTime."""
    try:
        return recurrence.parse(repeat, after or desk.now, desk.zone)
    except WhenError as error:
        raise BadTime(error) from error


def _outcome(desk: Desk, verb: str, series: Series, step: Step, posts: int) -> Outcome:
    soonest = upcoming(series, desk.now)
    return Outcome(
        verb=verb,
        ids=(series.id,),
        op_id=step.op_id if step.changed else None,
        value=series.repeat,
        posts=posts,
        leaves_at=soonest.at if soonest else None,
        when=when.When(soonest.at, series.zone, soonest.wall) if soonest else None,
    )


def edit(
    desk: Desk,
    given: str,
    body: str | None = None,
    repeat: str | None = None,
    accounts: Sequence[str] | None = None,
    since: str | None = None,
) -> Outcome:
    """Changes a series from a time on (WHEN, within the 60 days for which its posts are made), else from now on.

    Posts that somebody changed by hand stay as they are; None leaves what the series has. Raises UnknownId, BadTime,
    NoSuchTime, UnknownName, CannotSend.
    """
    chosen = [account_named(desk, name).id for name in dict.fromkeys(accounts)] if accounts else None
    with recorded_step(desk, "series edit", (series_named(desk.store, given).id,)) as step:
        before, _ = make(desk, step.write, series_named(desk.store, given))
        start = _start(desk, before, since)
        changed = before
        if repeat is not None:
            meant = _from_then_on(desk, before, times_of(desk, repeat, start - _INSTANT), start)
            shown = text.one_line(text.clean(repeat)).strip()
            changed = replace(changed, repeat=shown, rule=meant.rule, zone=meant.zone, ends_at=None)
        if body is not None:
            changed = replace(changed, text=text.clean(body))
        if chosen is not None:
            changed = replace(changed, accounts=tuple(chosen))
        soonest = upcoming(changed, start - _INSTANT)
        if soonest is None:
            raise NoSuchTime(before.id)
        problem = problem_of(desk, variants_at(desk, changed, soonest))
        if problem is not None:
            raise problem
        made = make_anew(desk, step.write, before, changed, start - _INSTANT)
        step.detail = changed.repeat
    return _outcome(desk, "series edit", changed, step, made)


def _from_then_on(desk: Desk, before: Series, later: Recurrence, start: datetime) -> Recurrence:
    """Raises BadTime."""
    try:
        return recurrence.followed_by(Recurrence(before.rule, before.zone), later, start, desk.now)
    except WhenError as error:
        raise BadTime(error) from error


def _start(desk: Desk, series: Series, since: str | None) -> datetime:
    """Raises BadTime for a time for which posts are not made yet."""
    start = max(_beginning(desk, series, since), desk.now + _INSTANT) if since else desk.now + _INSTANT
    if start > desk.now + AHEAD:
        raise BadTime(WhenError("its posts are made 60 days ahead: change it from an earlier day on, or later"))
    return start


def _beginning(desk: Desk, series: Series, given: str) -> datetime:
    """Returns the time that a WHEN means; of a day without a time its beginning in the series' zone. Raises BadTime."""
    try:
        return when.parse(f"{given} 0:00", desk.now, series.zone).at
    except WhenError:  # it has a time, or is today
        return moment(desk, given)


def skip(desk: Desk, given: str, at: str = "") -> Outcome:
    """Leaves one time out: the next one, else that of a WHEN, or of its day. Its post is discarded.

    Raises UnknownId, BadTime, NoSuchTime.
    """
    with recorded_step(desk, "series skip", (series_named(desk.store, given).id,)) as step:
        series, _ = make(desk, step.write, series_named(desk.store, given))
        one = _time_at(desk, series, at) if at.strip() else _next(desk, series)
        _discard(desk, step, series, [one])
        series = replace(series, skipped=(*_to_come(desk, series), one.wall))
        step.write.put(series)
        step.detail = one.wall
    return replace(_outcome(desk, "series skip", series, step, 1), until=one.at)


def _next(desk: Desk, series: Series) -> Occurrence:
    """Returns the next time whose post is not discarded. Raises NoSuchTime."""
    for one in times(series, desk.now, desk.now + FAR):
        items = desk.store.outgoing.of_post(post_id(series.id, one.wall))
        if not items or any(item.state in TRANSITIONS["discard"] for item in items):
            return one
    raise NoSuchTime(series.id)


def _time_at(desk: Desk, series: Series, given: str) -> Occurrence:
    """Returns the time at a WHEN; else the first one of that day. Raises BadTime, NoSuchTime."""
    try:
        meant = when.parse(given, desk.now, series.zone)
    except WhenError as error:
        raise BadTime(error) from error
    day = in_zone(meant.at, wall_zone(series.zone)).date()
    of_day = [one for one in times(series, desk.now, meant.at + timedelta(days=2)) if one.wall[:10] == day.isoformat()]
    found = next((one for one in of_day if one.at == meant.at), next(iter(of_day), None))
    if found is None:
        raise NoSuchTime(series.id, meant.at)
    return found


def _to_come(desk: Desk, series: Series) -> tuple[str, ...]:
    """Returns the times that are left out and not over."""
    today = in_zone(desk.now, wall_zone(series.zone)).date().isoformat()
    return tuple(wall for wall in series.skipped if wall[:10] >= today)


def _discard(desk: Desk, step: Step, series: Series, over: Sequence[Occurrence]) -> int:
    """Discards the posts of some times that are not out. Returns how many."""
    posts = 0
    for one in over:
        items = desk.store.outgoing.of_post(post_id(series.id, one.wall))
        leaving = [item for item in items if item.state in TRANSITIONS["discard"]]
        posts += bool(leaving)
        for item in leaving:
            state = transition(item.state, "discard")
            step.write.put(replace(item, state=state, reason=Reason.SERIES, next_try_at=None))
    return posts


def end(desk: Desk, given: str, since: str | None = None) -> Outcome:
    """Ends a series now, or from a WHEN on: what is scheduled from then on is discarded. Raises UnknownId, BadTime."""
    with recorded_step(desk, "series end", (series_named(desk.store, given).id,)) as step:
        series, _ = make(desk, step.write, series_named(desk.store, given))
        start = max(_beginning(desk, series, since), desk.now) if since else desk.now
        if series.ends_at is None or series.ends_at > start:
            posts = _discard(desk, step, series, list(times(series, start - _INSTANT, desk.now + AHEAD)))
            series = replace(series, ends_at=start)
            step.write.put(series)
        else:
            posts = 0
        step.detail = series.repeat
    return _outcome(desk, "series end", series, step, posts)
