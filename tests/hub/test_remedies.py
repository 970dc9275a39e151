"""Whatever is held for a person says what that person can do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hub import errors

HUB = Path(errors.__file__).parent
HOLDS = {errors.Held.__name__, errors.Unproven.__name__, errors.Closed.__name__}


def test_every_hold_names_its_remedy() -> None:
    assert [f"{path.relative_to(HUB)}:{call.lineno}" for path, call in _holds() if not _has_remedy(call)] == []


def _holds() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(HUB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in HOLDS:
                yield path, node


def _has_remedy(call: ast.Call) -> bool:
    """Also one that is handed on with other facts."""
    return any(keyword.arg in ("remedy", None) for keyword in call.keywords)
