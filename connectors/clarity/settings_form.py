"""Everything that differs from site to site, with the generic profile as what holds where nothing is said.

Clarity publishes no reference of its API, so nothing of it is built in: an administrator fills in what the site's own
people tell, and tries it on a real record.
"""

from __future__ import annotations

import re
import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from connectors.base import SecretField
from connectors.clarity import choices, login, signatures
from connectors.clarity import fields as names
from connectors.clarity.choices import Choices
from connectors.clarity.endpoints import endpoints
from connectors.clarity.json_field import TableField, plain_values, texts
from connectors.clarity.refusals import Shape
from connectors.clarity.statuses import ORDERS, PAYMENTS, REFUNDS
from connectors.clarity.webhooks import EVENTS
from connectors.http import TIME_LIMIT
from connectors.oauth import instant

SCOPES = "orders.read customers.read customers.write payments.read webhooks.manage"
_address = RegexValidator(
    r"^(/|https?://[^\s/]+)\S*$", "Begin with a slash, such as /oauth/token, or write a whole address"
)
_path = RegexValidator(r"^\$?[\w.\[\]-]+$", "Write a path such as $.error.code")
_header_name = RegexValidator(r"^[\w-]+$", "Write the name of a header, such as X-Signature")


class ExpiryField(SecretField):
    """Belongs to the access token, and is kept beside it."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            moment = instant(text)
        except ValueError:
            raise ValidationError("Enter an instant such as 2026-03-01T12:00:00Z, or seconds since 1970") from None
        return moment.isoformat() if moment else ""


def _choice(label: str, offered: Choices, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=offered, initial=offered[0][0], required=False, help_text=help_text)


def _text(label: str, help_text: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, **more)


class ClaritySettings(forms.Form):
    base_url = forms.URLField(
        label="Address of the site's API",
        assume_scheme="https",
        help_text="Such as https://shop.example.com/api/v1; every other address is added to it",
    )
    timezone = _text(
        "Time zone", "Such as America/Chicago: of business dates, and of times that name none", initial="UTC"
    )
    currency = _text("Currency", "Three letters; only where orders do not say theirs")

    auth = _choice("How the hub logs in", choices.AUTH)
    grant = _choice("OAuth grant", choices.GRANTS)
    client_id = _text("Client id", "Of the login that the site has made for us")
    client_secret = SecretField(label="Client secret", required=False)
    token_url = _text("Token address", initial="/oauth/token", validators=[_address])
    authorize_url = _text(
        "Login address", "Only for the authorization code", initial="/oauth/authorize", validators=[_address]
    )
    client_auth = _choice("Where the client secret is sent", choices.CLIENT_AUTH)
    scopes = _text("Scopes", initial=SCOPES)
    extra_params = TableField(
        label="More parameters of a login",
        example='{"audience": "shop"}',
        check=plain_values,
        help_text='Such as {"audience": "shop"}',
    )
    default_ttl_s = forms.IntegerField(
        label="Seconds a token lives",
        required=False,
        initial=login.DEFAULT_TTL,
        min_value=61,
        max_value=31_536_000,
        help_text="Where the site does not say",
    )
    username = _text("User name", "For user name and password, and for the password grant")
    password = SecretField(label="Password", required=False)
    api_key = SecretField(label="Key", required=False)
    auth_header = _text("Header of the login", f"Empty: {login.HEADER}; for a key {login.KEY_HEADER}")
    access_token = SecretField(required=False, help_text="A token that does not end; else filled by the login")
    refresh_token = SecretField(required=False, help_text="Filled by the login")
    expires_at = ExpiryField(
        label="Access token ends at", required=False, widget=forms.TextInput, help_text="Filled by the login"
    )

    webhook_secret = SecretField(
        label="Webhook secret",
        required=False,
        help_text="Empty: we invent one where the site lets us register webhooks; elsewhere no webhook is believed",
    )
    signature = _choice("How webhooks are signed", choices.SIGNATURES)
    signature_header = _text("Header of the signature", "Empty: the one named above", validators=[_header_name])
    timestamp_header = _text("Header of the time", "Only for HMAC, where the site sends one", validators=[_header_name])
    tolerance_s = forms.IntegerField(
        label="Seconds a webhook may be old",
        required=False,
        initial=signatures.TOLERANCE,
        min_value=1,
        max_value=86_400,
        help_text="Where its time is sent along",
    )
    webhook_username = _text("User name of webhooks", "Only for user name and password")
    allowed_ips = _text(
        "Addresses webhooks come from", "Only where nothing is signed: IP addresses or networks, with commas"
    )
    events = TableField(
        label="Names of events",
        example='{"OrderPlaced": "order.created"}',
        check=texts(EVENTS),
        help_text='Their name to ours, such as {"OrderPlaced": "order.created"}. Others are acknowledged and ignored',
    )

    paths = TableField(
        label="Addresses",
        example='{"orders.list": "/sales/orders"}',
        check=endpoints,
        help_text='What differs from the usual, such as {"orders.list": {"path": "/sales/orders", "items_path": '
        '"$.results", "page_style": "offset"}, "refunds.list": null}; see the guide above',
    )
    fields = TableField(  # type: ignore[assignment]
        label="Fields",
        example='{"orderDate": ["orderDate", "createdDate"]}',
        check=names.chosen,
        help_text='Where a value stands, if not under its usual name: {"orderDate": ["placedOn", "createdDate"], '
        '"lineItems.sku": "product.code"}. Upper and lower case do not matter',
    )
    status_map = TableField(
        label="Statuses of orders",
        example='{"Confirmed": "open"}',
        check=texts(tuple(ORDERS)),
        help_text=f'What a status means: {", ".join(ORDERS)}. Such as {{"Ready to ship": "open"}}. An order with a '
        "status that nobody has explained is held for a person",
    )
    payment_status_map = TableField(
        label="Statuses of payments",
        example='{"Settled": "captured"}',
        check=texts(PAYMENTS),
        help_text=f'Such as {{"Settled": "captured"}}; the others are {", ".join(PAYMENTS)}',
    )
    refund_status_map = TableField(
        label="Statuses of refunds",
        example='{"Issued": "completed"}',
        check=texts(REFUNDS),
        help_text=f'Whether the money went back: {", ".join(REFUNDS)}. Such as {{"Issued": "completed"}}',
    )
    dates = _choice("Dates that are numbers", choices.DATES, "ISO dates and /Date(…)/ are always understood")
    surcharge = _choice("Surcharges of payments", choices.SURCHARGES)
    prices_include_tax = forms.BooleanField(label="The lines' amounts include tax", required=False)

    success_flag_path = _text(
        "Where an answer says whether it worked",
        "Such as $.success: then an answer with status 200 may be a failure",
        validators=[_path],
    )
    error_code_path = _text("Where a failure has its code", initial=Shape.code_path, validators=[_path])
    error_message_path = _text("Where a failure has its message", initial=Shape.message_path, validators=[_path])
    retry_on = _text("Statuses to try again on", "Beside 429 and 5xx", initial="408,425")
    timeout_s = forms.IntegerField(
        label="Seconds for one call", required=False, initial=int(TIME_LIMIT), min_value=1, max_value=int(TIME_LIMIT)
    )
    user_agent = _text("Name we call ourselves by", "Empty: Countinghouse/1")

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (
            "More about logging in",
            (
                "auth", "grant", "token_url", "authorize_url", "client_auth", "scopes", "extra_params", "default_ttl_s",
                "username", "password", "api_key", "auth_header", "access_token", "refresh_token", "expires_at",
            ),
        ),
        (
            "More about webhooks",
            (
                "signature", "signature_header", "timestamp_header", "tolerance_s", "webhook_username", "allowed_ips",
                "events",
            ),
        ),
        (
            "What differs on this site",
            (
                "paths", "fields", "status_map", "payment_status_map", "refund_status_map", "dates", "currency",
                "surcharge", "prices_include_tax",
            ),
        ),
        (
            "Answers and failures",
            (
                "success_flag_path", "error_code_path", "error_message_path", "retry_on", "timeout_s", "user_agent",
            ),
        ),
    )  # fmt: skip

    def clean_timezone(self) -> str:
        found = str(self.cleaned_data["timezone"])
        if found and found not in zoneinfo.available_timezones():
            raise ValidationError(f"There is no time zone {found}; use one such as America/Chicago")
        return found

    def clean_currency(self) -> str:
        found = str(self.cleaned_data["currency"]).upper()
        if found and not re.fullmatch("[A-Z]{3}", found):
            raise ValidationError(f"{found} is no currency; write its three letters, such as USD")
        return found

    def clean_auth_header(self) -> str:
        found = str(self.cleaned_data["auth_header"])
        if found and not re.fullmatch(r"[\w-]+:.*\{token\}.*", found):
            raise ValidationError(f"{found} is no header with a place for the token; write it as in {login.HEADER}")
        return found

    def clean_retry_on(self) -> str:
        found = str(self.cleaned_data["retry_on"])
        if not re.fullmatch(r"(\s*[45]\d\d\s*(,|$))*", found):
            raise ValidationError(f"{found} are no statuses; write numbers such as 408, 425")
        return found

    def clean_allowed_ips(self) -> str:
        found = str(self.cleaned_data["allowed_ips"])
        try:
            list(signatures.networks(found))
        except ValueError as error:
            raise ValidationError(f"{error}; write addresses such as 203.0.113.7, 198.51.100.0/24") from None
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("signature") == "none":
            for name, what in (("allowed_ips", "the addresses they come from"), ("webhook_secret", "a secret")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"Webhooks that nobody signs need {what}: else anybody could send them")
        return cleaned
