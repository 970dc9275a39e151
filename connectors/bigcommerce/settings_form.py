"""What a person enters to connect a BigCommerce store, and the addresses that follow from it."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from connectors.base import SecretField
from connectors.bigcommerce.statuses import CANCELED, numbers

API_URL = "https://api.bigcommerce.com"
LOGIN_URL = "https://login.bigcommerce.com"
HASH = re.compile(r"(?:^|/)stores/([a-z0-9]+)")

_address = RegexValidator(r"^https?://[^\s/]+", "Enter a whole address, such as https://api.bigcommerce.com")


class SettingsForm(forms.Form):
    store_hash = forms.CharField(
        label="Store hash",
        help_text="The letters and digits after /stores/ in the API path of your API account, such as x0abc1d2ef; the "
        "whole path will do",
    )
    access_token = SecretField(
        label="Access token", required=False, help_text="Of a store-level API account. Empty where an app is installed"
    )
    client_id = forms.CharField(label="Client ID", required=False, help_text="Of the same API account, or of your app")
    client_secret = SecretField(
        label="Client secret", required=False, help_text="Checks the signatures of webhooks, and an app's installation"
    )
    webhook_secret = SecretField(
        label="Webhook secret",
        required=False,
        help_text="Sent by the webhooks that we create, as X-Webhook-Secret. Empty = we invent one",
    )
    timezone = forms.CharField(
        label="Time zone",
        required=False,
        help_text="Such as Europe/Paris; empty = the store's own, as BigCommerce says",
    )
    accepted_statuses = forms.CharField(
        label="Accepted statuses",
        required=False,
        help_text="By number or English name, such as 7, 10, Awaiting Fulfillment. Empty = Shipped, Partially Shipped, "
        "Awaiting Pickup, Awaiting Shipment, Completed and Awaiting Fulfillment",
    )
    api_url = forms.CharField(label="API address", initial=API_URL, required=False, validators=[_address])

    def clean_store_hash(self) -> str:
        given = str(self.cleaned_data["store_hash"]).strip()
        found = HASH.search(given)
        name = found[1] if found else given
        if not re.fullmatch(r"\w+", name):
            raise forms.ValidationError("A store hash has letters and digits only, such as x0abc1d2ef")
        return name

    def clean_accepted_statuses(self) -> str:
        try:
            found = sorted(set(numbers(str(self.cleaned_data["accepted_statuses"]))))
        except ValueError as unknown:
            raise forms.ValidationError(
                f"BigCommerce has no order status {str(unknown)!r}; use its number or English name, such as 11 or Completed"
            ) from None
        if CANCELED & set(found):
            raise forms.ValidationError(
                "Cancelled and Declined orders are no sales; use others, such as 11 or Completed"
            )
        return ", ".join(map(str, found))

    def clean_timezone(self) -> str:
        found = str(self.cleaned_data["timezone"])
        if found and found not in zoneinfo.available_timezones():
            raise forms.ValidationError("There is no time zone of this name; use one such as Europe/Paris")
        return found


def store_url(settings: Mapping[str, Any]) -> str:
    return f"{api_url(settings)}/stores/{settings['store_hash']}"


def token_url(settings: Mapping[str, Any]) -> str:
    """Follows the API address, so that the secrets of a test store are never sent to the real BigCommerce."""
    host = LOGIN_URL if api_url(settings) == API_URL else api_url(settings)
    return f"{host}/oauth2/token"


def api_url(settings: Mapping[str, Any]) -> str:
    return str(settings.get("api_url") or API_URL).rstrip("/")
