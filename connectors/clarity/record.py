"""One record of a site, read by its canonical names. What cannot be read is refused with the setting that mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

from connectors.clarity import fields
from connectors.clarity.dates import Style, instant
from connectors.clarity.reading import at, id_of, number, rows, text
from connectors.documents import ZERO, Raw
from connectors.errors import Rejected


@dataclass(frozen=True)
class Terms:
    """What `parse` must know of the connection, kept in the raw answer so that parsing stays pure."""

    kept: Mapping[str, Any]

    @cached_property
    def paths(self) -> fields.Paths:
        return fields.merged(self.kept.get("fields") or {})

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.kept.get("timezone") or "UTC")

    @property
    def dates(self) -> Style:
        return cast("Style", self.kept.get("dates") or "text")

    def table(self, name: str) -> Mapping[str, str]:
        return self.kept.get(name) or {}

    def text(self, name: str) -> str:
        return str(self.kept.get(name) or "")


@dataclass(frozen=True)
class Record:
    """`kind` as in `fields.GENERIC`. An absent field, null and an empty text are alike."""

    kind: str
    raw: Raw
    terms: Terms

    def get(self, name: str) -> Any:
        found = (at(self.raw, path) for path in self.paths(name))
        return next((value for value in found if value not in (None, "")), None)

    def text(self, name: str) -> str:
        return text(self.get(name))

    def id(self, name: str = "id") -> str:
        return id_of(self.get(name))

    def flag(self, name: str, default: bool) -> bool:
        value = self.get(name)
        return default if value is None else str(value).lower() in ("true", "1", "yes")

    def stated(self, name: str) -> Decimal | None:
        """An amount; None where the record says nothing of it."""
        value = self.get(name)
        try:
            return None if value is None else number(value)
        except ValueError:
            raise self.wrong(name, "an amount such as 19.90") from None

    def amount(self, name: str) -> Decimal:
        found = self.stated(name)
        return ZERO if found is None else found

    def instant(self, name: str) -> dt.datetime | None:
        value = self.get(name)
        try:
            return instant(value, self.terms.zone, self.terms.dates)
        except (ValueError, OverflowError) as error:
            why = f" ({error}; choose it under “Dates that are numbers”)" if "count" in str(error) else ""
            raise self.wrong(name, f"a date such as 2026-02-17T10:15:00Z{why}") from None

    def child(self, name: str, kind: str) -> Record:
        found = self.get(name)
        return Record(kind, found if isinstance(found, dict) else {}, self.terms)

    def children(self, name: str, kind: str) -> list[Record]:
        return [Record(kind, row, self.terms) for row in rows(self.get(name))]

    def required(self, name: str) -> str:
        found = self.id(name)
        if not found:
            raise self.missing(name)
        return found

    def when(self, *names: str) -> dt.datetime:
        """The first of these that is set."""
        found = next((moment for name in names if (moment := self.instant(name))), None)
        if found is None:
            raise self.missing(names[0])
        return found

    def total(self, name: str) -> Decimal:
        found = self.stated(name)
        if found is None:
            raise self.missing(name)
        return found

    # --- what is said of it ---

    @property
    def called(self) -> str:
        """In a sentence."""
        named = next((text(at(self.raw, path)) for path in (*self._paths_of_number(), *self.paths("id"))), "")
        return f"{self.kind} {named}".strip()

    def missing(self, name: str) -> Rejected:
        held = ", ".join(list(self.raw)[:12]) or "nothing"
        return Rejected(
            f"{self.called} has no {name}: nothing stands at {self.looked(name)}. It holds {held}. "
            f'Say under “Fields” where it stands: {{"{self.kind}.{name}": "…"}}',
            code="field_missing",
            field=f"{self.kind}.{name}",
        )

    def wrong(self, name: str, wanted: str) -> Rejected:
        value = self.get(name)
        return Rejected(
            f"{self.called} has {value!r} as {name}, read at {self.looked(name)}, where {wanted} belongs. If it stands "
            f'elsewhere, say so under “Fields”: {{"{self.kind}.{name}": "…"}}',
            code="field_unreadable",
            field=f"{self.kind}.{name}",
            value=value,
        )

    def paths(self, name: str) -> Sequence[str]:
        """Of which the first that leads to something counts."""
        return self.terms.paths[self.kind][name]

    def _paths_of_number(self) -> Sequence[str]:
        return self.terms.paths[self.kind].get("orderNumber", ())

    def looked(self, name: str) -> str:
        return " or ".join(f"“{path}”" for path in self.paths(name)) or "no path at all"
