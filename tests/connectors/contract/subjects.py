"""Who is tested: every connector of the registry, each of its resources that offers something, over real sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from connectors import registry
from connectors.base import Connector, Resource
from connectors.http import NoBudget
from connectors.sandbox import Sandbox
from hub.configuration.connections import EXPIRY, secret_names
from tests.connectors.vaults import MemoryVault

LONG_AGO: Mapping[str, Any] = {"since": "2000-01-01T00:00:00+00:00"}
NOBODY = "987654321"
"""An id that no simulator gives out."""
KINDS = sorted(registry.connectors())


def every_connector_that(is_so: Callable[[type[Connector]], bool]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", [kind for kind in KINDS if is_so(registry.connector(kind))])


every_connector = every_connector_that(lambda _: True)


def every_resource(
    *members: str, where: Callable[[type[Resource[Any]]], bool] = lambda _: True
) -> pytest.MarkDecorator:
    """Those that offer all these members."""
    found = [
        pytest.param(kind, name, id=f"{kind}-{name}")
        for kind in KINDS
        for name, resource in registry.connector(kind).resources.items()
        if all(resource.offers(member) for member in members) and where(resource)
    ]
    return pytest.mark.parametrize(("kind", "name"), found)


def sandbox_of(kind: str) -> Sandbox:
    made: Sandbox = registry.module(kind, "sandbox").sandbox()
    return made


def cleaned(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    form = registry.connector(kind).settings_form(dict(given))
    assert form.is_valid(), form.errors
    return form.cleaned_data


def connect(kind: str, sandbox: Sandbox, **changed: str) -> Connector:
    """Through the form, with settings and secrets kept apart as the hub keeps them."""
    connector = registry.connector(kind)
    content = cleaned(kind, {**sandbox.connection_settings(), **changed})
    secret = secret_names(connector)
    plain = {name: value for name, value in content.items() if name not in secret}
    vault = MemoryVault(**{name: str(content[name]) for name in secret & set(content)})
    return connector(as_stored(plain), vault, NoBudget())


def credentials(kind: str) -> set[str]:
    """Secrets that open a door; when a token ends is not one."""
    return secret_names(registry.connector(kind)) - {EXPIRY}


def as_stored(value: Any) -> Any:
    """As it comes back from a JSON column: decimals as text, tuples as lists."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def told(resource: Resource[Any], cursor: Mapping[str, Any] = LONG_AGO) -> list[tuple[str, Any]]:
    """Ids that changed since, each with the cursor to store after it."""
    return [(notice.id, as_stored(after)) for notice, after in resource.changed_since(cursor)]


Subject = Callable[[str], tuple[Sandbox, Connector]]


@pytest.fixture
def subject() -> Iterator[Subject]:
    """`subject(kind)` → its simulator, served, and a connector that is connected to it."""
    served: list[Sandbox] = []

    def subject(kind: str) -> tuple[Sandbox, Connector]:
        sandbox = sandbox_of(kind)
        served.append(sandbox)
        sandbox.serve()
        return sandbox, connect(kind, sandbox)

    yield subject
    for sandbox in served:
        sandbox.close()
