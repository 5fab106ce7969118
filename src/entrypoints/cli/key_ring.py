"""The file with the private keys, read, changed and written."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from latchkey.adapters.keys import KeySet, PublicKey, key_file
from latchkey.adapters.keys.key_file import ScheduledKey
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.key_set import ALWAYS, Turn
from latchkey.entrypoints.keys import kept
from latchkey.entrypoints.settings import Environment
from latchkey.entrypoints.settings.groups.tokens import TokenSettings
from latchkey.entrypoints.settings.reader import EnvironmentReader

_MODE = 0o600


class KeyRingError(Exception):
    """The file cannot be used; `faults` has a line for each fault."""

    def __init__(self, *faults: str) -> None:
        """Keep the lines."""
        super().__init__(*faults)
        self.faults = faults


class State(StrEnum):
    """What a key does now."""

    SIGNS = "signs"
    NEXT = "next"
    VERIFIES = "verifies"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A key in the list.

    Attributes:
        starts: When it begins to sign; `ALWAYS` if it names no start.
        until: From when it is rejected and no longer published, or None.
    """

    kid: str
    alg: str
    state: State
    starts: datetime
    until: datetime | None

    def described(self, now: datetime) -> str:
        """Return when it signs, and how long it is published, for people."""
        if self.state is State.NEXT:
            lead = timedelta(seconds=int((self.starts - now).total_seconds()))
            return f"signs from {in_utc(self.starts)}; verifiers must fetch it within {lead}"
        since = "" if self.starts == ALWAYS else f"since {in_utc(self.starts)}; "
        end = "no successor yet" if self.until is None else f"published until {in_utc(self.until)}"
        return f"{since}{end}"


class KeyRing:
    """The keys of a file, in the order of their starts."""

    def __init__(self, keys: list[ScheduledKey], lifetime: timedelta) -> None:
        """Hold keys.

        Args:
            keys: Any number.
            lifetime: That of an access token, which says how long a key outlives its turn.
        """
        self._keys = sorted(keys, key=lambda each: each.signs_from)
        self._kept = kept(lifetime)

    @classmethod
    def empty(cls) -> Self:
        """Return a ring without a key."""
        return cls([], timedelta(0))

    @classmethod
    def load(cls, path: Path, environ: Mapping[str, str]) -> Self:
        """Read a file, and the lifetime of access tokens from the environment.

        Raises:
            KeyRingError: The file cannot be used.
        """
        alone = {name: environ[name] for name in ("JWT_ACCESS_TTL",) if name in environ}
        reader = EnvironmentReader({**alone, "JWT_KEYS_FILE": str(path)}, Environment.DEVELOPMENT)
        settings = reader.group(TokenSettings)
        if reader.faults:
            raise KeyRingError(*(f"{path}: {fault}" for fault in reader.faults))
        return cls.of(settings)

    @classmethod
    def of(cls, settings: TokenSettings) -> Self:
        """Return the keys of the settings."""
        return cls([ScheduledKey.of(jwk) for jwk in settings.keys], settings.access_lifetime)

    @property
    def newest(self) -> PublicKey:
        """The public part of the key that signs last."""
        return self._keys[-1].key.verifying

    def rows(self, now: datetime) -> Iterator[Row]:
        """Yield each key, in the order of their starts."""
        plan = self._plan()
        signing = plan.signing_at(now).verifying
        for turn in plan.turns:
            key = turn.key.verifying
            yield Row(
                kid=key.kid,
                alg=key.alg,
                state=_state(turn, signs=key is signing, now=now),
                starts=turn.starts_at,
                until=turn.accepted_until,
            )

    def row(self, kid: str, now: datetime) -> Row | None:
        """Return the key with an id, or None."""
        return next((row for row in self.rows(now) if row.kid == kid), None)

    def published(self, now: datetime) -> tuple[PublicKey, ...]:
        """Return the keys that the service publishes."""
        return self._plan().published_at(now)

    def add(self, alg: str, starts: datetime | None) -> str:
        """Create a key, and return its id, which never begins with a hyphen.

        Programs would take an id that does for an option.
        """
        key = PRIVATE[alg].generate()
        while key.verifying.kid.startswith("-"):
            key = PRIVATE[alg].generate()
        self._keys.append(ScheduledKey(key=key, signs_from=starts or ALWAYS))
        self._keys.sort(key=lambda each: each.signs_from)
        return key.verifying.kid

    def remove_over(self, now: datetime) -> list[str]:
        """Remove the keys that are no longer accepted, and return their ids."""
        over = [row.kid for row in self.rows(now) if row.state is State.OVER]
        self._keys = [each for each in self._keys if each.key.verifying.kid not in over]
        return over

    def retire(self, kid: str, now: datetime) -> str | None:
        """Remove a key. If it signs, let another sign from now on, and return its id."""
        row = self.row(kid, now)
        gone = next(each for each in self._keys if each.key.verifying.kid == kid)
        self._keys.remove(gone)
        if row is None or row.state is not State.SIGNS:
            return None
        later = [each for each in self._keys if each.signs_from > now]
        if not later:
            return self.add(row.alg, now)
        self._keys[self._keys.index(later[0])] = replace(later[0], signs_from=now)
        return later[0].key.verifying.kid

    def save(self, path: Path) -> None:
        """Write the file, readable for its owner alone. Nobody sees a file that is half written."""
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(key_file.write(self._keys))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def _plan(self) -> KeySet:
        return KeySet.in_turns(
            [(each.key, each.signs_from) for each in self._keys], kept=self._kept
        )


def _state(turn: Turn, *, signs: bool, now: datetime) -> State:
    if signs:
        return State.SIGNS
    if turn.starts_at > now:
        return State.NEXT
    is_over = turn.accepted_until is not None and turn.accepted_until <= now
    return State.OVER if is_over else State.VERIFIES


def in_utc(at: datetime) -> str:
    """Write an instant for people, in whole seconds."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
