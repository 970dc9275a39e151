"""Finds the connectors: every folder beside this file, or on COUNTINGHOUSE_CONNECTORS, that names a `connector`."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from connectors.base import Connector

HERE = Path(__file__).parent


class BrokenFolder(Exception):
    """A connector's folder that cannot be loaded. Names it, so that its author need not search."""


@cache
def connectors() -> dict[str, type[Connector]]:
    """kind → class, sorted by label. Raises BrokenFolder."""
    found = {folder.name: _load(folder) for folder in folders()}
    return dict(sorted(found.items(), key=lambda pair: str(getattr(pair[1], "label", pair[0]))))


def connector(kind: str) -> type[Connector]:
    try:
        return connectors()[kind]
    except KeyError:
        known = ", ".join(sorted(connectors()))
        raise LookupError(f"there is no connector of kind {kind!r}; there are {known}") from None


def folders() -> list[Path]:
    """Every connector folder. A folder is one if it has a `connector.py`."""
    places = [
        HERE,
        *(Path(place) for place in os.environ.get("COUNTINGHOUSE_CONNECTORS", "").split(os.pathsep) if place),
    ]
    return sorted(path.parent for place in places for path in place.glob("*/connector.py"))


def folder(kind: str) -> Path:
    return next(path for path in folders() if path.name == kind)


def module(kind: str, name: str = "") -> ModuleType:
    """The connector's package, or one of its modules: `module("acme", "sandbox")`."""
    connector(kind)
    package = connectors()[kind].__module__.rpartition(".")[0]
    return import_module(f"{package}.{name}" if name else package)


def _load(path: Path) -> type[Connector]:
    try:
        package = import_module(f"connectors.{path.name}") if path.parent == HERE else _load_from(path)
        found: type[Connector] = package.connector
    except Exception as error:
        raise BrokenFolder(f"The connector folder {path} cannot be loaded: {error!r}") from error
    found.kind = path.name
    return found


def _load_from(path: Path) -> ModuleType:
    """A folder that lives elsewhere is loaded as `connectors.<name>` all the same."""
    name = f"connectors.{path.name}"
    spec = spec_from_file_location(name, path / "__init__.py", submodule_search_locations=[str(path)])
    assert spec and spec.loader
    package = module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)
    return package
