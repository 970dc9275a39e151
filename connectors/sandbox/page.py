"""What is inside, for people: plain HTML, no script but the button's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

Row = Mapping[str, Any]
STYLE = """body{font:15px/1.5 system-ui;margin:2rem;max-width:75rem}table{border-collapse:collapse;margin-bottom:2rem}
td,th{padding:.25rem .75rem;border-bottom:1px solid #ddd;text-align:left}button{font:inherit;padding:.3rem .8rem}"""
PLACE = "fetch('place',{method:'POST',body:'{}'}).then(()=>location.reload())"
LONGEST = 200
"""Rows shown of a table; the heading counts them all."""


def page(label: str, placing: str, tables: Mapping[str, list[Row]], switch: Row, faults: Iterable[object]) -> str:
    shown = "".join(_table(title, rows) for title, rows in tables.items())
    switches = "".join(f"<li><code>{escape(name)}</code> = {escape(str(value))}</li>" for name, value in switch.items())
    waiting = "".join(f"<li>{escape(str(fault))}</li>" for fault in faults) or "<li>none</li>"
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(label)} sandbox</title>
<style>{STYLE}</style>
<h1>{escape(label)} sandbox</h1><p>A simulator. Nothing here is real.</p>
<button onclick="{PLACE}">{escape(placing)}</button>
{shown}<h2>Switches</h2><ul>{switches}</ul><h2>Faults waiting</h2><ul>{waiting}</ul></html>"""


def _table(title: str, rows: list[Row]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>none</p>"
    heads = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join(_row(row) for row in rows[:LONGEST])
    return f"<h2>{escape(title)} ({len(rows)})</h2><table><tr>{heads}</tr>{body}</table>"


def _row(row: Row) -> str:
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row.values()) + "</tr>"
