"""How a site is logged in to: OAuth 2 in each of its grants, or a fixed token, a password or a key in a header."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from connectors import oauth
from connectors.base import Connector
from connectors.errors import ConnectorError, NeedsLogin, RetryLater
from connectors.http import Answer
from connectors.oauth import Tokens

HEADER = "Authorization: Bearer {token}"
KEY_HEADER = "X-Api-Key: {token}"
DEFAULT_TTL = 1800
"""Seconds that a token is taken to live where its answer does not say."""


def headers(connector: Connector, *, refused: str = "") -> tuple[dict[str, str], str]:
    """What a call carries, and the token in it, if it is one that can be renewed. Raises NeedsLogin."""
    kind = str(connector.settings.get("auth") or "oauth2")
    if kind == "oauth2":
        found = token(connector, refused=refused)
        return _header(connector, HEADER, found), found
    if kind == "basic":
        pair = f"{connector.settings.get('username') or ''}:{_secret(connector, 'password')}"
        return {"Authorization": f"Basic {_encoded(pair)}"}, ""
    if kind == "api_key":
        return _header(connector, KEY_HEADER, _secret(connector, "api_key")), ""
    return _header(connector, HEADER, _secret(connector, "access_token")), ""


def token(connector: Connector, *, refused: str = "") -> str:
    """An access token that should work; at most one worker renews it."""
    return oauth.fresh_token(connector.vault, partial(_renewed, connector), now=connector.now(), refused=refused)


def asks_a_person(connector: Connector) -> bool:
    return str(connector.settings.get("auth") or "oauth2") == "oauth2" and _grant(connector) == "authorization_code"


def consent_url(connector: Connector, redirect_uri: str, state: str) -> str:
    asked_for = {
        **_extra(connector),
        "response_type": "code",
        "client_id": str(connector.settings.get("client_id") or ""),
        "redirect_uri": redirect_uri,
        "state": state,
        **_scope(connector),
    }
    return f"{_whole(connector, 'authorize_url', '/oauth/authorize')}?{urlencode(asked_for)}"


def exchange(connector: Connector, code: str, redirect_uri: str) -> None:
    """The consent's code for the first tokens. Raises NeedsLogin."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    oauth.save(connector.vault, _asked(connector, form))


def _renewed(connector: Connector, tokens: Tokens) -> Tokens:
    """By the refresh token where there is one; else by the grant itself, unless that takes a person."""
    grant = _grant(connector)
    if grant in ("authorization_code", "refresh_token") or (tokens.refresh_token and grant == "password"):
        if not tokens.refresh_token:
            raise NeedsLogin("There is no login for this site yet, or it has ended: log in.", code="no_login")
        return _asked(connector, {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token})
    person = (
        {"username": str(connector.settings.get("username") or ""), "password": _secret(connector, "password")}
        if grant == "password"
        else {}
    )
    return _asked(connector, {"grant_type": grant, **person, **_scope(connector)})


def _asked(connector: Connector, form: Mapping[str, str]) -> Tokens:
    """`safe`: where no answer comes, nothing that matters was done."""
    client = (str(connector.settings.get("client_id") or ""), connector.vault.get("client_secret"))
    if not all(client):
        raise NeedsLogin("no client id and client secret are stored for this site", code="no_client")
    in_body = connector.settings.get("client_auth") == "body"
    answer = connector.http(str(connector.settings["base_url"])).send(
        "POST",
        _whole(connector, "token_url", "/oauth/token"),
        form={**_extra(connector), **form, **({"client_id": client[0], "client_secret": client[1]} if in_body else {})},
        headers={} if in_body else {"Authorization": f"Basic {_encoded(':'.join(map(quote_plus, client)))}"},
        kind="login",
        safe=True,
    )
    return _granted(connector, answer)


def _granted(connector: Connector, answer: Answer) -> Tokens:
    """Some sites wrap what they grant in the envelope of their other answers."""
    body = _object(answer)
    granted = body if body.get("access_token") else body.get("data")
    if not answer.ok or not isinstance(granted, Mapping) or not granted.get("access_token"):
        raise _refused(answer, body)
    refresh = granted.get("refresh_token") if _grant(connector) != "client_credentials" else ""
    return Tokens(str(granted["access_token"]), str(refresh or ""), _end(connector, granted))


def _refused(answer: Answer, body: Mapping[str, Any]) -> ConnectorError:
    host = urlsplit(answer.url).netloc
    error = body.get("error")
    told = body.get("error_description") or (error.get("message") if isinstance(error, Mapping) else error)
    said = str(told or f"status {answer.status}")
    if answer.status in (400, 401, 403, 422) or (answer.ok and error):
        return NeedsLogin(
            f"{host} refused the login ({said}): look at the client id, its secret and the grant", code="login_refused"
        )
    if answer.status in (404, 405):
        return NeedsLogin(
            f"{host} gives no tokens at {urlsplit(answer.url).path}: look at the token address, and at the address of the "
            "site's API",
            code="no_tokens_there",
        )
    return RetryLater(f"{host} gave no token ({said})", code=f"http_{answer.status}")


def _end(connector: Connector, granted: Mapping[str, Any]) -> dt.datetime:
    told = str(granted.get("expires_in") or "")
    seconds = int(told) if told.isdecimal() else int(connector.settings.get("default_ttl_s") or DEFAULT_TTL)
    return connector.now() + dt.timedelta(seconds=seconds)


def _object(answer: Answer) -> Mapping[str, Any]:
    """What is no JSON object, such as a proxy's page, grants nothing."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _header(connector: Connector, generic: str, secret: str) -> dict[str, str]:
    name, _, value = str(connector.settings.get("auth_header") or generic).partition(":")
    return {name.strip(): value.strip().replace("{token}", secret)}


def _secret(connector: Connector, name: str) -> str:
    found = connector.vault.get(name)
    if not found:
        raise NeedsLogin(f"no {name.replace('_', ' ')} is stored for this site", code=f"no_{name}")
    return found


def _grant(connector: Connector) -> str:
    return str(connector.settings.get("grant") or "client_credentials")


def _scope(connector: Connector) -> dict[str, str]:
    scopes = " ".join(str(connector.settings.get("scopes") or "").replace(",", " ").split())
    return {"scope": scopes} if scopes else {}


def _extra(connector: Connector) -> dict[str, str]:
    return {str(name): str(value) for name, value in (connector.settings.get("extra_params") or {}).items()}


def _whole(connector: Connector, name: str, generic: str) -> str:
    """Absolute, or relative to the site's address."""
    chosen = str(connector.settings.get(name) or generic)
    return chosen if "://" in chosen else str(connector.settings["base_url"]).rstrip("/") + chosen


def _encoded(pair: str) -> str:
    return base64.b64encode(pair.encode()).decode()
