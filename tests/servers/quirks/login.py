"""OAuth: an app, the page a person agrees on, the code, the token; as strict as the real ones."""

from __future__ import annotations

import base64
import hashlib
import html
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.quirks.calls import Answer, Call, Problem, route

OOB = "urn:ietf:wg:oauth:2.0:oob"
DEBUG_PAGE = b"<!DOCTYPE html><html><head><title>InvalidGrant at /oauth/token</title></head><body><pre>" + b"".join(
    b'  File "/app/oauth/views.py", line %d, in exchange\n' % line for line in range(300)
)
"""What a server shows whose developers left debugging on."""


class Logins:
    """Apps and codes. `seen` holds the query of every /oauth/authorize that was opened."""

    def __init__(self) -> None:
        self.apps: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[dict[str, str]] = []

    def agree(self, user: str, address: str) -> str:
        """What the person does who opens `address` in a browser and agrees: gives the code that is shown.

        Raises AssertionError when a real server would show an error page in its place.
        """
        asked = {k: v[-1] for k, v in parse_qs(urlsplit(address).query).items()}
        self.check(asked)
        code = f"code-{len(self.codes) + 1}-{user}"
        self.codes[code] = {**asked, "user": user}
        return code

    def check(self, asked: dict[str, str]) -> None:
        """Whether the page would be shown."""
        app = self.apps.get(asked.get("client_id", ""))
        assert app is not None, f"no such client_id: {asked}"
        assert asked.get("response_type") == "code", asked
        assert asked.get("redirect_uri") in app["redirect_uris"], asked
        assert set(asked.get("scope", "read").split()) <= set(app["scopes"]), asked


@route("POST", "/api/v1/apps")
def register(call: Call) -> Answer:
    fields, apps = call.fields, call.server.logins.apps
    if not fields.get("client_name") or not fields.get("redirect_uris"):
        raise Problem(422, "Validation failed: Application name can't be blank, Redirect URI can't be blank")
    uris = fields["redirect_uris"]
    name = f"client{len(apps) + 1}"
    app = {
        "id": str(len(apps) + 1),
        "name": fields["client_name"],
        "website": fields.get("website"),
        "client_id": name,
        "client_secret": f"secret-of-{name}",
        "redirect_uris": uris if isinstance(uris, list) else str(uris).split("\n"),
        "scopes": str(fields.get("scopes") or "read").split(),
    }
    apps[name] = app
    return Answer({**app, "redirect_uri": "\n".join(app["redirect_uris"])})


@route("GET", "/oauth/authorize")
def authorize(call: Call) -> Answer:
    asked = {k: v[-1] for k, v in call.query.items()}
    call.server.logins.seen.append(asked)
    try:
        call.server.logins.check(asked)
    except AssertionError as error:
        page = f"<h1>An error has occurred</h1><p>{html.escape(str(error))}</p>"
        return Answer(page.encode(), 400, {"Content-Type": "text/html"})
    return Answer(b"<h1>Authorize?</h1>", headers={"Content-Type": "text/html"})


def _refuse(error: str, status: int = 400) -> Answer:
    return Answer({"error": error, "error_description": f"The request failed: {error}"}, status)


@route("POST", "/oauth/token")
def token(call: Call) -> Answer:
    fields, logins = call.fields, call.server.logins
    app = logins.apps.get(str(fields.get("client_id")))
    if app is None or fields.get("client_secret") != app["client_secret"]:
        return _refuse("invalid_client", 401)
    if fields.get("grant_type") != "authorization_code":
        return _refuse("unsupported_grant_type")
    given = logins.codes.get(str(fields.get("code")))
    if given is None or given["client_id"] != app["client_id"] or given["redirect_uri"] != fields.get("redirect_uri"):
        if call.quirks.wrong_code == "debug page":
            return Answer(DEBUG_PAGE, 500, {"Content-Type": "text/html"})
        return _refuse("invalid_grant")
    if challenge := given.get("code_challenge"):
        digest = hashlib.sha256(str(fields.get("code_verifier")).encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
            return _refuse("invalid_grant")
    del logins.codes[str(fields["code"])]
    scope = given.get("scope", "read")
    made = call.world.token(given["user"], scope)
    return Answer({"access_token": made, "token_type": "Bearer", "scope": scope, "created_at": 1_790_000_000})


@route("POST", "/oauth/revoke")
def revoke(call: Call) -> Answer:
    call.world.revoke(str(call.fields.get("token")))
    return Answer({})
