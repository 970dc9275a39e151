"""Surcharges that modules add to a total under fields of their own, such as `cod_fee` or `payment_surcharge_amount`.

No sheet lists them. So a field is only believed to be one where its words say so, and where it closes the sum to the
cent: what is left of the total once everything that Magento documents is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.documents import ZERO, Line, Raw, Tax
from connectors.errors import Rejected
from connectors.magento.reading import amount, extension, money, rounded

FEES = frozenset(
    {"fee", "fees", "surcharge", "cod", "cashondelivery", "tip", "tips", "donation", "handling", "insurance"}
)
OTHERS = frozenset(
    {"base", "tax", "invoiced", "refunded", "canceled", "incl", "percent", "rate", "id", "shipping", "adjustment"}
)
"""Words of fields that say something else about a fee, or are Magento's own."""
PLAIN = {"cod": "cash on delivery", "cashondelivery": "cash on delivery"}
PARTS = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Fee:
    field: str
    net: Decimal
    tax: Decimal

    @property
    def name(self) -> str:
        """`cod_fee_amount` → Cash on delivery fee."""
        words = [PLAIN.get(word, word) for word in PARTS.findall(self.field) if word != "amount"]
        return " ".join(words).capitalize()


def module_fees(document: Raw, lines: Sequence[Line], whole: Decimal, currency: str) -> list[Line]:
    """The fees that explain what `lines` leave open of `whole`: all that there are, or just one of them; else none, and
    a person will see that the document does not add up."""
    left = whole - sum((line.gross for line in lines), ZERO)
    found = list(_stated(document, currency)) if left else []
    untaxed = amount(document, "tax_amount") - sum((line.tax for line in lines), ZERO)
    for chosen in (found, *([fee] for fee in found)):
        net, tax = sum((fee.net for fee in chosen), ZERO), sum((fee.tax for fee in chosen), ZERO)
        if chosen and left in (net, net + tax):
            return [_line(fee, fee.tax if left == net + tax else ZERO) for fee in chosen]
        if len(chosen) == 1 and left == net + rounded(untaxed, currency):
            return [_line(chosen[0], rounded(untaxed, currency))]
    return []


def _stated(document: Raw, currency: str) -> Iterator[Fee]:
    for field, value in {**document, **extension(document)}.items():
        words = set(PARTS.findall(field))
        if words & FEES and not words & OTHERS and isinstance(value, int | float | str | Decimal):
            net = _number(value, currency)
            if net:
                yield Fee(field, net, _tax(document, field, currency))


def _tax(document: Raw, field: str, currency: str) -> Decimal:
    stem = field.removesuffix("_amount")
    names = (f"{field}_tax", f"{field}_tax_amount", f"{stem}_tax", f"{stem}_tax_amount")
    return next((found for name in names if (found := rounded(amount(document, name), currency))), ZERO)


def _number(value: object, currency: str) -> Decimal:
    """What is no number, such as a label, is no fee."""
    try:
        return ZERO if isinstance(value, bool) else rounded(money(value), currency)
    except Rejected:
        return ZERO


def _line(fee: Fee, tax: Decimal) -> Line:
    taxes = (Tax(name="Tax", amount=tax),) if tax else ()
    return Line(id=fee.field, kind="fee", name=fee.name, unit_price=fee.net, net=fee.net, taxes=taxes)
