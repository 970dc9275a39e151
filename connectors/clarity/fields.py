"""The names of everything that is read of a record, and where it stands: in the generic profile under its own name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.clarity.reading import plain

Paths = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Kind of record → name → paths, of which the first that leads to something counts."""


def _names(written: str) -> dict[str, tuple[str, ...]]:
    """`name` or `name=path|path`, separated by spaces."""
    found = {}
    for one in written.split():
        name, _, paths = one.partition("=")
        found[name] = tuple((paths or name).split("|"))
    return found


GENERIC: Paths = {
    "order": _names(
        "id orderNumber=orderNumber|id status paymentStatus currency orderDate updatedAt customerId "
        "customerEmail=customerEmail|billingAddress.email firstName lastName company taxId billingAddress "
        "shippingAddress lineItems subtotal discountTotal shippingTotal shippingTaxTotal handlingTotal feeTotal taxTotal "
        "taxName total paidTotal=paidTotal|totalPaid|amountPaid "
        "refundedTotal=refundedTotal|totalRefunded|amountRefunded couponCodes purchaseOrderNumber paymentTerms "
        "paymentMethod shippingMethod notes externalIds payments refunds"
    ),
    "lineItem": _names(
        "id sku name description quantity unitPrice discountAmount taxAmount taxName taxRate taxCode total"
    ),
    "address": _names("firstName lastName company street1 street2 city region postalCode country phone"),
    "customer": _names(
        "id firstName lastName email phone company taxId currency isActive billingAddress shippingAddress createdAt "
        "updatedAt externalIds"
    ),
    "payment": _names(
        "id transactionId orderId status amount surchargeAmount feeAmount currency method gateway capturedAt "
        "refundedAmount refundedAt reference createdAt updatedAt"
    ),
    "refund": _names(
        "id number=refundNumber|number|id orderId paymentId status amount taxAmount currency "
        "refundedAt=refundedAt|createdAt updatedAt reason lineItems shippingTotal shippingTaxTotal handlingTotal "
        "feeTotal taxName shippingMethod"
    ),
    "product": _names("id sku name description price currency isActive inventory updatedAt createdAt"),
    "event": _names("id type createdAt data"),
    "registration": _names("id url events secret isActive"),
}
CALLED = {
    plain(word): kind
    for kind, words in {
        "order": ("order", "orders"),
        "lineItem": ("lineItem", "lineItems", "line", "lines", "item", "items"),
        "address": ("address", "addresses", "billingAddress", "shippingAddress"),
        "customer": ("customer", "customers"),
        "payment": ("payment", "payments"),
        "refund": ("refund", "refunds"),
        "product": ("product", "products"),
        "event": ("event", "events", "webhook", "envelope"),
        "registration": ("registration", "registrations"),
    }.items()
    for word in words
}
"""What people may write before a field's name."""


class Unknown(ValueError):
    """A field or a path that cannot be meant; the sentence says why and what to write instead."""


def chosen(written: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """What the setting changes of the generic profile, by kind and name. A bare name counts for every kind of record
    that has it, with the generic path behind it. Raises Unknown."""
    found: dict[str, dict[str, list[str]]] = {}
    bare_first = sorted(_flat(written), key=lambda pair: "." in pair[0])
    for key, given in bare_first:
        paths = _paths(key, given)
        for kind, name, qualified in _meant(key):
            behind = [] if qualified else [path for path in GENERIC[kind][name] if path not in paths]
            found.setdefault(kind, {})[name] = [*paths, *behind]
    return found


def merged(changes: Mapping[str, Mapping[str, list[str]]]) -> Paths:
    return {
        kind: {**names, **{name: tuple(paths) for name, paths in changes.get(kind, {}).items()}}
        for kind, names in GENERIC.items()
    }


def _flat(written: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in written.items():
        name = f"{before}{key}".replace("[]", "").replace("[*]", "")
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _paths(key: str, given: Any) -> list[str]:
    paths = [given] if isinstance(given, str) else given
    if not isinstance(paths, list) or not all(isinstance(path, str) and path.strip() for path in paths):
        raise Unknown(f'{key} is {given!r}. Write a path, or several in brackets, such as ["orderDate", "createdDate"]')
    return [path.strip() for path in paths]


def _meant(key: str) -> list[tuple[str, str, bool]]:
    """(kind, name, whether the kind was named). `order.lineItems.sku` is the line item's."""
    *before, last = key.split(".")
    if before:
        kind = CALLED.get(plain(before[-1]))
        name = _known(GENERIC[kind], last) if kind else ""
        if not kind or not name:
            raise Unknown(f"{key} is no field. {_alike(key)}")
        return [(kind, name, True)]
    meant = [(kind, name, False) for kind, names in GENERIC.items() if (name := _known(names, last))]
    if not meant:
        raise Unknown(f"{key} is no field. {_alike(key)}")
    return meant


def _known(names: Mapping[str, Any], written: str) -> str:
    return next((name for name in names if plain(name) == plain(written)), "")


def _alike(key: str) -> str:
    every = [f"{kind}.{name}" for kind, names in GENERIC.items() for name in names]
    ends = {one.rpartition(".")[2]: one for one in every}
    last = key.rpartition(".")[2]
    near = difflib.get_close_matches(key, every, 3) or [ends[one] for one in difflib.get_close_matches(last, ends, 3)]
    return f"Do you mean {' or '.join(near)}?" if near else f"Write one such as {', '.join(every[:4])}"
