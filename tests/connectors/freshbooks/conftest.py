"""A FreshBooks connector whose vendor answers from our recordings."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from responses import matchers

from connectors import registry
from connectors.freshbooks.connector import FreshBooks
from connectors.http import NoBudget
from tests.connectors.vaults import MemoryVault

API = "https://api.freshbooks.com"
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SETTINGS = {"api_url": API, "account_id": "aB3dE9", "client_id": "app"}
RECORDINGS = registry.HERE / "freshbooks" / "recordings"


class Meter(NoBudget):
    """Remembers what was taken and learned."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.learned: list[tuple[str, int, int, float]] = []

    def take(self, kind: str) -> None:
        self.taken.append(kind)

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        self.learned.append((kind, limit, remaining, reset_in))


class Recorded:
    """Answers each call with a recording, and insists on the recorded request."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def __call__(self, *names: str, **changes: Any) -> None:
        for name in names:
            self._add(json.loads((RECORDINGS / f"{name}.json").read_text()), changes)

    def _add(self, recording: dict[str, Any], changes: dict[str, Any]) -> None:
        request, response = recording["request"], {**recording["response"], **changes}
        match = [matchers.query_param_matcher(request["query"])]
        if request["body"] is not None:
            match.append(matchers.json_params_matcher(request["body"]))
        self.mock.add(
            request["method"],
            API + request["path"],
            status=response["status"],
            headers={name: value for name, value in response["headers"].items() if name != "Content-Type"},
            json=response["body"],
            match=match,
        )

    @property
    def calls(self) -> list[str]:
        return [f"{call.request.method} {call.request.path_url.partition('?')[0]}" for call in self.mock.calls]

    def sent(self, index: int = -1) -> Any:
        return self.mock.calls[index].request


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    with responses.RequestsMock() as mock:
        yield Recorded(mock)


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(access_token="access-1", refresh_token="refresh-1", client_secret="hush")


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def books(vault: MemoryVault, meter: Meter) -> FreshBooks:
    return FreshBooks(SETTINGS, vault, meter, now=lambda: NOW)


@pytest.fixture
def body_of() -> Any:
    """The `response.result.<key>` of a recording, or of a file given by its path."""

    def read(source: str | Path, key: str) -> Any:
        content = json.loads(
            (RECORDINGS / f"{source}.json").read_text() if isinstance(source, str) else source.read_text()
        )
        body = content["response"]["body"] if isinstance(source, str) else content
        return body["response"]["result"][key]

    return read
