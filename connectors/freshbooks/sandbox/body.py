"""Reads the fields of a request's record, refusing them as the vendor's error table has it. Unknown keys are ignored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.freshbooks.sandbox import refusals
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.sandbox import Call


class Body:
    def __init__(self, given: Mapping[str, Any], object: str, switch: Mapping[str, Any]) -> None:
        self.given = given
        self.object = object
        self.switch = switch

    def __contains__(self, field: str) -> bool:
        return field in self.given

    def without(self, field: str) -> Body:
        return Body({name: value for name, value in self.given.items() if name != field}, self.object, self.switch)

    def require(self, *fields: str) -> None:
        for field in fields:
            if self.given.get(field) in (None, "", {}):
                raise refusals.required(self.object, field)

    def text(self, field: str, *, short: bool = True) -> str | None:
        """None where the field is absent or null."""
        value = self.given.get(field)
        if value is None:
            return None
        if isinstance(value, (dict, list)):
            raise self.refuse(refusals.MAPPING_TYPE, field, f"The field '{field}' must be a string.")
        text = str(value)
        if short and self.switch["max_length"] and len(text) > self.switch["max_length"]:
            message = f"'{field}' exceeds the maximum length of {self.switch['max_length']}."
            raise self.refuse(refusals.TOO_LONG, field, message)
        if self.switch["emoji"] == "refuse" and any(ord(character) > 0xFFFF for character in text):
            raise self.refuse(refusals.UNICODE, field, f"'{field}' contains a character out of range.")
        return text

    def id(self, field: str) -> int:
        """Ids are integers; digits in a string are tolerated. Absent and null are 0."""
        value = self.given.get(field) or 0
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
            return int(value)
        raise self._no_number(field)

    def integer(self, field: str) -> int:
        value = self.given[field]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._no_number(field)

    def decimal(self, field: str, default: str = "0") -> Decimal:
        value = self.given.get(field)
        number = _decimal(default if value in (None, "") else value)
        if number is None:
            raise self._no_number(field)
        return number

    def percent(self, field: str) -> Decimal:
        """At most three decimals."""
        number = _decimal(self.given.get(field) or "0")
        if number is None or number < 0 or number != round(number, 3):
            raise self.refuse(refusals.PERCENT, field, f"'{field}' must be a percentage as a decimal string.")
        return number

    def date(self, field: str) -> str:
        value = str(self.given[field])
        try:
            return dt.datetime.strptime(value, "%Y-%m-%d").date().isoformat()
        except ValueError:
            raise self.refuse(refusals.DATE, field, f"The field '{field}' must be a date.") from None

    def flag(self, field: str, default: bool = False) -> bool:
        value = self.given.get(field, default)
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise self.refuse(refusals.BOOLEAN, field, f"The field '{field}' must be a boolean.")

    def money(self, field: str, currency: str) -> tuple[Decimal, str]:
        """Amount and currency. A bare number is tolerated; it is in the given currency."""
        value = self.given.get(field)
        given = value if isinstance(value, dict) else {"amount": value}
        amount = _decimal(given.get("amount") if given.get("amount") not in (None, "") else "0")
        if amount is None:
            raise self._no_number(field)
        return amount, str(given.get("code") or currency)

    def money_in(self, field: str, currency: str) -> Decimal:
        """The amount, in this currency."""
        amount, code = self.money(field, currency)
        if code != currency and self.switch["mixed_currency"] == "refuse":
            raise self.refuse(refusals.INVALID, field, f"The currency of '{field}' must be {currency}.")
        return amount

    def refuse(self, errno: int, field: str, message: str, *, status: int = 422) -> Refusal:
        value = self.given.get(field)
        return Refusal(errno, message, status=status, object=self.object, field=field, value=value)

    def _no_number(self, field: str) -> Refusal:
        return self.refuse(refusals.NUMBER, field, f"The field '{field}' must be a number.")


def body_of(call: Call, object: str, switch: Mapping[str, Any]) -> Body:
    """The record under its singular name; another wrapper reads as an empty record."""
    try:
        wrapped = call.json()
    except ValueError:
        raise Refusal(refusals.PARSE, "The request body could not be parsed.", status=400) from None
    given = wrapped.get(object) if isinstance(wrapped, dict) else None
    return Body(given if isinstance(given, dict) else {}, object, switch)


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
