"""An order, or a part of it, is invoiced: Magento's invoice is the proof that money was captured."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from connectors.magento.sandbox.document_header import document_header
from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.paying import ONLINE, TENDERS
from connectors.magento.sandbox.portions import (
    document_rows,
    exceeds,
    shipping_part,
    summed,
    total_of,
    wanted_quantities,
)
from connectors.magento.sandbox.progress import add, book_rows, can_invoice, settle, to_invoice
from connectors.magento.sandbox.refusals import invalid
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

ITEM_COLUMNS = {"row_invoiced": "row_total", "tax_invoiced": "tax_amount", "discount_invoiced": "discount_amount"}


def invoice_order(shop: Shop, order: Row, asked: Iterable[Row] = ()) -> Row:
    """Raises Refused (400). The whole shipping goes onto the first invoice. Marked paid at once."""
    taken = wanted_quantities(order, asked, to_invoice(order))
    if not can_invoice(order) or not taken or exceeds(taken, to_invoice(order)):
        raise invalid("Invoice Document Validation Error(s):\nThe order does not allow an invoice to be created.")
    earlier = shop.invoices.newest("order_id", order["entity_id"])
    rows = document_rows(shop, order, taken, [row for invoice in earlier for row in invoice["items"]], "invoice")
    first = Decimal(not earlier)
    invoice = document_header(shop, "invoice", shop.invoices, order, rows)
    invoice |= {"total_qty": sum(taken.values(), ZERO), "can_void_flag": 0}
    for base in ("", "base_"):
        invoice |= summed(rows, shipping_part(order, first, base), base)
        invoice[f"{base}grand_total"] = total_of(rows, invoice, base)
    if first:
        _take_tenders(order, invoice)
    _capture(shop, order, invoice)
    _book(order, invoice)
    shop.save(shop.invoices, invoice)
    shop.save(shop.orders, order, touch=bool(shop.switch["invoice_touches_order"]))
    shop.announce("invoice", invoice)
    return invoice


def _take_tenders(order: Row, invoice: Row) -> None:
    """Gift cards and the like pay the first invoice; only the rest is captured."""
    extension = order["extension_attributes"]
    for name, base_name in TENDERS.values():
        if extension.get(name):
            invoice["grand_total"] -= extension[name]
            invoice["base_grand_total"] -= extension[base_name]
            invoice.setdefault("extension_attributes", {}).update(
                {name: extension[name], base_name: extension[base_name]}
            )
            extension[name.replace("_amount", "_invoiced")] = extension[name]


def _capture(shop: Shop, order: Row, invoice: Row) -> None:
    """Online methods leave a transaction, a child of the authorization where there was one."""
    if order["payment"]["method"] not in ONLINE or not invoice["grand_total"]:
        return
    authorizations = [
        row for row in shop.transactions.newest("order_id", order["entity_id"]) if row["txn_type"] == "authorization"
    ]
    transaction = record_transaction(shop, order, "capture", authorizations[0] if authorizations else None)
    invoice["transaction_id"] = order["payment"]["last_trans_id"] = transaction["txn_id"]


def record_transaction(shop: Shop, order: Row, kind: str, parent: Row | None = None) -> Row:
    id = shop.transactions.next_id()
    transaction = {
        "transaction_id": id,
        "order_id": order["entity_id"],
        "payment_id": order["payment"]["entity_id"],
        "txn_id": f"{kind[:4]}_{order['entity_id']:06d}{id:06d}",
        "txn_type": kind,
        "is_closed": int(kind == "refund"),
        "additional_information": ["{}"],
        "created_at": shop.clock.stamp(),
        **({"parent_id": parent["transaction_id"], "parent_txn_id": parent["txn_id"]} if parent else {}),
    }
    shop.transactions.put(transaction)
    return transaction


def _book(order: Row, invoice: Row) -> None:
    """What the order shows afterwards."""
    for base in ("", "base_"):
        add(order, f"{base}subtotal_invoiced", invoice[f"{base}subtotal"])
        add(order, f"{base}tax_invoiced", invoice[f"{base}tax_amount"])
        add(order, f"{base}shipping_invoiced", invoice[f"{base}shipping_amount"])
        add(order, f"{base}discount_invoiced", invoice[f"{base}discount_amount"])
        add(order, f"{base}discount_tax_compensation_invoiced", invoice[f"{base}discount_tax_compensation_amount"])
        add(order, f"{base}total_invoiced", invoice[f"{base}grand_total"])
        add(order, f"{base}total_paid", invoice[f"{base}grand_total"])
        add(order["payment"], f"{base}amount_paid", invoice[f"{base}grand_total"])
    book_rows(order, invoice["items"], "qty_invoiced", ITEM_COLUMNS)
    settle(order)
