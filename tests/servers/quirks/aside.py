"""Mentions kept aside, answers that wait for approval, the home timeline, direct conversations."""

from __future__ import annotations

from typing import Any

from tests.servers.quirks import show
from tests.servers.quirks.calls import Answer, Call, Problem, route
from tests.servers.quirks.reads import MISSING, listing
from tests.servers.quirks.things import Notification, Status


def _kept_aside(call: Call) -> dict[str, list[Notification]]:
    """The notifications that are kept aside, by their author."""
    rows: dict[str, list[Notification]] = {}
    for row in call.world.listed(call.user, everything=True):
        if call.world.is_filtered(row):
            rows.setdefault(row.by.id, []).append(row)
    return rows


def _request(call: Call, rows: list[Notification]) -> dict[str, Any]:
    last = rows[-1]
    return {
        "id": f"r{last.by.id}",
        "created_at": show.when(rows[0].created_at),
        "updated_at": show.when(last.created_at),
        "notifications_count": str(len(rows)),
        "account": show.account(call.world, last.by),
        "last_status": show.status(call.world, last.status, call.user) if last.status else None,
    }


@route("GET", "/api/v1/notifications/requests")
def requests(call: Call) -> Answer:
    _need(call.quirks.filters)
    newest_first = list(_kept_aside(call).values())[::-1]
    return Answer([_request(call, rows) for rows in newest_first[: call.limit]])


@route("POST", "/api/v1/notifications/requests/*/accept")
def accept(call: Call) -> Answer:
    _need(call.quirks.filters)
    for author, rows in _kept_aside(call).items():
        if call.parts[0] == f"r{author}":
            call.user.accepts.add(rows[0].by.acct)
            return Answer({})
    raise Problem(404, MISSING)


def _policy(call: Call) -> Answer:
    _need(call.quirks.filters)
    kept = _kept_aside(call)
    accepting = dict.fromkeys(("for_not_following", "for_not_followers", "for_new_accounts"), "accept")
    counts = {"pending_requests_count": len(kept), "pending_notifications_count": sum(map(len, kept.values()))}
    filtering = {"for_private_mentions": "filter", "for_limited_accounts": "filter"}
    return Answer({**accepting, **filtering, "summary": counts})


route("GET", "/api/v2/notifications/policy")(_policy)


def _need(is_there: bool) -> None:
    if not is_there:
        raise Problem(404, "Not Found")


def _waiting(call: Call) -> list[Notification]:
    return [row for row in call.world.listed(call.user) if row.status is not None and row.status.pending]


@route("GET", "/api/v1/interaction_requests")
def interaction_requests(call: Call) -> Answer:
    _need(call.quirks.approval)
    return Answer([_interaction(call, row) for row in _waiting(call)])


def _interaction(call: Call, row: Notification) -> dict[str, Any]:
    assert row.status is not None
    parent = call.world.by_id.get(row.status.in_reply_to or "")
    return {
        "id": f"i{row.id}",
        "type": "reply",
        "created_at": show.when(row.created_at),
        "account": show.account(call.world, row.by),
        "reply": show.status(call.world, row.status, call.user),
        "status": show.status(call.world, parent, call.user) if parent else None,
    }


def _decide(call: Call) -> Answer:
    _need(call.quirks.approval)
    for row in _waiting(call):
        if call.parts[0] == f"i{row.id}" and row.status is not None:
            shown = _interaction(call, row)
            row.status.pending = False
            if call.request.path.endswith("authorize"):
                row.kind = "mention"
            else:
                call.world.delete(row.status)
            return Answer(shown)
    raise Problem(404, MISSING)


route("POST", "/api/v1/interaction_requests/*/authorize")(_decide)
route("POST", "/api/v1/interaction_requests/*/reject")(_decide)


def _readable(call: Call) -> list[Status]:
    return [row for row in call.world.statuses if call.world.is_readable(row)]


@route("GET", "/api/v1/timelines/home")
def home(call: Call) -> Answer:
    _need(call.quirks.home_timeline)
    user = call.user
    rows = [row for row in _readable(call) if row.account is user and row.visibility != "direct"]
    statuses, headers = listing(call, rows, call.world.all_statuses)
    return Answer([show.status(call.world, row, user) for row in statuses], headers=headers)


@route("GET", "/api/v1/conversations")
def conversations(call: Call) -> Answer:
    _need(call.quirks.conversations)
    user = call.user
    last: dict[tuple[str, ...], Status] = {}
    for row in _readable(call):
        people = {row.account.acct, *(named.acct for named in row.mentions)}
        if row.visibility == "direct" and user.acct in people:
            last[tuple(sorted(people))] = row
    rows = sorted(last.items(), key=lambda item: item[1].seq, reverse=True)
    shown = [
        {
            "id": f"c{row.seq}",
            "unread": row.account is not user,
            "accounts": [show.account(call.world, call.world.account(who)) for who in people if who != user.acct],
            "last_status": show.status(call.world, row, user),
        }
        for people, row in rows
    ]
    return Answer(shown[: call.limit])
