"""The figures that a month was closed on, as they were then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hub.admin.equation import COLUMNS
from hub.admin.words import amount_of, figure


def figures_table(figures: Mapping[str, Any]) -> SafeString:
    pairs = [
        {"name": f"{pair['flow']} {pair['currency']}", "cells": [_cell(pair, column) for column in COLUMNS]}
        for pair in figures["pairs"]
    ]
    return render_to_string("admin/hub/closed_figures.html", {"columns": COLUMNS, "pairs": pairs})


def _cell(pair: Mapping[str, Any], column: str) -> Mapping[str, Any]:
    side = pair[column]
    return {"count": side["count"], "figure": figure(amount_of(side["total"]), pair["currency"])}
