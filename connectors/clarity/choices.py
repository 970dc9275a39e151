"""What a person chooses from in the settings, each with the words that explain it; the first is the usual one."""

from __future__ import annotations

Choices = tuple[tuple[str, str], ...]

AUTH: Choices = (
    ("oauth2", "OAuth 2"),
    ("bearer_static", "A token that does not end"),
    ("basic", "User name and password"),
    ("api_key", "A key in a header"),
)
GRANTS: Choices = (
    ("client_credentials", "Client credentials: the hub logs in by itself"),
    ("authorization_code", "Authorization code: a person logs in once"),
    ("password", "Password: with a user of the site"),
    ("refresh_token", "Refresh token: one was given to you"),
)
CLIENT_AUTH: Choices = (("basic", "In the header (Basic)"), ("body", "In the form"))
SIGNATURES: Choices = (
    ("standard_webhooks", "Standard Webhooks: webhook-signature, signed with id and time"),
    ("hmac_hex", "HMAC: X-Clarity-Signature with sha256=…"),
    ("shared_secret_header", "Secret in a header: X-Clarity-Secret"),
    ("basic", "User name and password"),
    ("none", "None: known addresses and a secret in the webhook address"),
)
DATES: Choices = (
    ("text", "Refuse them: dates are texts"),
    ("epoch_s", "Seconds since 1970"),
    ("epoch_ms", "Milliseconds since 1970"),
    ("auto", "Seconds or milliseconds, by their size"),
)
SURCHARGES: Choices = (
    ("in_amount", "The payment's amount holds the surcharge"),
    ("on_top", "The surcharge comes on top of the payment's amount"),
)
