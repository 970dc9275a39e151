"""Invoices. Made as drafts, compared, then marked as sent without e-mailing anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Notice, Remote
from connectors.documents import ZERO, Invoice, Raw
from connectors.freshbooks import links
from connectors.freshbooks.changes import changed
from connectors.freshbooks.lines import lines_body, negative_lines, parse_lines, tax_of
from connectors.freshbooks.money import amount_of, number_of, text
from connectors.freshbooks.records import Dated, date_of, state_of, understood
from connectors.freshbooks.search import between, id_of


class Invoices(Dated[Invoice]):
    name = "invoice"
    label = "Invoice"
    document = Invoice
    path = "invoices/invoices"
    plural = "invoices"
    number_field = "invoice_number"
    date_field = "create_date"
    includes = ("lines",)

    def body(self, document: Invoice) -> Raw:
        """`due_date` is theirs to compute; without a number they give the next one."""
        named = {"invoice_number": document.number, "language": document.language}
        return {
            "customerid": number_of(document.client_id, "client_id"),
            "create_date": document.date.isoformat(),
            "due_offset_days": document.due_days,
            "currency_code": document.currency,
            "po_number": document.po_number,
            "notes": document.notes,
            "terms": document.terms,
            "lines": lines_body(document.lines, document.currency),
            **{name: value for name, value in named.items() if value},
        }

    def teaches(self, document: Invoice) -> Mapping[str, str]:
        return negative_lines(document.lines)

    def finish(self, id: str) -> Remote:
        """The action alone: with it in the body, FreshBooks drops all data silently."""
        return self.remote(self._one("PUT", id, body={"action_mark_as_sent": True}))

    def void(self, id: str) -> Remote:
        """The state alone, as with every action; a deleted invoice can still be read."""
        return self.remote(self._one("PUT", id, body={"vis_state": 1}))

    def parse(self, raw: Raw) -> Invoice:
        fields = {
            "number": text(raw.get("invoice_number")),
            "po_number": text(raw.get("po_number")),
            "client_id": text(raw.get("customerid")),
            "date": date_of(raw.get("create_date")),
            "due_days": int(raw.get("due_offset_days") or 0),
            "currency": text(raw.get("currency_code")),
            "lines": parse_lines(raw),
            "total": amount_of(raw.get("amount")) or ZERO,
            "notes": text(raw.get("notes")),
            "terms": text(raw.get("terms")),
            "language": text(raw.get("language")),
        }
        return understood(Invoice, fields)

    def remote(self, raw: Raw) -> Remote:
        total, currency = amount_of(raw.get("amount")), text(raw.get("currency_code"))
        return Remote(
            id=id_of(raw),
            number=text(raw.get("invoice_number")),
            state=state_of(raw),
            status=status_of(raw),
            total=total,
            outstanding=amount_of(raw.get("outstanding")),
            currency=currency,
            url=links.invoice(self.api.account_id, id_of(raw)),
            facts={
                "number": text(raw.get("invoice_number")),
                "po_number": text(raw.get("po_number")),
                "client_id": text(raw.get("customerid")),
                "date": date_of(raw.get("create_date")),
                "currency": currency,
                "total": total,
            },
            raw=raw,
        )

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self, cursor)

    def more(self, raw: Raw) -> Mapping[str, Any]:
        return {"tax": tax_of(raw), "client": client_of(raw)}

    def find(self, document: Invoice, *, deleted: bool = True) -> list[Remote]:
        """By number. One that FreshBooks shall number is known by its client, date and po_number instead, for which
        there is no filter: the client's invoices of that day are compared."""
        number = document.number.strip()
        if number:
            return self.search(
                {"invoice_number": number}, lambda raw: text(raw.get("invoice_number")) == number, deleted=deleted
            )
        return self.search(
            {"customerid": document.client_id, **between(document.date, document.date)},
            lambda raw: (
                text(raw.get("po_number")) == document.po_number.strip()
                and text(raw.get("customerid")) == document.client_id
                and date_of(raw.get("create_date")) == document.date
            ),
            deleted=deleted,
        )


def client_of(raw: Raw) -> str:
    """As it was when the document was made: a person, else the company."""
    name = " ".join(filter(None, (text(raw.get("fname")), text(raw.get("lname")))))
    return name or text(raw.get("organization") or raw.get("current_organization"))


def status_of(raw: Raw) -> str:
    """Never by the number `status`: a partly paid invoice keeps 2, "sent" (observed 2026-06)."""
    status = text(raw.get("v3_status") or raw.get("display_status")).replace("_", "-")
    payment = text(raw.get("payment_status"))
    if status in ("draft", "created"):
        return "draft"
    total = amount_of(raw.get("amount")) or ZERO
    left = total if raw.get("outstanding") is None else amount_of(raw["outstanding"]) or ZERO
    settled = total > 0 and left <= 0
    if payment in ("paid", "auto-paid") or status in ("paid", "autopaid") or settled:
        return "paid"
    return "partial" if payment == "partial" or status == "partial" or left < total else "sent"
