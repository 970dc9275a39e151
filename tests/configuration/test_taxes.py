"""The tax table as part of the file: each entry is one row, what the file omits stays, and export gives it back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from hub.configuration import ConfigurationError, apply, export
from hub.models import TaxRow
from tests.admin import town

pytestmark = pytest.mark.django_db
ROW = {"name": "VAT", "rate": "20", "country": "FR", "to": "TVA", "percent": "20"}


def _apply(*rows: dict[str, Any]) -> list[str]:
    return apply(json.dumps({"version": 1, "taxes": rows}), {})


def test_a_row_is_made_once_and_then_changed() -> None:
    assert _apply(ROW) == ["tax VAT: created"]
    assert _apply(ROW) == []
    assert _apply({**ROW, "to": "TVA 20"}) == ["tax VAT: to"]
    [row] = TaxRow.objects.all()
    assert (row.to, row.rate, row.country, row.percent, row.flow) == ("TVA 20", 20, "FR", 20, None)


def test_rows_of_other_scopes_are_other_rows_and_what_the_file_omits_stays() -> None:
    _apply(ROW)
    _apply({"name": "VAT", "to": "Sales tax"})
    _apply({"name": "VAT", "rate": "20", "country": "FR", "to": "TVA"})
    assert sorted(TaxRow.objects.values_list("to", "percent")) == [("Sales tax", None), ("TVA", Decimal(20))]


def test_a_rate_is_read_as_it_is_written_and_a_country_stays_a_country() -> None:
    apply("version: 1\ntaxes:\n  - {name: MVA, rate: 7.7, country: NO, to: MVA, percent: 7.70}\n", {})
    row = TaxRow.objects.get()
    assert (row.rate, row.country, row.percent) == (Decimal("7.7"), "NO", Decimal("7.7"))


def test_what_export_writes_apply_takes_back() -> None:
    flow = town.flow(town.store(), town.books())
    _apply(ROW, {"name": "Eco $${levy}", "to": "Eco", "flow": flow.name})
    before = list(TaxRow.objects.values_list("name", "rate", "country", "flow", "to", "percent"))
    text = export()
    assert apply(text[: text.index("connections:")] + text[text.index("taxes:") :], {}) == []
    TaxRow.objects.all().delete()
    apply("version: 1\n" + text[text.index("taxes:") :], {})
    assert list(TaxRow.objects.values_list("name", "rate", "country", "flow", "to", "percent")) == before


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**ROW, "flow": "nowhere"}, "taxes.VAT.flow: there is no flow nowhere"),
        ({**ROW, "country": "France"}, "taxes.VAT.country"),
        ({**ROW, "rate": "much"}, "taxes.VAT.rate"),
        ({**ROW, "rate": "7.77777"}, "taxes.VAT.rate"),
        (
            {**ROW, "vat": "20"},
            "taxes.VAT.vat: this key is unknown; allowed are name, rate, country, flow, to, percent",
        ),
        ({"name": "VAT"}, "taxes.VAT.to"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_changes(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        _apply({"name": "Other", "to": "Other"}, entry)
    assert said in str(raised.value) and "line 1" in str(raised.value)
    assert not TaxRow.objects.exists()


def test_a_row_that_stands_in_the_file_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="stands in the file twice"):
        _apply(ROW, {**ROW, "to": "Other"})
