"""What goes wrong in a drill of mails, and what is counted."""

from collections import defaultdict
from dataclasses import dataclass, field

from harness.mail_server import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often what goes wrong.

    Attributes:
        later: The share of messages that the server answers with 451.
        lost: The share of messages that the server takes and whose answer is lost.
        every: Seconds between two kills, least and most.
        undone: The share of transactions that are rolled back.
        pause: Seconds between two mails of a writer, at most.
    """

    later: float = 0.10
    lost: float = 0.05
    every: tuple[float, float] = (2.0, 5.0)
    undone: float = 0.15
    pause: float = 0.4


@dataclass(slots=True)
class Tally:
    """What was written, what arrived, and what was killed. Recipients stand for their mails."""

    committed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    killed: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    copies: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def take(self, taken: list[Taken]) -> None:
        """Sort what the server has taken."""
        for message in taken:
            [recipient] = message.recipients
            self.copies[recipient].append(message.content)

    @property
    def lost(self) -> set[str]:
        return self.committed - self.copies.keys()

    @property
    def sent_for_nothing(self) -> set[str]:
        return self.undone & self.copies.keys()

    @property
    def twice(self) -> set[str]:
        return {recipient for recipient, copies in self.copies.items() if len(copies) > 1}

    @property
    def different(self) -> set[str]:
        """Recipients whose second copy had other bytes."""
        return {recipient for recipient, copies in self.copies.items() if len(set(copies)) > 1}
