"""The tax table, as a page and as a file; and the taxes of a month that are not in it, with what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from hub.admin.months import month_of
from hub.admin.tables import TableAdmin
from hub.admin.unfolded import ModelAdmin, display
from hub.admin.words import amounts, percent
from hub.books.passed_taxes import Passed, passed_taxes
from hub.models import Flow, TaxRow

if TYPE_CHECKING:
    from hub.admin.unfolded import ModelAdmin as Admin


class TaxRowResource(ModelResource):  # type: ignore[misc]
    """A file with the columns name, rate, country, flow, to, percent. A row of the same scope is changed."""

    flow = Field("flow", "flow", ForeignKeyWidget(Flow, "name"))

    class Meta:
        model = TaxRow
        fields = ("name", "rate", "country", "flow", "to", "percent")
        import_id_fields = ("name", "rate", "country", "flow")
        import_order = export_order = fields
        skip_unchanged = True
        clean_model_instances = True


@dataclass(frozen=True)
class Missing:
    """One tax on the page; `add` leads to the form that puts it into the table."""

    passed: Passed
    rate: str
    orders: str
    tax: str
    net: str
    add: str


def missing(request: HttpRequest, model_admin: Admin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    month = month_of(request.GET.get("month", ""), timezone.localdate())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Taxes not in the table",
        "content_title": "Taxes not in the table",
        "tabs_of": model_admin.opts,
        "month": month,
        "missing": [_shown(one) for one in passed_taxes(month.first, month.last)],
        "may_add": model_admin.has_add_permission(request),
        "several": Flow.objects.count() > 1,
    }
    return TemplateResponse(request, "admin/hub/taxes_missing.html", context)


def _shown(passed: Passed) -> Missing:
    rate = f"{passed.rate.normalize():f}" if passed.rate is not None else ""
    known = {"name": passed.name, "rate": rate, "country": passed.country, "to": passed.name}
    return Missing(
        passed=passed,
        rate=percent(passed.rate).removeprefix(" at ") or "not told",
        orders=f"{passed.orders:,}",
        tax=amounts(passed.tax),
        net=amounts(passed.net),
        add=f"{reverse('admin:hub_taxrow_add')}?{urlencode(known)}",
    )


@admin.register(TaxRow)
class TaxRowAdmin(ModelAdmin, TableAdmin):
    resource_classes = (TaxRowResource,)
    list_display = ("name", "at_rate", "in_country", "for_flow", "to", "as_percent")
    list_display_links = ("name",)
    list_select_related = ("flow",)
    list_filter = ("flow", "country")
    list_per_page = 50
    search_fields = ("name", "to", "country")
    search_help_text = "A name in the store or in the books, or a country"
    fields = ("name", "to", "percent", "rate", "country", "flow")
    custom_urls = (("missing/", "hub_taxrow_missing", missing),)

    @display(description="at the rate", ordering="rate")
    def at_rate(self, row: TaxRow) -> str:
        return percent(row.rate).removeprefix(" at ") or "any"

    @display(description="in the country", ordering="country")
    def in_country(self, row: TaxRow) -> str:
        return row.country or "any"

    @display(description="for the flow", ordering="flow__name")
    def for_flow(self, row: TaxRow) -> str:
        return row.flow.name if row.flow else "any"

    @display(description="percent in the books", ordering="percent")
    def as_percent(self, row: TaxRow) -> str:
        return percent(row.percent).removeprefix(" at ") or "as charged"
