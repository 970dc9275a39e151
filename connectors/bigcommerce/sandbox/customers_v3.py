"""Customers and their addresses: two resources, each written by lists of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.bigcommerce.sandbox.clock import zulu
from connectors.bigcommerce.sandbox.listing import among, dated, filtered, in_order, listed_v3
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.refusals import Refused, v3
from connectors.bigcommerce.sandbox.routing import Routes
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.sandbox import Call, Reply

MOST = 10
"""Objects in one call."""
MANDATORY = ("email", "first_name", "last_name")
READ_ONLY = ("id", "registration_ip_address", "date_created", "date_modified", "origin_channel_id")
UNIQUE = (
    "customer_id", "first_name", "last_name", "company", "phone", "address_type", "address1", "address2", "city",
    "country_code", "state_or_province", "postal_code",
)  # fmt: skip
"""No customer has two addresses that are alike in all of these."""
NEEDED = (
    "first_name",
    "last_name",
    "address1",
    "city",
    "country_code",
    "customer_id",
    "state_or_province",
    "postal_code",
)
NOBODY = {"first_name": "", "last_name": "", "company": "", "phone": "", "form_fields": []}


def list_customers(shop: Shop, call: Call) -> Reply:
    wanted = {"id:in": among("id"), "email:in": among("email"), **dated("date_created", "date_modified")}
    field, _, direction = (call.get("sort") or "date_created:asc").partition(":")
    rows = in_order(filtered(shop.customers.values(), call, wanted), field, direction)
    return listed_v3([_shown(shop, row, call.get("include").split(",")) for row in rows], call)


def _shown(shop: Shop, row: Row, include: list[str]) -> Row:
    mine = addresses_of(shop, row["id"])
    shown = {name: value for name, value in row.items() if name != "form_fields"} | {"address_count": len(mine)}
    if "formfields" in include:
        shown["form_fields"] = [{**field, "customer_id": row["id"]} for field in row.get("form_fields", ())]
    return shown | ({"addresses": mine[:MOST]} if "addresses" in include else {})


def change_customers(shop: Shop, call: Call) -> Reply:
    """A customer keeps what is not named; what belongs to them cannot be changed here."""
    changes = [_change(shop, wanted) for wanted in _several(call)]
    return _saved([_shown(shop, save_customer(shop, change), ["formfields"]) for change in changes])


def _change(shop: Shop, wanted: Row) -> Row:
    """Raises Refused (422), before any of the list is changed."""
    before = shop.customers.get(int(wanted.get("id", 0)))
    if before is None:
        raise _refused("Update customers failed.", "customer_update", "Error updating customers: no such customer")
    for field in wanted.get("form_fields", ()):
        if field["name"] != shop.switch["vat_field"]:
            raise _refused("Update customers failed.", "form_fields", f"there is no field {field['name']!r}")
    empty = next((name for name in MANDATORY if wanted.get(name) == ""), "")
    if empty:
        raise _refused("Update customers failed.", empty, f"{empty} length must be at least 1")
    change = {name: value for name, value in wanted.items() if name not in (*READ_ONLY, "addresses", "attributes")}
    _require_own_email(shop, {**before, **change})
    return {**change, "id": before["id"]}


def save_customer(shop: Shop, wanted: Row) -> Row:
    """Without an `id` a new one. Raises Refused (422)."""
    now, id = zulu(shop.clock.now()), wanted.get("id") or shop.next("customer")
    shop.seen("customer", id)
    row = {**shop.customers.get(id, {**NOBODY, "date_created": now}), **wanted, "id": id, "date_modified": now}
    _require_own_email(shop, row)
    shop.announce(f"customer/{'updated' if id in shop.customers else 'created'}", {"type": "customer", "id": id})
    shop.customers[id] = row
    return row


def _require_own_email(shop: Shop, row: Row) -> None:
    others = (one for id, one in shop.customers.items() if id != row["id"])
    if any(one["email"].lower() == str(row.get("email", "")).lower() for one in others):
        raise _refused("Update customers failed.", "customer_update", f"email {row['email']} already in use")


# --- addresses ---


def addresses_of(shop: Shop, customer_id: int) -> list[Row]:
    return [row for row in shop.addresses if row["customer_id"] == customer_id]


def list_addresses(shop: Shop, call: Call) -> Reply:
    return listed_v3(filtered(shop.addresses, call, {"customer_id:in": among("customer_id")}), call)


def make_addresses(shop: Shop, call: Call) -> Reply:
    made = []
    for wanted in _several(call):
        lacking = {name: "error.path.missing" for name in NEEDED if name not in wanted}
        if lacking or int(wanted["customer_id"]) not in shop.customers:
            raise v3(422, "Create customer addresses failed.", lacking or {"customer_id": "no such customer"})
        made.append(save_address(shop, wanted))
    return _saved([row for row in made if row])


def change_addresses(shop: Shop, call: Call) -> Reply:
    saved = []
    for wanted in _several(call):
        before = next((row for row in shop.addresses if row["id"] == int(wanted.get("id", 0))), None)
        if before is None:
            raise v3(422, "Update customer addresses failed.", {"id": "no such address"})
        saved.append(save_address(shop, {**before, **wanted}))
    return _saved([row for row in saved if row])


def save_address(shop: Shop, row: Row) -> Row | None:
    """None where the customer has one like it: then nothing is changed, and nothing is said."""
    row = {"address2": "", "company": "", "phone": "", "address_type": "residential", **row}
    mine = addresses_of(shop, row["customer_id"])
    if any(all(one.get(name) == row.get(name) for name in UNIQUE) for one in mine if one["id"] != row.get("id")):
        return None
    what = "updated" if "id" in row else "created"
    row = {"id": 1000 + shop.next("customer_address"), **row}
    shop.addresses[:] = sorted([*(one for one in shop.addresses if one["id"] != row["id"]), row], key=_id)
    about = {"type": "customer", "id": row["id"], "address": {"customer_id": row["customer_id"]}}
    shop.announce(f"customer/address/{what}", about)
    if shop.switch["address_touches_customer"]:
        shop.customers[row["customer_id"]]["date_modified"] = zulu(shop.clock.now())
    return row


_id: Callable[[Row], int] = lambda row: int(row["id"])  # noqa: E731


def _several(call: Call) -> list[Row]:
    wanted = call.json()
    if not isinstance(wanted, list) or len(wanted) > MOST:
        raise v3(413 if isinstance(wanted, list) else 422, "The request payload is not a list of at most 10 objects.")
    return wanted


def _saved(rows: list[Any]) -> Reply:
    return Reply(body={"data": rows, "meta": {}})


def _refused(title: str, field: str, words: str) -> Refused:
    return v3(422, title, {f".{field}": words})


ROUTES: Routes = (
    ("GET", "/customers", "customers", list_customers),
    ("PUT", "/customers", "customers", change_customers),
    ("GET", "/customers/addresses", "customers", list_addresses),
    ("POST", "/customers/addresses", "customers", make_addresses),
    ("PUT", "/customers/addresses", "customers", change_addresses),
)
