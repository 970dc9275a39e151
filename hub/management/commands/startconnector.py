"""`manage.py startconnector NAME`: a new connector's folder, small and working, to be made into the vendor's own."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors import registry

STARTER = Path(__file__).resolve().parents[2] / "starter"
SUFFIX = "-tpl"
"""Keeps the starter's files from being taken for code of ours."""


class Command(BaseCommand):
    help = "Makes connectors/NAME: a store with orders and a webhook, its simulator, a setup guide, a place for recordings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The connector's kind: lower-case letters, digits and underscores")
        parser.add_argument("--label", default="", help="What people call the system; default: the name, capitalised")
        parser.add_argument("--into", type=Path, default=registry.HERE, help="Where the folder is made")

    def handle(self, *, name: str, label: str, into: Path, **options: Any) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise CommandError(
                f"{name!r} cannot be a connector's kind: use lower-case letters, digits and underscores."
            )
        if name in registry.connectors() or (into / name).exists():
            raise CommandError(f"There is something named {name} already.")
        label = label or name.replace("_", " ").title()
        write(into / name, {"kind": name, "label": label, "name": name.title().replace("_", "")})
        self.stdout.write(
            f"Made {into / name}. Now record what the vendor really sends, then shape fetch and parse to it; "
            "`manage.py check` and the contract tests say what is missing."
        )


def write(folder: Path, words: dict[str, str]) -> None:
    for template in sorted(STARTER.rglob(f"*{SUFFIX}")):
        path = folder / str(template.relative_to(STARTER)).removesuffix(SUFFIX)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text()).substitute(words))
