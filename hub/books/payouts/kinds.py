"""What kind of row it is, by the gateway's own word for it. Pure."""

from __future__ import annotations

from enum import StrEnum

from hub.books.payouts.columns import plain


class Kind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"
    FEE = "fee"
    CHARGEBACK = "chargeback"
    ADJUSTMENT = "adjustment"
    PAYOUT = "payout"


LABELS = {
    Kind.CHARGE: "a customer's payment",
    Kind.REFUND: "a refund to a customer",
    Kind.FEE: "a fee of the gateway",
    Kind.CHARGEBACK: "a chargeback or dispute",
    Kind.ADJUSTMENT: "an adjustment, reserve or other transfer",
    Kind.PAYOUT: "the payout to the bank itself",
}
WORDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("charge", "payment", "sale", "settled", "captured", "capture", "express checkout payment", "website payment",
         "payment received", "order", "purchase", "mass pay payment", "mobile payment", "subscription payment",
         "preapproved payment bill user payment", "partial capture reversal", "invoice payment"),
        Kind.CHARGE,
    ),
    **dict.fromkeys(
        ("refund", "payment refund", "refunded", "credit", "partial refund", "refund failure", "refunded reversed",
         "refundedreversed", "payment refund failure"),
        Kind.REFUND,
    ),
    **dict.fromkeys(
        ("fee", "fees", "stripe fee", "network cost", "tax", "invoice deduction", "invoicededuction", "misc costs",
         "misccosts", "processing fee", "application fee", "general fee", "chargeback fee", "payment fee", "tax fee"),
        Kind.FEE,
    ),
    **dict.fromkeys(
        ("chargeback", "dispute", "dispute reversal", "chargeback reversed", "chargebackreversed", "chargeback won",
         "second chargeback", "secondchargeback", "chargeback reversal", "payment reversal", "dispute lost",
         "dispute won", "reversal", "prearbitration won", "prearbitration lost"),
        Kind.CHARGEBACK,
    ),
    **dict.fromkeys(
        ("adjustment", "other adjustment", "reserve", "reserve hold", "reserve release", "reserve transaction",
         "reserved funds", "balance transfer", "balancetransfer", "deposit correction", "depositcorrection",
         "manual correction", "manualcorrected", "topup", "top up", "transfer reversal", "risk reserve withheld",
         "hold", "account hold", "release", "general currency conversion"),
        Kind.ADJUSTMENT,
    ),
    **dict.fromkeys(
        ("payout", "transfer", "general withdrawal", "withdrawal", "merchant payout", "merchantpayout", "bank transfer",
         "payout failure", "payout reversal", "payout cancel", "bank deposit to pp account", "auto sweep",
         "user initiated withdrawal", "disbursement", "deposit"),
        Kind.PAYOUT,
    ),
}  # fmt: skip
BACK = ("reversed", "reversal", "won", "failure", "failed", "cancel", "release", "returned")
"""Words that turn a row's direction round, in files that write amounts without a sign."""
UNSETTLED = frozenset(
    ("pending", "denied", "failed", "canceled", "cancelled", "voided", "declined", "expired", "unclaimed",
     "gateway rejected", "processor declined", "settlement declined", "authorized", "removed", "incomplete",
     "placed", "under review")
)  # fmt: skip
"""Of such a status, no money has moved."""


def kind_of(word: str) -> Kind | None:
    """None: a person has to say."""
    return WORDS.get(plain(word))


def turns_back(word: str) -> bool:
    return any(sign in plain(word) for sign in BACK)


def counts(status: str) -> bool:
    return plain(status) not in UNSETTLED
