"""What nobody outside the vendor knows, each with what we take for likely. Tests turn them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SWITCHES: Mapping[str, Any] = {
    # Money
    "rounding_point": "tax",  # line | tax | total: what is rounded before it is added up
    "rounding_mode": "half_up",  # half_up | half_even | down
    "currency_decimals": "two",  # two | iso: yen without decimals, dinars with three
    "price_decimals": "keep",  # keep | round: a unit cost finer than the currency
    "negative_lines": "allow",  # allow | refuse (1025)
    "compounded_tax": "charge",  # charge | ignore: is the second tax charged on the first, where a line says so?
    "mixed_currency": "refuse",  # refuse | accept: a line or payment in another currency than its invoice
    "max_length": 255,  # of short texts (1017); 0 = any
    "emoji": "refuse",  # refuse (1036) | accept
    # Invoices
    "duplicate_numbers": "refuse",  # refuse | allow
    "duplicate_errno": 1029,  # 1029 InvalidDuplicateValue | 1004 InvalidValue
    "deleted_numbers": "free",  # free | taken: may the number of a deleted invoice be used again?
    "create_status": "accept",  # accept | ignore: `status` in a POST
    "actions_in_post": "ignore",  # ignore | run
    "paid_status": 4,  # 4 | 2: numeric status of a fully paid invoice
    "on_deleted": "refuse",  # refuse (1011) | accept: data for, and documents upon, deleted records
    # Payments
    "draft_payments": "accept",  # accept | refuse
    "payment_types": "strict",  # strict | any
    "credit_payments": "accept",  # accept | overdraw: more than a credit note has left, too | refuse: none at all
    # The rest of the books
    "items": "on",  # on | off (200 with errno 12001, as plans without items answer)
    "duplicate_taxes": "refuse",  # refuse (1026) | allow
    "email_case_sensitive": False,
    "ignored_filters": [],  # names of filters that are ignored although documented
    # Who asks
    "null_account_id": False,  # the membership names no account; only `roles` does
    "role": "owner",  # owner | client: reads only
    "token_life": 43200,  # seconds
    "created_at_lag": 0,  # seconds by which a refreshed token's `created_at` lies in the past
    "refresh_kills_access": False,  # does the old access token die with its refresh token?
    "redirect": "https",  # https | any: which redirect URIs are accepted
    "pkce": "ignore",  # ignore | enforce
    # Errors
    "error_envelope": "auto",  # auto (by Api-Version) | classic | new
    "errors_as_object": False,  # classic: `errors` is one object instead of a list
    # Limits; a window of 0 seconds never limits
    "rate_limit_read": 600,
    "rate_limit_write": 250,
    "rate_window": 60,
    "body_429": "message",  # message | errors | html | empty
    # Callbacks
    "delete_event": "delete",  # delete | update | both: what a soft delete is announced as
    "reverify": True,  # a changed uri must be verified again
    "verified_field": False,  # deliveries carry `verified=<verifier>`
}
