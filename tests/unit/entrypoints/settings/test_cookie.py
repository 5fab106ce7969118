"""Settings of the refresh token's cookie that exclude each other."""

import pytest

from latchkey.entrypoints.settings import from_env
from unit.entrypoints.settings.test_from_env import faults_of


@pytest.mark.requirement("CK-2")
@pytest.mark.parametrize("name", ["__Secure-session", "__secure-session"])
def test_a_cookie_that_browsers_would_drop_is_refused(name: str) -> None:
    named = {"REFRESH_COOKIE_NAME": name}

    [fault] = faults_of(named)

    assert fault.startswith("REFRESH_COOKIE_NAME: begins with __Secure-")
    assert from_env({**named, "COOKIE_SECURE": "true"}).cookie.is_secure
