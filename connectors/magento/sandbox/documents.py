"""The calls for invoices, credit memos and transactions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.magento.sandbox import columns
from connectors.magento.sandbox.invoicing import invoice_order
from connectors.magento.sandbox.paying import ONLINE
from connectors.magento.sandbox.refunding import cancel_refund, refund_order
from connectors.magento.sandbox.refusals import invalid, missing
from connectors.magento.sandbox.routing import Routes
from connectors.magento.sandbox.search import search
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row, Table
from connectors.sandbox import Call


def list_invoices(shop: Shop, call: Call) -> Row:
    return search(call, shop.invoices, columns.INVOICE, shop.switch)


def get_invoice(shop: Shop, call: Call) -> Row:
    return _found(shop.invoices, call)


def make_invoice(shop: Shop, call: Call) -> str:
    """The new invoice's id, as text."""
    asked = call.json() or {}
    return str(invoice_order(shop, shop.order(call.params["id"]), asked.get("items") or ())["entity_id"])


def list_creditmemos(shop: Shop, call: Call) -> Row:
    return search(call, shop.creditmemos, columns.CREDITMEMO, shop.switch)


def get_creditmemo(shop: Shop, call: Call) -> Row:
    return _found(shop.creditmemos, call)


def refund_offline(shop: Shop, call: Call) -> str:
    order = shop.order(call.params["id"])
    if order["payment"]["method"] in ONLINE:
        raise invalid("Creditmemo Document Validation Error(s):\nThe order can be refunded only from its invoice.")
    return str(refund_order(shop, order, call.json() or {})["entity_id"])


def refund_invoice(shop: Shop, call: Call) -> str:
    asked: Mapping[str, Any] = call.json() or {}
    invoice = _found(shop.invoices, call)
    online = bool(asked.get("isOnline", asked.get("is_online")))
    return str(refund_order(shop, shop.order(invoice["order_id"]), asked, invoice=invoice, online=online)["entity_id"])


def cancel_creditmemo(shop: Shop, call: Call) -> bool:
    cancel_refund(shop, _found(shop.creditmemos, call))
    return True


def list_transactions(shop: Shop, call: Call) -> Row:
    return search(call, shop.transactions, columns.TRANSACTION, shop.switch, lambda row: _with_children(shop, row))


def get_transaction(shop: Shop, call: Call) -> Row:
    return _with_children(shop, _found(shop.transactions, call))


def _with_children(shop: Shop, transaction: Row) -> Row:
    """Children are shown inside their parent and listed once more by themselves."""
    family = shop.transactions.newest("order_id", transaction["order_id"])
    children = [row for row in family if row.get("parent_id") == transaction["transaction_id"]]
    return {**transaction, "child_transactions": [_with_children(shop, child) for child in children]}


def _found(table: Table, call: Call) -> Row:
    found = table.get(int(call.params["id"]))
    if found is None:
        raise missing()
    return found


ROUTES: Routes = [
    ("GET", r"invoices/?", "Magento_Sales::sales_invoice", list_invoices),
    ("GET", r"invoices/(?P<id>\d+)", "Magento_Sales::sales_invoice", get_invoice),
    ("POST", r"order/(?P<id>\d+)/invoice", "Magento_Sales::invoice", make_invoice),
    ("GET", r"creditmemos", "Magento_Sales::sales_creditmemo", list_creditmemos),
    ("GET", r"creditmemo/(?P<id>\d+)", "Magento_Sales::sales_creditmemo", get_creditmemo),
    ("PUT", r"creditmemo/(?P<id>\d+)", "Magento_Sales::creditmemo", cancel_creditmemo),
    ("POST", r"order/(?P<id>\d+)/refund", "Magento_Sales::creditmemo", refund_offline),
    ("POST", r"invoice/(?P<id>\d+)/refund", "Magento_Sales::sales_invoice", refund_invoice),
    ("GET", r"transactions", "Magento_Sales::transactions_fetch", list_transactions),
    ("GET", r"transactions/(?P<id>\d+)", "Magento_Sales::transactions_fetch", get_transaction),
]
