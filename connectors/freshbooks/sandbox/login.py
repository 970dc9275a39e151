"""Login: a consent page that always consents, and the token endpoint with both of its grants."""

from __future__ import annotations

import base64
import email
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from connectors.freshbooks.sandbox.tokens import CLIENT_ID, CLIENT_SECRET, SCOPES, Tokens
from connectors.sandbox import Call, Reply

CODE_LIFE = 300


@dataclass(frozen=True)
class Code:
    redirect_uri: str
    scopes: frozenset[str]
    challenge: str
    expires: float


class Login:
    def __init__(self, switch: Mapping[str, Any], tokens: Tokens) -> None:
        self.switch = switch
        self.tokens = tokens
        self._codes: dict[str, Code] = {}

    def authorize(self, call: Call) -> Reply:
        """The owner is logged in and says yes. An unknown client gets the vendor's own 500."""
        if call.get("client_id") != CLIENT_ID:
            return Reply(500, "", content_type="text/html")
        redirect_uri = call.get("redirect_uri")
        if not self._redirect_allowed(redirect_uri) or call.get("response_type") != "code":
            return Reply(400, "<h1>The redirect uri included is not valid.</h1>", content_type="text/html")
        state = {"state": call.get("state")} if call.get("state") else {}
        scopes = frozenset(call.get("scope").split()) or SCOPES
        if not scopes <= SCOPES:
            description = "The requested scope is invalid, unknown, or malformed."
            return _to(redirect_uri, {"error": "invalid_scope", "error_description": description, **state})
        code = secrets.token_hex(16)
        self._codes[code] = Code(redirect_uri, scopes, call.get("code_challenge"), time.time() + CODE_LIFE)
        return _to(redirect_uri, {"code": code, **state})

    def token(self, call: Call) -> Reply:
        given = fields(call)
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _error(401, "invalid_client", "Client authentication failed due to unknown client.")
        if given.get("grant_type") == "authorization_code":
            return self._by_code(given)
        if given.get("grant_type") == "refresh_token":
            return self._by_refresh(given)
        return _error(400, "unsupported_grant_type", "The authorization grant type is not supported.")

    def revoke(self, call: Call) -> Reply:
        self.tokens.revoke(str(fields(call).get("token", "")))
        return Reply(body={})

    def metadata(self, url: str) -> Reply:
        names = ("authorize", "token", "revoke")
        endpoints = {f"{name}_endpoint": f"{url}/service/auth/oauth/{name}" for name in names}
        endpoints["authorization_endpoint"] = endpoints.pop("authorize_endpoint")
        endpoints["revocation_endpoint"] = endpoints.pop("revoke_endpoint")
        kinds = {
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        }
        return Reply(body={"issuer": url, **endpoints, **kinds})

    def _by_code(self, given: Mapping[str, Any]) -> Reply:
        """A code works once, for five minutes, for the address it was made for."""
        code = self._codes.pop(str(given.get("code")), None)
        if code is None or code.expires <= time.time() or code.redirect_uri != given.get("redirect_uri"):
            return _invalid_grant()
        if self.switch["pkce"] == "enforce" and code.challenge != _challenge(str(given.get("code_verifier", ""))):
            return _invalid_grant()
        return Reply(body=self.tokens.issue(code.scopes).answer())

    def _by_refresh(self, given: Mapping[str, Any]) -> Reply:
        grant = self.tokens.refresh(str(given.get("refresh_token", "")))
        return Reply(body=grant.answer()) if grant else _invalid_grant()

    def _redirect_allowed(self, uri: str) -> bool:
        """The vendor's portal takes https only, and no query string."""
        parts = urlsplit(uri)
        if self.switch["redirect"] == "any":
            return bool(parts.netloc)
        return parts.scheme == "https" and bool(parts.netloc) and not parts.query


def fields(call: Call) -> Mapping[str, Any]:
    """The SDKs and the documentation send three kinds of body; all are read."""
    content_type = str(call.headers.get("Content-Type", ""))
    if content_type.startswith("multipart/form-data"):
        return _multipart(content_type, call.body)
    try:
        given = call.json() if "json" in content_type else call.form()
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _multipart(content_type: str, body: bytes) -> Mapping[str, str]:
    message = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = [part for part in message.walk() if not part.is_multipart()]
    return {
        str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True)).decode().strip()
        for part in parts
    }


def _to(uri: str, query: Mapping[str, str]) -> Reply:
    separator = "&" if urlsplit(uri).query else "?"
    return Reply(302, "", {"Location": uri + separator + urlencode(query)}, content_type="text/html")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _invalid_grant() -> Reply:
    description = "The provided authorization grant is invalid, expired, revoked, or was issued to another client."
    return _error(400, "invalid_grant", description)


def _error(status: int, error: str, description: str) -> Reply:
    return Reply(status, {"error": error, "error_description": description})
