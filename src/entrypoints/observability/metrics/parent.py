"""What the parent process knows by itself: its release, its keys, and how many workers live."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Final

from latchkey.adapters.keys import KeySet
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.entrypoints import keys
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT, METRICS, OFFSET
from latchkey.entrypoints.observability.metrics.exposition import Sample, is_alive
from latchkey.entrypoints.settings import Settings

OF_PARENT: Final = {
    "latchkey_build_info": "The release; the value is always 1.",
    "latchkey_workers": "Workers whose event loop runs.",
    "latchkey_workers_configured": "Workers that there should be (WORKERS).",
    "latchkey_key_signs": "Whether a key signs access tokens now; one of them does.",
    "latchkey_key_signs_from_timestamp_seconds": "From when a private key signs, Unix time.",
    "latchkey_key_accepted_until_timestamp_seconds": "Until when a key is accepted, Unix time.",
}
"""The gauges of the parent, and what they mean."""

_WITHOUT_KEYS: Final = 3


class ParentGauges:
    """The gauges that no worker writes."""

    def __init__(self, settings: Settings) -> None:
        self._workers = settings.server.workers
        self._keys = keys.access_keys(settings)

    def samples(self, blocks: Sequence[Sequence[int]], monotonic: int) -> Iterator[Sample]:
        """Return the gauges.

        Args:
            blocks: The numbers of the workers' blocks.
            monotonic: The monotonic clock, ns.
        """
        alive = [block for block in blocks if is_alive(block, monotonic)]
        offset = OFFSET.merge(block[LAYOUT.place(OFFSET)] for block in alive) if alive else 0
        now = datetime.now(UTC) + timedelta(seconds=offset / OFFSET.scale)
        yield _sample("latchkey_build_info", 1, version=version("latchkey"))
        yield _sample("latchkey_workers", len(alive))
        yield _sample("latchkey_workers_configured", self._workers)
        yield from _of_keys(self._keys, now)


def number_of_series(settings: Settings) -> int:
    """Return how many series a scrape has, when all workers are alive. It never changes."""
    has_key = settings.tokens.access_secrets or settings.tokens.keys  # development creates one
    of_keys = _of_keys(keys.access_keys(settings), datetime.now(UTC)) if has_key else (None,)
    return _WITHOUT_KEYS + sum(1 for _ in of_keys) + sum(metric.series for metric in METRICS)


def _of_keys(key_set: KeySet, now: datetime) -> Iterator[Sample]:
    signing, turns = key_set.signing_at(now), key_set.turns
    for turn in turns:
        yield _sample("latchkey_key_signs", int(turn.key is signing), kid=turn.key.verifying.kid)
    name = "latchkey_key_signs_from_timestamp_seconds"
    for turn in turns:
        if turn.starts_at != ALWAYS:
            yield _sample(name, turn.starts_at.timestamp(), kid=turn.key.verifying.kid)
    name = "latchkey_key_accepted_until_timestamp_seconds"
    for turn in turns:
        if turn.accepted_until is not None:
            yield _sample(name, turn.accepted_until.timestamp(), kid=turn.key.verifying.kid)


def _sample(name: str, value: float, **labels: str) -> Sample:
    return Sample(name=name, help=OF_PARENT[name], value=value, labels=labels)
