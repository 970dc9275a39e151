"""OAuth: the consent screen, the first tokens, and tokens whose refresh works once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from connectors import oauth
from connectors.base import Connector
from connectors.errors import ConnectorError, NeedsLogin, RetryLater
from connectors.freshbooks import settings_form
from connectors.freshbooks.envelopes import complaints, content
from connectors.http import Answer
from connectors.oauth import Tokens


def consent_url(connector: Connector, redirect_uri: str, state: str) -> str:
    """No scope is asked for, so FreshBooks grants those of the app: one that the app lacks would void the consent."""
    asked = {
        "client_id": connector.settings.get("client_id") or "",
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
    }
    return f"{settings_form.authorize_url(connector.settings)}?{urlencode(asked)}"


def exchange(connector: Connector, code: str, redirect_uri: str) -> None:
    """The consent's code, which lives five minutes, for the first tokens. Raises NeedsLogin."""
    tokens = _ask(connector, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri})
    oauth.save(connector.vault, tokens)
    connector.vault.put(redirect_uri=redirect_uri)


def token(connector: Connector, *, refused: str = "") -> str:
    """An access token that should work. `refused` is one that FreshBooks has just turned away."""
    refresh = partial(_refresh, connector)
    return oauth.fresh_token(connector.vault, refresh, now=connector.now(), refused=refused)


def _refresh(connector: Connector, tokens: Tokens) -> Tokens:
    if not tokens.refresh_token:
        raise NeedsLogin("There is no login for FreshBooks yet, or it has ended: log in.", code="no_login")
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
    known = connector.vault.get("redirect_uri")
    return _ask(connector, {**form, **({"redirect_uri": known} if known else {})})


def _ask(connector: Connector, form: Mapping[str, str]) -> Tokens:
    """`safe`: where no answer comes, the effect that wanted a token has certainly not been sent, so it is no doubtful
    effect. The refresh token may be spent; then the next try is refused, and a person logs in again."""
    answer = connector.http(settings_form.api_url(connector.settings)).send(
        "POST",
        settings_form.token_url(connector.settings),
        form={
            **form,
            "client_id": connector.settings.get("client_id") or "",
            "client_secret": connector.vault.get("client_secret"),
        },
        kind="login",
        safe=True,
    )
    granted = content(answer)
    if not answer.ok or not isinstance(granted, dict) or not granted.get("access_token"):
        raise _refused(answer, granted)
    return Tokens(granted["access_token"], granted.get("refresh_token") or "", _end(granted, connector.now()))


def _refused(answer: Answer, body: Any) -> ConnectorError:
    said = "; ".join(complaint.message for complaint in complaints(body)) or f"status {answer.status}"
    if answer.status in (400, 401, 403, 422):
        return NeedsLogin(f"FreshBooks refused the login ({said}): log in again.", code="login_refused")
    return RetryLater(f"FreshBooks gave no token ({said})", code=f"http_{answer.status}")


def _end(granted: Mapping[str, Any], now: dt.datetime) -> dt.datetime | None:
    """`created_at + expires_in`: a refresh may repeat the first grant's `created_at` with what is left of its life, so
    counting from now would overstate it. An end already past contradicts the grant itself (a clock is wrong): then
    only a refusal tells."""
    if not granted.get("expires_in"):
        return None
    start = int(granted.get("created_at") or now.timestamp())
    end = dt.datetime.fromtimestamp(start + int(granted["expires_in"]), dt.UTC)
    return end if end > now else None
