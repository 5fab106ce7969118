"""What links in mails come to: sections LK, PR, RG, EC and AC of docs/flow.md, written once more.

It knows nothing of how the service is built and shares no code with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fuzz.oracle import Life, Oracle, Outcome, Person

RESET: Final = "password_reset"
REGISTRATION: Final = "registration"
CHANGE: Final = "email_change"
LASTS: Final = {
    RESET: timedelta(hours=1),
    REGISTRATION: timedelta(hours=24),
    CHANGE: timedelta(hours=24),
}
GOOD: Final = "good"
REPEATABLE: Final = "repeatable"
OK: Final = Outcome()
INCORRECT: Final = Outcome(code="password_incorrect")


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """A link that was asked for.

    Attributes:
        address: The number of the address that it is for.
        person: Whose it is, if anybody's; of a registration, whom it has made.
        version: The number of the password that it stands on.
        result: That of the password after its use, or None.
        is_sent: Whether its mail has it. If not, nobody holds it.
        is_gone: Whether it was withdrawn.
    """

    kind: str
    address: int
    expires_at: datetime
    person: Person | None = None
    version: int = 0
    result: int | None = None
    is_sent: bool = True
    is_gone: bool = False


class LinkOracle:
    """Foresees what every link does."""

    def __init__(self, oracle: Oracle, people: list[Person]) -> None:
        """Share the people, and their sessions."""
        self._oracle = oracle
        self._people = people
        self._links: list[Link] = []

    def holder(self, address: int) -> Person | None:
        """Tell who has an address, or None."""
        living = (person for person in self._people if not person.is_deleted)
        return next((person for person in living if person.address == address), None)

    def ask(self, kind: str, address: int, now: datetime) -> Link:
        """Ask for a link as nobody in particular (PR2, RG2)."""
        holder = self.holder(address)
        link = Link(kind=kind, address=address, expires_at=_end(kind, now))
        if kind == REGISTRATION:
            link.is_sent = holder is None
        elif holder is not None and not holder.is_disabled:
            link.person, link.version = holder, holder.password
        else:
            link.is_sent = False
        self._links.append(link)
        return link

    def ask_to_move(
        self, life: Life, address: int, password: int, now: datetime
    ) -> tuple[Outcome, Link | None]:
        """Ask for another address in a session (EC1, EC2, EC6)."""
        outcome = self._confirmed(life, password, now)
        if outcome != OK:
            return outcome, None
        self._withdraw(life.person)
        holder = self.holder(address)
        link = Link(
            kind=CHANGE,
            address=address,
            expires_at=_end(CHANGE, now),
            person=life.person,
            version=password,
            is_sent=holder in {None, life.person},
        )
        self._links.append(link)
        life.audit["email_change_requested"] += 1
        return OK, link

    def stay(self, life: Life, now: datetime) -> Outcome:
        """Withdraw the request for another address (EC6)."""
        outcome = self._signed_in(life, now)
        if outcome == OK and self._withdraw(life.person):
            life.audit["email_change_withdrawn"] += 1
        return outcome

    def delete(self, life: Life, password: int, now: datetime) -> Outcome:
        """Delete the account of a session (AC1)."""
        outcome = self._confirmed(life, password, now)
        if outcome == OK:
            life.person.is_deleted = True
            self._oracle.end_all(life.person, "account_deleted")
            life.audit["user_deleted"] += 1
            for link in self._links:
                link.is_gone |= link.person is life.person
        return outcome

    def meaning(self, link: Link, now: datetime) -> str:
        """Tell what a link is good for, or why it is not (LK5 to LK8, RG8)."""
        if now >= link.expires_at:
            return "expired"
        if link.is_gone:
            return "withdrawn"
        if link.result is not None:
            return REPEATABLE if self._is_current(link, link.result) else "used"
        if link.kind == REGISTRATION:
            return "superseded" if self.holder(link.address) else GOOD
        person = link.person
        stands = self._is_current(link, link.version, moves=True)
        has_moved = person is None or person.address != link.address
        return GOOD if stands and not (link.kind == RESET and has_moved) else "superseded"

    def use(self, link: Link, password: int, now: datetime) -> Outcome:
        """Use a link with a password, which is a new one unless it is for another address."""
        meaning = self.meaning(link, now)
        if meaning == REPEATABLE:
            assert link.person is not None
            return OK if password == link.person.password else ended("used")
        if meaning != GOOD:
            return ended(meaning)
        if link.kind == CHANGE:
            return self._move(link, password)
        if link.person is None:
            number = len(self._people)
            link.person = Person(number=number, address=link.address, password=password)
            self._people.append(link.person)
        else:
            link.person.password = password
            self._oracle.end_all(link.person, "revoked")
        link.result = password
        return OK

    def _move(self, link: Link, password: int) -> Outcome:
        """Change an address (EC3, EC4, EC8)."""
        person = link.person
        assert person is not None
        if password != person.password:
            return INCORRECT
        if self.holder(link.address) not in {None, person}:
            return Outcome(code="email_taken")
        person.address, link.result = link.address, password
        return OK

    def _is_current(self, link: Link, version: int, *, moves: bool = False) -> bool:
        person = link.person
        if person is None or person.is_disabled or person.password != version:
            return False
        return moves or link.kind != CHANGE or person.address == link.address

    def _withdraw(self, person: Person) -> bool:
        """Withdraw the pending change of a person; tell whether there was one."""
        open_changes = [
            link
            for link in self._links
            if (link.kind, link.person, link.result) == (CHANGE, person, None) and not link.is_gone
        ]
        for link in open_changes:
            link.is_gone = True
        return bool(open_changes)

    def _signed_in(self, life: Life, now: datetime) -> Outcome:
        me = self._oracle.me(life, now)
        return OK if me.code == "ok" else me

    def _confirmed(self, life: Life, password: int, now: datetime) -> Outcome:
        """Check the session, and then the current password (CP1)."""
        outcome = self._signed_in(life, now)
        if outcome != OK or password == life.person.password:
            return outcome
        life.audit["password_attempt_failed"] += 1
        return INCORRECT


def ended(reason: str) -> Outcome:
    """Tell that a link has ended."""
    return Outcome(code="link_ended", reason=reason)


def _end(kind: str, now: datetime) -> datetime:
    return (now + LASTS[kind]).replace(microsecond=0)
