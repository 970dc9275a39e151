"""Who is asking: one owner with one business. The account's id may be missing from the membership."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.freshbooks.sandbox.account import ACCOUNT_ID, BUSINESS_ID, BUSINESS_UUID, COUNTRY
from connectors.sandbox import Reply

IDENTITY_ID, MEMBERSHIP_ID = 14460119, 40510087
IDENTITY_UUID = "0d1f7c64-52b0-4a0e-8f7d-6f4a8e0c2b33"
TIMEZONE, CREATED = "America/New_York", "2026-01-05T09:30:00Z"
NAME = {"first_name": "Olive", "last_name": "Owner"}


def me(switch: Mapping[str, Any]) -> Reply:
    role = str(switch["role"])
    return Reply(
        body={
            "response": {
                "id": IDENTITY_ID,
                "identity_id": IDENTITY_ID,
                "identity_uuid": IDENTITY_UUID,
                **NAME,
                "email": "owner@books.example",
                "language": "en",
                "confirmed_at": None,
                "created_at": CREATED,
                "unconfirmed_email": None,
                "setup_complete": True,
                "phone_numbers": [{"title": "", "phone_number": None}],
                "addresses": [None],
                "profession": None,
                "links": {
                    "me": f"/service/auth/api/v1/users?id={IDENTITY_ID}",
                    "roles": f"/service/auth/api/v1/users/role/{IDENTITY_ID}",
                },
                "profile": _profile(),
                "permissions": {ACCOUNT_ID: {"staff.limit": -1, "client.limit": -1}},
                "groups": [_group(role)],
                "subscription_statuses": {ACCOUNT_ID: "active_trial"},
                "business_statuses": {ACCOUNT_ID: "active_trial"},
                "integrations": {},
                "business_memberships": [_membership(role, None if switch["null_account_id"] else ACCOUNT_ID)],
                "identity_origin": "magnum",
                "timezone": TIMEZONE,
                "otp_required_for_login": False,
                "otp_delivery_method": "email",
                "roles": [_role(role)],
            }
        }
    )


def _profile() -> Any:
    return {
        "setup_complete": True,
        **NAME,
        "phone_number": None,
        "address": None,
        "profession": None,
        "professions": [],
        "has_password": True,
        "is_email_confirmed": True,
        "timezone": TIMEZONE,
        "time_format": 0,
    }


def _group(role: str) -> Any:
    return {
        "id": MEMBERSHIP_ID,
        "group_id": 28290001,
        "role": role,
        "identity_id": IDENTITY_ID,
        "identity_uuid": IDENTITY_UUID,
        "business_id": BUSINESS_ID,
        "active": True,
    }


def _membership(role: str, account_id: str | None) -> Any:
    """Its own id is not the business's."""
    return {
        "id": MEMBERSHIP_ID,
        "role": role,
        "unacknowledged_change": False,
        "fasttrack_token": "",
        "business": {
            "id": BUSINESS_ID,
            "business_uuid": BUSINESS_UUID,
            "name": "Sandbox Books",
            "account_id": account_id,
            "number_format": None,
            "date_format": "yyyy-mm-dd",
            "first_day_of_week": 0,
            "active": True,
            "timezone": TIMEZONE,
            "status": "active_trial",
            "advanced_accounting_enabled": False,
            "industry": None,
            "billing_country_code": "USA",
            "business_type": None,
            "address": {
                "id": 16310001,
                **dict.fromkeys(("street", "street2", "city", "province", "postal_code"), ""),
                "country": COUNTRY,
            },
            "phone_number": {"id": 5840001, "phone_number": "+10000000000"},
            "business_clients": [],
        },
    }


def _role(role: str) -> Any:
    """The deprecated list, which calls an owner an admin."""
    return {
        "id": 15610001,
        "role": "admin" if role == "owner" else role,
        "systemid": 10420001,
        "userid": 1,
        "created_at": CREATED,
        "links": {"destroy": "/service/auth/api/v1/users/role/15610001"},
        "accountid": ACCOUNT_ID,
    }
