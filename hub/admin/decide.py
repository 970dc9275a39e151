"""Each button of a record calls one function of `hub.engine.decisions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from hub.admin.decision_forms import DECISIONS, Decision, Dressed
from hub.engine import decisions
from hub.models import SyncRecord

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin


@dataclass(frozen=True)
class Button:
    """A decision that this person may take about this record, with its form. `open` shows the form at once."""

    decision: Decision
    form: Dressed
    open: bool = False


def buttons(request: HttpRequest, record: SyncRecord, tried: Dressed | None = None) -> list[Button]:
    """`tried` is a form that came back with errors: it is shown again as it was filled in."""
    offered = (one for one in DECISIONS if record.state in one.states and request.user.has_perm(one.permission))
    return [
        Button(one, tried, open=True)
        if tried and isinstance(tried, one.form)
        else Button(one, one.form(record), _fits(one, record))
        for one in offered
    ]


@require_POST
def decide(request: HttpRequest, pk: int, what: str, model_admin: ModelAdmin) -> HttpResponse:
    decision = next((one for one in DECISIONS if one.name == what), None)
    if decision is None:
        raise Http404
    if not request.user.has_perm(decision.permission):
        raise PermissionDenied
    record = get_object_or_404(SyncRecord.objects.select_related("flow__source", "flow__target"), pk=pk)
    form = decision.form(record, request.POST)
    if not form.is_valid():
        return model_admin.change_view(request, str(pk), extra_context={"tried": form})
    messages.success(request, _take(decision.name, record, form, request.user))
    return redirect("admin:hub_syncrecord_change", pk)


def _take(name: str, record: SyncRecord, form: Any, by: Any) -> str:
    """Does it, and says what happens next."""
    match name:
        case "retry":
            decisions.retry(SyncRecord.objects.filter(pk=record.pk), by)
        case "fix":
            decisions.fix(record, form.values(), by)
            return "Changed. The record is being replayed with your values; look again in a moment."
        case "link":
            decisions.link(record, form.cleaned_data["remote_id"], by)
        case "number":
            decisions.use_number(record, form.cleaned_data["number"], by)
        case "skip":
            decisions.skip(record, form.cleaned_data["reason"], by)
            return "This record will be skipped, with your reason kept beside it."
    return "On its way. It is being tried again; look again in a moment."


def _fits(decision: Decision, record: SyncRecord) -> bool:
    """The form that the problem itself asks for stands open."""
    if decision.name == "fix":
        return bool(record.problem.get("field") or record.problem.get("fields")) and record.state != record.State.POSTED
    return decision.name == "link" and bool(record.problem.get("remote_id"))
