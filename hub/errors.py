"""What the hub itself decides about a record, named by outcome.

HubError
├── Held        needs a person; carries what is wrong, what it is worth and what to do
│   ├── Unproven    totals differ: both calculations are side by side in `problem`
│   └── Closed      the books are closed on that date
├── Skipped     by rule, with a reason; the record's next change opens it again
└── NotYet      waits for something that will come by itself; costs no attempt
"""

from __future__ import annotations

from typing import Any


class HubError(Exception):
    """`reason` is a slug ("tax_differs"), `str(error)` a sentence for a bookkeeper, `problem` the details:
    field, value, remedy, and what differs."""

    def __init__(self, reason: str, message: str, **problem: Any) -> None:
        super().__init__(message)
        self.reason = reason
        self.problem = problem


class Held(HubError):
    """Needs a person."""


class Unproven(Held):
    """The sums differ, so nothing (more) is posted."""


class Closed(Held):
    """The document's date lies in a closed period."""


class Skipped(HubError):
    """Not to be booked, by rule."""


class NotYet(HubError):
    """Look again in `after` seconds."""

    def __init__(self, reason: str, message: str, *, after: float, **problem: Any) -> None:
        super().__init__(reason, message, **problem)
        self.after = after


class TurnLost(Exception):
    """Another worker has taken over, or a person wants something else. Whoever sees this stops and writes nothing."""
