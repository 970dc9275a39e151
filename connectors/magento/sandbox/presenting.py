"""An order as REST shows it: nested copies, and row totals that are not the database's."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal

from connectors.magento.sandbox.counted import raw_row_total, raw_row_total_incl_tax
from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

Rewrite = Callable[[Row, Row, str], None]
"""Changes the shown row, which holds the raw totals; the stored one and the prefix of the currency set beside it."""
RULE_OF_VERSION = {"2.3": "net", "2.4.6": "net_clamped", "2.4.7": "net_clamped", "2.4.8": "rounded"}


def presented(shop: Shop, order: Row) -> Row:
    """A recorded order stays as it was recorded, unless a rule for its row totals was asked for by name."""
    version, rule = shop.switch["version"], shop.switch["row_total"]
    if order["entity_id"] in shop.recorded and not rule:
        return order
    rewrite = REWRITES[rule or RULE_OF_VERSION[version]]
    shown = {**order, "items": [_shown(order, item, rewrite) for item in order["items"]]}
    _nest_parents(shown["items"], version)
    if "shipping_assignments" in order["extension_attributes"]:
        shown["extension_attributes"] = _with_items(order["extension_attributes"], shown["items"])
    return shown


def _shown(order: Row, item: Row, rewrite: Rewrite) -> Row:
    shown = {name: value for name, value in item.items() if name != "parent_item"}
    for base in ("", "base_"):
        shown[f"{base}row_total"] = raw_row_total(order, item, base)
        shown[f"{base}row_total_incl_tax"] = raw_row_total_incl_tax(order, item, base)
        rewrite(shown, item, base)
    return shown


def _as_stored(shown: Row, item: Row, base: str) -> None:
    """Up to 2.2."""


def _net(shown: Row, item: Row, base: str) -> None:
    """The first 2.3: only the row total, and no clamp."""
    shown[f"{base}row_total"] -= _of(item, f"{base}discount_amount")


def _net_clamped(shown: Row, item: Row, base: str) -> None:
    """Late 2.3 to 2.4.7. The base twin takes the fixed product tax of one unit; so does the core."""
    fee = _of(item, "base_weee_tax_applied_amount" if base else "weee_tax_applied_row_amount")
    discount = _of(item, f"{base}discount_amount")
    gross = (
        shown[f"{base}row_total"]
        + _of(item, f"{base}tax_amount")
        + _of(item, f"{base}discount_tax_compensation_amount")
        + fee
        - discount
    )
    shown[f"{base}row_total"] = max(shown[f"{base}row_total"] - discount, ZERO)
    shown[f"{base}row_total_incl_tax"] = max(gross, ZERO)


def _rounded(shown: Row, item: Row, base: str) -> None:
    """From 2.4.8."""
    _net_clamped(shown, item, base)
    for name in (f"{base}row_total", f"{base}row_total_incl_tax"):
        shown[name] = cents(shown[name])


def _display_incl_tax(shown: Row, item: Row, base: str) -> None:
    """From 2.4.8 in a shop that displays sales prices with tax."""
    gross = shown[f"{base}row_total_incl_tax"]
    _rounded(shown, item, base)
    taken = _of(item, f"{base}discount_amount") + _of(item, f"{base}tax_amount")
    shown[f"{base}row_total"] = cents(max(gross - taken, ZERO))


REWRITES: dict[str, Rewrite] = {
    "raw": _as_stored,
    "net": _net,
    "net_clamped": _net_clamped,
    "rounded": _rounded,
    "display_incl_tax": _display_incl_tax,
}


def _of(item: Row, name: str) -> Decimal:
    return Decimal(item.get(name) or ZERO)


def _nest_parents(items: list[Row], version: str) -> None:
    """Each part carries a copy of its parent, and shows its price where it has none of its own: a configurable's part
    always, a fixed-price bundle's from 2.4.8. The base price stays 0."""
    by_id = {item["item_id"]: item for item in items}
    for item in items:
        if parent := by_id.get(item.get("parent_item_id")):
            item["parent_item"] = copy.copy(parent)
            bundled = parent["product_type"] == "bundle" and version == "2.4.8"
            if not item.get("base_price") and (parent["product_type"] == "configurable" or bundled):
                item["price"] = parent["price"]


def _with_items(extension: Row, items: list[Row]) -> Row:
    assignments = [{**assignment, "items": items} for assignment in extension["shipping_assignments"]]
    return {**extension, "shipping_assignments": assignments}
