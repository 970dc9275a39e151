"""What all accounting resources do alike: pages, reading by id, creating, and an update that runs one phase only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from connectors.freshbooks.sandbox import filters, listing, refusals
from connectors.freshbooks.sandbox.account import ACCOUNT_ID, Account
from connectors.freshbooks.sandbox.body import Body, body_of
from connectors.freshbooks.sandbox.envelopes import result
from connectors.freshbooks.sandbox.filters import Filter
from connectors.freshbooks.sandbox.tables import Row, Table
from connectors.sandbox import Call, Reply

ACTIVE, DELETED, ARCHIVED = 0, 1, 2
HIDDEN = filters.number("vis_state")


class Resource:
    """A subclass names itself and writes `new` (a row from a request), `change` (data into a row) and, where it has
    them, `act` (an action), `shown` (a row as the wire shows it) and `settled` (what else a change moves)."""

    singular: ClassVar[str]
    plural: ClassVar[str]
    id_field: ClassVar[str]
    scope: ClassVar[str]
    actions: ClassVar[Collection[str]] = ()
    sorts: ClassVar[Mapping[str, str]] = {"updated": "updated"}
    """The name of a sort → its field."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.switch = account.switch

    @property
    def table(self) -> Table:
        return self.account.tables[self.plural]

    # --- what a vendor's resource says for itself ---

    @property
    def filters(self) -> Mapping[str, Filter]:
        return {}

    def new(self, body: Body) -> Row:
        raise NotImplementedError

    def change(self, row: Row, body: Body) -> None:
        raise NotImplementedError

    def act(self, row: Row, body: Body) -> None:
        """Only called where `actions` names some."""

    def shown(self, row: Row, includes: Collection[str] = ()) -> Row:
        return {name: value for name, value in row.items() if not name.startswith("_")}

    def settled(self, row: Row) -> None:
        """After a row was saved."""

    def admit(self) -> None:
        """Raise a Refusal where the account may not use this at all."""

    # --- what can be called ---

    def browse(self, call: Call) -> Reply:
        self.admit()
        rows = listing.ordered(call, [*self._matching(call)], self.sorts)
        includes = _includes(call)
        return listing.page(call, self.plural, rows, lambda row: self.shown(row, includes))

    def show(self, call: Call) -> Reply:
        self.admit()
        return self.answer(self.existing(call.params["id"]), call)

    def create(self, call: Call) -> Reply:
        self.admit()
        return self.answer(self.created(body_of(call, self.singular, self.switch)), call)

    def update(self, call: Call) -> Reply:
        self.admit()
        row = self.existing(call.params["id"])
        return self.answer(self.updated(row, body_of(call, self.singular, self.switch)), call)

    def delete(self, call: Call) -> Reply:
        """For the few kinds that are really taken away."""
        row = self.existing(call.params["id"])
        self.table.remove(row)
        self.account.announce(self.singular, "delete", row["id"])
        return result({})

    # --- the same without HTTP ---

    def created(self, body: Body) -> Row:
        row = {"vis_state": ACTIVE, "accounting_systemid": ACCOUNT_ID} | self.new(body)
        row["id"] = row[self.id_field] = self.table.next_id()
        return self._saved(row, "create")

    def updated(self, row: Row, body: Body) -> Row:
        """A copy is changed, so that a refusal leaves nothing half done. Only the first phase that is present runs;
        the rest of the body is silently dropped."""
        row = dict(row)
        if "ext_vis_state" in body:
            return self._saved(row, "update")
        if "vis_state" in body:
            return self._saved(row, self._hide(row, body))
        if row["vis_state"] == DELETED and self.switch["on_deleted"] == "refuse":
            raise refusals.deleted(self.singular, self.id_field, row["id"])
        if any(action in body for action in self.actions):
            self.act(row, body)
        else:
            self.change(row, body)
        return self._saved(row, "update")

    def existing(self, id: str) -> Row:
        row = self.table.get(int(id)) if id.isdecimal() else None
        if row is None:
            raise refusals.not_found(self.singular, self.id_field, id)
        return row

    def answer(self, row: Row, call: Call) -> Reply:
        return result({self.singular: self.shown(row, _includes(call))})

    def everything(self) -> list[Row]:
        """For oracles: nothing left out."""
        return [self.shown(row, ("lines",)) for row in self.table]

    def _saved(self, row: Row, verb: str) -> Row:
        self.account.save(self.plural, row)
        self.account.announce(self.singular, verb, row["id"])
        self.settled(row)
        return row

    def _hide(self, row: Row, body: Body) -> str:
        state = body.integer("vis_state")
        if state not in (ACTIVE, DELETED, ARCHIVED):
            raise body.refuse(refusals.INVALID, "vis_state", "'vis_state' must be 0, 1 or 2.")
        row["vis_state"] = state
        return "delete" if state == DELETED else "update"

    def _matching(self, call: Call) -> Iterator[Row]:
        """Newest first. Deleted rows are hidden unless asked for; archived ones are not."""
        known = {**self.filters, "vis_state": HIDDEN}
        wanted = filters.parsed(call, known, self.switch["ignored_filters"])
        everyone = any(one is HIDDEN for one, _ in wanted)
        for row in self._candidates(wanted):
            if (everyone or row["vis_state"] != DELETED) and all(one.matches(row, values) for one, values in wanted):
                yield row

    def _candidates(self, wanted: list[tuple[Filter, list[Any]]]) -> Iterator[Row]:
        """By an index where a filter has one; a list never walks the whole table without need."""
        for one, values in wanted:
            if self.table.indexes(one.index):
                return reversed(self.table.find(one.index, one.filed_under(values[-1])))
        return self.table.newest()


def _includes(call: Call) -> frozenset[str]:
    return frozenset(value for key, value in call.query if key in ("include[]", "include"))
