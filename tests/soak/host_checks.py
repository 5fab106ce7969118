"""What must hold on a machine that was set up as the manual says."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import httpx

from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import JWKS
from latchkey.testing.flow.set_cookie import SetCookie
from production.deployment import ADMIN, HOST, visitor_of
from production.proxies import Proxy
from soak.machine import Machine, wait_until
from soak.walk import KEYS, key_commands

UNIT: Final = "latchkey.service"
EXPOSURE: Final = 2.0  # of 10
VISITED: Final = [200, 200, 200, 200, 401]
"""The statuses that a visit gets."""
STOPS_WITHIN: Final = 40.0  # s, the unit's TimeoutStopSec
_STATUS: Final = {"CapEff": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}
_PRIVATE: Final = "/etc/latchkey 700\n/etc/latchkey/.env 600\n/etc/latchkey/owner 600\n"
_NAMESPACES: Final = ("ipc", "mnt", "user")
"""The kinds that the unit wants the service to have for itself."""
_KEYS_FILE: Final = "/etc/latchkey/keys.json"
_READ_AS_SERVICE: Final = ("runuser", "--user", "latchkey", "--", "cat", "/etc/latchkey/.env")


@dataclass(slots=True)
class Host:
    """A machine with the service, and what came of it.

    Attributes:
        machine: Where the service runs.
        proxy: How clients reach it, in the machine's network.
        figures: What was measured, in words with their unit.
        wrong: What does not hold.
    """

    machine: Machine
    proxy: Proxy
    figures: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Look at everything, in an order in which nothing spoils what comes after it."""
        for what in _CHECKS:
            name = what.__name__.strip("_")
            try:
                self.wrong += [f"{name}: {each}" for each in what(self)]
            except TimeoutError as error:
                self.wrong.append(f"{name}: {error}")

    def wait_until_ready(self) -> float:
        """Wait until clients are served, and return how many seconds it took."""
        return wait_until(self._is_ready, "the service is ready")

    def shown(self, name: str) -> str:
        """Return a property of the unit."""
        shown = self.machine.run("systemctl", "show", f"--property={name}", "--value", UNIT)
        return shown.stdout.strip()

    def visit(self) -> list[int]:
        """Sign in, refresh, read who it is, sign out and refresh once more; return the statuses."""
        with self.machine.network():
            return asyncio.run(self._visited())

    def got(self, url: str) -> httpx.Response:
        """Get a page over the proxy."""

        async def get() -> httpx.Response:
            async with self.proxy.client() as http:
                return await http.get(url)

        with self.machine.network():
            return asyncio.run(get())

    def algorithm(self) -> str:
        """Sign in, and return how the access token is signed."""

        async def sign_in() -> str:
            async with self.proxy.client() as http:
                return (await visitor_of(http).sign_in(ADMIN)).access

        with self.machine.network():
            return str(Anatomy.of(asyncio.run(sign_in())).header_members["alg"])

    async def _visited(self) -> list[int]:
        async with self.proxy.client() as http:
            visitor = visitor_of(http)
            login = await visitor.login(ADMIN.credentials)
            if login.status_code != 200:
                return [login.status_code]
            refreshed = await visitor.refresh(SetCookie.of(login).value)
            token = SetCookie.of(refreshed).value
            me = await visitor.me(refreshed.json()["accessToken"])
            answers = [login, refreshed, me, await visitor.logout(token)]
            answers.append(await visitor.refresh(token))
            return [answer.status_code for answer in answers]

    def _is_ready(self) -> bool:
        try:
            return self.got("/health/ready").is_success
        except httpx.TransportError:
            return False


def _running(host: Host) -> Iterator[str]:
    for state, expected in (("is-active", "active"), ("is-enabled", "enabled")):
        told = host.machine.run("systemctl", state, UNIT).stdout.strip()
        if told != expected:
            yield f"systemctl {state} says {told}"


def _hardened(host: Host) -> Iterator[str]:
    judged = host.machine.run("systemd-analyze", "security", "--no-pager", UNIT).stdout
    [exposure] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", judged)
    host.figures["exposure of the unit, of 10"] = float(exposure)
    if float(exposure) >= EXPOSURE:
        yield f"the exposure of the unit is {exposure}"
    process = host.shown("MainPID")
    text = host.machine.run("cat", f"/proc/{process}/status").stdout
    status = dict(re.findall(r"^(\w+):\t(\S+)", text, re.MULTILINE))
    if (found := {name: status.get(name) for name in _STATUS}) != _STATUS:
        yield f"the main process has {found}"
    if status.get("Uid") in {None, "0"}:
        yield "the main process runs as root"
    for kind in _NAMESPACES:
        named = {
            host.machine.run("readlink", f"/proc/{each}/ns/{kind}").stdout
            for each in ("1", process)
        }
        if len(named) == 1:
            yield f"the main process has the namespace {kind} of everybody"
    inside = ("nsenter", f"--target={process}", "--mount")
    if "Read-only" not in host.machine.run(*inside, "touch", "/etc/file").stderr:
        yield "the main process sees a file system that can be written to"


def _private(host: Host) -> Iterator[str]:
    files = ("/etc/latchkey", "/etc/latchkey/.env", "/etc/latchkey/owner")
    modes = host.machine.run("stat", "--format=%n %a", *files).stdout
    if modes != _PRIVATE:
        yield f"the files with secrets are {modes}"
    if "Permission denied" not in host.machine.run(*_READ_AS_SERVICE).stderr:
        yield "the service's user can read the secrets"


def _used(host: Host) -> Iterator[str]:
    if (statuses := host.visit()) != VISITED:
        yield f"login, refresh, me, logout and another refresh got {statuses}"
    page = host.got("/")
    if not (page.is_success and "text/html" in page.headers["content-type"]):
        yield f"the first page is {page.status_code}"
    plain = host.got(f"http://{HOST}/")
    if plain.headers.get("location") != f"https://{HOST}/":
        yield f"over plain HTTP, the first page is {plain.status_code}"


def _doctor(host: Host) -> Iterator[str]:
    told = host.machine.run("env", "--chdir=/etc/latchkey", "latchkey", "doctor")
    lines = told.stdout.splitlines()
    if told.returncode or not lines or any(not line.startswith("ok ") for line in lines):
        yield f"latchkey doctor is not content: {told.stdout}{told.stderr}"


def _killed(host: Host) -> Iterator[str]:
    process = host.shown("MainPID")
    host.machine.run("kill", "-KILL", process)
    wait_until(lambda: host.shown("MainPID") not in {process, "0"}, "the service is restarted")
    host.figures["seconds from the restart after kill -9 until it is ready"] = (
        host.wait_until_ready()
    )
    if (restarts := host.shown("NRestarts")) != "1":
        yield f"systemd counts {restarts} restarts"


def _stopped(host: Host) -> Iterator[str]:
    began = time.monotonic()
    host.machine.run("systemctl", "stop", UNIT)
    host.figures["seconds to stop"] = taken = time.monotonic() - began
    ended = [host.shown(name) for name in ("Result", "ExecMainStatus")]
    if taken > STOPS_WITHIN or ended != ["success", "0"]:
        yield f"the stop took {taken:.1f} s and ended with {ended}"
    logged = [json.loads(line) for line in _journal(host)]
    events = [(line["event"], line.get("status")) for line in logged if "event" in line]
    expected = [("service_started", None), ("service_started", None), ("service_stopped", 0)]
    if [each for each in events if each in expected] != expected:
        yield f"the journal has {events}"
    if any(ADMIN.password in line for line in _journal(host)):
        yield "the journal has a password"
    host.machine.run("systemctl", "start", UNIT)
    host.figures["seconds from the start until it is ready"] = host.wait_until_ready()


def _keyed(host: Host) -> Iterator[str]:
    for number, script in enumerate(key_commands(KEYS.read_text()), start=1):
        done = host.machine.run("bash", "-euo", "pipefail", "-c", script)
        if done.returncode:
            yield f"the commands of the keys ended with {done.returncode}: {done.stderr}"
            return
        host.wait_until_ready()
        published = host.got(JWKS).json()["keys"]
        if len(published) != number:
            yield f"{len(published)} keys are published in the place of {number}"
    if (algorithm := host.algorithm()) != "ES256":
        yield f"access tokens are signed with {algorithm}"
    mode = host.machine.run("stat", "--format=%U %a", _KEYS_FILE).stdout.strip()
    if mode != "root 600":
        yield f"the file with the keys is {mode}"


def _rebooted(host: Host) -> Iterator[str]:
    began = time.monotonic()
    host.machine.reboot()
    host.wait_until_ready()
    host.figures["seconds for a reboot, until it is ready"] = time.monotonic() - began
    state = host.machine.run("systemctl", "is-system-running", "--wait").stdout.strip()
    if state != "running":
        yield f"after a reboot, the machine is {state}"
    if (statuses := host.visit()) != VISITED:
        yield f"after a reboot, login, refresh, me, logout and another refresh got {statuses}"


def _journal(host: Host) -> list[str]:
    """Return what the service wrote, without what systemd wrote of it."""
    filters = (f"_SYSTEMD_UNIT={UNIT}", "--output=cat", "--no-pager")
    return [line for line in host.machine.run("journalctl", *filters).stdout.splitlines() if line]


_CHECKS: Final = (
    _running,
    _hardened,
    _private,
    _used,
    _doctor,
    _killed,
    _stopped,
    _keyed,
    _rebooted,
)
