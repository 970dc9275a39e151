"""A payout file that was read wrongly: what would go with it, and the button that takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from hub.admin.payout_permission import require_permission
from hub.admin.unfolded import ModelAdmin
from hub.admin.words import count
from hub.books.payouts import fees
from hub.books.payouts.taking_back import CannotTakeBack, consequences, take_back
from hub.models import Deposit, PayoutFile


def taking_back(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    require_permission(request)
    file = get_object_or_404(PayoutFile.objects.select_related("books"), pk=pk)
    if request.method != "POST":
        return _confirmation(request, file, model_admin)
    if "look" in request.POST:
        return _look(request, file)
    try:
        take_back(file, request.user, request.POST.get("reason", ""))
    except CannotTakeBack as error:
        messages.error(request, str(error))
        return redirect("admin:hub_payoutfile_take_back", pk)
    messages.success(request, "Taken back. Upload the file again, and say how it is to be read.")
    return redirect("admin:hub_payoutfile_change", pk)


def _look(request: HttpRequest, file: PayoutFile) -> HttpResponse:
    """For expenses that somebody has deleted in the books."""
    posted = [one for one in consequences(file).posted if one.fees_state == Deposit.Fees.POSTED]
    asked = sum(fees.ask(one) for one in posted)
    messages.info(
        request, f"The hub looks for {count(asked, 'expense')} in the books. Load this page again in a moment."
    )
    return redirect("admin:hub_payoutfile_take_back", file.pk)


def _confirmation(request: HttpRequest, file: PayoutFile, model_admin: ModelAdmin) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Take back {file.name}",
        "file": file,
        "would": consequences(file),
    }
    return TemplateResponse(request, "admin/hub/payout_take_back.html", context)
