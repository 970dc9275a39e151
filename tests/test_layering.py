"""The walls of the house: import-linter's contracts, and those that hold for every vendor's folder, whatever its name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import registry

ROOT = Path(__file__).resolve().parents[1]
SHARED_MODULES = {"base", "documents", "errors", "http", "oauth"}
FOLDERS = [folder for folder in registry.folders() if folder.parent == registry.HERE]
KINDS = [folder.name for folder in FOLDERS]
every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=KINDS)


def test_the_contracts_are_kept() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@every_folder
def test_a_vendors_folder_imports_only_the_contract_and_itself(folder: Path) -> None:
    allowed = {f"connectors.{name}" for name in SHARED_MODULES}
    own = f"connectors.{folder.name}"
    for path, module in imports(folder, but=folder / "sandbox"):
        if top(module) in ("hub", "mappings", "connectors"):
            assert module.startswith(own) or any(within(module, one) for one in allowed), f"{path} imports {module}"
        assert not within(module, "django.db"), f"{path} imports {module}"
        assert top(module) not in ("requests", "urllib3"), f"{path} imports {module}: use connectors/http.py"


@every_folder
def test_a_sandbox_shares_no_code_with_what_it_tests(folder: Path) -> None:
    own = f"connectors.{folder.name}.sandbox"
    for path, module in imports(folder / "sandbox"):
        ours = top(module) in ("hub", "mappings", "connectors")
        assert not ours or within(module, own) or within(module, "connectors.sandbox"), f"{path} imports {module}"


@every_folder
def test_only_the_sandbox_of_a_folder_uses_the_sandbox(folder: Path) -> None:
    own = f"connectors.{folder.name}.sandbox"
    assert not [path for path, module in imports(folder, but=folder / "sandbox") if within(module, own)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_vendor_is_named_outside_its_folder(kind: str) -> None:
    name = re.compile(rf"\b{kind}(?![a-z])", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in shared_files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if name.search(line)
    ]
    assert not found, "\n".join(found)


def shared_files() -> list[Path]:
    places = [(ROOT / place).rglob("*") for place in ("hub", "mappings", "templates", "connectors")]
    files = [path for place in places for path in place if path.suffix in (".py", ".html", ".yaml", ".js")]
    return [path for path in files if not any(path.is_relative_to(folder) for folder in FOLDERS)]


def imports(place: Path, but: Path | None = None) -> Iterator[tuple[Path, str]]:
    """Every import below this folder, as (file, absolute module)."""
    for path in place.rglob("*.py"):
        if but and path.is_relative_to(but):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            yield from ((path, module) for module in named(node, path))


def named(node: ast.AST, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
    base = ".".join(filter(None, (package, node.module)))
    return [f"{base}.{alias.name}" for alias in node.names]


def top(module: str) -> str:
    return module.partition(".")[0]


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")
