"""What is asked: the instance, accounts, notifications, statuses, threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tests.servers.quirks import odd, show
from tests.servers.quirks.calls import Answer, Call, Problem, route
from tests.servers.quirks.rewriting import rewritten
from tests.servers.quirks.things import Account, Listed, Notification, Status, page

MISSING = "Record not found"


def visible(call: Call, identity: str) -> Status:
    """The status that the asker may see. Raises Problem 404."""
    try:
        status = call.world.find(identity)
    except KeyError:
        raise Problem(404, MISSING) from None
    viewer = call.maybe_user
    private = status.visibility in ("private", "direct")
    hidden = private and viewer is not status.account and viewer not in status.mentions
    hidden = hidden or (call.request.method == "GET" and not call.world.is_readable(status))
    if hidden or (viewer is not None and viewer.acct in status.account.blocked):
        raise Problem(404, MISSING)
    return status


def listing(call: Call, rows: Sequence[Any], gone: Sequence[Any] = ()) -> tuple[list[Any], dict[str, str]]:
    """One page of rows (given oldest first) and its headers, with this server's quirks."""
    lost = _refuse(call)
    found = [] if lost else page(rows, call.query, call.limit, gone, call.quirks.min_id)
    headers = link(call, found, rows)
    found = [row for row in found if not (isinstance(row, Notification) and row.by.acct in call.quirks.leaves_out)]
    if call.quirks.listed_twice and found:
        found = [found[0], *found]
    return found, headers


def _refuse(call: Call) -> bool:
    """Whether the page begins at what is deleted. Raises Problem for what this server does not take."""
    quirks, query, world = call.quirks, call.query, call.world
    if quirks.refuses_limit is not None and int(query.get("limit", ["0"])[-1]) > quirks.refuses_limit:
        raise Problem(422, "limit is too large")
    if quirks.min_id == "refused" and "min_id" in query:
        raise Problem(400, "unknown parameter: min_id")
    if quirks.unknown_id == "place":
        return False
    deleted = {row.id for row in world.removed} | {row.id for row in world.all_statuses if row.deleted}
    lost = any(query[name][-1] in deleted for name in ("min_id", "max_id") if name in query)
    if lost and quirks.unknown_id != "empty":
        raise Problem(int(quirks.unknown_id), MISSING)
    return lost


def link(call: Call, found: Sequence[Listed], rows: Sequence[Listed]) -> dict[str, str]:
    """The Link header; further parameters of the request are kept in it."""
    if call.quirks.link == "none" or not found:
        return {}
    kept = [(k, v) for k, values in call.query.items() for v in values if k not in ("max_id", "min_id", "since_id")]
    base = call.server.url + call.request.target.partition("?")[0]

    def one(name: str, row: Listed, rel: str) -> str:
        return f'<{base}?{urlencode([*kept, (name, row.id)])}>; rel="{rel}"'

    parts = [one("min_id", found[0], "prev")]
    if call.quirks.link == "always" or found[-1].seq > min(row.seq for row in rows):
        parts.insert(0, one("max_id", found[-1], "next"))
    return {"Link": ", ".join(parts)}


@route("GET", "/api/v1/instance")
def instance_v1(call: Call) -> Answer:
    return Answer(show.instance(call.world, 1, call.server.streaming_url()))


@route("GET", "/api/v2/instance")
def instance_v2(call: Call) -> Answer:
    if not call.quirks.instance_v2:
        raise Problem(404, "Not Found")
    if call.quirks.instance_v2_error:
        raise Problem(call.quirks.instance_v2_error, "Internal Server Error")
    return Answer(show.instance(call.world, 2, call.server.streaming_url()))


@route("GET", "/api/v1/accounts/verify_credentials")
def verify(call: Call) -> Answer:
    source = {"privacy": "public", "language": "en", "note": ""}
    return Answer({**show.account(call.world, call.user), "source": source})


@route("GET", "/api/v1/accounts/lookup")
def lookup(call: Call) -> Answer:
    acct = call.query.get("acct", [""])[-1].removeprefix("@").removesuffix(f"@{call.world.host}")
    if acct not in call.world.accounts:
        raise Problem(404, MISSING)
    return Answer(show.account(call.world, call.world.accounts[acct]))


@route("GET", "/api/v1/accounts/relationships")
def relationships(call: Call) -> Answer:
    return Answer([relationship(call.user, by_id(call, one)) for one in call.many("id")])


def relationship(user: Account, other: Account) -> dict[str, Any]:
    """How `user` stands to another."""
    return {
        "id": other.id,
        "following": False,
        "muting": other.acct in user.muted,
        "blocking": other.acct in user.blocked,
        "requested": False,
    }


def by_id(call: Call, identity: str) -> Account:
    """The account of an id. Raises Problem 404."""
    status = next((one for one in call.world.accounts.values() if one.id == identity), None)
    if status is None:
        raise Problem(404, MISSING)
    return status


@route("GET", "/api/v1/accounts/*")
def one_account(call: Call) -> Answer:
    return Answer(show.account(call.world, by_id(call, call.parts[0])))


@route("GET", "/api/v1/accounts/*/statuses")
def account_statuses(call: Call) -> Answer:
    owner, viewer = by_id(call, call.parts[0]), call.maybe_user
    rows = [row for row in call.world.statuses if row.account is owner]
    rows = [row for row in rows if call.world.is_readable(row)]
    if call.quirks.own_list == "none":
        rows = []
    if viewer is not owner or call.quirks.own_list == "public":
        rows = [row for row in rows if row.visibility in ("public", "unlisted")]
    if call.flag("exclude_reblogs"):
        rows = [row for row in rows if row.reblog is None]
    if call.flag("exclude_replies"):
        rows = [row for row in rows if row.in_reply_to is None]
    statuses, headers = listing(call, rows, call.world.all_statuses)
    if call.quirks.own_list == "public, from pages":
        statuses = [row for row in statuses if row.visibility in ("public", "unlisted")]
    return Answer([show.status(call.world, row, viewer) for row in statuses], headers=headers)


def _notifications(call: Call) -> list[Notification]:
    if call.quirks.endless:
        call.world.add_empty_notifications(call.user, call.limit, older="max_id" in call.query)
    rows = call.world.listed(call.user, everything=call.flag("include_filtered"))
    if call.quirks.notifications_most is not None:
        rows = rows[-call.quirks.notifications_most :]
    if author := call.query.get("account_id"):
        rows = [row for row in rows if row.by.id == author[-1]]
    if wanted := call.many("types"):
        rows = [row for row in rows if row.kind in wanted]
    return [row for row in rows if row.kind not in call.many("exclude_types")]


@route("GET", "/api/v1/notifications")
def notifications(call: Call) -> Answer:
    statuses, headers = listing(call, _notifications(call), [*call.world.removed, *call.world.notifications])
    answer = Answer([show.notification(call.world, row, call.user) for row in statuses], headers=headers)
    return odd.listed_again(call, answer)


@route("GET", "/api/v2/notifications")
def notifications_v2(call: Call) -> Answer:
    if not call.quirks.notifications_v2:
        raise Problem(404, "Not Found")
    rows, gone = _notifications(call), [*call.world.removed, *call.world.notifications]
    if call.quirks.v2_ids_differ:
        there = {show.v2_id(call.world, row): row.id for row in gone}
        for name in ("max_id", "min_id", "since_id"):
            if name in call.query:
                call.query[name] = [there.get(call.query[name][-1], "")]
    statuses, headers = listing(call, rows, gone)
    if call.quirks.v2_ids_differ:
        for row in rows:
            headers = {k: v.replace(f"_id={row.id}", f"_id={show.v2_id(call.world, row)}") for k, v in headers.items()}
    kinds = call.many("grouped_types") or show.GROUPED
    return odd.listed_again(call, Answer(show.grouped(call.world, statuses, call.user, kinds), headers=headers))


@route("GET", "/api/v1/notifications/*")
def one_notification(call: Call) -> Answer:
    for row in call.world.listed(call.user):
        if row.id == call.parts[0]:
            return Answer(show.notification(call.world, row, call.user))
    raise Problem(404, MISSING)


@route("GET", "/api/v1/statuses")
def some_statuses(call: Call) -> Answer:
    if not call.quirks.statuses_by_ids:
        raise Problem(404, "Not Found")
    rows = [call.world.by_id[one] for one in call.many("id") if one in call.world.by_id]
    rows = [row for row in rows if not row.deleted and call.world.is_readable(row)]
    return Answer([show.status(call.world, row, call.maybe_user) for row in rows])


@route("GET", "/api/v1/statuses/*")
def one_status(call: Call) -> Answer:
    return Answer(show.status(call.world, visible(call, call.parts[0]), call.maybe_user))


@route("GET", "/api/v1/statuses/*/source")
def source(call: Call) -> Answer:
    status, quirks = visible(call, call.parts[0]), call.quirks
    if quirks.source == "none":
        raise Problem(404, "Not Found")
    text = rewritten(status.text, quirks.rewrites) if quirks.source == "rewritten" else status.text
    return Answer({"id": status.id, "text": text, "spoiler_text": status.spoiler})


@route("GET", "/api/v1/statuses/*/context")
def context(call: Call) -> Answer:
    status, above, below = visible(call, call.parts[0]), [], []
    at = call.world.by_id.get(status.in_reply_to or "")
    while at is not None and not at.deleted:
        above.insert(0, at)
        at = call.world.by_id.get(at.in_reply_to or "")
    under = {status.id}
    for row in call.world.statuses:
        if row.in_reply_to in under and not row.pending and call.world.is_readable(row):
            under.add(row.id)
            below.append(row)
    if call.quirks.listed_twice:
        below = below[:1] + below
    viewer = call.maybe_user

    def shown(rows: list[Status]) -> list[dict[str, Any]]:
        public = [r for r in rows if r.visibility != "direct" or viewer is r.account or viewer in r.mentions]
        return [show.status(call.world, row, viewer) for row in public]

    return Answer({"ancestors": shown(above), "descendants": shown(below)})


@route("GET", "/api/v1/streaming/*")
def no_stream(call: Call) -> Answer:
    """A stream that was not served: there is none, or the token is wrong."""
    if call.quirks.streaming != "sse":
        raise Problem(404, "Not Found")
    if call.parts[0] == "health":
        return Answer(b"OK", headers={"Content-Type": "text/plain"})
    raise Problem(404 if call.user else 401, "Not Found")
