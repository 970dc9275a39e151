"""Lookup tables with their rows, and the rows as a file, out and in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from hub.admin.unfolded import ModelAdmin, TabularInline, display
from mappings.models import Lookup, LookupRow

if TYPE_CHECKING:

    class ImportExportModelAdmin:
        """django-import-export has no types."""
else:
    from import_export.admin import ImportExportModelAdmin


class LookupRowResource(ModelResource):  # type: ignore[misc]
    """A file with the columns lookup, key, value. A row that is there already is changed; a new table is made."""

    lookup = Field("lookup", "lookup", ForeignKeyWidget(Lookup, "name"))

    class Meta:
        model = LookupRow
        import_id_fields = ("lookup", "key")
        fields = ("lookup", "key", "value")
        skip_unchanged = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        if row.get("lookup"):
            Lookup.objects.get_or_create(name=row["lookup"])


class RowInline(TabularInline):
    model = LookupRow
    extra = 1
    fields = ("key", "value")


@admin.register(Lookup)
class LookupAdmin(ModelAdmin):
    list_display = ("name", "description", "row_count")
    search_fields = ("name", "description")
    list_per_page = 50
    inlines = (RowInline,)

    @display(description="rows", ordering="rows__count")
    def row_count(self, lookup: Lookup) -> int:
        return int(lookup.rows__count)  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lookup]:
        found: QuerySet[Lookup] = super().get_queryset(request).annotate(Count("rows"))
        return found


@admin.register(LookupRow)
class LookupRowAdmin(ModelAdmin, ImportExportModelAdmin):
    """All rows of all tables: to search, export and import."""

    resource_classes = (LookupRowResource,)
    import_form_class = ImportForm
    export_form_class = ExportForm
    list_display = ("lookup", "key", "value")
    list_display_links = ("key",)
    list_filter = ("lookup",)
    list_select_related = ("lookup",)
    search_fields = ("key", "value")
    list_per_page = 50
