"""Dead letters: what failed, grouped by cause, with what it is worth and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from hub.admin.words import amounts, count
from hub.books.causes import CauseGroup, groups
from hub.engine import decisions
from hub.models import SyncRecord

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin


def dead_letters(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Dead letters",
        "groups": [_shown(group) for group in groups()],
        "may_retry": request.user.has_perm("hub.retry_syncrecord"),
    }
    return TemplateResponse(request, "admin/hub/dead_letters.html", context)


@require_POST
def retry_group(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm("hub.retry_syncrecord"):
        raise PermissionDenied
    failed = SyncRecord.objects.filter(state=SyncRecord.State.FAILED, cause=request.POST.get("cause", ""))
    again = decisions.retry(failed, request.user)
    messages.success(request, f"{count(again, 'record')} will be tried again. Look here again in a moment.")
    return redirect("admin:hub_dead_letters")


def _shown(group: CauseGroup) -> dict[str, Any]:
    return {
        "group": group,
        "title": f"{count(group.count, 'record')} worth {amounts(group.values)}",
        "flows": "In " + ", ".join(group.flows),
        "sample": group.sample,
        "link": _records(group.cause),
    }


def _records(cause: str) -> str:
    query = urlencode({"state": SyncRecord.State.FAILED.value, "cause": cause})
    return f"{reverse('admin:hub_syncrecord_changelist')}?{query}"
