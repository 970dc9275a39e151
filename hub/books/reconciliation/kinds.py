"""Everything that two sides can differ in. The slugs are a stable contract: CSV files, links and tests rely on them."""

from __future__ import annotations

from dataclasses import dataclass

POST, BRING_IN, READ_AGAIN, CREDIT, ADOPT, ACCEPT = "post", "bring_in", "read_again", "credit", "adopt", "accept"
REST, PUT_BACK = "rest", "put_back"
"""What mends a discrepancy; each is a button."""


@dataclass(frozen=True)
class Kind:
    """`mends` are the buttons that its page offers, the likeliest first."""

    slug: str
    label: str
    meaning: str
    mends: tuple[str, ...]


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "missing_in_books",
            "Missing in the books",
            "The source has it, and the books do not hold its invoice.",
            (POST, ACCEPT),
        ),
        Kind(
            "missing_in_hub",
            "Unknown to the hub",
            "The source has it, and the hub has not heard of it, or does not know its document in the books.",
            (BRING_IN, ACCEPT),
        ),
        Kind(
            "extra_in_books",
            "Only in the books",
            "A document that looks like ours, and that the source does not account for.",
            (READ_AGAIN, ACCEPT),
        ),
        Kind(
            "duplicate",
            "Twice in the books",
            "A second document for what the hub has booked already.",
            (CREDIT, ACCEPT),
        ),
        Kind(
            "amount", "Amount differs", "What was posted is not what the source says it is worth.", (READ_AGAIN, ACCEPT)
        ),
        Kind(
            "tax",
            "Tax differs",
            "The total is right, and the tax in it is not what the source says.",
            (READ_AGAIN, ACCEPT),
        ),
        Kind("currency", "Currency differs", "It was posted in another currency.", (READ_AGAIN, ACCEPT)),
        Kind("date", "Date differs", "It was posted on another day than the source says.", (READ_AGAIN, ACCEPT)),
        Kind("client", "Another client", "It was posted to another client than the source says.", (READ_AGAIN, ACCEPT)),
        Kind(
            "payment_missing",
            "Payment missing",
            "The source was paid, and the books hold no such payment.",
            (POST, ADOPT, ACCEPT),
        ),
        Kind(
            "payment_partial",
            "Payment too small",
            "The books hold less of a payment than the source says.",
            (REST, READ_AGAIN, ACCEPT),
        ),
        Kind(
            "payment_over",
            "Payment too large",
            "The books hold more payment than the source says.",
            (READ_AGAIN, ACCEPT),
        ),
        Kind(
            "refund_missing",
            "Refund missing",
            "The source gave money back, and the books hold no credit note for it.",
            (POST, ACCEPT),
        ),
        Kind(
            "drift",
            "Changed in the books",
            "Somebody changed or deleted in the books what the hub has posted.",
            (POST, PUT_BACK, ACCEPT),
        ),
    )
}
"""In the order in which they are shown."""
