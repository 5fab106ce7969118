"""Read environment variables: every value checked, every fault noted, none of them fatal at once.

reader = EnvironmentReader(environ)
port = reader.read("PORT", integer(1, 65_535), default=8000)
...
reader.finish()         # raises SettingsError with a line for each fault
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
D = TypeVar("D")


class SettingsError(Exception):
    """The environment can't be used; `faults` has a line for everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep one line for each fault: the name, what is wrong, what would be right."""
        super().__init__("\n".join(faults))
        self.faults = faults


def read_text(path: str) -> str:
    """Read a file, UTF-8."""
    return Path(path).read_text(encoding="utf-8")


class EnvironmentReader:
    """Reads variables and collects faults. An empty variable counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read from a mapping of names to values."""
        self._environ = environ
        self._from_files: dict[str, str] = {}
        self._faults: list[str] = []

    def raw(self, name: str) -> str | None:
        """Give a variable as it is, or None where it is unset or blank."""
        value = self._from_files.get(name) or self._environ.get(name, "")
        return value.strip() or None

    def is_set(self, name: str) -> bool:
        """Tell whether a variable is set, or a file for it, readable or not."""
        return bool(self.raw(name) or self.raw(f"{name}_FILE"))

    def read(self, name: str, parse: Callable[[str], T], *, default: D) -> T | D:
        """Read a variable; a bad value is noted and the default stands in for it.

        Args:
            name: The variable's name.
            parse: Turns its text into a value or raises ValueError saying what would be right.
            default: The value where it is unset.
        """
        value = self.raw(name)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as error:
            self.refuse(name, str(error))
            return default

    def load(self, name: str, read_file: Callable[[str], str]) -> None:
        """Take a variable NAME from the file that NAME_FILE names, if that is set.

        Args:
            name: The variable's name.
            read_file: Gives the text of a file, or raises OSError or UnicodeDecodeError.
        """
        content = self.read(f"{name}_FILE", _content(read_file), default=None)
        if content is not None:
            self.refuse_if(self.raw(name), f"{name}_FILE", f"is set beside {name}; must be alone")
            self._from_files[name] = content

    def refuse(self, name: str, fault: str) -> None:
        """Note a fault; never with a secret's value in it."""
        self._faults.append(f"{name}: {fault}")

    def refuse_if(self, is_wrong: object, name: str, fault: str) -> None:
        """Note a fault where a condition holds."""
        if is_wrong:
            self.refuse(name, fault)

    def finish(self) -> None:
        """End reading.

        Raises:
            SettingsError: Something was wrong; it names everything.
        """
        if self._faults:
            raise SettingsError(tuple(self._faults))


def _content(read_file: Callable[[str], str]) -> Callable[[str], str]:
    """Make a parser of paths that gives what is in the file; its faults tell nothing of it."""

    def parse(path: str) -> str:
        try:
            content = read_file(path)
        except OSError as error:
            raise ValueError(f"can't be read ({error.strerror}); must be a file's path") from None
        except UnicodeDecodeError:
            raise ValueError("is no text; must be a file in UTF-8") from None
        if not content.strip():
            raise ValueError("is empty; must be a file with the value in it")
        return content

    return parse
