"""Payments on invoices. FreshBooks accepts more than is owed and turns the rest into credit without a word, so the
caller reads what is outstanding first; a payment is recognised by the marker at the end of its note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Notice, Remote
from connectors.documents import ZERO, BooksPayment, Raw
from connectors.freshbooks import links
from connectors.freshbooks.changes import changed
from connectors.freshbooks.money import amount_of, money, number_of, text
from connectors.freshbooks.records import Dated, date_of, state_of, understood
from connectors.freshbooks.search import id_of

TYPES = (
    "Other", "Bank Transfer", "Cash", "Check", "Credit", "Credit Card", "Debit", "PayPal", "2Checkout", "AMEX", "JCB",
)  # fmt: skip
"""Those that all sources spell alike; others and lower case are refused."""


class Payments(Dated[BooksPayment]):
    name = "payment"
    label = "Payment"
    document = BooksPayment
    path = "payments/payments"
    plural = "payments"

    def body(self, document: BooksPayment) -> Raw:
        return {
            "invoiceid": number_of(document.invoice_id, "invoice_id"),
            **self.changes(document),
            "send_client_notification": False,
            **_taken_from(document.credit_id),
        }

    def changes(self, document: BooksPayment) -> Raw:
        """A payment cannot move to another invoice."""
        return {
            "amount": money(document.amount, document.currency),
            "date": document.date.isoformat(),
            "type": document.type,
            "note": document.note,
        }

    def parse(self, raw: Raw) -> BooksPayment:
        fields = {
            "invoice_id": text(raw.get("invoiceid")),
            "amount": amount_of(raw.get("amount")) or ZERO,
            "currency": text((raw.get("amount") or {}).get("code")),
            "date": date_of(raw.get("date")),
            "type": text(raw.get("type")),
            "credit_id": text(raw.get("creditid")),
            "note": text(raw.get("note")),
        }
        return understood(BooksPayment, fields)

    def remote(self, raw: Raw) -> Remote:
        amount, currency = amount_of(raw.get("amount")), text((raw.get("amount") or {}).get("code"))
        return Remote(
            id=id_of(raw),
            state=state_of(raw),
            total=amount,
            currency=currency,
            url=links.invoice(self.api.account_id, text(raw.get("invoiceid"))),
            facts={
                "invoice_id": text(raw.get("invoiceid")),
                "amount": amount,
                "currency": currency,
                "date": date_of(raw.get("date")),
                "type": text(raw.get("type")),
                "note": text(raw.get("note")),
            },
            raw=raw,
        )

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self, cursor)

    def more(self, raw: Raw) -> Mapping[str, Any]:
        return {"client_id": text(raw.get("clientid"))}

    def find(self, document: BooksPayment, *, deleted: bool = True) -> list[Remote]:
        """Every payment of the invoice: which of them is this one, its marker says."""
        id = document.invoice_id
        return self.search({"invoiceid": id}, lambda raw: text(raw.get("invoiceid")) == id, deleted=deleted)


def _taken_from(credit_id: str) -> Raw:
    """The recipe is put together from the fields' descriptions (API sheet); nobody has shown it at work. `creditid` is
    the credit note's own id."""
    return {"from_credit": True, "creditid": number_of(credit_id, "credit_id")} if credit_id else {}
