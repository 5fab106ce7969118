"""Reads environment variables: checks every value, and reports all faults together."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from latchkey.entrypoints.settings.environment import Environment
from latchkey.entrypoints.settings.variable import Group, Variable, members

T = TypeVar("T")
G = TypeVar("G", bound=Group)

_FILE: Final = "the path of a UTF-8 file that contains the value"


def read_text(path: str) -> str:
    """Read a UTF-8 file, without the byte order mark that some editors begin it with."""
    return Path(path).read_text(encoding="utf-8-sig")


class EnvironmentReader:
    """Reads variables by the rules of one environment. An empty variable counts as unset.

    Attributes:
        faults: A line for each fault: the name, what is wrong, what to do; never a secret's value.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        environment: Environment,
        read_file: Callable[[str], str] = read_text,
    ) -> None:
        """Read from a mapping of names to values, and from the files that the values name.

        Args:
            environ: Names to values.
            environment: The environment whose rules apply.
            read_file: Returns the text of a file, or raises OSError or UnicodeDecodeError.
        """
        self._environ = environ
        self._environment = environment
        self._read_file = read_file
        self.faults: list[str] = []

    def group(self, group: type[G]) -> G:
        """Read a group of settings and the groups in it."""
        values: dict[str, Any] = {}
        for name, member in members(group):
            if isinstance(member, Variable):
                values[name] = self.read(member)
            else:
                values[name] = self.group(member)
        settings = group(**values)
        self.faults += settings.faults()
        return settings

    def read(self, variable: Variable[T]) -> T:
        """Return the value of a variable, or its default if it has none; record its faults."""
        rule = variable.rules[self._environment]
        name, text = self._found(variable)
        if not text:
            instead = (variable.file, *rule.or_else)
            if rule.is_required and not any(map(self._raw, instead)):
                self._refuse(name, "is not set", rule.kind.form)
            return rule.default_value
        try:
            value = rule.kind.parse(text)
        except ValueError as error:
            self._refuse(name, _reason(error, None if variable.is_secret else text), rule.kind.form)
            return rule.default_value
        wrong = list(rule.kind.check(value))
        if rule.is_required and not value and not wrong:
            wrong = ["is empty"]
        for reason in wrong:
            self._refuse(name, reason, rule.kind.form)
        return value

    def _found(self, variable: Variable[Any]) -> tuple[str, str]:
        """Return the name under which a variable is set, and its text, or "" if it is unset."""
        plain, path = self._raw(variable.name), self._raw(variable.file)
        if variable.stand_in and not plain:
            return variable.stand_in, self._raw(variable.stand_in)
        content = self._content(f"{variable.file}", path) if path else ""
        if content and plain:
            self._refuse(f"{variable.file}", f"is set beside {variable.name}", "set alone")
        return variable.name, content or plain

    def _content(self, name: str, path: str) -> str:
        """Return the content of a file. No fault shows the path: it may be a misplaced secret."""
        try:
            content = self._read_file(path).strip()
            wrong = "is the path of an empty file"
        except OSError as error:
            content, wrong = "", f"cannot be read ({error.strerror})"
        except UnicodeDecodeError:
            content, wrong = "", "is the path of a file that is not valid UTF-8"
        if not content:
            self._refuse(name, wrong, _FILE)
        return content

    def _raw(self, name: str | None) -> str:
        return self._environ.get(name, "").strip() if name else ""

    def _refuse(self, name: str, wrong: str, right: str) -> None:
        self.faults.append(f"{name}: {wrong}; must be {right}")


def _reason(error: ValueError, shown: str | None) -> str:
    if isinstance(error, UnicodeError):
        return "is not valid UTF-8"
    return "is not valid" if shown is None else f"is {shown!r}"
