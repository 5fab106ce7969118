"""Files of breached passwords: what is written is found, and nothing else is."""

from collections.abc import Callable, Iterable
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.breached_passwords import BreachedPasswordsError, PrefixFile, write

HASHES = st.lists(st.binary(min_size=20, max_size=20), min_size=1, max_size=30)
ONE = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9\n"
GREATER = "F" * 40


def listed(hashes: Iterable[bytes]) -> list[str]:
    return [f"{each.hex().upper()}:{number}\n" for number, each in enumerate(sorted(hashes))]


@given(hashes=HASHES, other=st.binary(min_size=8, max_size=8))
def test_what_is_listed_is_found_and_nothing_else(hashes: list[bytes], other: bytes) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "breached"
        with path.open("wb") as file:
            count = write(listed(hashes), file)
        opened = PrefixFile(path)

        prefixes = {each[:8] for each in hashes}
        assert list(opened) == sorted(prefixes)
        assert len(opened) == count == len(prefixes)
        assert all(each in opened for each in prefixes)
        assert (other in opened) == (other in prefixes)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "the list is empty"),
        (["password\n"], "line 1 is not a SHA-1 hash"),
        ([ONE, "5BAA6:9\n"], "line 2 is not a SHA-1 hash"),
        ([ONE, f"{ONE.strip()}x"], "line 2 is not a SHA-1 hash"),
        ([GREATER, ONE], "line 2 is out of order"),
    ],
)
def test_another_list_is_refused(lines: list[str], fault: str) -> None:
    with pytest.raises(BreachedPasswordsError, match=fault):
        write(lines, BytesIO())


@pytest.mark.parametrize("line", [ONE, ONE.lower(), ONE.partition(":")[0]])
def test_digits_may_have_either_case_and_no_count(line: str) -> None:
    written = BytesIO()

    write([line], written)

    assert written.getvalue()[8:] == sha1(b"password").digest()[:8]  # noqa: S324 - as published


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "nothing but the format": lambda content: content[:8],
    "cut": lambda content: content[:-1],
    "text": lambda _: ONE.encode() * 8,
    "another format": lambda content: b"latchkb9" + content[8:],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_another_file_is_refused(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    content = BytesIO()
    write([ONE], content)
    (tmp_path / "breached").write_bytes(change(content.getvalue()))

    with pytest.raises(BreachedPasswordsError, match="has another format"):
        PrefixFile(tmp_path / "breached")
