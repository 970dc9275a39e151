"""Expenses: a gateway's fees. Each needs a category and somebody of the staff; one is recognised by the marker at the end
of its notes, since FreshBooks makes a second one without a word (its `isduplicate` refuses nothing, seen 2026-06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from connectors.base import Remote
from connectors.documents import ZERO, Expense, Raw, marker_of
from connectors.errors import NotSearchable, Rejected, RetryLater
from connectors.freshbooks import links
from connectors.freshbooks.money import amount_of, money, number_of, text
from connectors.freshbooks.records import Dated, date_of, state_of, understood
from connectors.freshbooks.search import between, id_of

OWNER = "1"
AROUND = dt.timedelta(days=45)
"""A late arrival was dated later than its own day says."""
NO_CATEGORY = "Enter the name of one of the expense categories of this FreshBooks account in its connection."


class Expenses(Dated[Expense]):
    name = "expense"
    label = "Expense"
    document = Expense
    path = "expenses/expenses"
    plural = "expenses"

    def body(self, document: Expense) -> Raw:
        return {
            "categoryid": number_of(self._category(), "expense_category"),
            "staffid": number_of(str(self.connector.settings.get("expense_staff_id") or OWNER), "expense_staff_id"),
            "amount": money(document.amount, document.currency),
            "date": document.date.isoformat(),
            "vendor": document.vendor,
            "notes": document.note,
        }

    def parse(self, raw: Raw) -> Expense:
        fields = {
            "amount": amount_of(raw.get("amount")) or ZERO,
            "currency": text((raw.get("amount") or {}).get("code")),
            "date": date_of(raw.get("date")),
            "vendor": text(raw.get("vendor")),
            "note": text(raw.get("notes")),
        }
        return understood(Expense, fields)

    def remote(self, raw: Raw) -> Remote:
        amount, currency = amount_of(raw.get("amount")), text((raw.get("amount") or {}).get("code"))
        return Remote(
            id=id_of(raw),
            state=state_of(raw),
            total=amount,
            currency=currency,
            url=links.expenses(),
            facts={
                "amount": amount,
                "currency": currency,
                "date": date_of(raw.get("date")),
                "vendor": text(raw.get("vendor")),
                "note": text(raw.get("notes")),
            },
            raw=raw,
        )

    def more(self, raw: Raw) -> Mapping[str, Any]:
        """0: nobody's."""
        return {"client_id": text(raw.get("clientid"))}

    def find(self, document: Expense, *, deleted: bool = True) -> list[Remote]:
        """Every expense of the weeks around its day that bears its mark."""
        mark = marker_of(document.note)
        if not mark:
            raise NotSearchable("An expense without a mark in its note cannot be looked up", code="no_key")
        days = between(document.date - AROUND, document.date + AROUND)
        return self.search(days, lambda raw: marker_of(text(raw.get("notes"))) == mark, deleted=deleted)

    def _category(self) -> str:
        """Its number; where the connection names it otherwise, looked up by its name."""
        wanted = text(self.connector.settings.get("expense_category"))
        if wanted.isdecimal():
            return wanted
        listed = self.api.accounting("GET", "expenses/categories", self.asked()).get("categories")
        if not isinstance(listed, list):
            raise RetryLater("FreshBooks answered without categories", code="not_understood")
        known = {text(one.get("category")).lower(): text(one.get("categoryid") or one.get("id")) for one in listed}
        if wanted.lower() not in known:
            names = ", ".join(sorted(text(one.get("category")) for one in listed))
            raise Rejected(
                f"FreshBooks has no expense category {wanted!r}; it has {names}. {NO_CATEGORY}",
                code="no_category",
                field="expense_category",
                value=wanted,
            )
        return known[wanted.lower()]
