"""Everything that two sides can differ in. The slugs are a stable contract: CSV files, links and tests rely on them."""

from __future__ import annotations

from dataclasses import dataclass

POST, BRING_IN, READ_AGAIN, CREDIT, ADOPT, ACCEPT = "post", "bring_in", "read_again", "credit", "adopt", "accept"
REST, PUT_BACK = "rest", "put_back"
"""What mends a discrepancy; each is a button."""


@dataclass(frozen=True)
class Kind:
    """`mends` are the buttons that its page offers where they help, the likeliest first; `by_hand` is what to do where
    none does."""

    slug: str
    label: str
    meaning: str
    mends: tuple[str, ...]
    by_hand: str = ""


SET_BACK = (
    "Set it back in the books to what the hub has posted: it then closes by itself with the next check. If it is right as "
    "it is, accept it with a reason."
)
BOOK_BY_HAND = (
    "There is nothing that the hub could post to mend this. Book the difference in the books by hand, then accept it here "
    "with a reason."
)
MOVE_BY_HAND = (
    "The hub cannot move it: it is not a final invoice, was linked or edited, or something was paid or credited on it "
    "already. Move it in the books by hand, then accept it here with a reason."
)
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
            "If it should not be there, take it back in the books: it then closes by itself with the next check. If it is "
            "right as it is, accept it with a reason.",
        ),
        Kind(
            "duplicate",
            "Twice in the books",
            "A second document for what the hub has booked already.",
            (CREDIT, ACCEPT),
            "The hub cannot credit it: it is for another client or currency, is no invoice, or the flow makes no credit "
            "notes. Delete or credit it in the books by hand; if it stays there, accept it with a reason.",
        ),
        Kind(
            "amount",
            "Amount differs",
            "What was posted is not what the source says it is worth.",
            (READ_AGAIN, ACCEPT),
            BOOK_BY_HAND,
        ),
        Kind(
            "tax",
            "Tax differs",
            "The total is right, and the tax in it is not what the source says.",
            (READ_AGAIN, ACCEPT),
            BOOK_BY_HAND,
        ),
        Kind("currency", "Currency differs", "It was posted in another currency.", (READ_AGAIN, ACCEPT), BOOK_BY_HAND),
        Kind(
            "date",
            "Date differs",
            "It was posted on another day than the source says.",
            (PUT_BACK, READ_AGAIN, ACCEPT),
            MOVE_BY_HAND,
        ),
        Kind(
            "client",
            "Another client",
            "It was posted to another client than the source says.",
            (PUT_BACK, READ_AGAIN, ACCEPT),
            MOVE_BY_HAND,
        ),
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
            SET_BACK,
        ),
        Kind(
            "payment_over",
            "Payment too large",
            "The books hold more payment than the source says.",
            (ACCEPT,),
            "Look at the payment in the books. If it was entered twice, or too large, delete or correct it there: this then "
            "closes by itself with the next check. If so much was really paid, accept it with a reason.",
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
            SET_BACK,
        ),
    )
}
"""In the order in which they are shown."""
