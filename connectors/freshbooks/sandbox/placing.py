"""What somebody does by hand in the vendor's own screens: no token, no rate limit, and missing fields are made up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.freshbooks.sandbox import balances, clock
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.freshbooks.sandbox.resource import Resource
from connectors.freshbooks.sandbox.tables import Row


def placed(resources: Mapping[str, Resource], wanted: Mapping[str, Any]) -> Row:
    """`wanted` is wrapped as the API wraps it: `{"payment": {"invoiceid": 1, …}}`; with an `id` it edits that record.
    Empty: pay what is owed on the newest open invoice, or take on a client where there is none. Raises ValueError."""
    try:
        name, given = next(iter(wanted.items())) if wanted else _usual(resources)
        resource = resources[name]
        body = Body(dict(given), name, resource.switch)
        if "id" in given:
            row = resource.updated(resource.existing(str(given["id"])), body)
        else:
            row = resource.created(Body(_made_up(resources, name) | dict(given), name, resource.switch))
    except Refusal as refusal:
        raise ValueError(f"{refusal.message} (errno {refusal.errno})") from refusal
    return resource.shown(row, ("lines",))


def _usual(resources: Mapping[str, Resource]) -> tuple[str, Row]:
    invoice = _open_invoice(resources)
    if invoice is None:
        return "client", {}
    owed = balances.outstanding(resources["invoice"].account, invoice)
    return "payment", {"invoiceid": invoice["id"], "amount": {"amount": str(owed), "code": invoice["currency_code"]}}


def _open_invoice(resources: Mapping[str, Resource]) -> Row | None:
    invoices = resources["invoice"]
    living = (row for row in invoices.table.newest() if row["vis_state"] == 0)
    return next((row for row in living if balances.outstanding(invoices.account, row) > 0), None)


def _made_up(resources: Mapping[str, Resource], name: str) -> Row:
    today = clock.today().isoformat()
    number = len(resources["client"].table) + 1
    usual: dict[str, Row] = {
        "client": {"fname": "Hand", "lname": f"Made {number}", "email": f"hand-made-{number}@example.com"},
        "invoice": {"create_date": today},
        "payment": {"date": today, "type": "Cash", "note": "Entered by hand"},
        "credit_note": {"create_date": today},
        "expense": {"date": today, "staffid": 1, "categoryid": 5001},
        "other_income": {"date": today, "category_name": "other", "source": "By hand"},
    }
    return usual.get(name, {})
