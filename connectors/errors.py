"""What can go wrong at the border, named by what to do next.

ConnectorError
├── RetryLater          outage, or a failure before anything was sent: try again by itself
│   └── RateLimited     the other side asked us to wait, and said how long
├── OutcomeUnknown      the request may have arrived: look before doing it again
├── NeedsLogin          the credentials no longer work: pauses the connection, not the record
├── Rejected            the other side said no: a person must change data or rules
│   └── Gone            the record does not exist (any more)
├── NotSearchable       this system offers no way to look for such a record
└── BadSignature        an inbound request that nobody we know has signed
"""

from __future__ import annotations

REFERENCE_GONE = "reference_gone"
"""The code of a refusal because a record that the document names (an invoice's client) is not there any more."""
NUMBER_TAKEN = "number_taken"
"""The code of a refusal because the document's number is in use."""


class ConnectorError(Exception):
    """Base of the family. `str(error)` is a sentence fit for a bookkeeper; it never holds a secret.

    `code` is a stable slug ("http_503", "errno_1038"): errors with the same code at the same step are one cause.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code or type(self).__name__.lower()


class RetryLater(ConnectorError):
    """Nothing was done, or nothing that matters: the same call may be made again later."""


class RateLimited(RetryLater):
    """The other side asked us to wait `wait` seconds."""

    def __init__(self, message: str, *, wait: float, code: str = "rate_limited") -> None:
        super().__init__(message, code=code)
        self.wait = wait


class OutcomeUnknown(ConnectorError):
    """A write was sent and no trustworthy answer came back. It may or may not have happened."""


class NeedsLogin(ConnectorError):
    """The credentials were refused. Records wait until a person logs in again; no attempt is spent."""


class Rejected(ConnectorError):
    """The other side refused this document.

    `field` and `value` say what it disliked, where it said so. `teaches` names a capability of these books that the
    refusal has just proven absent ("negative_lines", "items"): the hub remembers it and builds the document anew.
    """

    def __init__(
        self, message: str, *, code: str = "", field: str = "", value: object = None, teaches: str = ""
    ) -> None:
        super().__init__(message, code=code or "rejected")
        self.field = field
        self.value = value
        self.teaches = teaches


class Gone(Rejected):
    """The record does not exist, or no longer."""


class NotSearchable(ConnectorError):
    """Absence cannot be proven here, so a doubtful effect must be decided by a person."""


class BadSignature(ConnectorError):
    """An inbound request failed verification. The sender is never told why."""


AWAY = (RetryLater, OutcomeUnknown, NeedsLogin)
"""What is said of the connection rather than of what was asked for: the same may be asked again later."""
