"""The story of an order's books: is it to be booked, in which currency, for whom, and as which documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import Order
from hub.accounting.convert import in_books_currency
from hub.accounting.dates import Calendar
from hub.accounting.decide import decide
from hub.accounting.due import due_days
from hub.accounting.findings import findings
from hub.accounting.lines import books_lines
from hub.accounting.payments import wanted_payments
from hub.accounting.policy import Policy
from hub.accounting.refunds import wanted_credits
from hub.accounting.taxes import TaxTable, require_mapped
from hub.accounting.wanted import Wanted, WantedClient, WantedInvoice, WantedItem
from hub.errors import Held


@dataclass(frozen=True)
class Terms:
    """What the books and the flow say about every order alike."""

    policy: Policy = field(default_factory=Policy)
    capabilities: Capabilities = field(default_factory=Capabilities)
    calendar: Calendar = field(default_factory=Calendar)
    tax_table: TaxTable = field(default_factory=dict)
    number: str = ""
    """A number that a person chose in the place of the order's own."""
    credited: Mapping[str, Decimal] = field(default_factory=dict)
    """By refund: what its credit note in the books is over."""
    recorded: Collection[str] = ()
    """The payments that the books hold, by their parts."""


def want(order: Order, terms: Terms) -> Wanted:
    """The documents that this order wants. Raises Skipped or Held; computes, and does nothing."""
    decide(order, terms.policy)
    require_mapped((tax for line in order.lines for tax in line.taxes), terms.policy, terms.tax_table)
    found = findings(order)
    order, told = in_books_currency(order, terms.policy)
    invoice = _invoice(order, terms, told)
    return Wanted(
        client=_client(order, terms.policy),
        items=tuple(_items(order)) if _keeps_items(terms) else (),
        invoice=invoice,
        payments=wanted_payments(
            order, invoice.number, terms.policy, terms.capabilities, terms.calendar, terms.recorded
        ),
        credits=wanted_credits(
            order, terms.policy, terms.capabilities, terms.calendar, terms.tax_table, terms.credited
        ),
        waiting_for=_announced(order),
        findings=found,
    )


def _client(order: Order, policy: Policy) -> WantedClient:
    email = policy.guest_client if policy.client_match == "guest_client" else order.email.strip().lower()
    if not email and policy.no_email == "guest_client":
        email = policy.guest_client.lower()
    if not email:
        raise Held(
            "no_email",
            f"Order {order.number} has no e-mail address, so its client cannot be found",
            field="email",
            value="",
            remedy="Enter the customer's e-mail address here and replay.",
        )
    key = email
    if policy.client_match == "company" and order.company:
        key = f"company:{' '.join(order.company.lower().split())}"
    return WantedClient(key=key, customer_id=order.customer_id, email=email, currency=order.currency)


def _keeps_items(terms: Terms) -> bool:
    return terms.policy.items == "ensure" and terms.capabilities.items is not False


def _items(order: Order) -> Iterator[WantedItem]:
    """Each SKU once; a line's price stands in for the catalogue price, which orders do not know."""
    seen: set[str] = set()
    for line in order.lines:
        if line.kind == "product" and line.sku and line.sku not in seen:
            seen.add(line.sku)
            price = max(line.unit_price, line.unit_price * 0)
            yield WantedItem(
                key=line.sku, sku=line.sku, name=line.name or line.sku, unit_price=price, currency=order.currency
            )


def _invoice(order: Order, terms: Terms, told: str) -> WantedInvoice:
    number = terms.number or terms.policy.invoice_prefix + order.number
    date, late = terms.calendar.open(order.date)
    return WantedInvoice(
        key=number,
        number=number,
        po_number=order.number,
        date=date,
        business_date=order.date,
        due_days=due_days(order, terms.policy),
        currency=order.currency,
        lines=books_lines(
            order.lines,
            order.currency,
            terms.policy,
            terms.capabilities,
            discount_names=order.discount_names,
            residual=order.residual,
            tax_table=terms.tax_table,
        ),
        total=order.total,
        notes=" ".join(filter(None, (late, told))),
        conversion=told,
    )


def _announced(order: Order) -> str:
    pending = [refund.number for refund in order.refunds if refund.pending]
    return f"Refund {', '.join(pending)} was announced, and its money is not returned yet" if pending else ""
