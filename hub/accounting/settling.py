"""How a gap between what we post and what the books make of it is closed, step by step: by other percents, by rounding."""

from __future__ import annotations

from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO
from hub.accounting.policy import RoundingTolerance
from hub.accounting.proof import Lined, correctable, corrected, left_by_lines, line_by_line, nudged, tax_differs

LINE_BY_LINE = "percents of each line alone"


class Settling:
    """One document on its way. Only a draft may get other percents: what is final is only rounded."""

    def __init__(
        self, document: Lined, tolerance: RoundingTolerance, capabilities: Capabilities, *, draft: bool
    ) -> None:
        self.document = document
        self.tolerance, self.capabilities = tolerance, capabilities
        other = line_by_line(document, capabilities)
        self.other = other if draft and other != document else None
        self.before = ZERO

    def step(self, gap: Decimal) -> str:
        """Makes `document` what is to be sent next, and says what is done. Raises Unproven where nothing is left to do."""
        small = correctable(gap, self.document, self.tolerance, self.capabilities)
        if self.other and (not small or gap == left_by_lines(self.document)):
            self.document, self.other, self.before = self.other, None, ZERO
            return LINE_BY_LINE
        if not small:
            raise tax_differs(self.document, self.document.total - gap)
        settle = nudged if self.before and gap == -self.before else corrected
        self.document, self.before = settle(self.document, gap, self.capabilities), gap
        return f"rounding line of {gap} {self.document.currency}"
