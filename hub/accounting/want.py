"""The story of an order's books: is it to be booked, in which currency, for whom, and as which documents."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.documents import Order
from hub.accounting.convert import converted, told
from hub.accounting.decide import decide
from hub.accounting.due import due_days
from hub.accounting.findings import findings
from hub.accounting.growing import in_portions
from hub.accounting.lines import books_lines, empty_line
from hub.accounting.payments import wanted_payments
from hub.accounting.policy import Policy
from hub.accounting.rates import conversion
from hub.accounting.refunds import wanted_credits
from hub.accounting.tax_table import require_mapped
from hub.accounting.terms import Terms
from hub.accounting.wanted import Conversion, Wanted, WantedClient, WantedInvoice, WantedItem
from hub.accounting.withdrawing import withdrawn
from hub.errors import Held


def want(order: Order, terms: Terms) -> Wanted:
    """The documents that this order wants. Raises Skipped or Held; computes, and does nothing."""
    decide(order, terms)
    unmapped = terms.tax_table.unmapped(order)
    require_mapped(unmapped, terms.policy)
    by = conversion(order, terms.policy, terms.quotes, terms.booked)
    found = findings(order, terms, by)
    about = told(order, by) if by else ""
    order = terms.tax_table.named(order)
    order = order if by else in_portions(order, terms.credited)
    order = converted(order, by, terms.recorded, terms.credited) if by else order
    invoice = _invoice(order, terms, by, about)
    return Wanted(
        client=_client(order, terms.policy),
        items=tuple(_items(order)) if _keeps_items(terms) else (),
        invoice=invoice,
        payments=() if order.called_off else wanted_payments(order, invoice.number, terms),
        credits=wanted_credits(order, terms),
        received=order.captured + order.tendered,
        remark=_announced(order),
        withdrawn=tuple(withdrawn(order, terms)),
        findings=found,
        unmapped=unmapped,
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


def _invoice(order: Order, terms: Terms, by: Conversion | None, about: str) -> WantedInvoice:
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
        )
        or (empty_line(),),
        total=order.total,
        notes=" ".join(filter(None, (late, about))),
        conversion=about,
        rate=by,
    )


def _announced(order: Order) -> str:
    pending = [refund.number for refund in order.refunds if refund.pending]
    return f"Refund {', '.join(pending)} was announced, and its money is not returned yet" if pending else ""
