"""What each test has found about the promises that it is marked with."""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One request whose response was not the promised one.

    Attributes:
        promise: The id of the promise.
        test: What the test expects, as a sentence.
        sent: The request, line by line; empty if there was none.
        received: The response, line by line; empty if there was none.
        promised: The promised response, in words.
    """

    promise: str
    test: str
    sent: list[str]
    received: list[str]
    promised: str

    @property
    def summary(self) -> str:
        """The breach in one line; breaches with the same line are of one kind."""
        request = self.sent[0] if self.sent else self.test
        came = self.received[0] if self.received else "no response"
        return f"{request}: promised {self.promised}; received {came}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one test has found.

    Attributes:
        promises: The ids that it is marked with, its own promise first.
        reason: Why it was left out, or what stopped it; empty if it passed.
        breaches: The broken promises that it has noticed, not only those it is marked with.
    """

    promises: list[str]
    outcome: Outcome
    reason: str = ""
    breaches: list[Breach] = field(default_factory=list)
