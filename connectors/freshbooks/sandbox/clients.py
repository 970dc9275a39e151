"""Clients. The same e-mail address may be given to any number of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping

from connectors.freshbooks.sandbox import balances, clock, filters, refusals
from connectors.freshbooks.sandbox.account import CURRENCY
from connectors.freshbooks.sandbox.body import Body
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.resource import DELETED, Resource
from connectors.freshbooks.sandbox.tables import Row

NAMES = ("fname", "lname", "organization", "email")
PARTS = ("street", "street2", "city", "province", "code", "country")
ADDRESSES = tuple(f"{kind}_{part}" for kind in "ps" for part in PARTS)
TEXTS = (*NAMES, "bus_phone", "mob_phone", "fax", *ADDRESSES)
"""Come back as "" where they were never given; the next ones as null."""
NULLABLE = ("home_phone", "note", "vat_name", "vat_number", "company_industry", "company_size")
FLAGS = {"allow_late_fees": True, "allow_late_notifications": True, "pref_email": True, "pref_gmail": False}
FIXED: Row = {
    "allow_email_include_pdf": False,
    "direct_link_token": None,
    "exceeds_client_limit": 0,
    "has_retainer": None,
    "last_activity": None,
    "last_login": None,
    "level": 0,
    "notified": False,
    "num_logins": 0,
    "number_format": None,
    "retainer_id": None,
    "role": "client",
    "statement_token": None,
    "subdomain": None,
}
"""What only the vendor writes."""


class Clients(Resource):
    singular, plural, id_field, scope = "client", "clients", "userid", "clients"
    sorts = {
        "organization_name": "organization",
        "fullname": "fname",
        "client_id": "id",
        **{name: name for name in ("email", "updated", "bus_phone")},
    }

    @property
    def filters(self) -> Mapping[str, Filter]:
        """A name is only found by its `_like`: the plain filters are ignored."""
        return {
            "email": filters.email("email", case_sensitive=self.switch["email_case_sensitive"]),
            "email_like": filters.like("email"),
            "fname_like": filters.like("fname"),
            "lname_like": filters.like("lname"),
            "organization_like": filters.like("organization"),
            "address_like": filters.like(*ADDRESSES),
            "note_like": filters.like("note"),
            "phone_like": filters.like("bus_phone", "mob_phone", "home_phone", "fax"),
            "user_like": filters.like(*NAMES, "username"),
            "userid": filters.number("userid"),
            "userids": filters.numbers("userid"),
            "username": filters.text("username"),
            **filters.days("updated", "updated"),
            **{
                f"has_{name}": filters.flag(lambda row, name=name: bool(balances.of_client(self.account, row, name)))  # type: ignore[misc]
                for name in ("credit", "draft", "outstanding", "overdue")
            },
        }

    def new(self, body: Body) -> Row:
        if not any(body.text(name) for name in NAMES):
            raise refusals.required("client", "email")
        row: Row = {
            **FIXED,
            **dict.fromkeys(TEXTS, ""),
            **dict.fromkeys(NULLABLE),
            **FLAGS,
            "language": "en",
            "currency_code": CURRENCY,
            "signup_date": clock.utc(clock.now()),
            "uuid": str(uuid.uuid4()),
        }
        self.change(row, body)
        if not any(row[name] for name in ("fname", "lname", "organization")):
            row["organization"] = row["email"]
        return row | {"username": self._username(row)}

    def change(self, row: Row, body: Body) -> None:
        row |= {name: body.text(name) or "" for name in TEXTS if name in body}
        row |= {name: body.text(name, short=name != "note") for name in NULLABLE if name in body}
        row |= {name: body.flag(name) for name in FLAGS if name in body}
        row |= {name: body.text(name) for name in ("language", "currency_code") if body.text(name)}

    def shown(self, row: Row, includes: Collection[str] = ()) -> Row:
        return super().shown(row) | balances.included(self.account, row, includes)

    def touch(self, row: Row) -> None:
        """A client's `updated` also moves when an invoice is made for it."""
        self.account.save(self.plural, row)

    def recipient(self, body: Body, field: str) -> Row:
        """The client whom a new document names."""
        client = self.table.get(body.id(field))
        if client is None:
            raise refusals.not_found("client", field, body.given[field])
        if client["vis_state"] == DELETED and body.switch["on_deleted"] == "refuse":
            raise refusals.deleted("client", field, client["id"])
        return client

    def _username(self, row: Row) -> str:
        """Of the name, with the first number that nobody has."""
        name = row["fname"] + row["lname"] or row["organization"] or row["email"].partition("@")[0]
        name = re.sub(r"\W", "", name.lower()) or "client"
        taken, number = name, 1
        while self.table.find("username", taken):
            number += 1
            taken = f"{name}{number}"
        return taken
