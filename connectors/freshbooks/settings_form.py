"""What a person enters to connect a FreshBooks account, and the addresses that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from connectors.base import SecretField
from connectors.oauth import instant

API_URL = "https://api.freshbooks.com"
AUTHORIZE_URL = "https://auth.freshbooks.com/oauth/authorize/"
TOKEN_PATH = "/auth/oauth/token"  # noqa: S105 - a path, not a password

_address = RegexValidator(r"^https?://[^\s/]+", "Enter a whole address, such as https://api.freshbooks.com")


class ExpiryField(SecretField):
    """When the access token ends. Kept beside the token, because a refresh replaces both; not secret by itself."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            moment = instant(text)
        except ValueError:
            raise ValidationError("Enter an instant such as 2026-03-01T12:00:00Z, or seconds since 1970") from None
        return moment.isoformat() if moment else ""


class SettingsForm(forms.Form):
    api_url = forms.CharField(label="API address", initial=API_URL, required=False, validators=[_address])
    authorize_url = forms.CharField(label="Login address", initial=AUTHORIZE_URL, required=False, validators=[_address])
    token_url = forms.CharField(
        label="Token address",
        required=False,
        validators=[_address],
        help_text=f"Leave empty: the API address followed by {TOKEN_PATH}",
    )
    account_id = forms.CharField(
        label="Account id",
        required=False,
        help_text="About six letters and digits, upper and lower case. Leave empty to have it found after the login",
    )
    expense_category = forms.CharField(
        label="Category of gateways' fees",
        required=False,
        help_text="Name or number of the expense category under which the fees in payout files may be posted, such as "
        "Bank Fees. Empty: they are not posted. The app then also needs the scopes for expenses",
    )
    expense_staff_id = forms.CharField(
        label="Staff id on expenses",
        required=False,
        validators=[RegexValidator(r"^\d+$", "Enter a whole number, such as 1")],
        help_text="Every expense belongs to somebody. Leave empty: 1, the owner",
    )
    client_id = forms.CharField(label="Client ID of your FreshBooks app", required=False)
    client_secret = SecretField(label="Client secret of your FreshBooks app", required=False)
    access_token = SecretField(required=False, help_text="Filled by the login")
    refresh_token = SecretField(required=False, help_text="Filled by the login")
    expires_at = ExpiryField(
        label="Access token ends at", required=False, widget=forms.TextInput, help_text="Filled by the login"
    )


def api_url(settings: Mapping[str, Any]) -> str:
    return str(settings.get("api_url") or API_URL).rstrip("/")


def authorize_url(settings: Mapping[str, Any]) -> str:
    return str(settings.get("authorize_url") or AUTHORIZE_URL)


def token_url(settings: Mapping[str, Any]) -> str:
    """Follows the API address, so that the secrets of a test account are never sent to the real FreshBooks."""
    return str(settings.get("token_url") or api_url(settings) + TOKEN_PATH)
