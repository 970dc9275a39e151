"""Tables that people keep, as files, out and in: CSV and Excel, with a preview of what would change."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from tablib import Dataset
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from hub.books.reports import csv_file
from hub.books.reports.columns import Column, Row, text
from hub.books.reports.xlsx_file import write

if TYPE_CHECKING:

    class ImportExportModelAdmin:
        """django-import-export has no types."""
else:
    from import_export.admin import ImportExportModelAdmin


class Csv(CSV):  # type: ignore[misc]
    """As the reports write it; what was made harmless on the way out is itself again on the way in."""

    def export_data(self, dataset: Dataset, **options: Any) -> str:
        return b"".join(csv_file.written(_columns(dataset), _rows(dataset))).decode()

    def create_dataset(self, in_stream: Any, **options: Any) -> Dataset:
        found = super().create_dataset(in_stream, **options)
        return Dataset(*([csv_file.taken_back(cell) for cell in row] for row in found), headers=found.headers)


class Xlsx(XLSX):  # type: ignore[misc]
    """Texts are text cells, so that no value becomes a formula."""

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        file = io.BytesIO()
        write("Rows", _columns(dataset), _rows(dataset), file)
        return file.getvalue()


class TableAdmin(ImportExportModelAdmin):
    """Give it `resource_classes`, each a `TableResource`."""

    formats = (Csv, Xlsx)
    import_form_class = ImportForm
    export_form_class = ExportForm


class TableResource(ModelResource):  # type: ignore[misc]
    """Refuses a file whose columns are missing, and names each bad row by its column, its value and what to do.

    `Meta.import_id_fields` tell which row of the table a row of the file is.
    """

    def before_import(self, dataset: Dataset, **options: Any) -> None:
        self.places: dict[tuple[str, ...], int] = {}
        missing = [name for name in self.fields if name not in (dataset.headers or ())]
        if missing:
            heads = ", ".join(str(head) for head in dataset.headers or ()) or "none"
            raise ValueError(
                f"The file has no column {', '.join(missing)}. Its first row must name the columns "
                f"{', '.join(self.fields)}; it names {heads}."
            )

    def before_import_row(self, row: dict[str, Any], **options: Any) -> None:
        """Raises ValidationError with a sentence for each column."""
        for name in self.fields:
            row[name] = "" if row.get(name) is None else str(row[name]).strip()
        wrong = {name: sentence for name in self.fields if (sentence := self.complaint(name, row[name]))}
        key = tuple(row[name] for name in self._meta.import_id_fields)
        earlier = self.places.setdefault(key, options["row_number"])
        if earlier != options["row_number"]:
            wrong[self._meta.import_id_fields[-1]] = (
                f"“{key[-1]}” stands in row {earlier} already. Keep one of the two."
            )
        if wrong:
            raise ValidationError(wrong)

    def complaint(self, name: str, value: str) -> str:
        """What is wrong with a value, and what to do; "" if nothing is."""
        field = self._meta.model._meta.get_field(name)
        if not value and not field.blank:
            return "is empty. Fill it in, or take the row out."
        if field.max_length and len(value) > field.max_length:
            return f"“{value[:30]}…” has {len(value)} characters. At most {field.max_length} fit."
        return ""


def _columns(dataset: Dataset) -> tuple[Column, ...]:
    return tuple(text(name, "") for name in dataset.headers)


def _rows(dataset: Dataset) -> Iterator[Row]:
    return (tuple("" if cell is None else str(cell) for cell in row) for row in dataset)
