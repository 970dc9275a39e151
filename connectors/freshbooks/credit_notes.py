"""Credit notes. FreshBooks links none to an invoice, and documents no way to mark one as sent: it stays as made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Remote
from connectors.documents import ZERO, CreditNote, Raw
from connectors.freshbooks import links
from connectors.freshbooks.invoices import client_of
from connectors.freshbooks.lines import lines_body, negative_lines, parse_lines, tax_of
from connectors.freshbooks.money import amount_of, number_of, text
from connectors.freshbooks.records import Dated, date_of, state_of, understood
from connectors.freshbooks.search import between, id_of


class CreditNotes(Dated[CreditNote]):
    name = "credit_note"
    label = "Credit note"
    document = CreditNote
    path = "credit_notes/credit_notes"
    plural = "credit_notes"
    number_field = "credit_number"
    date_field = "create_date"
    includes = ("lines",)

    def body(self, document: CreditNote) -> Raw:
        return {
            "clientid": number_of(document.client_id, "client_id"),
            "create_date": document.date.isoformat(),
            "credit_number": document.number,
            "credit_type": "goodwill",
            "currency_code": document.currency,
            "notes": document.notes,
            "lines": lines_body(document.lines, document.currency),
            **({"language": document.language} if document.language else {}),
        }

    def teaches(self, document: CreditNote) -> Mapping[str, str]:
        return negative_lines(document.lines)

    def parse(self, raw: Raw) -> CreditNote:
        fields = {
            "number": text(raw.get("credit_number")),
            "client_id": text(raw.get("clientid")),
            "date": date_of(raw.get("create_date")),
            "currency": text(raw.get("currency_code")),
            "lines": parse_lines(raw),
            "total": amount_of(raw.get("amount")) or ZERO,
            "notes": text(raw.get("notes")),
            "language": text(raw.get("language")),
        }
        return understood(CreditNote, fields)

    def remote(self, raw: Raw) -> Remote:
        total, currency = amount_of(raw.get("amount")), text(raw.get("currency_code"))
        used = amount_of(raw.get("paid"))
        return Remote(
            id=id_of(raw),
            number=text(raw.get("credit_number")),
            state=state_of(raw),
            status=_status_of(raw),
            total=total,
            outstanding=None if total is None or used is None else total - used,
            currency=currency,
            url=links.client(text(raw.get("clientid"))),
            facts={
                "number": text(raw.get("credit_number")),
                "client_id": text(raw.get("clientid")),
                "date": date_of(raw.get("create_date")),
                "currency": currency,
                "total": total,
            },
            raw=raw,
        )

    def more(self, raw: Raw) -> Mapping[str, Any]:
        return {"tax": tax_of(raw), "client": client_of(raw), "notes": text(raw.get("notes"))}

    def find(self, document: CreditNote, *, deleted: bool = True) -> list[Remote]:
        """There is no filter for the number: the client's credit notes of that day are compared."""
        return self.search(
            {"clientid": document.client_id, **between(document.date, document.date)},
            lambda raw: text(raw.get("credit_number")) == document.number,
            deleted=deleted,
        )


def _status_of(raw: Raw) -> str:
    payment = text(raw.get("payment_status"))
    if payment in ("paid", "partial"):
        return payment
    return "draft" if text(raw.get("display_status") or raw.get("status")) == "draft" else "sent"
