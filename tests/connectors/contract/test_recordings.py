"""Every recording is JSON that could be shown to anybody; the parsed ones parse to what is written beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import registry
from tests.connectors.contract.subjects import KINDS, as_stored, connect, sandbox_of

ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
INVENTED = re.compile(r"(^|\.)example(\.|$)|\.(test|invalid)$", re.IGNORECASE)
CREDENTIAL = re.compile(r"eyJ[\w-]{10,}\.|-----BEGIN|\b(sk|pk|rk)_live_\w+|\b(AKIA|ghp_|xox[bp]-)\w{10,}")
CARD = re.compile(r"(?<![\w.-])\d{13,19}(?![\w.-])")


def of(select: Callable[[Path], bool]) -> pytest.MarkDecorator:
    found = [
        pytest.param(kind, path, id=f"{kind}-{path.relative_to(folder).with_suffix('')}")
        for kind in KINDS
        for folder in [registry.folder(kind) / "recordings"]
        for path in sorted(folder.rglob("*.json"))
        if select(path)
    ]
    return pytest.mark.parametrize(("kind", "path"), found)


def parsed_beside(path: Path) -> Path:
    return path.parent / "parsed" / path.name


@of(lambda _: True)
def test_a_recording_is_json_without_anybodys_data(kind: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert isinstance(json.loads(text), dict | list)
    assert [found for found in ADDRESS.findall(text) if not INVENTED.search(found)] == []
    assert not CREDENTIAL.search(text)
    assert [number for number in CARD.findall(text) if passes_luhn(number)] == []


@of(lambda path: parsed_beside(path).exists())
def test_a_recording_parses_to_what_is_written_beside_it(kind: str, path: Path) -> None:
    """It is named after its resource, as in `order_refunded.json`, and holds what `fetch` returns."""
    connector = connect(kind, sandbox_of(kind), base_url="https://shop.example.com")
    name = max((one for one in connector.resources if path.stem.startswith(one)), key=len)
    raw = json.loads(path.read_text(), parse_float=Decimal)
    resource = connector.resource(name)
    document = resource.parse(raw)
    assert json.loads(document.model_dump_json()) == json.loads(parsed_beside(path).read_text())
    assert document == resource.parse(as_stored(raw))


@of(lambda path: path.parent.name != "parsed" and not parsed_beside(path).exists())
def test_a_recording_that_is_not_parsed_is_a_conversation(kind: str, path: Path) -> None:
    exchange: Any = json.loads(path.read_text())
    assert {"method", "path"} <= set(exchange["request"])
    assert 200 <= exchange["response"]["status"] < 600


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
