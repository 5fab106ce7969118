"""The files for containers in `deploy` agree with the project, its settings and each other."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from click import Context

from harness.service import LATCHKEY
from latchkey.entrypoints.cli import main
from latchkey.entrypoints.settings import Settings, from_env
from latchkey.entrypoints.workers.parent import PATIENCE
from production.proxies import DEPLOY
from soak.containerfile import CONTAINERFILE, ROOT, Image, described, parsed

IGNORED: Final = CONTAINERFILE.with_name("Containerfile.dockerignore")
OF_PROGRAMS: Final = {"PATH", "PYTHONDONTWRITEBYTECODE"}
SECRETS: Final = {
    "/run/secrets/database_url": "postgresql://latchkey:p@database/latchkey",
    "/run/secrets/jwt": "6vJ0mXq3sPz8LwYb1cRk5nTf7hDg2uEa",
    "/run/secrets/refresh": "9kW4eBt7yHx2NcQo5aGi8jUp3rMd6fZs",
    "/run/secrets/factor": "Vb3nM8kQ2zXr7TcYw5LpJh9sDf4GaEu6",
}


@pytest.fixture
def image() -> Image:
    return described(parsed(CONTAINERFILE.read_text()))


@pytest.fixture
def compose() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return described


def settings_of(image: Image, service: dict[str, Any]) -> Settings:
    """Read the settings of a service as it would itself."""
    return from_env(environ_of(image, service), SECRETS.__getitem__)


def environ_of(image: Image, service: dict[str, Any]) -> dict[str, str]:
    return {**image.environ, **service["environment"]}


def documented() -> set[str]:
    """Return every variable that the example explains, and those that name files."""
    names = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    return names | {f"{name}_FILE" for name in names}


@pytest.mark.parametrize("name", ["migrate", "service"])
def test_the_settings_are_those_of_a_production_service(
    image: Image, compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]
    settings = settings_of(image, service)

    assert environ_of(image, service).keys() <= documented() | OF_PROGRAMS
    assert settings.environment == "production"
    assert settings.server.frontend == Path(copied()["frontend/out"])
    assert {f"/run/secrets/{each}" for each in service["secrets"]} == SECRETS.keys()


def test_the_port_is_the_same_everywhere(image: Image, compose: dict[str, Any]) -> None:
    settings = settings_of(image, compose["services"]["service"])

    assert image.port == settings.server.port == from_env({}).server.port
    assert f"http://127.0.0.1:{image.port}/health/live" in image.health[-1]
    for proxy in ("nginx.conf", "haproxy.cfg", "Caddyfile"):
        assert f"127.0.0.1:{image.port}" in (DEPLOY / proxy).read_text()


def test_what_is_run_is_there(image: Image, compose: dict[str, Any]) -> None:
    commands = [image.command, compose["services"]["migrate"]["command"]]

    assert image.entrypoint == ["tini", "--", LATCHKEY.name]
    assert {command[0] for command in commands} <= set(main.list_commands(Context(main)))
    assert image.environ["PATH"].startswith(f"{copied()['/opt/latchkey']}/bin:")


def test_the_service_runs_without_any_right(image: Image, compose: dict[str, Any]) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", image.user)
    for name in ("migrate", "service"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_service_has_time_to_finish_and_trusts_the_proxy_alone(
    image: Image, compose: dict[str, Any]
) -> None:
    services = compose["services"]
    [trusted] = settings_of(image, services["service"]).server.trusted_proxies
    proxy = services["proxy"]["networks"]["default"]["ipv4_address"]
    address = services["service"]["networks"]["default"]["ipv4_address"]
    [configured] = compose["networks"]["default"]["ipam"]["config"]

    assert int(services["service"]["stop_grace_period"].removesuffix("s")) > PATIENCE
    assert ip_network(str(trusted)) == ip_network(f"{proxy}/32")
    assert {ip_address(each) in ip_network(configured["subnet"]) for each in (proxy, address)} == {
        True
    }
    assert f"127.0.0.1:8000 by {address}:{image.port}" in (DEPLOY / "compose.yaml").read_text()


def test_each_file_is_there_or_its_making_is_described(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    mounted = [volume.split(":")[0] for volume in compose["services"]["proxy"]["volumes"]]
    named = [*mounted, *(secret["file"] for secret in compose["secrets"].values())]

    for name in named:
        assert (DEPLOY / name).exists() or re.search(
            rf"^#.*\b{Path(name).name}\b", text, re.MULTILINE
        ), name
    build = compose["services"]["service"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == CONTAINERFILE


def test_what_is_copied_reaches_the_build() -> None:
    let_through = [line[1:] for line in IGNORED.read_text().splitlines() if line[0] == "!"]

    assert sorted(copied_from_here()) == sorted(let_through)


def test_the_installer_is_the_one_of_the_lock() -> None:
    [version] = re.findall(r"\buv==(\S+)", CONTAINERFILE.read_text())

    assert f"\nuv=={version} \\\n" in (ROOT / "requirements.lock").read_text()


def copied() -> dict[str, str]:
    """Return where each path is copied to."""
    lines = [each.words for each in parsed(CONTAINERFILE.read_text()) if each.name == "COPY"]
    return {source: words[-1] for words in lines for source in words[:-1]}


def copied_from_here() -> list[str]:
    lines = [each.words for each in parsed(CONTAINERFILE.read_text()) if each.name == "COPY"]
    return [source for words in lines if "--from" not in words[0] for source in words[:-1]]
