"""All reports, in the order in which people see them. A new one is declared in a file of its own and named here."""

from __future__ import annotations

from hub.books.reports import (
    agreement_by_day,
    deposits,
    discrepancies,
    documents,
    findings,
    gift_cards,
    late_arrivals,
    payments,
    reconciliation,
    records,
    refunds,
    taxes,
)
from hub.books.reports.report import Report

REPORTS: tuple[Report, ...] = (
    agreement_by_day.REPORT,
    records.REPORT,
    documents.REPORT,
    payments.BY_METHOD,
    payments.REPORT,
    taxes.REPORT,
    refunds.REPORT,
    deposits.REPORT,
    gift_cards.REPORT,
    late_arrivals.REPORT,
    reconciliation.REPORT,
    discrepancies.REPORT,
    findings.REPORT,
)


def find(slug: str) -> Report | None:
    return next((report for report in REPORTS if report.slug == slug), None)
