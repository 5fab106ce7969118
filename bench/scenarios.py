"""What is measured: the loads, one after the other, and what each costs."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bench.load import Answers, Load, running
from bench.target import Target

CONNECTIONS: Final = 32
LOGINS: Final = 16
LOGINS_LAST: Final = 4  # times as long: the first take a hash's time to come in
STORM: Final = 64
BESIDE: Final = 4
UNHURRIED_MS: Final = 40
IN_PEACE: Final = f"me on {BESIDE} connections"
MEANWHILE: Final = f"{IN_PEACE} while {STORM} log in"
UNHURRIED: Final = f"{IN_PEACE}, {UNHURRIED_MS} ms apart, while {STORM} log in"
WARM_UP: Final = 2  # s
PAUSE: Final = 5  # s, where it can't be seen when they are done


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a load has shown.

    Attributes:
        cpu_us: CPU time of the service for each answer, microseconds; None where none is known.
        memory_mib: Of the service under the load, MiB; None where it isn't known.
    """

    answers: Answers
    cpu_us: float | None = None
    memory_mib: float | None = None


def loads(target: Target) -> Mapping[str, Load]:
    """Describe the loads of one round, by name."""
    cookies = next(target.chains)
    return {
        "me": _get("/api/auth/me", target.bearer),
        "orders": _get("/api/orders?limit=20", target.bearer),
        "refresh": Load(
            path="/api/auth/refresh",
            header="Cookie",
            values=cookies,
            connections=len(cookies),
            method="POST",
            follows_cookies=True,
        ),
        "refused access token": _get(
            "/api/auth/me", [_forged(token) for token in target.bearer], status=401
        ),
        "refused refresh token": Load(
            path="/api/auth/refresh",
            header="Cookie",
            values=[_forged(cookie) for cookie in cookies],
            connections=CONNECTIONS,
            method="POST",
            status=401,
        ),
        "login": _login(target, LOGINS),
    }


def measure(load: Load, target: Target, seconds: int) -> Measurement:
    """Put a load on a target; reads begin with a short while of the same that doesn't count."""
    _settle(target)
    if load.method == "GET":
        with running(load, target.url, WARM_UP) as under_way:
            under_way.answers()
    processes = target.processes
    before = processes.cpu() if processes else 0.0
    with running(load, target.url, seconds) as under_way:
        answers = under_way.answers()
    if processes is None or not answers.requests:
        return Measurement(answers=answers)
    spent = processes.cpu() - before
    return Measurement(
        answers=answers, cpu_us=spent / answers.requests * 1e6, memory_mib=processes.memory()
    )


def storm(target: Target, seconds: int) -> Iterator[tuple[str, Measurement]]:
    """Ask who is signed in on few connections: in peace, and then while many log in.

    Once as fast as the answers come, and once as often as people might: then all that asking
    doesn't need is left for the logins.
    """
    beside = _get("/api/auth/me", target.bearer, connections=BESIDE)
    yield IN_PEACE, measure(beside, target, seconds)
    unhurried = replace(beside, pause_ms=UNHURRIED_MS)
    for name, load in {MEANWHILE: beside, UNHURRIED: unhurried}.items():
        _settle(target)
        with (
            running(_login(target, STORM), target.url, seconds * LOGINS_LAST) as logging_in,
            running(load, target.url, seconds * LOGINS_LAST) as asking,
        ):
            yield name, Measurement(answers=asking.answers())
            yield f"{name}: the logins", Measurement(answers=logging_in.answers())


def _settle(target: Target) -> None:
    """Wait for logins whose client has gone: they are hashed all the same."""
    if target.processes:
        target.processes.wait_until_idle()
    else:
        time.sleep(PAUSE)


def _get(
    path: str, bearer: Sequence[str], *, status: int = 200, connections: int = CONNECTIONS
) -> Load:
    return Load(
        path=path, header="Authorization", values=bearer, connections=connections, status=status
    )


def _login(target: Target, connections: int) -> Load:
    return Load(
        path="/api/auth/login",
        header="",
        values=target.logins,
        connections=connections,
        method="POST",
    )


def _forged(token: str) -> str:
    """Keep a token's form and spoil its signature."""
    return token[:-24] + secrets.token_urlsafe(18)
