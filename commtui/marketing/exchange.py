"""Posts into rows of a file, and out of them: all rows of a file are written as one step, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, cast

from commtui.activity.desk import Desk, one_step
from commtui.activity.errors import BadRow, BadTime, TriageError
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import CannotSend
from commtui.config.settings import LATE
from commtui.marketing.calendar import RESOLUTION, time_of
from commtui.marketing.post_rows import Row
from commtui.marketing.posts import Late, write_post
from commtui.model.abilities import Visibility
from commtui.model.clock import to_iso
from commtui.model.records import Media, Outgoing
from commtui.model.slots import is_next_slot
from commtui.model.states import Lane, OutgoingState
from commtui.model.threads import ASKED
from commtui.model.times import WhenError, in_zone, wall_zone
from commtui.model.when import When, parse
from commtui.outgoing.attachments import attachment
from commtui.outgoing.form import Form

LEAVE: Final = frozenset(("", "scheduled", "retrying", "sending", "approved"))
"""States in a file after which a post with a time is scheduled; other ones become drafts."""
OVER: Final = frozenset((OutgoingState.SENT.value, OutgoingState.DISCARDED.value))
"""States in a file of posts that are left out: nothing is to be done for them any more."""
YES: Final = ("yes", "true", "1", "x")
NO: Final = ("no", "false", "0")


class Imported(NamedTuple):
    """What becomes of a row: the variants of its post, or why there is none; neither: it is left out."""

    number: int
    variants: Sequence[Outgoing] = ()
    problem: TriageError | None = None


class _NotWritten(Exception):
    """Takes back what was written."""


def import_rows(
    desk: Desk, rows: Iterable[Row], accounts: Sequence[str], folder: Path, dry_run: bool = False
) -> tuple[list[Imported], Outcome]:
    """Writes a post for each row. Where one cannot be written, and in a dry run, nothing is: the outcome has no op_id.

    `accounts`: the names of those that a row without accounts is for; `folder`: where names of files begin.
    """
    done: list[Imported] = []
    op_id = None
    try:
        with one_step(desk, "import", ()) as step:
            for row in rows:
                done.append(_imported(desk, row, accounts, folder))
            if dry_run or any(each.problem for each in done):
                raise _NotWritten
            step.detail = next((each.variants[0].text for each in done if each.variants), "")
            op_id = step.op_id if step.changed else None
    except _NotWritten:
        pass
    ids = tuple(variant.id for each in done for variant in each.variants)
    return done, Outcome(verb="import", ids=ids, op_id=op_id)


def _imported(desk: Desk, row: Row, accounts: Sequence[str], folder: Path) -> Imported:
    values = row.values
    if row.problem is not None:
        return Imported(row.number, problem=row.problem)
    if values.get("state") in OVER:
        return Imported(row.number)
    try:
        return Imported(row.number, _write(desk, values, accounts, folder))
    except CannotSend as error:
        return Imported(row.number, problem=error.kept_as(()))  # nothing of it stays
    except TriageError as error:
        return Imported(row.number, problem=error)


def _write(desk: Desk, values: Mapping[str, str], accounts: Sequence[str], folder: Path) -> Sequence[Outgoing]:
    names = values.get("accounts", "").replace(",", " ").replace(";", " ").replace("+", " ").split() or accounts
    at = _time(desk, values)
    state = values.get("state", "")
    if state not in (*LEAVE, *OutgoingState):
        raise BadRow("word", "state", state, list(OutgoingState))
    if not values.get("text", "").strip() and not values.get("media"):
        raise BadRow("no-text")
    variants, _ = write_post(
        desk,
        values.get("text", ""),
        names,
        at,
        _late(values.get("late")),
        Form(
            visibility=_visibility(values.get("visibility")),
            spoiler=values.get("cw"),
            media=_media(values, folder),
            language=values.get("language"),
            thread=_yes("thread", values.get("thread", "")),
        ),
        draft=at is None or state not in LEAVE,
        campaign=values.get("campaign"),
    )
    _refuse_a_second_one(desk, variants)
    return variants


def _time(desk: Desk, values: Mapping[str, str]) -> str | When | None:
    """The time of a row: WHEN, or `next slot`. Its zone is where no other one is named. Raises BadTime."""
    given = values.get("at")
    if given is None or is_next_slot(given):
        return given
    try:
        return parse(given, desk.now, values.get("zone") or desk.zone)
    except WhenError as error:
        raise BadTime(error) from error


def _late(given: str | None) -> Late | None:
    if given is not None and given not in LATE:
        raise BadRow("word", "late", given, LATE)
    return cast("Late | None", given)


def _visibility(given: str | None) -> Visibility | None:
    try:
        return Visibility(given) if given else None
    except ValueError:
        raise BadRow("word", "visibility", given or "", list(Visibility)) from None


def _yes(column: str, given: str) -> bool:
    if given.casefold() in YES:
        return True
    if given and given.casefold() not in NO:
        raise BadRow("word", column, given, ["yes", "no"])
    return False


def _media(values: Mapping[str, str], folder: Path) -> tuple[Media, ...]:
    paths = [line.strip() for line in values.get("media", "").split("\n") if line.strip()]
    alts = values.get("alt", "").split("\n")
    return tuple(
        attachment(str(folder / Path(path).expanduser()), alts[at] if at < len(alts) else "")
        for at, path in enumerate(paths)
    )


def _refuse_a_second_one(desk: Desk, variants: Sequence[Outgoing]) -> None:
    """Raises BadRow if an account has the same text at the same time already: a file that is imported twice."""
    own = {variant.id for variant in variants}
    for variant in variants:
        if variant.scheduled_at is None or variant.hold_window:
            continue
        at = variant.scheduled_at
        numbers = desk.store.outgoing.between(Lane.MARKETING, at, at + RESOLUTION * 1000)
        for other in desk.store.outgoing.each(numbers):
            if other.id not in own and (other.account, other.text) == (variant.account, variant.text):
                raise BadRow("here", value=other.post or other.id)


def exported(desk: Desk, items: Iterable[Outgoing]) -> Iterator[dict[str, str]]:
    """The rows of some variants of posts, in their order: one for those of a post that are equal but for the account.
    Parts of a thread have a row each."""
    names = {account.id: account.name for account in desk.settings.accounts}
    campaigns = {campaign.id: campaign.name for campaign in desk.store.campaigns.all()}
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for item in items:
        row = _row(item, campaigns)
        account = names.get(item.account, item.account)
        together = rows.setdefault(tuple(value for name, value in row.items() if name not in ("url", "sent_at")), row)
        for column, value in (("accounts", account), ("url", item.url or "")):
            known = together.get(column, "").split("\n") if together.get(column) else []
            if value and value not in known:
                together[column] = "\n".join([*known, value])
    places = {name: place for place, name in enumerate(names.values())}
    for row in rows.values():
        named = sorted(row["accounts"].split("\n"), key=lambda name: (places.get(name, len(places)), name))
        yield {**row, "accounts": "\n".join(named)}


def _row(item: Outgoing, campaigns: Mapping[str, str]) -> dict[str, str]:
    zone = item.zone or "UTC"
    at = item.scheduled_at if item.state is OutgoingState.SENT and not item.hold_window else time_of(item)
    return {
        "id": item.post or item.id,
        "state": item.state.value,
        "at": in_zone(at, wall_zone(zone)).isoformat() if at else "",
        "zone": zone if at else "",
        "text": item.text,
        "cw": item.spoiler,
        "visibility": item.visibility.value,
        "language": item.language or "",
        "media": "\n".join(file.url for file in item.media),
        "alt": "\n".join(" ".join(file.alt.split()) for file in item.media),
        "thread": "yes" if ASKED in item.extra else "",
        "late": item.late,
        "campaign": campaigns.get(item.campaign or "", ""),
        "sent_at": to_iso(item.sent_at) if item.sent_at else "",
    }
