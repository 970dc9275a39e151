"""Each button of a record calls one function of `hub.engine.decisions`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from hub.admin.decision_buttons import DECISIONS, Decision, said_for
from hub.admin.decision_fit import BY_REASON, fitting, wanted_paths
from hub.admin.decision_forms import Dressed
from hub.admin.kept import is_kept
from hub.admin.words import count
from hub.engine import decisions
from hub.models import Posting, SyncRecord

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin


@dataclass(frozen=True)
class Button:
    """A decision that this person may take about this record, with its form. `asked` is what the problem asks for:
    its form stands open. The likeliest of those is the `main` one."""

    decision: Decision
    form: Dressed
    asked: bool = False
    main: bool = False


def buttons(request: HttpRequest, record: SyncRecord, tried: Dressed | None = None) -> list[Button]:
    """Those that the problem asks for first. `tried` is a form that came back with errors: it is shown again as it was
    filled in."""
    fit = fitting(record)
    offered = (one for one in DECISIONS if one.name in fit and request.user.has_perm(one.permission))
    made = sorted((_button(one, record, tried) for one in offered), key=lambda button: not button.asked)
    return [replace(made[0], main=made[0].asked), *made[1:]] if made else []


def _button(decision: Decision, record: SyncRecord, tried: Dressed | None) -> Button:
    said = said_for(decision, is_kept(record))
    if tried and tried.prefix == decision.name:
        return Button(said, tried, asked=True)
    return Button(said, decision.form(record, prefix=decision.name), _asked_for(decision, record))


@require_POST
def decide(request: HttpRequest, pk: int, what: str, model_admin: ModelAdmin) -> HttpResponse:
    decision = next((one for one in DECISIONS if one.name == what), None)
    if decision is None:
        raise Http404
    if not request.user.has_perm(decision.permission):
        raise PermissionDenied
    record = get_object_or_404(SyncRecord.objects.select_related("flow__source", "flow__target"), pk=pk)
    form = decision.form(record, request.POST, prefix=decision.name)
    if not form.is_valid():
        return model_admin.change_view(request, str(pk), extra_context={"tried": form})
    try:
        messages.success(request, _take(decision.name, record, form, request.user))
    except decisions.Undecidable as error:
        messages.error(request, f"{error}.")
    return redirect("admin:hub_syncrecord_change", pk)


def _take(name: str, record: SyncRecord, form: Any, by: Any) -> str:
    """Does it, and says what happens next."""
    match name:
        case "retry":
            decisions.retry(SyncRecord.objects.filter(pk=record.pk), by)
        case "fix":
            decisions.fix(record, form.values(), by)
            return "Changed. The record is being replayed with your values; look again in a moment."
        case "tax":
            return _with_others(decisions.name_taxes(record, form.rows(), by), "It is in the tax table now.")
        case "rate":
            return _with_others(decisions.add_rate(record, form.rate(), by), "The rate is in the table now.")
        case "link":
            decisions.link(record, form.cleaned_data["remote_id"], by)
        case "number":
            decisions.use_number(record, form.cleaned_data["number"], by)
        case "create":
            decisions.create_anyway(record, by)
        case "post_again":
            decisions.post_again(record, _gone(record), by)
        case "leave_out":
            decisions.leave_out(record, form.cleaned_data["reason"], by)
            return "It will be left out, with your reason kept. The rest of the record is on its way."
        case "adjust" | "reinvoice":
            decisions.follow_edit(record, name, form.cleaned_data["digest"], by)
        case "accept":
            decisions.accept_edit(record, form.cleaned_data["reason"], by)
        case "keep":
            decisions.keep(record, form.cleaned_data["reason"], by)
            return "It stays in the books, with your reason kept. The rest of the record is on its way."
        case "let_pass":
            decisions.let_pass(record, by)
        case "unskip":
            decisions.unskip(record, by)
        case "skip":
            decisions.skip(record, form.cleaned_data["reason"], by)
            return "This record will be skipped, with your reason kept beside it."
    return "On its way. It is being tried again; look again in a moment."


def _gone(record: SyncRecord) -> Posting:
    """What somebody deleted in the books, by what the record is held for."""
    resource, _, part = str(record.problem.get("gone", "")).partition("/")
    return get_object_or_404(record.postings, resource=resource, part=part)


def _with_others(number: int, done: str) -> str:
    others = f" and {count(number, 'other')} that waited for it" if number else ""
    return f"{done} This record{others} will be tried again; look again in a moment."


def _asked_for(decision: Decision, record: SyncRecord) -> bool:
    """The form that the problem itself asks for stands open."""
    if decision.name == "fix":
        return bool(wanted_paths(record.problem))
    return decision.name == "let_pass" or decision.name in BY_REASON.get(record.reason, ())
