"""What an attempt comes to: exactly one of posted, held, skipped, waiting, failed; and how errors become one."""

from __future__ import annotations

import random
import traceback
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import ConnectorError, Gone, NeedsLogin, OutcomeUnknown, RateLimited, Rejected, RetryLater
from hub.engine.states import ends
from hub.errors import Held, HubError, NotYet, Skipped
from mappings.engine.errors import MappingError

PATIENCE = 5
"""Tries at an error that nobody foresaw, before it becomes a dead letter."""
FIRST_DELAY, LONGEST_DELAY = 2.0, 3600.0


@dataclass(frozen=True)
class Outcome:
    """`after` is the seconds until the record is due again; None = at rest. `counts` if the try cost an attempt."""

    state: str
    reason: str = ""
    message: str = ""
    cause: str = ""
    problem: dict[str, Any] = field(default_factory=dict)
    after: float | None = None
    counts: bool = False
    trace: str = ""

    def __post_init__(self) -> None:
        if self.state not in ends():
            raise ValueError(f"no attempt ends as {self.state!r}")


def backoff(failures: int) -> float:
    """Exponential with full jitter, so that many records do not come back at the same moment."""
    return random.uniform(FIRST_DELAY / 4, min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(failures, 12)))  # noqa: S311


def outcome_of(error: Exception, *, step: str, failures: int, faults: int = 0) -> Outcome:
    """Every error has exactly one way on. `failures` paces the next try; `faults` counts the earlier tries that ended
    in an error nobody foresaw."""
    message = str(error)
    match error:
        case NotYet():
            return Outcome("waiting", error.reason, message, problem=error.problem, after=error.after)
        case Held():
            return Outcome("held", error.reason, message, f"{step}:{error.reason}", _told(error))
        case Skipped():
            return Outcome("skipped", error.reason, message)
        case RateLimited():
            return Outcome("waiting", error.code, message, after=error.wait)
        case NeedsLogin():
            return Outcome("waiting", "needs_login", message, after=0)
        case RetryLater() | OutcomeUnknown():
            return Outcome("waiting", error.code, message, f"{step}:{error.code}", after=backoff(failures), counts=True)
        case MappingError():
            return _mapping_failed(error, step)
        case Gone():
            return Outcome("failed", "gone", message, f"{step}:gone")
        case Rejected():
            told = {"field": error.field, "value": _text(error.value), "code": error.code}
            return Outcome("failed", error.code, message, f"{step}:{error.code}:{error.field}", told)
        case ConnectorError():
            return Outcome("held", error.code, message, f"{step}:{error.code}")
    return _unforeseen(error, step, faults)


def _told(error: HubError) -> dict[str, Any]:
    return error.problem


def _mapping_failed(error: MappingError, step: str) -> Outcome:
    first = error.problems[0]
    told = {"field": first.field, "value": _text(first.value), "remedy": first.remedy}
    return Outcome("failed", "mapping", str(error), f"{step}:mapping:{first.field}", told)


def _unforeseen(error: Exception, step: str, faults: int) -> Outcome:
    """A fault of ours. Tried again a few times, since it may have been the weather; then a person must know."""
    trace = "".join(traceback.format_exception(error))
    cause = f"{step}:{type(error).__name__}"
    message = f"Countinghouse itself failed: {type(error).__name__}: {error}"
    if faults + 1 < PATIENCE:
        return Outcome("waiting", "error", message, cause, after=backoff(faults), counts=True, trace=trace)
    return Outcome("failed", "error", message, cause, counts=True, trace=trace)


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:500]
