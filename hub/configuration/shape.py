"""The shape of the file. What an entry omits is left alone, so nearly everything may be missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hub.configuration.reading import ConfigurationError, Location, Reading

Name = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$", max_length=50)]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
LongName = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$", max_length=80)]


def _moment(value: Any) -> dt.datetime | dt.date | None:
    """A date, or an instant that says its zone."""
    if value is None or value == "":
        return None
    try:
        text = str(value)
        moment = dt.date.fromisoformat(text) if len(text) == len("2026-11-30") else dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{value!r} is neither a date nor an instant such as 2026-11-30T00:00:00Z") from None
    if isinstance(moment, dt.datetime) and moment.tzinfo is None:
        raise ValueError(f"{value!r} does not say its zone: add Z, or an offset such as -05:00")
    return moment


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @property
    def key(self) -> tuple[Any, ...]:
        """What no two entries of a section have in common."""
        return (getattr(self, "name", ""),)


class ConnectionEntry(_Entry):
    """`lock_date` is for books. To an earlier day, or to none, it only goes with a `lock_reason`: why closed days are
    open again."""

    name: Name
    kind: str = ""
    settings: dict[str, Any] = {}
    poll_from: Annotated[Any, BeforeValidator(_moment)] = None
    lock_date: dt.date | None = None
    lock_reason: str = Field("", max_length=300)


class FlowEntry(_Entry):
    """`source_resource` and `target_resource` are for flows without a preset."""

    name: LongName
    preset: str = ""
    source: str = ""
    source_resource: str = ""
    target: str = ""
    target_resource: str = ""
    enabled: bool = False
    policy: dict[str, Any] = {}
    steps: list[dict[str, Any]] = []


class MappingEntry(_Entry):
    name: LongName
    source: str = ""
    target: str = ""
    rules: list[Any] = []


class LookupEntry(_Entry):
    name: LongName
    description: str = Field("", max_length=300)
    rows: dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=500)]] = {}


class TaxEntry(_Entry):
    """One row of the tax table, known by everything but what it leads to."""

    name: str = Field(min_length=1, max_length=200)
    rate: Decimal | None = Field(None, ge=0, max_digits=9, decimal_places=4)
    country: Country = ""
    flow: str = ""
    to: str = Field(min_length=1, max_length=100)
    percent: Decimal | None = Field(None, ge=0, max_digits=6, decimal_places=3)

    @property
    def key(self) -> tuple[Any, ...]:
        return self.name, self.rate, self.country, self.flow


class File(_Entry):
    version: Literal[1]
    connections: list[ConnectionEntry] = []
    lookups: list[LookupEntry] = []
    mappings: list[MappingEntry] = []
    flows: list[FlowEntry] = []
    taxes: list[TaxEntry] = []


ENTRIES: dict[str, type[_Entry]] = {
    "connections": ConnectionEntry,
    "lookups": LookupEntry,
    "mappings": MappingEntry,
    "flows": FlowEntry,
    "taxes": TaxEntry,
}


def file_of(reading: Reading) -> File:
    """Raises ConfigurationError."""
    try:
        file = File.model_validate(reading.value)
    except ValidationError as error:
        problems = (_said(one["loc"], one["type"], one["msg"]) for one in error.errors(include_url=False))
        raise ConfigurationError([reading.complaint(*problem) for problem in problems]) from None
    repeated = [reading.complaint(*problem) for problem in _repeated(file)]
    if repeated:
        raise ConfigurationError(repeated)
    return file


def _said(location: Location, kind: str, message: str) -> tuple[Location, str]:
    if kind != "extra_forbidden":
        return location, message.removeprefix("Value error, ")
    allowed = File if len(location) == 1 else ENTRIES[str(location[0])]
    return location, f"this key is unknown; allowed are {', '.join(allowed.model_fields)}"


def _repeated(file: File) -> Iterator[tuple[Location, str]]:
    for section in ENTRIES:
        keys = [entry.key for entry in getattr(file, section)]
        what = "name" if section != "taxes" else "tax, with the same rate, country and flow,"
        for place, key in enumerate(keys):
            if keys.index(key) != place:
                yield (section, place), f"this {what} stands in the file twice"
