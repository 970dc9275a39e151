"""Which items of a document count, and what each costs before discount and tax."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.documents import ZERO, Raw
from connectors.magento.reading import amount, id_of, rows, total

CLOSE = Decimal("0.005")


@dataclass(frozen=True)
class Row:
    """One counted item as one document bills it, not yet rounded. `item` is the order's own."""

    item: Raw
    part_of: Raw
    quantity: Decimal
    full: Decimal
    discount: Decimal
    compensation: Decimal
    tax: Decimal
    fpt: Decimal

    @property
    def id(self) -> str:
        return id_of(self.item.get("item_id"))

    @property
    def net(self) -> Decimal:
        """Where catalogue prices include tax the discount does too: the compensation gives that tax back."""
        return self.full - self.discount + self.compensation


def counted_items(order: Raw) -> list[Raw]:
    """Each amount once. Of a dynamic bundle the children carry the money, of everything else the parent."""
    items = rows(order.get("items"))
    types = {id_of(item.get("item_id")): item.get("product_type") for item in items}
    children = children_of(items)
    dynamic = {parent for parent, own in children.items() if types.get(parent) != "configurable" and _priced(own)}

    def counts(item: Raw) -> bool:
        parent = id_of(item.get("parent_item_id"))
        return parent in dynamic if parent in types else id_of(item.get("item_id")) not in dynamic

    return [item for item in items if counts(item)]


def children_of(items: Iterable[Raw]) -> dict[str, list[Raw]]:
    """Parent's id → its children. `parent_item` is a copy of the parent and never read."""
    found: dict[str, list[Raw]] = {}
    for item in items:
        parent = id_of(item.get("parent_item_id"))
        if parent:
            found.setdefault(parent, []).append(item)
    return found


def order_rows(order: Raw) -> list[Row]:
    """As ordered."""
    return _rows(order, counted_items(order), order, lambda item: item)


def document_rows(order: Raw, document: Raw) -> list[Row]:
    """As one invoice or credit memo has it; its items point at the order's, dummies included."""
    by_id = {id_of(item.get("item_id")): item for item in counted_items(order)}
    ours = [item for item in rows(document.get("items")) if id_of(item.get("order_item_id")) in by_id]
    return _rows(order, ours, document, lambda item: by_id[id_of(item.get("order_item_id"))])


def _rows(order: Raw, items: Sequence[Raw], document: Raw, origin: Callable[[Raw], Raw]) -> list[Row]:
    parents = {id_of(item.get("item_id")): item for item in rows(order.get("items"))}
    return [
        Row(
            item=origin(item),
            part_of=parents.get(id_of(origin(item).get("parent_item_id")), {}),
            quantity=quantity(item),
            full=full,
            discount=amount(item, "discount_amount"),
            compensation=amount(item, "discount_tax_compensation_amount"),
            tax=amount(item, "tax_amount"),
            fpt=amount(item, "weee_tax_applied_row_amount"),
        )
        for item, full in zip(items, full_amounts(items, document), strict=True)
    ]


def full_amounts(items: Sequence[Raw], document: Raw) -> list[Decimal]:
    """The items' amounts before discount: the first reading whose sum is the document's subtotal.

    REST output rewrites an order item's `row_total` in ways that differ by version (ChangeOutputArray, 2.3 onward);
    invoices and credit memos keep it raw. The subtotal holds product taxes too where the shop is set so.
    """
    subtotal = amount(document, "subtotal")
    with_fpt = total(items, "weee_tax_applied_row_amount")
    for within in dict.fromkeys((ZERO, with_fpt)):
        for reading in READINGS:
            found = [reading(item) for item in items]
            if abs(subtotal - within - sum(found, ZERO)) <= CLOSE:
                return found
    return [price_times_quantity(item) for item in items]


def raw_row(item: Raw) -> Decimal:
    return amount(item, "row_total")


def row_before_discount(item: Raw) -> Decimal:
    return raw_row(item) + amount(item, "discount_amount")


def row_from_gross(item: Raw) -> Decimal:
    taken = ("tax_amount", "discount_tax_compensation_amount", "weee_tax_applied_row_amount")
    gross = amount(item, "row_total_incl_tax") + amount(item, "discount_amount")
    return gross - sum((amount(item, name) for name in taken), ZERO)


def price_times_quantity(item: Raw) -> Decimal:
    return amount(item, "price") * quantity(item)


def row_unless_clamped(item: Raw) -> Decimal:
    """A rewritten row never goes below 0, which loses what it was."""
    return row_before_discount(item) if raw_row(item) else price_times_quantity(item)


READINGS = (raw_row, row_before_discount, row_from_gross, price_times_quantity, row_unless_clamped)


def quantity(item: Raw) -> Decimal:
    return amount(item, "qty_ordered" if "qty_ordered" in item else "qty")


def _priced(children: Iterable[Raw]) -> bool:
    """`price` of a child may show its parent's, `base_price` does not (recorded, 2.3; and 2.4.8)."""
    return any(amount(child, "base_price" if "base_price" in child else "row_total") > 0 for child in children)
