"""An invoice as the books hold it, in lines that add up to its total: what a credit note over the whole of it takes back."""

from __future__ import annotations

from connectors.documents import BooksLine, Invoice
from hub.accounting.amounts import rounded
from hub.accounting.deltas import Stand
from hub.accounting.lines import rounding_line
from hub.accounting.proof import lines_total
from hub.accounting.wanted import WantedLine


def as_booked(invoice: Invoice) -> Stand:
    """Its taxes in whole cents: where the books round is not known, and the proof corrects it."""
    lines = tuple(_line(line, invoice.currency) for line in invoice.lines)
    gap = invoice.total - lines_total(lines)
    every = (*lines, rounding_line(gap)) if gap else lines
    return Stand(currency=invoice.currency, total=invoice.total, lines=every)


def _line(line: BooksLine, currency: str) -> WantedLine:
    taxes = tuple(tax.model_copy(update={"amount": rounded(tax.amount, currency)}) for tax in line.taxes)
    return WantedLine(**{**line.model_dump(), "taxes": taxes})
