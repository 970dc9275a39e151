"""A connector's `setup.md` as HTML: headings, lists, tables, paragraphs, code, bold and links; everything else stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

HEADING = re.compile(r"(#{1,4})\s+(.*)")
ROW = re.compile(r"\s*\|(.*)\|\s*")
RULE = re.compile(r"\s*\|[\s:|-]+\|\s*")
"""The line under a table's head."""
ITEM = re.compile(r"\s*(?:[-*]|(\d+)[.)])\s+(.*)")
INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\w)[*_]([^*_]+)[*_](?!\w)"), r"<em>\1</em>"),
    (
        re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)"),
        r'<a href="\2" target="_blank" rel="noopener noreferrer">\1</a>',
    ),
)


def as_html(markdown: str) -> SafeString:
    """Safe to show: the text is escaped before anything is marked up."""
    return mark_safe("\n".join(_blocks(markdown.strip().splitlines())))  # noqa: S308 - escaped in _inline


def _blocks(lines: list[str]) -> Iterator[str]:
    for fenced, group in groupby(_fences(lines), key=lambda pair: pair[0]):
        text = [line for _, line in group]
        if fenced:
            yield f"<pre><code>{escape(chr(10).join(text))}</code></pre>"
        else:
            for filled, part in groupby(text, key=lambda line: bool(line.strip())):
                if filled:
                    yield from _block(list(part))


def _table(rows: list[str]) -> str:
    head, *body = [[cell.strip() for cell in row.split("|")] for row in rows]
    first = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    rest = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in body)
    return f"<table><thead><tr>{first}</tr></thead><tbody>{rest}</tbody></table>"


def _fences(lines: list[str]) -> Iterator[tuple[bool, str]]:
    inside = False
    for line in lines:
        if line.lstrip().startswith("```"):
            inside = not inside
        else:
            yield inside, line


def _block(lines: list[str]) -> Iterator[str]:
    """One run of lines without a blank one between them."""
    for kind, group in groupby(_joined(lines), key=lambda pair: pair[0]):
        texts = [_inline(text) for _, text in group]
        if kind.startswith("h"):
            yield from (f"<{kind}>{text}</{kind}>" for text in texts)
        elif kind == "table":
            yield _table(texts)
        elif kind == "ul":
            yield f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
        elif kind.startswith("ol"):  # its number is kept: blank lines and pictures may stand between two steps
            yield f'<ol start="{kind[2:]}"><li>{"</li><li>".join(texts)}</li></ol>'
        else:
            yield f"<p>{' '.join(texts)}</p>"


def _joined(lines: list[str]) -> list[tuple[str, str]]:
    """(kind, text) of each line; an indented line goes on with the list item before it."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if heading := HEADING.fullmatch(line):
            found.append((f"h{min(len(heading[1]) + 1, 5)}", heading[2]))
        elif RULE.fullmatch(line):
            continue
        elif row := ROW.fullmatch(line):
            found.append(("table", row[1]))
        elif item := ITEM.fullmatch(line):
            found.append((f"ol{item[1]}" if item[1] else "ul", item[2]))
        elif found and found[-1][0].startswith(("ol", "ul")):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            found.append(("p", line.strip()))
    return found


def _inline(text: str) -> str:
    marked = str(escape(text))
    for pattern, html in INLINE:
        marked = pattern.sub(html, marked)
    return marked
