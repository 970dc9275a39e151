"""django-import-export for the pages whose rows come and go as files. It has no types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unfold.contrib.import_export.forms import ExportForm, ImportForm

if TYPE_CHECKING:

    class ImportExportModelAdmin:
        """django-import-export has no types."""
else:
    from import_export.admin import ImportExportModelAdmin

__all__ = ["FilesOfRows"]


class FilesOfRows(ImportExportModelAdmin):
    """Beside `ModelAdmin`, with `resource_classes`."""

    import_form_class = ImportForm
    export_form_class = ExportForm
