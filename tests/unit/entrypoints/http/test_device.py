"""Names of devices, from the `User-Agent` of real browsers and programs."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.entrypoints.http.device import MAX_NAME, device_of

CHROME: Final = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
WINDOWS: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC: Final = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
LINUX: Final = "Mozilla/5.0 (X11; Linux x86_64"
IPHONE: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15"
ANDROID: Final = "Mozilla/5.0 (Linux; Android 10; K)"
NAMES: Final = {
    f"{WINDOWS} {CHROME} Safari/537.36": "Chrome on Windows",
    f"{WINDOWS} {CHROME} Safari/537.36 Edg/142.0.0.0": "Edge on Windows",
    f"{WINDOWS} {CHROME} Safari/537.36 OPR/124.0.0.0": "Opera on Windows",
    f"{LINUX}; rv:145.0) Gecko/20100101 Firefox/145.0": "Firefox on Linux",
    f"{LINUX}) {CHROME} Safari/537.36 Vivaldi/7.6": "Vivaldi on Linux",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0.0.0": "Chrome on ChromeOS",
    f"{MAC} AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15": "Safari on Mac",
    f"{IPHONE} Version/26.1 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    f"{IPHONE} CriOS/142.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
    f"{IPHONE} FxiOS/145.0 Mobile/15E148 Safari/605.1.15": "Firefox on iPhone",
    f"{ANDROID} {CHROME} Mobile Safari/537.36": "Chrome on Android",
    f"{ANDROID} {CHROME} Mobile Safari/537.36 EdgA/142.0": "Edge on Android",
    f"{ANDROID} SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36": (
        "Samsung Internet on Android"
    ),
    "Mozilla/5.0": "Browser",
    "Mozilla/5.0 (compatible; Linux)": "Browser on Linux",
    "curl/8.5.0": "curl",
    "python-httpx/0.28.1": "python-httpx",
    "My App/1.0 (CFNetwork)": "My App",
    "": "",
    "<script>alert(1)</script>": "",
    "\u202eevil/1.0": "",
}


@pytest.mark.parametrize(("user_agent", "name"), NAMES.items())
def test_a_device_is_named_as_people_would(user_agent: str, name: str) -> None:
    assert device_of(user_agent) == name


@given(st.text(max_size=2000) | st.text(max_size=2000).map("Mozilla/5.0 {}".format))
def test_a_name_is_short_and_plain_whatever_the_header_is(user_agent: str) -> None:
    name = device_of(user_agent)

    assert re.fullmatch(rf"[A-Za-z0-9 ._-]{{0,{MAX_NAME}}}", name)
    assert name == name.strip()
