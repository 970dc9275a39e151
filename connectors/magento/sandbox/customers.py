"""The customer calls."""

from __future__ import annotations

from connectors.magento.sandbox import columns
from connectors.magento.sandbox.refusals import invalid, no_such, required
from connectors.magento.sandbox.routing import Routes
from connectors.magento.sandbox.search import search
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import Call

MANDATORY = ("email", "firstname", "lastname")
DEFAULTS = ("default_billing", "default_shipping")


def search_customers(shop: Shop, call: Call) -> Row:
    return search(call, shop.customers, columns.CUSTOMER, shop.switch)


def get_customer(shop: Shop, call: Call) -> Row:
    return _existing(shop, call)


def put_customer(shop: Shop, call: Call) -> Row:
    """Keys left out are kept. `addresses`, if there, replaces them all: what it does not list by id is deleted."""
    return save_customer(shop, _existing(shop, call) | _sent(call) | {"id": int(call.params["id"])})


def post_customer(shop: Shop, call: Call) -> Row:
    now = shop.clock.stamp()
    fresh = {"group_id": 1, "store_id": 1, "website_id": 1, "addresses": [], "disable_auto_group_change": 0}
    return save_customer(shop, fresh | _sent(call) | {"id": shop.customers.next_id(), "created_at": now})


def save_customer(shop: Shop, customer: Row) -> Row:
    """Raises Refused (400): a name missing, or an e-mail that another customer of the website has."""
    for name in MANDATORY:
        if not customer.get(name):
            raise required(name)
    if any(_collides(other, customer) for other in shop.customers):
        raise invalid("A customer with the same email address already exists in an associated website.")
    customer["addresses"] = [_numbered(shop, customer, address) for address in customer.get("addresses", [])]
    for kind in DEFAULTS:
        _choose(customer, kind)
    shop.save(shop.customers, customer)
    shop.announce("customer", customer)
    return customer


def _choose(customer: Row, kind: str) -> None:
    """One address of a kind is the default: the last that was sent as such, else the one that was, unless it is gone or
    sent as none. The customer names it by its id, a text; marks stand only where they are true."""
    rows = {str(row["id"]): row for row in customer["addresses"]}
    marked = [id for id, row in rows.items() if row.get(kind)]
    before = rows.get(str(customer.pop(kind, "")), {kind: False})
    chosen = marked[-1] if marked else str(before["id"]) if before.get(kind, True) else ""
    for id, row in rows.items():
        row.pop(kind, None)
        row |= {kind: True} if id == chosen else {}
    customer |= {kind: chosen} if chosen else {}


def _sent(call: Call) -> Row:
    body = call.json() or {}
    if "customer" not in body:
        raise required("customer")
    return dict(body["customer"])


def _existing(shop: Shop, call: Call) -> Row:
    found = shop.customers.get(int(call.params["id"]))
    if found is None:
        raise no_such("customerId", int(call.params["id"]))
    return found


def _collides(other: Row, customer: Row) -> bool:
    return bool(
        other["id"] != customer["id"]
        and other["website_id"] == customer["website_id"]
        and other["email"].lower() == customer["email"].lower()
    )


def _numbered(shop: Shop, customer: Row, address: Row) -> Row:
    return {"id": address.get("id") or 1000 + shop.next("customer_address"), **address, "customer_id": customer["id"]}


ROUTES: Routes = [
    ("GET", r"customers/search", "Magento_Customer::customer", search_customers),
    ("GET", r"customers/(?P<id>\d+)", "Magento_Customer::customer", get_customer),
    ("PUT", r"customers/(?P<id>\d+)", "Magento_Customer::manage", put_customer),
    ("POST", r"customers", "", post_customer),
]
