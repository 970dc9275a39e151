"""Each transform of the catalogue does what its description says, and loses nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import Address
from mappings.engine.errors import Trouble
from mappings.engine.transforms import CATALOGUE, apply, check

TABLES = {"types": {"checkmo": "Check"}}


@pytest.mark.parametrize(
    ("pipeline", "value", "made"),
    [
        (["trim"], "  a   b ", "a b"),
        (["upper"], "aß", "ASS"),
        (["lower"], "AD@X.COM", "ad@x.com"),
        (["title"], "o'neil mcDonald", "O'neil McDonald"),
        (["truncate:3"], "abcdef", "abc"),
        (["digits"], "A-1 2", "12"),
        (["default:none"], "", "none"),
        (["default:none"], 0, 0),
        (["lookup:types"], "checkmo", "Check"),
        (["lookup:types,Other"], "paypal", "Other"),
        (["date"], "2026-11-30T12:00:00Z", dt.date(2026, 11, 30)),
        (["date", "add_days:-30"], "2026-11-30", dt.date(2026, 10, 31)),
        (["format_date:DD/MM/YY"], dt.date(2026, 11, 30), "30/11/26"),
        (["number"], "1,234.50", Decimal("1234.50")),
        (["number:,"], "1.234,50", Decimal("1234.50")),
        (["round:1"], Decimal("2.25"), Decimal("2.3")),
        (["abs"], -2, Decimal(2)),
        (["negate"], Decimal("1.5"), Decimal("-1.5")),
        (["prefix:N-"], 12, "N-12"),
        (["suffix:, Ltd"], "A", "A, Ltd"),
        (["join"], ["a", None, "b"], "a, b"),
        (["join: / "], ["a", "b"], "a / b"),
        (["split", "last"], "a, b", "b"),
        (["split:|", "first"], "a|b", "a"),
        (["strip_html"], "<p>A &amp; <b>B</b></p><script>x()</script><p>C", "A & B\nC"),
        (["unescape"], "A &amp; B", "A & B"),
        (["replace:-"], "a-b", "ab"),
        (["phone"], "+1 (555) 229-3326", "+1 555 229 3326"),
        (["phone"], "555 ext. 3", "555 ext. 3"),
        (["country_code"], "Germany", "DE"),
        (["country_code"], "uk", "GB"),
        (["country_code"], "Atlantis", "Atlantis"),
        (["yes_no"], "On", True),
        (["yes_no"], "0", False),
        (["trim", "upper", "round"], None, None),
    ],
)
def test_a_transform_makes(pipeline: list[str], value: Any, made: Any) -> None:
    assert apply(value, pipeline, TABLES) == made


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("trimm", "Did you mean trim?"),
        ("trim:2", "takes no argument"),
        ("truncate", "Write truncate:characters"),
        ("truncate:many", "is not a number"),
        ("truncate:1.5", "not a whole number"),
    ],
)
def test_a_transform_that_cannot_work_is_refused_on_save(written: str, said: str) -> None:
    assert said in " ".join(check(written))


def test_a_missing_row_is_an_error_and_never_an_empty_value() -> None:
    with pytest.raises(Trouble, match="no row for paypal"):
        apply("paypal", ["lookup:types"], TABLES)


def test_every_transform_says_what_it_does() -> None:
    assert all(one.label and one.description.strip() for one in CATALOGUE.values())


def test_an_address_is_cleaned_by_its_country() -> None:
    typed = {
        "city": "Calder",
        "region": "Michigan",
        "postcode": "49628-7978",
        "country": "United States",
        "street": "6146  Honey Bluff",
    }
    clean = apply(typed, ["normalize_address"], {})
    assert (clean["country"], clean["region_code"], clean["region"]) == ("US", "MI", "Michigan")
    assert (clean["street"], clean["city"]) == ("6146 Honey Bluff", "Calder")


def test_an_address_that_its_country_would_refuse_keeps_everything() -> None:
    typed = {"city": "Köln", "region": "NRW", "postcode": "1", "country": "de", "street": "Weg 1"}
    assert apply(typed, ["normalize_address"], {}) == {**typed, "country": "DE"}


_parts = {name: st.text(max_size=12) for name in Address.model_fields}


@given(st.fixed_dictionaries({**_parts, "country": st.sampled_from(["US", "de", "Gb", "JP", "", "XX", "France"])}))
def test_no_part_of_an_address_is_ever_lost(typed: dict[str, str]) -> None:
    before = dict(typed)
    clean = apply(typed, ["normalize_address"], {})
    assert typed == before
    assert all(clean[name] for name, part in typed.items() if part.strip())
    assert all(
        clean[name] == " ".join(typed[name].split())
        for name in ("street", "street2", "city", "region", "company", "phone")
    )
    Address.model_validate(clean)
