"""Logging in with the OAuth code flow, without a browser on this machine: an address to open, a code to copy back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from commtui.model.clock import Clock
from commtui.model.servers import server_address
from commtui.networks.base import AnswerLost, Gone, LoginRefused, Malformed, RateLimited, Refused, Unreachable
from commtui.networks.http import Http
from commtui.networks.mastodon.entities import Application, Token
from commtui.networks.payloads import S
from commtui.system.masking import register

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""The redirect that shows the code on a page instead of calling an address of ours."""
SCOPES = "read write"


class OAuth:
    """The flow with one server: `register`, show `authorize_url`, `exchange` the code; closed with `aclose`."""

    def __init__(self, server: str, clock: Clock, insecure_http: bool = False) -> None:
        """`server` as a person gave it. Raises ValueError for what is no address."""
        self.server = server_address(server)
        self._http = Http(self.server, clock, insecure_http=insecure_http)

    async def aclose(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def register(self) -> Application:
        """Makes us known to the server.

        Raises Unreachable for a wrong address, RateLimited, Malformed where no Mastodon answers.
        """
        fields = {
            "client_name": "commtui",
            "redirect_uris": OUT_OF_BAND,
            "scopes": SCOPES,
        }
        try:
            return await self._post("/api/v1/apps", fields, Application)
        except Unreachable as error:
            if error.status is not None:  # somebody answered: the address leads to a server
                raise
            raise _marked(Unreachable(f"{error}; is {self.server} the right address?"), error) from None
        except (Refused, LoginRefused) as error:
            if isinstance(error, Gone) or error.status in (400, 401, 403, 405, 501):
                raise self._stranger(f"HTTP {error.status}") from None
            raise
        except Malformed:
            raise self._stranger("something else than an app") from None

    def _stranger(self, what: str) -> Malformed:
        return Malformed(
            f"{self.server} does not answer like a Mastodon server ({what}): give the address that you log in at"
        )

    def authorize_url(self, app: Application) -> str:
        """Where the person agrees, in any browser, and is shown a code."""
        query = {
            "client_id": app.client_id,
            "redirect_uri": OUT_OF_BAND,
            "response_type": "code",
            "scope": SCOPES,
        }
        return f"{self.server}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, app: Application, code: str) -> str:
        """The token for the code, which may be pasted with blanks or as an address with `code=`.

        Raises Refused for a code that is not right or used up, Unreachable, RateLimited, Malformed.
        """
        code = code.strip()
        if "code=" in code:
            code = parse_qs(urlsplit(code).query).get("code", [code])[0]
        if not code:
            raise Refused("no code was given: open the address, agree, and copy the code that is shown")
        fields = {
            "grant_type": "authorization_code",
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": OUT_OF_BAND,
            "code": code,
            "scope": SCOPES,
        }
        try:
            token = await self._post("/oauth/token", fields, Token)
        except (Refused, LoginRefused):
            line = f"{self._http.host} does not accept the code: it may be cut off, too old or used; begin again"
            raise Refused(line) from None
        except Unreachable as error:
            if error.status is None or isinstance(error, RateLimited):
                raise
            # some servers fail at a wrong code
            line = f"{error}; the code may be cut off, too old or used; begin again"
            raise _marked(Unreachable(line), error) from None
        return register(token.access_token)

    async def _post(self, path: str, fields: dict[str, str], kind: type[S]) -> S:
        try:
            answer = await self._http.call("POST", path, form=fields)
        except AnswerLost as error:  # nothing is public yet, and to begin again is harmless
            raise _marked(Unreachable(str(error)), error) from None
        return answer.read(kind)


def _marked(error: Unreachable, cause: Exception) -> Unreachable:
    error.status = getattr(cause, "status", None)
    error.retry_after = getattr(cause, "retry_after", None)
    return error
