"""What all resources of the accounting API share: one record, one effect, one search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import ValidationError

from connectors.base import Connector, Remote, Resource
from connectors.documents import Document, Raw
from connectors.errors import OutcomeUnknown, Rejected, RetryLater
from connectors.freshbooks.client import Api
from connectors.freshbooks.money import number_of
from connectors.freshbooks.refusals import Asked
from connectors.freshbooks.search import Page, between, look
from connectors.freshbooks.texts import sayable
from connectors.http import Query

D = TypeVar("D", bound=Document)
State = Literal["active", "archived", "deleted"]

STATES: Mapping[str, State] = {"1": "deleted", "2": "archived"}


class Records(Resource[D]):
    """A subclass sets the names and writes `body`, `parse`, `remote` and `find`; `changes` where a PUT may say less
    than a POST, `teaches` where a refusal proves what these books lack."""

    path: ClassVar[str]
    plural: ClassVar[str]
    number_field: ClassVar[str] = ""
    includes: ClassVar[tuple[str, ...]] = ()
    deletable: ClassVar[bool] = True
    """Whether deleted records stay, to be listed by `vis_state`."""

    def __init__(self, connector: Connector) -> None:
        super().__init__(connector)
        self.api = Api(connector)

    # --- theirs and ours ---

    def body(self, document: D) -> Raw:
        """Ours to theirs, for a new record."""
        raise NotImplementedError

    def changes(self, document: D) -> Raw:
        """Ours to theirs, for an existing one. Never an action or a `vis_state`: FreshBooks would drop the data."""
        return self.body(document)

    def remote(self, raw: Raw) -> Remote:
        raise NotImplementedError

    def whole(self, raw: Raw) -> Remote:
        """With the content, for records that are amended."""
        return replace(self.remote(raw), document=self.parse(raw))

    def comparable(self, rows: Iterable[Raw]) -> list[Remote]:
        """Those with the content, for a person to choose from. One that lacks what ours needs is nobody's like."""
        found: list[Remote] = []
        for row in rows:
            with suppress(Rejected):
                found.append(self.whole(row))
        return found

    def teaches(self, document: D) -> Mapping[str, str]:
        """errno → the capability that it would prove absent."""
        return {}

    # --- calls ---

    def fetch(self, id: str) -> Raw:
        return self._one("GET", id, query=[("include[]", name) for name in self.includes])

    def read(self, id: str) -> Remote:
        return self.remote(self._one("GET", id))

    def create(self, document: D) -> Remote:
        asked = self.asked(teaches=self.teaches(document))
        answered = self.api.accounting("POST", self.path, asked, body={self.name: sayable(self.body(document))})
        return self.remote(self._record(answered, OutcomeUnknown))

    def update(self, id: str, document: D) -> Remote:
        return self.remote(self._one("PUT", id, body=sayable(self.changes(document)), teaches=self.teaches(document)))

    def asked(self, id: str = "", teaches: Mapping[str, str] | None = None) -> Asked:
        return Asked(self.name, id, self.number_field, teaches or {})

    def _one(
        self,
        method: str,
        id: str,
        *,
        query: Any = None,
        body: Raw | None = None,
        teaches: Mapping[str, str] | None = None,
    ) -> Raw:
        wrapped = None if body is None else {self.name: body}
        path = f"{self.path}/{number_of(id, 'id')}"
        answered = self.api.accounting(method, path, self.asked(id, teaches), query=query, body=wrapped)
        return self._record(answered, RetryLater)

    def _record(self, answered: Raw, otherwise: type[RetryLater] | type[OutcomeUnknown]) -> Raw:
        record = answered.get(self.name)
        if not isinstance(record, dict):
            raise otherwise(f"FreshBooks answered without the {self.name}", code="not_understood")
        return record

    # --- search ---

    def search(self, filters: Mapping[str, str], match: Callable[[Raw], bool], *, deleted: bool) -> list[Remote]:
        """Every record that `match` accepts, archived ones included."""
        return [self.remote(raw) for raw in self._found(self._page, filters, match, deleted=deleted)]

    def _found(
        self, fetch: Callable[[Query], Page], filters: Mapping[str, str], match: Callable[[Raw], bool], *, deleted: bool
    ) -> Iterable[Raw]:
        found = look(fetch, filters, match)
        if deleted and self.deletable:
            found |= look(fetch, {**filters, "vis_state": "1"}, match)
        return found.values()

    def first_page(self, filters: Mapping[str, str]) -> list[Raw]:
        return self._page([*((f"search[{name}]", value) for name, value in filters.items()), ("per_page", "100")]).rows

    def every(self, filters: Mapping[str, str], match: Callable[[Raw], bool]) -> Iterable[Raw]:
        """All that `match` accepts, as they are answered, deleted and archived ones included."""
        return self._found(self._page, filters, match, deleted=True)

    def _whole_page(self, query: Query) -> Page:
        return self._page([*query, *(("include[]", name) for name in self.includes)])

    def _page(self, query: Query) -> Page:
        listed = self.api.accounting("GET", self.path, self.asked(), query=query)
        rows = listed.get(self.plural)
        if not isinstance(rows, list):
            raise RetryLater(f"FreshBooks answered without {self.plural}", code="not_understood")
        return Page(rows, int(listed.get("pages") or 0), int(listed.get("total") or 0))


class Dated(Records[D]):
    """Those that can be listed by their day. A subclass sets `date_field`, and writes `more` where a listed record tells
    more than every answer does."""

    date_field: ClassVar[str] = "date"

    def list_dated(self, start: dt.date, end: dt.date) -> Iterator[Remote]:
        def match(raw: Raw) -> bool:
            date = date_of(raw.get(self.date_field))
            return date is not None and start <= date <= end

        yield from map(self._told, self._found(self._whole_page, between(start, end), match, deleted=True))

    def more(self, raw: Raw) -> Mapping[str, Any]:
        """Facts beside those that every answer tells."""
        return {}

    def _told(self, raw: Raw) -> Remote:
        remote = self.remote(raw)
        return replace(remote, facts={**remote.facts, **self.more(raw)})


def date_of(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(str(value)[:10]) if value else None


def state_of(raw: Raw) -> State:
    return STATES.get(str(raw.get("vis_state")), "active")


def understood(model: type[D], fields: Mapping[str, Any]) -> D:
    """Theirs as a document of ours. Raises Rejected, naming the field, where the record lacks what ours needs: a
    catalogue item without SKU, an invoice without lines."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = f"This {model.__name__.lower()} in FreshBooks cannot be used: {where or 'it'}: {first['msg']}"
        raise Rejected(said, code="incomplete", field=where, value=first["input"] if where else None) from error
