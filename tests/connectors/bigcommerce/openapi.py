"""A small reader of OpenAPI files: is this answer, or this request, what the vendor's own description allows?

It knows what those files use: references, types, required fields, enumerations, and the three ways to combine schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]
TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


class Description:
    """One file: its paths, and the schemas that they refer to."""

    def __init__(self, file: Path) -> None:
        self.content = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def operation(self, method: str, path: str) -> tuple[Schema, list[Schema]]:
        """The operation that serves a path, and its parameters. The most literal match wins. Raises LookupError."""
        found = [
            (template.count("{"), item)
            for template, item in self.content["paths"].items()
            if re.fullmatch(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(template)), path) and method.lower() in item
        ]
        if not found:
            raise LookupError(f"{method} {path} is not described")
        item = min(found, key=lambda one: one[0])[1]
        operation = item[method.lower()]
        parameters = [self._resolved(one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        return operation, parameters

    def answer(self, operation: Schema, status: int) -> Schema | None:
        """None where no body is described. Raises LookupError for a status that is not described."""
        responses = operation["responses"]
        if str(status) not in responses:
            raise LookupError(f"status {status} is not described")
        return self._body(self._resolved(responses[str(status)]))

    def request(self, operation: Schema) -> Schema | None:
        return self._body(self._resolved(operation.get("requestBody", {})))

    def complaints(self, value: Any, schema: Schema, at: str = "") -> Iterator[str]:
        """What of the value the schema does not allow, each with its place."""
        schema = self._resolved(schema)
        if value is None and (schema.get("nullable") or not schema):
            return
        for part in schema.get("allOf", ()):
            yield from self.complaints(value, part, at)
        for kind in ("oneOf", "anyOf"):
            choices = [list(self.complaints(value, one, at)) for one in schema.get(kind, ())]
            if choices and all(choices):
                yield min(choices, key=len)[0]
        yield from self._own(value, schema, at)

    def _own(self, value: Any, schema: Schema, at: str) -> Iterator[str]:
        kind = schema.get("type")
        if kind and not fits(value, kind):
            yield f"{at or '/'} is {value!r}, not of type {kind}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at or '/'} is {value!r}, none of {schema['enum']}"
        if isinstance(value, dict):
            yield from self._fields(value, schema, at)
        if isinstance(value, list) and "items" in schema:
            for index, one in enumerate(value):
                yield from self.complaints(one, schema["items"], f"{at}/{index}")

    def _fields(self, value: dict[str, Any], schema: Schema, at: str) -> Iterator[str]:
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}/{name} is missing"
        for name, one in schema.get("properties", {}).items():
            if name in value:
                yield from self.complaints(value[name], one, f"{at}/{name}")

    def _body(self, holder: Schema) -> Schema | None:
        media = holder.get("content", {}).get("application/json", {})
        found: Schema | None = media.get("schema")
        return found

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self.content
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema


def fits(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
