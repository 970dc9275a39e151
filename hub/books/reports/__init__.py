"""Reports for finance staff: declared once each, shown in the admin, written as files. docs/reports.md is drawn from it."""
