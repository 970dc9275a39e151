"""The whole contract between the hub and an outside system.

A connector is one folder under `connectors/`; its `__init__.py` names the class `connector`. A connector is built from
its settings, a vault and a budget. It touches no database and catches no exception that `http.py` has already named.
What a vendor does not offer is simply not overridden: `offers()` tells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from django import forms

from connectors.documents import Document, Raw
from connectors.errors import ConnectorError
from connectors.http import Budget, Http

D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Webhook:
    """An inbound request as it arrived: raw body, headers with lower-case names, query parameters. The header
    `remote-addr` is the sender's address as our door saw it, whatever the sender says."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    received_at: dt.datetime | None = None


@dataclass(frozen=True)
class Notice:
    """ "This record changed." A hint: the record is always read again.

    `id` is the record's own id. Where the sender names the record otherwise, `id` is empty and `lookup` says
    "field=value"; the hub asks `Resource.resolve` for the id before any work. `delivery_id` is the vendor's, if any.
    """

    resource: str
    id: str = ""
    lookup: str = ""
    delivery_id: str = ""
    changed_at: dt.datetime | None = None


@dataclass(frozen=True)
class Remote:
    """A record as the other side holds it. `document` is its content in our words, as far as the answer tells it:
    lines may be missing. `total` and `outstanding` are what the other side computed."""

    id: str
    number: str = ""
    state: Literal["active", "archived", "deleted"] = "active"
    status: str = ""
    total: Any = None
    outstanding: Any = None
    currency: str = ""
    url: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    raw: Raw = field(default_factory=dict)
    changed_at: dt.datetime | None = None
    document: Document | None = None
    """The whole content in our words: where `read` was asked for a record that can be amended."""


@dataclass(frozen=True)
class Visited:
    """What a vendor's own visit to `/connect/<connection>/<visit>/` came to: a sentence for whoever sees the page, and
    whether the connection has a login again."""

    sentence: str
    logged_in: bool = False


@dataclass(frozen=True)
class Capabilities:
    """What these books can do. None = not known yet: try, and learn from the refusal (`Rejected.teaches`)."""

    negative_lines: bool | None = None
    items: bool | None = None
    inventory: bool = True
    """Whether items keep a count."""
    taxes_per_line: int = 2
    tax_decimals: int = 3
    compound_taxes: bool = False
    """Whether a line's second tax may be charged on the first, too (`LineTax.compound`)."""
    credit_notes: bool = True
    expenses: bool = False
    apply_credits: bool = False
    """Whether a payment may be taken from a credit note (`BooksPayment.credit_id`)."""
    payment_types: tuple[str, ...] = ("Other",)


class Vault(Protocol):
    """A connection's secrets. `put` is committed when it returns: rotated tokens are saved before they are used."""

    def get(self, name: str) -> str: ...

    def put(self, **secrets: str) -> None: ...

    def lease(self) -> AbstractContextManager[bool]:
        """Exclusive right to refresh the tokens. Yields True to the holder; the others wait, then get False and
        read the vault again."""
        ...


class SecretField(forms.CharField):
    """Encrypted at rest, never shown again: an empty submission keeps what is stored."""

    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})


class Resource(Generic[D]):
    """One kind of thing in an outside system. Subclasses set `document` and override what the vendor offers."""

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    document: ClassVar[type[Document]]
    """What `parse` returns (a source's resource) or `create` takes (the books')."""
    change: ClassVar[type[Document] | None] = None
    """What `update` takes, where it is not `document`."""
    number_lookup: ClassVar[str] = ""
    """The field under which `resolve` knows a record's own number, such as "number" for "number=1001". Gaps in a series
    of numbers are asked after by it; empty: records have no number, or cannot be asked for by it."""

    pieces: ClassVar[Mapping[str, str]] = {}
    """What `assemble` takes: name → label, that of the record itself first."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector

    @classmethod
    def offers(cls, member: str) -> bool:
        return getattr(cls, member) is not getattr(Resource, member)

    def fetch(self, id: str) -> Raw:
        """The record, with everything that `parse` needs, as the vendor answers it. Raises Gone."""
        raise NotImplementedError

    def parse(self, raw: Raw) -> D:
        """Theirs to ours. Pure: no call, no clock, no settings beyond the raw answer."""
        raise NotImplementedError

    def assemble(self, pieces: Mapping[str, Any]) -> Raw:
        """What `fetch` would have brought, of records that came otherwise, such as pasted by a person. Makes no call;
        pieces may be left out, but for the record itself."""
        raise NotImplementedError

    def resolve(self, lookup: str) -> str:
        """The id of the record that a notice named as "field=value". Raises Gone."""
        raise NotImplementedError

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        """Every record changed since the cursor, by change time, each with the cursor to store after it.

        The cursor is JSON, in the source's own clock. The first one is `{"since": "<ISO instant>"}`. Safe against
        same-second ties, page drift and clock skew; may repeat a record, never leaves one out.
        """
        raise NotImplementedError

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        """Ids of the records whose business date may fall in [start, end]: for backfill and the completeness sweep."""
        raise NotImplementedError

    def find(self, document: D, *, deleted: bool = True) -> list[Remote]:
        """Every record that could be this document: the same natural key (client: e-mail; item: SKU; invoice and
        credit note: number; payment: every payment of the invoice; expense: the mark of its note), compared by us, archived ones included, deleted
        ones too unless `deleted` is False. Raises NotSearchable where absence cannot be proven."""
        raise NotImplementedError

    def list_dated(self, start: dt.date, end: dt.date) -> Iterator[Remote]:
        """Every record of these books dated in [start, end], each once, archived and deleted ones included: `state`
        tells. Compared by us: a row of another date proves that the filter was ignored. Beyond what `find` tells, the
        facts hold, where the answer has it, `tax` (what the books add to the net), `client` (a name, for people) and
        `client_id`. Raises NotSearchable where completeness cannot be proven."""
        raise NotImplementedError

    def read(self, id: str) -> Remote:
        """One record as the other side holds it now. Raises Gone."""
        raise NotImplementedError

    def create(self, document: D) -> Remote:
        """One effect. An invoice or credit note is made as a draft."""
        raise NotImplementedError

    def update(self, id: str, document: Any) -> Remote:
        """One effect, safe to repeat. Lines are replaced whole. Takes `change` where set, else `document`."""
        raise NotImplementedError

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        """Set just these fields, named and typed as in `document`, an empty one to nothing, and leave everything else as
        it is. Of an address, street, town, postcode and country are taken whole; its name, company and phone only where
        they are given. One effect, safe to repeat. `read` then tells the record's whole content, deleted ones included."""
        raise NotImplementedError

    def as_kept(self, document: D) -> D:
        """The same as it will stand there: without what this system has no room for. What `amend` is given is made of it,
        and what `read` tells of it afterwards is equal. Pure."""
        return document

    def similar(self, document: D) -> list[Remote]:
        """Active records that may be this one under another natural key, for a person to choose from: some of the
        likeliest, each with its `document`. A courtesy: it proves nothing."""
        raise NotImplementedError

    def finish(self, id: str) -> Remote:
        """Make a draft final without e-mailing anybody (mark an invoice as sent). Safe to repeat."""
        raise NotImplementedError

    def void(self, id: str) -> Remote:
        """Take back a draft, so that it counts for nothing; its number is not used again. Safe to repeat."""
        raise NotImplementedError


class Connector:
    """One configured account of an outside system. Subclasses set the class attributes and override what they offer."""

    kind: ClassVar[str] = ""
    """The folder's name; set by the registry."""
    label: ClassVar[str]
    role: ClassVar[Literal["store", "crm", "books"]]
    settings_form: ClassVar[type[forms.Form]]
    """Where it is long, it may name `sections`: (title, names of fields) for all that most people leave as it is."""
    resources: ClassVar[Mapping[str, type[Resource[Any]]]]
    webhooks_need_https: ClassVar[bool] = False
    """The vendor sends its webhooks to https addresses only: it is asked for none to another."""
    visits: ClassVar[tuple[str, ...]] = ()
    """Pages under `/connect/<connection>/` to which the vendor itself sends somebody, such as an app's installation."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        vault: Vault,
        budget: Budget,
        *,
        learned: Mapping[str, Any] | None = None,
        now: Callable[[], dt.datetime] | None = None,
    ) -> None:
        self.settings = settings
        self.vault = vault
        self.budget = budget
        self.learned = dict(learned or {})
        self.now = now or (lambda: dt.datetime.now(dt.UTC))

    def resource(self, name: str) -> Resource[Any]:
        try:
            return self.resources[name](self)
        except KeyError:
            offered = ", ".join(sorted(self.resources))
            raise ConnectorError(
                f"{self.label} has no resource named {name!r}; it has {offered}", code="no_such_resource"
            ) from None

    def http(self, base_url: str) -> Http:
        return Http(base_url, budget=self.budget)

    def check(self) -> str:
        """One harmless call; returns a sentence that names the account, or raises. Behind "Test connection"."""
        raise NotImplementedError

    def verify(self, webhook: Webhook) -> None:
        """Raise BadSignature unless the request is genuine. No call is made."""
        raise NotImplementedError

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        """Which records the request is about; none = not our business. It was verified before; by now its signatures
        and secrets are masked."""
        return ()

    def subscriptions(self, wanted: Collection[str], url: str) -> None:
        """See to it that the vendor tells `url`, and tells it of these resources and of no other: its webhooks are created,
        switched on again, and deleted. Nothing wanted: all that go to `url` are deleted. Safe to repeat; where nothing is
        amiss it costs one call."""
        raise NotImplementedError

    def shake_hands(self, webhook: Webhook) -> bool:
        """Where the request is the vendor's handshake for a webhook that we have registered: confirm it by a call, and keep
        its secret once the vendor has agreed. False where it is none. Raises Rejected where it is not genuine."""
        raise NotImplementedError

    def capabilities(self) -> Capabilities:
        return Capabilities()

    def logs_in_by_person(self) -> bool:
        """Whether this account has a consent screen; some vendors leave that to its settings."""
        return self.offers("authorize_url")

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where a person logs in, for vendors with a consent screen."""
        raise NotImplementedError

    def exchange(self, code: str, redirect_uri: str) -> None:
        """Turn the consent's code into tokens and put them into the vault."""
        raise NotImplementedError

    def visited(self, visit: str, query: Mapping[str, str], uri: str) -> Visited:
        """Somebody came to one of `visits`, at the address `uri`. Nobody is logged in there: raises BadSignature unless
        what they bring proves itself, by a signature or by a code that the vendor takes."""
        raise NotImplementedError

    def token_expires_at(self) -> dt.datetime | None:
        """When the access token ends, where it does; for the health page."""
        return None

    @classmethod
    def offers(cls, member: str) -> bool:
        return getattr(cls, member) is not getattr(Connector, member)
