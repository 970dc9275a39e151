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
    except registry.BrokenFolder as error:
        return [_error("E001", str(error), "Mend it, or take it away; its __init__.py must name the class `connector`")]
    return [message for kind, connector in found.items() for message in findings(kind, connector)]


def findings(kind: str, connector: type[Connector]) -> Iterator[checks.CheckMessage]:
    """Everything that this connector lacks."""
    missing = [name for name in ("label", "role", "settings_form", "resources") if not hasattr(connector, name)]
    for name in missing:
        yield _error("E002", f"connector {kind} has no {name}", f"Set it in connectors/{kind}/connector.py")
    if missing:
        return
    if str(connector.role) not in NEEDED:
        yield _error("E003", f"connector {kind} has role {connector.role!r}", "Use store, crm or books")
        return
    yield from _connector_findings(kind, connector)
    for name, resource in connector.resources.items():
        yield from _resource_findings(kind, name, resource, connector.role)


def _connector_findings(kind: str, connector: type[Connector]) -> Iterator[checks.CheckMessage]:
    form: Any = connector.settings_form
    if not (isinstance(form, type) and issubclass(form, forms.Form)):
        yield _error("E004", f"connector {kind}: settings_form is not a Django form", "Derive it from forms.Form")
    for member in NEEDED[connector.role]:
        if not connector.offers(member):
            yield _error("E005", f"connector {kind} does not override {member}()", "See connectors/base.py")
    for name in FILES:
        if not (registry.folder(kind) / name).exists():
            message = f"connector {kind} has no {name}"
            yield checks.Warning(message, hint="See the folder of an existing connector", id="connectors.W001")


def _resource_findings(kind: str, name: str, resource: type[Resource[Any]], role: str) -> Iterator[checks.CheckMessage]:
    where = f"connector {kind}, resource {name}"
    if not hasattr(resource, "document"):
        yield _error("E006", f"{where} has no document", "Name a model of connectors/documents.py")
    both = [("fetch", "parse"), ("create", "find") if role == "books" else ("parse", "changed_since")]
    for first, second in both:
        if resource.offers(first) and not resource.offers(second):
            yield _error("E007", f"{where} offers {first}() but not {second}()", "See connectors/base.py")
    if resource.number_lookup and not resource.offers("resolve"):
        yield _error("E008", f"{where} names a number_lookup but has no resolve()", "See connectors/base.py")


def _error(id: str, message: str, hint: str) -> checks.Error:
    return checks.Error(message, hint=hint, id=f"connectors.{id}")
