"""The file's text as values that remember their lines, with `${NAME}` read from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from hub.plain_yaml import PlainLoader

Location = tuple[int | str, ...]
_REFERENCE = re.compile(r"\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ConfigurationError(Exception):
    """The file cannot be applied, and nothing was changed. `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Reading:
    """What the file says. `lines` is where each key and element stands."""

    value: Any
    lines: Mapping[Location, int]

    def complaint(self, location: Location, message: str) -> str:
        """A sentence that names line and field."""
        known = next(location[:end] for end in range(len(location), -1, -1) if location[:end] in self.lines)
        return f"line {self.lines[known]}: {self._named(location)}{message}"

    def _named(self, location: Location) -> str:
        """`connections.north-store.settings.base_url`: entries by their names."""
        words, inside = [], self.value
        for part in location:
            inside = _inside(inside, part)
            name = inside.get("name") if isinstance(part, int) and isinstance(inside, dict) else None
            words.append(str(name or part))
        return f"{'.'.join(words)}: " if words else ""


def read(text: str, environment: Mapping[str, str]) -> Reading:
    """Raises ConfigurationError."""
    loader = PlainLoader(text)
    try:
        reader = _Reader(loader, environment)
        node = loader.get_single_node()
        value = reader.value(node, ()) if node else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError([f"line {line}: this is not YAML: {error.problem or error.context}"]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigurationError([f"line 1: this is not YAML: {error}"]) from None
    if reader.problems:
        raise ConfigurationError(reader.problems)
    return Reading(value, reader.lines)


def escaped(text: str) -> str:
    """Text that must not be taken for a reference when it is read again."""
    return text.replace("${", "$${")


class _Reader:
    def __init__(self, loader: PlainLoader, environment: Mapping[str, str]) -> None:
        self.loader = loader
        self.environment = environment
        self.lines: dict[Location, int] = {(): 1}
        self.problems: list[str] = []

    def value(self, node: yaml.Node, location: Location) -> Any:
        self.lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*location, place)) for place, one in enumerate(node.value)]
        return self._scalar(node, location)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        self._note_repeated(node)
        self.loader.flatten_mapping(node)
        made: dict[str, Any] = {}
        for key, value in node.value:
            here = (*location, str(key.value))
            self.lines[here] = key.start_mark.line + 1
            made[str(key.value)] = self.value(value, here)
        return made

    def _note_repeated(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                self.problems.append(f"line {key.start_mark.line + 1}: {key.value} stands here twice")
            seen.add(str(key.value))

    def _scalar(self, node: yaml.Node, location: Location) -> Any:
        value = str(node.value) if _stays_text(location) else self.loader.construct_object(node)
        if not isinstance(value, str):
            return value
        line = node.start_mark.line + 1
        return _REFERENCE.sub(lambda match: match[1] or self._variable(match[2], line), value)

    def _variable(self, name: str, line: int) -> str:
        if name not in self.environment:
            self.problems.append(f"line {line}: the environment has no variable {name}")
        return self.environment.get(name, "")


def _stays_text(location: Location) -> bool:
    """Settings and table rows are text, however they look: an account 1e5 is no number, NO is Norway, and a rate of 7.7
    is exactly that."""
    match location:
        case ("connections", int(), "settings", str()) | ("lookups", int(), "rows", str()) | ("taxes", int(), str()):
            return True
    return False


def _inside(value: Any, part: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None
