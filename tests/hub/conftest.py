"""The world, for each store that there is: no store's name is written here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from connectors import registry
from connectors.sandbox import Sandbox
from tests.dumps import Dump
from tests.hub.corner_shop import SCRIPTS, CornerShop, Doorless
from tests.hub.pairs import Pairs
from tests.hub.twins import SIDES, open_sides
from tests.hub.world import World, kinds, open_world

EVERY_STORE = bool(os.environ.get("EVERY_STORE"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What the engine does hardly depends on the store: each test takes one, each store has its share of the tests. With
    EVERY_STORE all tests run with all stores, as `make chaos` has it."""
    if "make_world" in metafunc.fixturenames:
        stores = able(getattr(metafunc.module, "NEEDED", ()))
        turn = crc32(metafunc.definition.nodeid.encode()) % len(stores)
        metafunc.parametrize("make_world", stores if EVERY_STORE else [stores[turn]], indirect=True)


def able(needed: Iterable[str]) -> list[str]:
    """Stores whose simulators can do all that a module has `NEEDED`, such as letting people edit customers."""
    simulators = {kind: registry.module(kind, "sandbox").sandbox for kind in kinds("store")}
    return [
        kind
        for kind, one in simulators.items()
        if all(getattr(one, name) is not getattr(Sandbox, name) for name in needed)
    ]


@pytest.fixture
def make_world(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(**policy: Any) -> World:
        made.append(open_world(request.param, kinds("books")[0], **policy))
        return made[-1]

    yield make
    for world in made:
        world.store.close()
        world.books.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def corner_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kinds of the tests' own, which do as they are told."""
    monkeypatch.setitem(registry.connectors(), "corner_shop", CornerShop)
    monkeypatch.setitem(registry.connectors(), "doorless", Doorless)
    yield
    SCRIPTS.clear()


@pytest.fixture
def pairs(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pairs]:
    yield Pairs(*open_sides(lambda kind, found: monkeypatch.setitem(registry.connectors(), kind, found)))
    SIDES.clear()


@pytest.fixture
def ada(pairs: Pairs) -> str:
    """Her client."""
    pairs.customer("ada")
    pairs.sync()
    return pairs.client_of("ada")


@pytest.fixture
def dump(world: World, tmp_path: Path) -> Iterator[Callable[[], Dump]]:
    """Takes one when called. The books take any number twice, so that it is not they who prevent the worst."""
    world.books.switch["duplicate_numbers"] = "allow"
    world.work()
    taken: list[Dump] = []

    def take() -> Dump:
        taken.append(Dump(tmp_path).take())
        return taken[-1]

    yield take
    for one in taken:
        one.drop()
