"""The one step that no preset writes down: credit notes pay what is open on the invoices of their own order. It comes
with the policy, so that every flow has it as soon as it is switched on."""

from __future__ import annotations

from hub.accounting.policy import Policy
from hub.engine.steps import Step
from mappings.engine.rules import Rule

STEP = Step(
    name="apply_credits",
    do="ensure",
    resource="payment",
    each="applications",
    mapping="credit-to-books-payment",
    rules=(
        Rule(target="invoice_id", source="posted.invoice.id"),
        Rule(target="credit_id", source="posted.credit_note.id"),
        *(Rule(target=name, source=f"wanted.{name}") for name in ("amount", "currency", "date", "type")),
        Rule(target="note", formula='JOIN(" ", wanted.method_name & " applied.", wanted.notes, wanted.marker)'),
    ),
    on_failure="continue",
)
"""What the books refuse here never takes the order with it: invoice and credit note stand as they are."""


def with_credit_step(steps: tuple[Step, ...], policy: Policy) -> tuple[Step, ...]:
    """Right after the credit notes are made. Without payments nobody here knows what is open."""
    refunds = [place for place, step in enumerate(steps, 1) if step.each == "refunds"]
    if policy.apply_credits == "off" or policy.payments == "off" or not refunds:
        return steps
    return (*steps[: refunds[-1]], STEP, *steps[refunds[-1] :])
