"""Nobody starts an open development service by forgetting to say that it is production."""

import pytest

from latchkey.entrypoints.settings import SettingsError, from_env

OPEN_TO_OTHERS = ("0.0.0.0", "::", "192.0.2.7", "2001:db8::7")  # noqa: S104 - refused here


@pytest.mark.requirement("BA-1")
@pytest.mark.parametrize("host", OPEN_TO_OTHERS)
def test_where_others_reach_the_service_it_has_to_be_said_what_it_is(host: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_env({"HOST": host})

    [fault] = refusal.value.faults
    assert fault.startswith("APP_ENV: is not set; must be set where HOST is not a loopback address")
    for name in ("APP_ENV", "NODE_ENV"):
        assert not from_env({"HOST": host, name: "development"}).is_production


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_on_a_loopback_address_nothing_has_to_be_said(host: str) -> None:
    assert from_env({"HOST": host}).server.host == host
