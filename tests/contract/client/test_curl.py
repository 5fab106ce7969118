"""The commands with curl in docs/clients.md, as they are written there."""

import json
import re
import subprocess
from pathlib import Path
from typing import Final

from harness.meddler import LOST, Meddler
from harness.programs import changed, program
from latchkey.testing.flow.deployments import Account

GUIDE: Final = Path(__file__).parents[3] / "docs" / "clients.md"
ADDRESS: Final = "https://auth.example.com"
REFRESH: Final = "/api/auth/refresh"


def test_a_refresh_whose_response_is_lost_is_repeated_with_the_same_token(
    meddler: Meddler, account: Account, tmp_path: Path
) -> None:
    guide = changed(GUIDE, {ADDRESS: meddler.url})
    [commands] = re.findall(r"^```sh\n(umask .*?)^```$", guide, re.MULTILINE | re.DOTALL)
    for name in ("curl", "flock"):
        program(name)
    (tmp_path / "credentials.json").write_text(json.dumps(account.credentials))
    meddler.plan(REFRESH, LOST)

    ended = subprocess.run(  # noqa: S603 - the guide's own commands
        ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    login, refresh = map(json.loads, re.findall(r"{.*?}(?={|$)", ended.stdout.strip()))
    lost, repeated = meddler.requests(REFRESH)
    assert login["user"]["email"] == account.email
    assert refresh["tokenType"] == "Bearer"
    assert lost.cookies == repeated.cookies
    jar = tmp_path / "jar"
    assert jar.stat().st_mode & 0o077 == 0
    assert lost.cookies["refresh_token"] not in jar.read_text()
