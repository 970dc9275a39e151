"""What the books and the flow say about every order alike, and what of this one is in the books already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.base import Capabilities
from hub.accounting.dates import Calendar
from hub.accounting.policy import Policy
from hub.accounting.rates import Booked, Quote
from hub.accounting.tax_table import TaxTable


@dataclass(frozen=True)
class Terms:
    policy: Policy = field(default_factory=Policy)
    capabilities: Capabilities = field(default_factory=Capabilities)
    calendar: Calendar = field(default_factory=Calendar)
    tax_table: TaxTable = field(default_factory=TaxTable)
    quotes: Sequence[Quote] = ()
    """What the rate table says about the order's day and those before it."""
    booked: Booked | None = None
    """The order's invoice, where the books hold it already."""
    number: str = ""
    """A number that a person chose in the place of the order's own."""
    invoiced: bool = False
    """An invoice of it is in the books, or may be."""
    credited: Mapping[str, Decimal] = field(default_factory=dict)
    """By refund: what its credit note in the books is over. No other credit notes."""
    recorded: Mapping[str, Decimal] = field(default_factory=dict)
    """The payments that the books hold, by their parts: what each is over. Credit that pays an invoice is none."""
    kept: Set[str] = frozenset()
    """Those of them that their source took back, and a person keeps."""
    decided: Set[str] = frozenset()
    """What the flow leaves to a person, and a person has decided about."""
