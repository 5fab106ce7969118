"""A service whose secrets are in files, as Docker and Kubernetes mount them."""

from pathlib import Path

import psutil
import pytest

from harness.service import Installation
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("ER-6")]

SECRET = "9f2c6b01d4e87a35c1f09b7e62d8403a5e1c7f90b3d2846a"
FILES = {"JWT_SECRET": SECRET, "REFRESH_SECRET": SECRET[::-1]}


def in_files(home: Path, values: dict[str, str]) -> dict[str, str]:
    """Write each value into a file; give what is set then."""
    for name, value in values.items():
        (home / name).write_text(f"{value}\n")
    return dict.fromkeys(values, "") | {f"{name}_FILE": str(home / name) for name in values}


async def test_it_serves_and_no_process_has_them_in_its_environment(
    production: Installation, tmp_path: Path
) -> None:
    values = FILES | {"DATABASE_URL": production.environ["DATABASE_URL"]}
    environ = in_files(tmp_path, values)

    with production.serving(TRUSTED_PROXIES="127.0.0.1/32", **environ) as service:
        async with service.client(PROXY) as http:
            visitor = visitor_of(http)
            signed_in = await visitor.sign_in(ADMIN)
            successor = await visitor.successor(signed_in.refresh)
            parent = psutil.Process(service.process.pid)
            processes = [parent, *parent.children(recursive=True)]
            known = {value for process in processes for value in process.environ().values()}

    assert successor != signed_in.refresh
    assert len(processes) > 1
    assert not known & set(values.values())
