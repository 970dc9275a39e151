"""Rows of lookup tables as files: what would change is shown first, and what is wrong is said by row and column."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mappings.models import Lookup, LookupRow
from tests.admin.conftest import LogIn

CSV, XLSX = "0", "1"


def uploaded(client: Client, content: bytes, kind: str = CSV) -> Any:
    file = SimpleUploadedFile(f"rows.{'csv' if kind == CSV else 'xlsx'}", content)
    return client.post(
        reverse("admin:mappings_lookuprow_import"), {"import_file": file, "format": kind, "resource": ""}
    )


def confirmed(client: Client, preview: Any) -> None:
    given = {name: value or "" for name, value in preview.context["confirm_form"].initial.items()}
    client.post(reverse("admin:mappings_lookuprow_process_import"), given)


def exported(client: Client, kind: str = CSV) -> bytes:
    chosen = {f"lookuprowresource_{name}": "on" for name in ("lookup", "key", "value")}
    response = client.post(reverse("admin:mappings_lookuprow_export"), {"format": kind, "resource": "", **chosen})
    content: bytes = response.content
    return content


def rows() -> set[tuple[str, str, str]]:
    return set(LookupRow.objects.values_list("lookup__name", "key", "value"))


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_what_was_exported_is_taken_in_again_as_it_was(log_in: LogIn, kind: str) -> None:
    table = Lookup.objects.create(name="names")
    for key, value in (("=cmd()", "'=1"), ("Åre", "+46"), ("7", "'plain"), ("a,b", 'say "hello"')):
        LookupRow.objects.create(lookup=table, key=key, value=value)
    before, client = rows(), log_in()
    content = exported(client, kind)
    LookupRow.objects.all().delete()
    confirmed(client, uploaded(client, content, kind))
    assert rows() == before


def test_no_value_becomes_a_formula(log_in: LogIn) -> None:
    LookupRow.objects.create(lookup=Lookup.objects.create(name="names"), key="=cmd()", value="@SUM(A1)")
    client = log_in()
    assert b"names,'=cmd(),'@SUM(A1)" in exported(client)
    row = openpyxl.load_workbook(io.BytesIO(exported(client, XLSX))).active[2]
    assert [(cell.value, cell.data_type) for cell in row[1:]] == [("=cmd()", "s"), ("@SUM(A1)", "s")]


def test_the_preview_shows_what_would_change_and_changes_nothing(log_in: LogIn) -> None:
    LookupRow.objects.create(lookup=Lookup.objects.create(name="countries"), key="UK", value="UK")
    before = rows()
    preview = uploaded(log_in(), b"lookup,key,value\ncountries,UK,GB\nregions,North,N\n")
    kinds = [row.import_type for row in preview.context["result"].rows]
    assert kinds == ["update", "new"]
    assert rows() == before and not Lookup.objects.filter(name="regions").exists()


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (b"lookup,key\ncountries,UK\n", ["The file has no column value.", "it names lookup, key."]),
        (b"lookup,key,value\ncountries,,GB\n", ["is empty. Fill it in, or take the row out."]),
        (b"lookup,key,value\nMy table,UK,GB\n", ["“My table” is no name of a table. Use letters, digits, - and _"]),
        (b"lookup,key,value\nc,UK,GB\nc,UK,FR\n", ["“UK” stands in row 1 already. Keep one of the two."]),
        (b"lookup,key,value\nc,UK," + b"x" * 501 + b"\n", ["has 501 characters. At most 500 fit."]),
    ],
)
def test_a_file_that_is_not_right_is_refused_whole_and_told_why(
    log_in: LogIn, content: bytes, sentences: list[str]
) -> None:
    preview = uploaded(log_in(), content)
    text = preview.content.decode()
    assert "Nothing was taken in" in text and "Traceback" not in text
    for sentence in sentences:
        assert sentence in text
    assert "confirm_form" not in preview.context and "Row 1: " not in text
    assert rows() == set() and not Lookup.objects.exists()


def test_a_file_of_another_kind_is_refused_in_words(log_in: LogIn) -> None:
    preview = uploaded(log_in(), b"not a workbook", XLSX)
    assert preview.status_code == 200 and "confirm_form" not in preview.context
    assert "format" in preview.content.decode()


def test_only_csv_and_excel_are_offered(log_in: LogIn) -> None:
    form = log_in().get(reverse("admin:mappings_lookuprow_import")).context["form"]
    assert [title for value, title in form.fields["format"].choices if value != ""] == ["csv", "xlsx"]
