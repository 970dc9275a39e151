"""The accounting choices in a bookkeeper's words, and the order in which the page shows them."""

from __future__ import annotations

CHOICES: dict[tuple[str, str], str] = {
    ("invoice_when", "accepted"): "accepted by the store",
    ("invoice_when", "placed"): "placed, accepted or not",
    ("invoice_when", "paid"): "paid",
    ("invoice_status", "sent"): "sent: it counts as owed (nobody is e-mailed)",
    ("invoice_status", "draft"): "draft: somebody sends it by hand",
    ("numbers", "source"): "the order: prefix and order number",
    ("numbers", "books"): "the books: they count by themselves",
    ("zero_total", "skip"): "is skipped",
    ("zero_total", "invoice"): "is invoiced",
    ("tax_style", "percent"): "in percent on each line, proven against the store to the cent",
    ("tax_style", "lines"): "as lines of its own with the exact amount",
    ("unmapped_tax", "pass"): "is posted under its own name and rate",
    ("unmapped_tax", "hold"): "is held for a person",
    ("discounts", "net"): "are taken off their lines and named there",
    ("discounts", "line"): "are a negative line",
    ("payments", "captured"): "every captured amount is recorded",
    ("payments", "off"): "are not recorded",
    ("tenders", "payment"): "are recorded as payments",
    ("tenders", "hold"): "are held for a person",
    ("refunds", "credit_note"): "become credit notes",
    ("refunds", "hold"): "are held for a person",
    ("apply_credits", "off"): "are left to a person, in the books",
    ("apply_credits", "on"): "pay what is open on their own order's invoices",
    ("unmapped_payment", "Other"): "is recorded as “Other”",
    ("unmapped_payment", "hold"): "is held for a person",
    ("currency", "transaction"): "the one the customer paid in",
    ("currency", "base"): "the store's own",
    ("currency", "convert"): "converted by a fixed rate below, or by the rate table",
    ("items", "ensure"): "are made when they are missing",
    ("items", "ignore"): "are left alone",
    ("client_match", "email"): "e-mail address",
    ("client_match", "company"): "company",
    ("client_match", "guest_client"): "nothing: all orders go to the one client for guests",
    ("no_email", "hold"): "is held for a person",
    ("both_changed", "source"): "the value of the side that this flow reads",
    ("both_changed", "target"): "the value of the side that this flow writes to",
    ("both_changed", "ask"): "what a person chooses",
    ("no_email", "guest_client"): "goes to the client for guests",
}

HELP: dict[str, str] = {
    "invoice_when": "Placed: also orders that the store may still cancel. Paid: nothing is owed in the books before.",
    "invoice_status": "A draft is in no report and is owed by nobody until somebody sends it from the books.",
    "zero_total": "Such as an order that a voucher paid in full.",
    "cut_over": "The day from which this flow keeps the books. Older orders are skipped.",
    "invoice_prefix": "Keeps numbers apart: two flows into the same books need different ones.",
    "tax_style": "In percent, the books' own tax report is right. With lines of their own it stays empty.",
    "unmapped_tax": "The page “Tax table” says what the store's taxes are called in the books. What passes is listed there "
    "under “Not in the table”, with what it is worth.",
    "discounts": "Some books refuse negative lines; then they are taken off the largest line.",
    "shipping": "Write “line” for a line named as in the order, or the name of the item it is posted as.",
    "gift_cards": "Who buys a gift card has paid, and you owe: they are posted under this name, without tax. Write “line” "
    "for lines named as in the order.",
    "fees": "Write “line” for lines named as in the order, or the name of the item they are posted as.",
    "payments": "Recorded: the invoice is paid by what the store has captured; authorised is not paid. Not recorded: every "
    "invoice stays owed in full until somebody records its payments in the books.",
    "tenders": "As payments they settle the invoice like money. Held: the order is not invoiced until a person decides.",
    "refunds": "Credit note: what the client owes falls by the refund, on its day; the invoice stays as it was. Where it "
    "was paid already, the client is left with a credit of that amount: clear it when the money has left your account. "
    "Held: nothing is booked, and the books still show the full sale, until a person has dealt with it.",
    "apply_credits": "Such as the credit note for an order that was canceled or made smaller before it was paid. What a "
    "refund gave back in the store pays nothing. How the books take this is not proven: switch it on, look at one order in "
    "the books, then leave it on. What is left of a client's credit notes is on the page “Clients”.",
    "client_match": "Whoever is not found is made. More than one client with the same e-mail is held for a person.",
    "no_email": "Without an address a returning customer cannot be recognised.",
    "items": "Only the catalogue of the books: invoice lines are the same either way.",
    "currency": "A conversion names its rate on the document. Payments and refunds are converted by the rate of their "
    "invoice.",
    "payment_types": "One line each: the store's method = the type in the books. For example: checkmo = Check. Gift cards, "
    "store credit and reward points are gift_card, store_credit and reward_points; without a line they are Other.",
    "rates": "One line each: currency = price of one unit; where the rate is from; its date. "
    "For example: EUR = 1.08; central bank; 2026-03-01. What stands here comes before the rate table.",
    "rate_days": "The rate table is asked for the order's own day, then for the days before it. What is older than this is "
    "no rate: the order is held.",
    "due_days": "A number of days, or the name of the order's field that says it, such as payment_terms.",
    "convert_to": "Three letters, such as USD. Only where the currency above is converted.",
    "write_back.comment": "With the invoice number, or with what the books tell. For the shop's staff; the customer is not told.",
    "write_back.status": "A status of the store, set together with the comment. Empty: unchanged.",
    "write_back.attribute": "Name of a field of the store that takes the invoice number. Empty: none.",
    "owns": "One name each line, such as phone; “all” is every field that the mapping fills. A field of the target belongs "
    "to one flow only. Left empty, this flow makes and links records, and never changes them.",
    "both_changed": "Where only one side has changed a field, its value is taken over. This is for fields that were changed "
    "on both sides before the hub could look.",
    "owners": "One line each: field = source, target or ask. For example: vat_number = target; address = ask. A field that "
    "is asked for waits on the page “Conflicts”.",
    "guest_client": "Only used where an answer above says so.",
    "rounding_tolerance.line": "Where the books compute tax a cent differently, one named rounding line settles it.",
    "rounding_tolerance.document": "Anything larger is held for a person, with both calculations side by side.",
}

INNER_TITLES: dict[str, str] = {
    "rounding_tolerance.line": "Rounding corrected without asking, per line (in cents)",
    "rounding_tolerance.document": "Rounding corrected without asking, per document (in cents)",
    "write_back.comment": "Write a comment to the order",
    "write_back.status": "Set the order's status to",
    "write_back.external_id": "Write the invoice number into the order's external id",
    "write_back.attribute": "Write the invoice number into the field",
}

TELLING, KEEPING = "Telling the store", "Keeping records up to date on both sides"
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Which orders", ("invoice_when", "zero_total", "cut_over")),
    (
        "The invoice",
        ("invoice_status", "numbers", "invoice_prefix", "due_days", "discounts", "shipping", "fees", "gift_cards"),
    ),
    ("Tax", ("tax_style", "unmapped_tax", "rounding_tolerance")),
    ("Payments and refunds", ("payments", "payment_types", "unmapped_payment", "tenders", "refunds", "apply_credits")),
    ("Clients and items", ("client_match", "no_email", "guest_client", "items")),
    ("Currency", ("currency", "convert_to", "rates", "rate_days")),
    (TELLING, ("write_back",)),
    (KEEPING, ("owns", "both_changed", "owners")),
)
"""A choice that is named in no section is shown in a last one, so that a new one is never lost."""
