"""Read environment variables: every value checked, every fault noted, none of them fatal at once.

reader = EnvironmentReader(environ)
port = reader.read("PORT", integer(1, 65_535), default=8000)
...
reader.finish()         # raises SettingsError with a line for each fault
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")
D = TypeVar("D")


class SettingsError(Exception):
    """The environment can't be used; `faults` has a line for everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep one line for each fault: the name, what is wrong, what would be right."""
        super().__init__("\n".join(faults))
        self.faults = faults


class EnvironmentReader:
    """Reads variables and collects faults. An empty variable counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read from a mapping of names to values."""
        self._environ = environ
        self._faults: list[str] = []

    def raw(self, name: str) -> str | None:
        """Give a variable as it is, or None where it is unset or blank."""
        value = self._environ.get(name, "").strip()
        return value or None

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
