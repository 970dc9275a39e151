"""The simulator, asked directly: no socket, and the answers unwrapped."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from connectors.freshbooks.sandbox import sandbox as Service
from connectors.sandbox import Call, Reply

PATHS = {
    "client": "users/clients",
    "invoice": "invoices/invoices",
    "payment": "payments/payments",
    "credit_note": "credit_notes/credit_notes",
    "item": "items/items",
    "tax": "taxes/taxes",
    "expense": "expenses/expenses",
    "other_income": "other_incomes/other_incomes",
}


class Books:
    def __init__(self, **switches: Any) -> None:
        self.service = Service()
        self.service.switch.update(switches)
        self.account_id = self.service.connection_settings()["account_id"]
        self.headers: dict[str, str] = {}

    def call(self, method: str, path: str, query: str = "", body: Any = None, **headers: str) -> Reply:
        """JSON in, with the current token unless told otherwise."""
        token = self.service.connection_settings()["access_token"]
        sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **self.headers, **headers}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.service.answer(Call(method, path, tuple(parse_qsl(query, keep_blank_values=True)), sent, content))

    def path(self, kind: str, id: object = "") -> str:
        return f"/accounting/account/{self.account_id}/{PATHS[kind]}" + (f"/{id}" if id else "")

    def create(self, kind: str, query: str = "", /, **fields: Any) -> Any:
        return self._record(kind, self.call("POST", self.path(kind), query, {kind: fields}))

    def update(self, kind: str, id: int, query: str = "", /, **fields: Any) -> Any:
        return self._record(kind, self.call("PUT", self.path(kind, id), query, {kind: fields}))

    def read(self, kind: str, id: int, query: str = "") -> Any:
        return self._record(kind, self.call("GET", self.path(kind, id), query))

    def page(self, kind: str, query: str = "") -> Any:
        reply = self.call("GET", self.path(kind), query)
        assert reply.status == 200, reply.body
        return plain(reply)["response"]["result"]

    def list(self, kind: str, query: str = "") -> Any:
        found = self.page(kind, query)
        return next(value for value in found.values() if isinstance(value, list))

    def refused(self, kind: str, **fields: Any) -> tuple[int, int, str]:
        """Status, errno and field of a creation that must not work."""
        return refusal(self.call("POST", self.path(kind), body={kind: fields}))

    def refused_change(self, kind: str, id: int, **fields: Any) -> tuple[int, int, str]:
        return refusal(self.call("PUT", self.path(kind, id), body={kind: fields}))

    def _record(self, kind: str, reply: Reply) -> Any:
        assert reply.status == 200, reply.body
        return plain(reply)["response"]["result"][kind]

    # --- shorthand ---

    def client(self, **fields: Any) -> int:
        return int(self.create("client", **{"email": "ada@example.com", "fname": "Ada", **fields})["id"])

    def invoice(self, *lines: dict[str, Any], **fields: Any) -> Any:
        customer = fields.pop("customerid", None) or self.client()
        given = {"customerid": customer, "create_date": "2026-03-01", "currency_code": "USD", **fields}
        return self.create("invoice", "include[]=lines", **given, lines=list(lines or (line("100.00"),)))

    def pay(self, invoice: Any, amount: str, **fields: Any) -> Any:
        given = {"date": "2026-03-02", "type": "Other", **fields}
        return self.create("payment", **{"invoiceid": invoice["id"], "amount": usd(amount), **given})


def line(cost: str, quantity: object = 1, *taxes: tuple[str, str], **fields: Any) -> dict[str, Any]:
    named = {f"taxName{n}": name for n, (name, _) in enumerate(taxes, 1)}
    rated = {f"taxAmount{n}": rate for n, (_, rate) in enumerate(taxes, 1)}
    return {"name": "Tea", "qty": quantity, "unit_cost": usd(cost), **named, **rated, **fields}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "code": "USD"}


def plain(reply: Reply) -> Any:
    return json.loads(reply.encoded())


def refusal(reply: Reply) -> tuple[int, int, str]:
    """Read from the newer envelope."""
    detail = plain(reply)["details"][0]
    return reply.status, int(detail["reason"]), detail["metadata"]["field"]
