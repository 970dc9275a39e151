"""What applying a file has come to so far: what changed, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub.configuration.reading import ConfigurationError, Reading
from hub.configuration.shape import File
from hub.flow_checks import Complaint, FlowError


class Wrong(Exception):
    """An entry of the file cannot be applied. Locations are within the entry."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__(*(message for _, message in complaints))
        self.complaints = complaints


@dataclass
class Report:
    reading: Reading
    file: File
    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def changed(self, what: str, parts: Iterable[str]) -> None:
        """`what` changed in these parts, if any."""
        named = ", ".join(parts)
        if named:
            self.changes.append(f"{what}: {named}")

    @contextmanager
    def entry(self, section: str, place: int) -> Iterator[None]:
        """Around the work on one entry: what is wrong with it is noted, and the next one is looked at."""
        try:
            yield
        except (Wrong, FlowError) as error:
            found = error.complaints
            self.problems += [self.reading.complaint((section, place, *at), message) for at, message in found]

    def close(self) -> None:
        """Raises ConfigurationError if anything is wrong."""
        if self.problems:
            raise ConfigurationError(self.problems)
