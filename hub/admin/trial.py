""" "Try on a record": what a connection's settings make of records that a person pastes. No call is made, nothing is
kept, and nothing is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from connectors.base import Connector, Resource
from connectors.documents import Document, Order
from connectors.errors import ConnectorError
from connectors.models import Connection
from connectors.vault import connect
from hub.admin.sheets import Sheet, sheet
from hub.admin.trial_form import TrialForm
from hub.admin.words import heading, money
from hub.engine.preview import Preview, preview
from hub.models import Flow

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin


@dataclass(frozen=True)
class Trial:
    """`problems` keep the record from being read, or from being booked; `proof` says what its sums come to. `made` is
    what a flow of this connection would post into the books."""

    source: Sheet | None = None
    proof: str = ""
    problems: list[str] = field(default_factory=list)
    remedy: str = ""
    flow: Flow | None = None
    made: list[Sheet] = field(default_factory=list)
    """The main document first."""


def offered(connector: Connector | type[Connector]) -> dict[str, str]:
    """The resources that can be tried: name → label."""
    return {name: resource.label for name, resource in connector.resources.items() if resource.pieces}


def try_record(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=pk)
    if not model_admin.has_view_permission(request, connection):
        raise PermissionDenied
    choices = offered(connection.connector_class)
    name = request.GET.get("resource") or next(iter(choices), "")
    if name not in choices:
        raise Http404
    form = TrialForm(connection.connector_class.resources[name], request.POST or None)
    tried = trial(connection, name, form.cleaned_data) if request.method == "POST" and form.is_valid() else None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Try {connection} on a record",
        "connection": connection,
        "choices": choices,
        "chosen": name,
        "form": form,
        "trial": tried,
    }
    return TemplateResponse(request, "admin/hub/trial.html", context, status=400 if form.errors else 200)


def trial(connection: Connection, name: str, pieces: Mapping[str, Any]) -> Trial:
    resource = connect(connection).resource(name)
    try:
        raw = resource.assemble(pieces)
        document = resource.parse(raw)
    except ConnectorError as error:
        return Trial(problems=[str(error)])
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:  # theirs, and may be odd
        return Trial(problems=[f"This cannot be read as {resource.label.lower()}: {type(error).__name__} {error}"])
    flow = connection.flows_out.filter(source_resource=name).select_related("source", "target", "version").first()
    return _shown(resource, document, flow, preview(flow, raw) if flow else Preview())


def _shown(resource: Resource[Any], document: Document, flow: Flow | None, made: Preview) -> Trial:
    doubt = document.doubt if isinstance(document, Order) else None
    told = [doubt.message] if doubt else []
    main = flow.target_resource if flow else ""
    built = sorted((one for one in made.built if one.resource != resource.name), key=lambda one: one.resource != main)
    return Trial(
        source=sheet(resource.label, document.model_dump(mode="json")),
        proof=_proof(document),
        problems=list(dict.fromkeys([*told, *made.problems])),
        remedy=doubt.remedy if doubt else str(made.outcome.problem.get("remedy") or ""),
        flow=flow,
        made=[sheet(heading(one.resource), one.document) for one in built],
    )


def _proof(document: Document) -> str:
    if not isinstance(document, Order) or document.residual:
        return ""
    total = money(document.total, document.currency)
    lines = "Its one line comes" if len(document.lines) == 1 else f"Its {len(document.lines)} lines come"
    return f"{lines} to {total} with their taxes: exactly the order's total."
