"""Reports: looked at here, or downloaded as files; and the month-end pack."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import IO, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from hub.admin.report_forms import PackForm, ScopeForm, dates, last_month, this_month
from hub.admin.words import count, day, figure, moment
from hub.books.reports import csv_file, pack, xlsx_file
from hub.books.reports.catalogue import REPORTS, find
from hub.books.reports.columns import CURRENCY, NUMBERS, Cell, Kind, Row
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope

MAY = "hub.export_reports"
SHOWN = 100
"""Rows that are looked at in the browser; the files hold all of them."""
ENDINGS = ("csv", "xlsx")
LONG = 40
"""Characters from which on a text is broken into lines."""
View = Callable[..., HttpResponseBase]


def _for_those_who_may(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return require_GET(admin.site.admin_view(guarded))


@_for_those_who_may
def reports(request: HttpRequest) -> HttpResponseBase:
    asked = {name: request.GET[name] for name in ScopeForm.base_fields if name in request.GET}
    return _page(request, ScopeForm(initial={**dates(this_month()), **asked}))


@_for_those_who_may
def look(request: HttpRequest, slug: str) -> HttpResponseBase:
    report, form = _report(slug), ScopeForm(request.GET)
    scope = form.scope()
    if scope is None:
        return _page(request, form)
    rows = list(itertools.islice(report.rows(scope), SHOWN + 1))
    context = {
        **admin.site.each_context(request),
        "title": report.title,
        "report": report,
        "about": _about(scope),
        "heads": [(column.heading, column.description, column.kind in NUMBERS) for column in report.columns],
        "rows": [_said(report, row) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "shown": count(SHOWN, "row"),
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "admin/hub/report.html", context)


@_for_those_who_may
def download(request: HttpRequest, slug: str, ending: str) -> HttpResponseBase:
    """CSV goes out as it is read; a workbook can only be sent when it is whole."""
    report, form = _report(slug), ScopeForm(request.GET)
    if ending not in ENDINGS:
        raise Http404(f"There is no file of the kind {ending}")
    scope = form.scope()
    if scope is None:
        return _page(request, form)
    name = report.file_name(scope, ending)
    if ending == "csv":
        blocks = csv_file.written(report.columns, report.rows(scope))
        named = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8", headers=named)
    return _whole(name, lambda file: xlsx_file.write(report.title, report.columns, report.rows(scope), file))


@_for_those_who_may
def month_pack(request: HttpRequest) -> HttpResponseBase:
    form = PackForm(request.GET)
    scope = form.scope()
    if scope is None:
        return _page(request, ScopeForm(initial=dates(this_month())), form)
    making = pack.Making(request.user.get_username(), timezone.now())
    return _whole(pack.file_name(scope), lambda file: pack.write(scope, file, making))


urls = [
    path("", reports, name="reports"),
    path("pack/", month_pack, name="reports_pack"),
    path("<slug:slug>/", look, name="reports_look"),
    path("<slug:slug>.<slug:ending>", download, name="reports_file"),
]


def _page(request: HttpRequest, form: ScopeForm, pack_form: PackForm | None = None) -> HttpResponseBase:
    months = (("This month", this_month()), ("Last month", last_month()))
    refused = bool(form.errors or (pack_form and pack_form.errors))
    context = {
        **admin.site.each_context(request),
        "title": "Reports",
        "form": form,
        "pack_form": pack_form or PackForm(initial={"month": last_month().first}),
        "months": [(title, month.title, _link(dates(month))) for title, month in months],
        "reports": REPORTS,
    }
    return TemplateResponse(request, "admin/hub/reports.html", context, status=400 if refused else 200)


def _whole(name: str, write: Callable[[IO[bytes]], None]) -> HttpResponseBase:
    """What fails while it is made is an error page, and not half a file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def _report(slug: str) -> Report:
    found = find(slug)
    if found is None:
        raise Http404(f"There is no report named {slug}")
    return found


def _link(days: dict[str, dt.date]) -> str:
    return f"{reverse('reports')}?{urlencode(days)}"


def _about(scope: Scope) -> str:
    """`1 Mar 2026 to 31 Mar 2026 · books`."""
    whole = day(scope.start) if scope.start == scope.end else f"{day(scope.start)} to {day(scope.end)}"
    return " · ".join(str(one) for one in (whole, scope.books, scope.flow) if one)


def _said(report: Report, row: Row) -> list[tuple[str, str]]:
    """Each cell's text, and its class."""
    values = dict(zip((column.name for column in report.columns), row, strict=True))
    currency = str(values.get(CURRENCY) or "")
    return [_cell(value, column.kind, currency) for column, value in zip(report.columns, row, strict=True)]


def _cell(value: Cell, kind: Kind, currency: str) -> tuple[str, str]:
    text = _text(value, kind, currency)
    return text, "ch-num" if kind in NUMBERS else "ch-long" if len(text) > LONG else ""


def _text(value: Cell, kind: Kind, currency: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return figure(value, currency) if kind == Kind.MONEY else f"{value.normalize():f} %"
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    return f"{value:,}" if kind == Kind.COUNT else str(value)
