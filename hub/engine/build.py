"""From what is wanted to the document that will be sent: condition, mapping, validation, proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.base import Resource
from connectors.documents import BooksPayment, Client, CreditNote, CustomerUpdate, Document, Invoice, Item
from hub.accounting.proof import prove_built, prove_payment, prove_wanted
from hub.accounting.refunds import require_explained
from hub.accounting.wanted import Wanted, WantedCredit, WantedInvoice, WantedPayment
from hub.engine.context import Run
from hub.engine.keys import natural_key
from hub.engine.steps import Step
from mappings.engine.build import build as build_content
from mappings.engine.formulas import evaluate
from mappings.engine.validate import validate


@dataclass(frozen=True)
class Element:
    """What a step works on: accounting's document for it (None where a mapping stands alone); its key, for people;
    which part of the record it is; and which edit it came of."""

    key: str
    wanted: Any = None
    name: str = ""
    part: str = ""
    edit: int = 0


@dataclass(frozen=True)
class Built:
    step: Step
    key: str
    document: Document
    natural_key: str
    part: str
    edit: int = 0
    wanted: Any = None
    """Accounting's document for it; None where a mapping stands alone."""

    @property
    def business_date(self) -> dt.date | None:
        """The source's own, of what carries money."""
        return getattr(self.wanted, "business_date", None) or getattr(self.document, "date", None)

    def told(self) -> dict[str, Any]:
        return {
            "step": self.step.name,
            "resource": self.step.resource,
            "key": self.key,
            "document": self.document.model_dump(mode="json"),
        }


def condition(step: Step, run: Run) -> bool:
    return not step.when or bool(evaluate(step.when, scope(Element(""), run), run.lookups))


def elements(step: Step, run: Run) -> Iterator[Element]:
    """One, or one for each payment, credit note or item that the order wants; and one for each invoice, of which an
    order has several once it was edited."""
    wanted = run.wanted
    if step.each:
        singular = step.each.removesuffix("s")
        for one in _many(step.each, wanted) if wanted else ():
            yield Element(one.key, one, singular, getattr(one, "part", ""), getattr(one, "edit", 0))
    elif wanted is None or step.on == "source":
        yield Element("", wanted.invoice if wanted else None)
    elif step.resource == "invoice":
        for invoice in (*wanted.others, wanted.invoice):
            yield Element(invoice.number if invoice.part else "", invoice, part=invoice.part, edit=invoice.edit)
    else:
        yield Element("", wanted.client if step.resource == "client" else None)


def _many(each: str, wanted: Wanted) -> tuple[Any, ...]:
    return {
        "payments": wanted.payments,
        "refunds": (*wanted.corrections, *wanted.credits),
        "items": wanted.items,
        "applications": wanted.applications,
    }.get(each, ())


def build(step: Step, element: Element, run: Run) -> Built:
    """Raises MappingError, Held."""
    if isinstance(element.wanted, WantedCredit):
        require_explained(element.wanted, f"{step.resource}/{element.part}")
    if isinstance(element.wanted, WantedInvoice | WantedCredit):
        prove_wanted(element.wanted)
    content = build_content(step.rules, scope(element, run), run.lookups)
    document = as_kept(validate(document_class(step, run), content), step, run)
    if isinstance(document, Invoice | CreditNote) and isinstance(element.wanted, WantedInvoice | WantedCredit):
        prove_built(document, element.wanted)
    if isinstance(document, BooksPayment) and isinstance(element.wanted, WantedPayment):
        prove_payment(document, element.wanted)
    return Built(step, element.key, document, _key(step, element, document), element.part, element.edit, element.wanted)


def as_kept(document: Document, step: Step, run: Run) -> Document:
    """As it will stand there: people and the catalogue are compared with what does, and a count goes along only where
    the books keep one."""
    if step.on == "source" or not isinstance(document, Client | Item | CustomerUpdate):
        return document
    if isinstance(document, Item) and document.inventory is not None and not run.target.capabilities().inventory:
        document = document.model_copy(update={"inventory": None})
    kept: Document = run.target.resource(step.resource).as_kept(document)
    return kept


def _key(step: Step, element: Element, document: Document) -> str:
    """A document with a number is known by it; others by what accounting says, or by their own content."""
    if step.on == "source":
        return ""
    if isinstance(document, Invoice | CreditNote) or element.wanted is None:
        return natural_key(document)
    return str(element.wanted.key)


def document_class(step: Step, run: Run) -> type[Document]:
    connector = run.target if step.on == "target" else run.source
    return changed_class(step, connector.resource(step.resource))


def changed_class(step: Step, resource: Resource[Any] | type[Resource[Any]]) -> type[Document]:
    """What only changes takes what `update` takes; what makes, too, takes the whole document."""
    changes = step.on == "source" or step.do == "update"
    return (changes and resource.change) or resource.document


def scope(element: Element, run: Run) -> dict[str, Any]:
    """What rules and formulas see. Design: mappings."""
    wanted = element.wanted.model_dump() if element.wanted is not None else {}
    of = "part" if isinstance(element.wanted, WantedInvoice) else "of"
    posted = run.posted_for(*(getattr(element.wanted, name, "") for name in (of, "credit", "client_id")))
    return {**run.seen, "posted": posted, "wanted": wanted, **({element.name: wanted} if element.name else {})}
