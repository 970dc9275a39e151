"""A file becomes the hub's configuration: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping as Names

from django.db import transaction

from hub.configuration.connections import apply_connection
from hub.configuration.flows import publish_flow, save_flow
from hub.configuration.mappings import apply_lookup, apply_mapping
from hub.configuration.reading import read
from hub.configuration.report import Report, Wrong
from hub.configuration.shape import file_of
from hub.configuration.taxes import apply_tax
from hub.flow_checks import FlowError
from hub.flows import republish
from mappings.models import Mapping


def apply(text: str, environment: Names[str, str], *, dry_run: bool = False) -> list[str]:
    """What changed, in words; nothing where everything was as the file says. Raises ConfigurationError with every
    problem, and then nothing has changed."""
    reading = read(text, environment)
    report = Report(reading, file_of(reading))
    with transaction.atomic():
        _take(report)
        report.close()
        if dry_run:
            transaction.set_rollback(True)
    return report.changes


def _take(report: Report) -> None:
    """In the order in which one thing stands on another."""
    file, saved, edited = report.file, [], []
    for place, connection in enumerate(file.connections):
        with report.entry("connections", place):
            apply_connection(connection, report)
    for place, lookup in enumerate(file.lookups):
        with report.entry("lookups", place):
            apply_lookup(lookup, report)
    for place, mapping in enumerate(file.mappings):
        with report.entry("mappings", place):
            edited.append((place, apply_mapping(mapping, report)))
    for place, flow in enumerate(file.flows):
        with report.entry("flows", place):
            saved.append((place, save_flow(flow, report)))
    for place, made in saved:
        with report.entry("flows", place):
            publish_flow(made, report)
    for place, tax in enumerate(file.taxes):
        with report.entry("taxes", place):
            apply_tax(tax, report)
    for place, changed in edited:
        with report.entry("mappings", place):
            _follow(changed, report)


def _follow(changed: Mapping | None, report: Report) -> None:
    """Flows that the file does not name use the changed mapping too. Raises Wrong."""
    try:
        for flow in republish(changed, reason="Applied from a file") if changed else []:
            report.changed(f"flow {flow}", [f"version {flow.version.number}"] if flow.version else [])
    except FlowError as error:
        raise Wrong(((), str(error))) from None
