"""`manage.py check` refuses a broken connector folder, and says what to mend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core import checks

from connectors import registry
from connectors.base import Connector, Resource

NEEDED = {
    "store": ("check", "verify", "read_notices"),
    "crm": ("check",),
    "books": ("check", "capabilities"),
}
FILES = ("setup.md", "recordings", "sandbox")


@checks.register()
def connector_folders(**_: Any) -> list[checks.CheckMessage]:
    try:
        found = registry.connectors()
    except Exception as error:  # a folder that cannot be imported is itself the finding
        return [checks.Error(f"A connector folder cannot be loaded: {error!r}", hint="Mend its __init__.py", id="connectors.E001")]
    return [message for kind, connector in found.items() for message in findings(kind, connector)]


def findings(kind: str, connector: type[Connector]) -> Iterator[checks.CheckMessage]:
    """Everything that this connector lacks."""
    for attribute in ("label", "role", "settings_form", "resources"):
        if not hasattr(connector, attribute):
            yield checks.Error(f"connector {kind} has no {attribute}", hint=f"Set it in connectors/{kind}/connector.py", id="connectors.E002")
            return
    if connector.role not in NEEDED:
        yield checks.Error(f"connector {kind} has role {connector.role!r}", hint="Use store, crm or books", id="connectors.E003")
        return
    if not issubclass(connector.settings_form, forms.Form):
        yield checks.Error(f"connector {kind}: settings_form is not a Django form", hint="Derive it from forms.Form", id="connectors.E004")
    for member in NEEDED[connector.role]:
        if not connector.offers(member):
            yield checks.Error(f"connector {kind} does not override {member}()", hint="See connectors/base.py", id="connectors.E005")
    for name in FILES:
        if not (registry.folder(kind) / name).exists():
            yield checks.Warning(f"connector {kind} has no {name}", hint="See the folder of an existing connector", id="connectors.W001")
    for name, resource in connector.resources.items():
        yield from _resource_findings(kind, name, resource, connector.role)


def _resource_findings(kind: str, name: str, resource: type[Resource[Any]], role: str) -> Iterator[checks.CheckMessage]:
    where = f"connector {kind}, resource {name}"
    if not hasattr(resource, "document"):
        yield checks.Error(f"{where} has no document", hint="Name a model of connectors/documents.py", id="connectors.E006")
    pairs = (("fetch", "parse"), ("create", "find")) if role == "books" else (("fetch", "parse"), ("parse", "changed_since"))
    for first, second in pairs:
        if resource.offers(first) and not resource.offers(second):
            yield checks.Error(f"{where} offers {first}() but not {second}()", hint="See connectors/base.py", id="connectors.E007")
