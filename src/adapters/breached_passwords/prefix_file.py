"""The beginnings of SHA-1 hashes, sorted, in a file that is searched where it lies.

A file has eight bytes that name the format, and then eight of each hash. So the published list of a
thousand million passwords takes 8 GB of disk and no memory that the system could not use otherwise.
"""

import mmap
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final, overload

from typing_extensions import override

SIZE: Final = 8
"""Bytes of each hash. Of 10^9 passwords, one in 10^10 others is taken for one of them."""

_FORMAT: Final = b"latchkb1"
_LINE: Final = re.compile(r"([0-9A-Fa-f]{16})[0-9A-Fa-f]{24}(?::[0-9]+)?\s*")


class BreachedPasswordsError(ValueError):
    """A list or a file of breached passwords cannot be used; the message says why."""


def write(lines: Iterable[str], file: IO[bytes]) -> int:
    """Write the file of a list, and return how many hashes it has.

    Args:
        lines: A SHA-1 hash each, in hexadecimal digits, ascending, with or without `:` and how
            often it was seen: the form of the list of Have I Been Pwned.
        file: Opened for writing.

    Raises:
        BreachedPasswordsError: A line has another form, or is out of order.
    """
    file.write(_FORMAT)
    count, before = 0, b""
    for number, line in enumerate(lines, 1):
        if not (found := _LINE.fullmatch(line)):
            raise BreachedPasswordsError(f"line {number} is not a SHA-1 hash")
        if (prefix := bytes.fromhex(found[1])) < before:
            raise BreachedPasswordsError(f"line {number} is out of order: sort the list by hash")
        if prefix != before or not count:
            file.write(prefix)
            count += 1
        before = prefix
    if not count:
        raise BreachedPasswordsError("the list is empty")
    return count


class PrefixFile(Sequence[bytes]):
    """The hashes of a file, in their order."""

    def __init__(self, path: Path) -> None:
        """Open a file, and read none of the hashes.

        Raises:
            OSError: It cannot be read.
            BreachedPasswordsError: `write` has not made it, or not to its end.
        """
        with path.open("rb") as file:
            is_ours = file.read(SIZE) == _FORMAT
            length = file.seek(0, 2)
            if not is_ours or length <= SIZE or length % SIZE:
                raise BreachedPasswordsError("has another format, or was cut")
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @override
    def __len__(self) -> int:
        return len(self._bytes) // SIZE - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...
    @override
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        at = range(SIZE, len(self._bytes), SIZE)[index]
        return self._bytes[at : at + SIZE]

    @override
    def __contains__(self, prefix: object) -> bool:
        if not isinstance(prefix, bytes):
            return False
        at = bisect_left(self, prefix)
        return at < len(self) and self[at] == prefix
