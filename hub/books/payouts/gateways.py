"""Which gateway a file is from, by the heads that only its files have. A guess, which a person may change. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from hub.books.payouts.columns import plain

MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("stripe", frozenset({"balance transaction id"})),
    ("stripe", frozenset({"customer facing amount", "net"})),
    ("stripe", frozenset({"available on utc", "net"})),
    ("adyen", frozenset({"psp reference"})),
    ("shopify payments", frozenset({"payout status", "presentment currency"})),
    ("shopify payments", frozenset({"payout date", "card brand", "order"})),
    ("braintree", frozenset({"disbursement date", "merchant account"})),
    ("braintree", frozenset({"braintree total amount"})),
    ("square", frozenset({"total collected", "net total"})),
    ("paypal", frozenset({"reference txn id"})),
    ("paypal", frozenset({"balance impact"})),
    ("paypal", frozenset({"from email address", "gross"})),
)
UNKNOWN = "gateway"


def gateway_of(heads: Iterable[str]) -> str:
    known = {plain(head) for head in heads}
    return next((name for name, marks in MARKS if marks <= known), UNKNOWN)
