"""Who may call: OAuth 2 by client credentials, authorization code or password, or whatever else this site asks for."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus, urlencode

from connectors.clarity.sandbox.clock import Clock
from connectors.clarity.sandbox.refusals import Refused, unauthorized
from connectors.sandbox import Call, Reply

CLIENT, SECRET = "clarity-sandbox", "clarity-sandbox-client-secret"
STATIC, KEY = "static-token-of-the-sandbox", "key-of-the-sandbox"
USER, PASSWORD = "accounts", "password-of-the-sandbox"


class Gate:
    """`token_seconds` is how long a token lives; a refresh token works once."""

    def __init__(self, switch: Mapping[str, Any], clock: Clock) -> None:
        self.switch, self.clock = switch, clock
        self._ends: dict[str, float] = {}
        self._refreshes: set[str] = set()
        self._codes: set[str] = set()
        self._count = itertools.count(1)

    def check(self, call: Call) -> None:
        """Raises Refused."""
        given = call.headers.get("Authorization") or ""
        match self.switch["auth"]:
            case "bearer_static":
                good = given == f"Bearer {STATIC}"
            case "basic":
                good = given == f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
            case "api_key":
                good = call.headers.get("X-Api-Key") == KEY
            case _:
                good = self._ends.get(given.removeprefix("Bearer "), 0.0) > self._now()
        if not good:
            raise unauthorized()

    def revoke(self) -> None:
        """Every token ends at once."""
        self._ends.clear()

    def consent(self, call: Call) -> Reply:
        """A person has pressed Allow."""
        if call.get("client_id") != CLIENT or call.get("response_type") != "code":
            raise Refused(400, "invalid_request", "Unknown client")
        code = f"code-{next(self._count)}"
        self._codes.add(code)
        target = f"{call.get('redirect_uri')}?{urlencode({'code': code, 'state': call.get('state')})}"
        return Reply(302, headers={"Location": target})

    def token(self, call: Call) -> Reply:
        form = call.form()
        if not self._client(call, form):
            return Reply(401, {"error": "invalid_client", "error_description": "Unknown client or wrong secret"})
        if not self._granted(form):
            return Reply(400, {"error": "invalid_grant", "error_description": "This grant is not good any more"})
        number = next(self._count)
        access, refresh = f"access-{number}", f"refresh-{number}"
        self._ends[access] = self._now() + self.switch["token_seconds"]
        self._refreshes.add(refresh)
        answer: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "scope": form.get("scope", "")}
        if self.switch["tells_expiry"]:
            answer["expires_in"] = self.switch["token_seconds"]
        if form["grant_type"] != "client_credentials":
            answer["refresh_token"] = refresh
        return Reply(body=answer)

    def _client(self, call: Call, form: Mapping[str, str]) -> bool:
        header = call.headers.get("Authorization") or ""
        in_header = header.startswith("Basic ") and self.switch["client_auth"] in ("any", "basic")
        in_body = "client_id" in form and self.switch["client_auth"] in ("any", "body")
        if in_header:
            pair = base64.b64decode(header.removeprefix("Basic ")).decode().split(":", 1)
            return [unquote_plus(part) for part in pair] == [CLIENT, SECRET]
        return in_body and (form["client_id"], form.get("client_secret")) == (CLIENT, SECRET)

    def _granted(self, form: Mapping[str, str]) -> bool:
        match form.get("grant_type"):
            case "client_credentials":
                return True
            case "password":
                return (form.get("username"), form.get("password")) == (USER, PASSWORD)
            case "authorization_code":
                return _spent(self._codes, form.get("code", ""))
            case "refresh_token":
                return _spent(self._refreshes, form.get("refresh_token", ""))
        return False

    def _now(self) -> float:
        return self.clock.server_time().timestamp()


def _spent(good: set[str], given: str) -> bool:
    """Each works once."""
    known = given in good
    good.discard(given)
    return known
