"""What the hub remembers of clients: this customer ↔ that client, by link first, then by e-mail."""

from __future__ import annotations

from connectors.documents import Customer, Order
from hub.engine import journal
from hub.engine.build import Built
from hub.engine.context import Run
from hub.models import Link, Posting


def linked(built: Built, run: Run) -> Posting | None:
    """A client that is known by link needs no posting and no call. The row returned is not stored."""
    source_record = _customer(built, run)
    if not source_record or built.step.do != "ensure":
        return None
    rows = Link.objects.filter(**_ends(built, run), source_record=source_record)
    for known in rows.values_list("target_record", flat=True):
        return Posting(resource=built.step.resource, remote_id=known, state=Posting.State.DONE)
    return None


def forget_client(run: Run) -> bool:
    """The books say that the client is gone. True if we had only remembered it, so that looking again may help."""
    known = run.posted.get("client", {}).get("id", "")
    links = Link.objects.filter(target=run.flow.target, target_resource="client", target_record=known)
    rows = Posting.objects.filter(target=run.flow.target, resource="client", remote_id=known).exclude(pk__in=run.fresh)
    forgotten = [posting for posting in rows if posting.state == Posting.State.DONE]
    for posting in forgotten:
        with journal.owned(posting, run):
            journal.forgotten(posting, run)
    return bool(links.delete()[0]) or bool(forgotten)


def link(built: Built, posting: Posting, run: Run) -> None:
    """Orders need no link: their postings are one."""
    source_record = _customer(built, run)
    if source_record:
        Link.objects.get_or_create(
            **_ends(built, run), source_record=source_record, defaults={"target_record": posting.remote_id}
        )


def _ends(built: Built, run: Run) -> dict[str, object]:
    return {
        "source": run.flow.source,
        "source_resource": "customer",
        "target": run.flow.target,
        "target_resource": built.step.resource,
    }


def _customer(built: Built, run: Run) -> str:
    """The source's id of the customer behind this record; guests have none."""
    if built.step.resource != "client":
        return ""
    match run.document:
        case Order():
            return run.document.customer_id
        case Customer():
            return run.document.id
    return ""
