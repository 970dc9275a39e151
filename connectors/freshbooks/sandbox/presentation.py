"""How an invoice looks on paper: shown when asked for, and nothing that this simulator lets anybody change."""

from __future__ import annotations

from connectors.freshbooks.sandbox.tables import Row

HEADINGS = ["description", "hours", "item", "quantity", "rate", "task", "unit_cost", "time_entry_notes"]


def presentation(invoice_id: int) -> Row:
    return {
        "invoiceid": invoice_id,
        "date_format": "yyyy-mm-dd",
        "image_banner_position_y": 0,
        "image_banner_src": None,
        "image_logo_src": None,
        "label": None,
        "theme_font_name": "modern",
        "theme_layout": "simple",
        "theme_primary_color": "#336699",
        **{f"{name}_heading": None for name in HEADINGS},
    }
