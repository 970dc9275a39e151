"""A mapping is checked before it is saved, and every change keeps the version before it."""

from __future__ import annotations

import pytest

from mappings import editing
from mappings.checking import checked
from mappings.engine.errors import MappingError
from mappings.models import Mapping, MappingVersion

RULES = [{"target": "number", "source": "number"}]


@pytest.mark.django_db
def test_each_change_is_a_version_and_no_change_is_none() -> None:
    mapping = Mapping(name="m", source="Order", target="Invoice")
    assert editing.save(mapping, RULES)
    assert not editing.save(mapping, RULES)
    assert editing.save(mapping, [*RULES, {"target": "notes", "value": "x"}], reason="Says more")
    assert list(MappingVersion.objects.values_list("number", "reason")) == [(2, "Says more"), (1, "")]
    assert MappingVersion.objects.get(number=1).rules == RULES
    assert mapping.number == 2


@pytest.mark.django_db
def test_what_cannot_work_is_not_saved() -> None:
    mapping = Mapping(name="m", source="Order", target="Invoice")
    with pytest.raises(MappingError):
        editing.save(mapping, [{"target": "nowhere", "source": "number"}])
    assert not Mapping.objects.exists()


@pytest.mark.parametrize(
    ("rule", "field", "said"),
    [
        ({"target": "nowhere"}, "rules.0.target", "Invoice has no field nowhere"),
        ({"target": "number", "source": "nmber"}, "rules.0.source", "There is no field nmber"),
        ({"target": "number", "source": "billing.town"}, "rules.0.source", "There is no field billing.town"),
        ({"target": "number", "source": "line.sku"}, "rules.0.source", "There is no field line.sku"),
        ({"target": "lines.name", "source": "line.nam", "each": "lines"}, "rules.0.source", "line.nam"),
        ({"target": "number", "source": "line.sku", "each": "lines"}, "rules.0.target", "its target is not one"),
        ({"target": "lines.name", "value": "x", "each": "number"}, "rules.0.each", "number is not a list"),
        ({"target": "number", "formula": "ROUNDD(1)"}, "rules.0.formula", "no function ROUNDD"),
        ({"target": "number", "formula": "nmber"}, "rules.0.formula", "There is no field nmber"),
        ({"target": "number", "value": 1, "when": "1 ="}, "rules.0.when", "is not a formula"),
        ({"target": "number", "source": "number", "transforms": ["trimm"]}, "rules.0.transforms", "Did you mean trim"),
        ({"target": "number", "source": "number", "value": 1}, "rules.0", "keep one"),
        ({"target": "number", "sauce": "number"}, "rules.0.sauce", "a rule has no such key"),
    ],
)
def test_a_rule_that_cannot_work_is_named(rule: dict[str, object], field: str, said: str) -> None:
    with pytest.raises(MappingError) as caught:
        checked("Order", "Invoice", [rule])
    assert [one.field for one in caught.value.problems] == [field]
    assert said in str(caught.value)


def test_what_a_flow_puts_beside_the_document_may_be_read() -> None:
    rules = [
        {"target": "number", "source": "wanted.anything"},
        {"target": "lines.name", "source": "line.x", "each": "wanted.lines"},
    ]
    assert len(checked("Order", "Invoice", rules)) == 2
