"""Lookup tables with their rows, and the rows as a file, out and in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from hub.admin.importing import FilesOfRows
from hub.admin.unfolded import ModelAdmin, TabularInline, display
from mappings.models import Lookup, LookupRow


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
class LookupRowAdmin(ModelAdmin, FilesOfRows):
    """All rows of all tables: to search, export and import."""

    resource_classes = (LookupRowResource,)
    list_display = ("lookup", "key", "value")
    list_display_links = ("key",)
    list_filter = ("lookup",)
    list_select_related = ("lookup",)
    search_fields = ("key", "value")
    list_per_page = 50
