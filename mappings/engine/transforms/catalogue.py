"""What a transform is, and how one is read from a rule: `truncate:50`, `replace:old,new`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from mappings.engine import values
from mappings.engine.errors import Trouble
from mappings.engine.functions import Tables

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Argument:
    """One argument, as an editor asks for it."""

    name: str
    kind: Literal["text", "whole", "table"] = "text"
    default: str | None = None
    """None: it must be given."""


@dataclass(frozen=True)
class Transform:
    """`call` takes the value and the arguments. An empty value passes by untouched, unless `fills` it."""

    name: str
    label: str
    description: str
    arguments: tuple[Argument, ...]
    call: Callable[..., Any]
    fills: bool = False
    uses_tables: bool = False

    def read(self, given: str, named: bool) -> list[Any]:
        """The arguments after the colon. The last one keeps its commas and spaces. Raises Trouble."""
        parts = given.split(",", len(self.arguments) - 1) if named and self.arguments else []
        if named and not self.arguments:
            raise Trouble(f"The transform {self.name} takes no argument.", f"Write just {self.name}.", value=given)
        return [
            self._argument(one, parts[place] if place < len(parts) else None)
            for place, one in enumerate(self.arguments)
        ]

    def _argument(self, argument: Argument, given: str | None) -> Any:
        text = argument.default if given is None else given
        if text is None:
            raise Trouble(f"The transform {self.name} needs its {argument.name}.", f"Write {self.usage}.")
        return values.whole(text) if argument.kind == "whole" else text

    @property
    def usage(self) -> str:
        return f"{self.name}:{','.join(one.name for one in self.arguments)}" if self.arguments else self.name


CATALOGUE: dict[str, Transform] = {}


def transform(
    label: str, description: str, *arguments: Argument, fills: bool = False, uses_tables: bool = False
) -> Callable[[F], F]:
    """The function's name is the transform's."""

    def register(call: F) -> F:
        name = call.__name__.rstrip("_")
        CATALOGUE[name] = Transform(name, label, description, arguments, call, fills, uses_tables)
        return call

    return register


def apply(value: Any, pipeline: Sequence[str], lookups: Tables) -> Any:
    """The value after every transform in turn. Raises Trouble."""
    for written in pipeline:
        found, arguments = parse(written)
        if values.is_empty(value) and not found.fills:
            continue
        value = found.call(value, *arguments, **({"tables": lookups} if found.uses_tables else {}))
    return value


def parse(written: str) -> tuple[Transform, list[Any]]:
    """Raises Trouble."""
    name, colon, given = written.partition(":")
    found = CATALOGUE.get(name.strip())
    if found is None:
        near = get_close_matches(name, CATALOGUE, 1)
        remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(CATALOGUE))}."
        raise Trouble(f"There is no transform {name!r}.", remedy, value=written)
    return found, found.read(given, bool(colon))


def check(written: str) -> list[str]:
    """What is wrong with it, in sentences."""
    try:
        parse(written)
    except Trouble as trouble:
        return [f"{trouble.message} {trouble.remedy}".strip()]
    return []
